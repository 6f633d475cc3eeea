/** Building blocks of the schemas: quantities with units, strict objects, and their messages. */
import * as z from 'zod';
import {
  formatBitrate,
  formatDuration,
  type Parsed,
  parseBitrate,
  parseBytes,
  parseDuration,
  parsePercent,
  printable,
  quoted,
  shown,
} from '../../model/units.js';
import { didYouMean, joinPath, listed, type Problems } from '../problems.js';

interface Range {
  min?: number;
  max?: number;
}

function quantity(parse: (text: unknown) => Parsed, show: (n: number) => string, range: Range) {
  return z.unknown().transform((text, context): number => {
    const parsed = parse(text);
    const problem = 'problem' in parsed ? parsed.problem : outside(parsed.value, show, range);
    if (problem === undefined && 'value' in parsed) return parsed.value;
    context.addIssue({ code: 'custom', message: problem ?? 'not a quantity' });
    return z.NEVER;
  });
}

function outside(value: number, show: (n: number) => string, range: Range): string | undefined {
  const { min, max } = range;
  if (min !== undefined && value < min) return `must be at least ${show(min)}, got ${show(value)}`;
  if (max !== undefined && value > max) return `must be at most ${show(max)}, got ${show(value)}`;
  return undefined;
}

/** Milliseconds. At most a day unless said otherwise: anything longer is a slip. */
export const duration = (range: Range = {}) =>
  quantity(parseDuration, formatDuration, { max: 86_400_000, ...range });

/** Bytes. */
export const bytes = (range: Range = {}) => quantity(parseBytes, (n) => `${n} bytes`, range);

/** Percent, 0 to 100. */
export const percent = (range: Range = {}) => quantity(parsePercent, (n) => `${n}%`, range);

/** Bits per second. */
export const bitrate = (range: Range = {}) =>
  quantity(parseBitrate, formatBitrate, { min: 1000, ...range });

/** An object without unknown keys; an unknown one is reported with the nearest known. */
export function strict<Shape extends z.core.$ZodLooseShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        const spread = spreadOptions(what, issue.input, issue.keys);
        const unknown = issue.keys.map((key) => unknownKey(what, key, Object.keys(shape)));
        return spread ?? unknown.join('\n');
      }
      return `expected ${what}, got ${shown(issue.input)}`;
    },
  });
}

/** Members of a text or list that was given where options in braces are meant. */
const isPlace = (key: PropertyKey) => /^\d+$/.test(String(key));

/** What to write instead of a text or a list as the last argument; undefined when none was given. */
function spreadOptions(what: string, input: unknown, keys: readonly string[]): string | undefined {
  if (!keys.some(isPlace) || typeof input !== 'object' || input === null) return undefined;
  const given = input as Readonly<Record<string, unknown>>;
  const members = keys.filter(isPlace).map((key) => given[key]);
  const text = members.every((one) => typeof one === 'string' && [...one].length === 1);
  const got = text ? quoted(members.join('')) : 'a list';
  const { target, a } = given;
  const ends = text && typeof target === 'string' && a === undefined;
  const link = ends ? `; the link between two nodes is linkOf('${printable(target)}', ${got})` : '';
  return `${what} takes its options in braces: { … }, got ${got}${link}`;
}

function unknownKey(what: string, key: string, known: string[]): string {
  const visible = known.filter((name) => name !== 'kind');
  return `${what} has no '${printable(key)}'${didYouMean(key, visible)} (known: ${visible.join(', ')})`;
}

/** A number in a range. */
export const between = (what: string, min: number, max: number) =>
  z.unknown().transform((value, context): number => {
    if (typeof value === 'number' && value >= min && value <= max) return value;
    const message = `${what} must be a number from ${min} to ${max}, got ${shown(value)}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** A whole number in a range. */
export const whole = (what: string, min: number, max: number) =>
  z.unknown().transform((value, context): number => {
    const fits = typeof value === 'number' && Number.isInteger(value) && value >= min;
    if (fits && value <= max) return value;
    const message = `${what} must be a whole number from ${min} to ${max}, got ${shown(value)}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** One of a few words. */
export const word = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, words) : '';
      return `must be one of ${words.join(', ')}, got ${shown(input)}${near}`;
    },
  });

export const text = z.string({
  error: ({ input }) =>
    input === undefined
      ? 'is missing'
      : `must be a string in quotes, got ${shown(input)}${oneByOne(input)}`,
});

/** Names in a list, where each is an argument of its own. */
function oneByOne(input: unknown): string {
  const names = Array.isArray(input) && input.every((one) => typeof one === 'string') ? input : [];
  if (names.length === 0) return '';
  const written = listed(names.map((name) => `'${name}'`));
  return `; write the names without brackets: ${written}`;
}

/** What stands there, where it is not one of the objects that a call makes. */
export function gotOther(input: unknown): string {
  const kind =
    typeof input === 'object' && input !== null && 'kind' in input ? input.kind : undefined;
  if (input === undefined) return '';
  return `, got ${shown(typeof kind === 'string' ? kind : input)}`;
}

/** A list of names, as each is checked. */
export const names = z.array(text, {
  error: ({ input }) => `must be a list of names, got ${shown(input)}`,
});

export const yesOrNo = z.boolean({
  error: ({ input }) => `must be true or false, got ${shown(input)}`,
});

type Issue = z.core.$ZodIssue;

/** What is wrong with the alternative that was meant: the one that got furthest. */
function mostTelling(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deeper = (branch: Issue[]) => branch.every(({ path }) => path.length > 0);
  const meant =
    issue.errors.find((branch) => branch.length > 0 && deeper(branch)) ??
    issue.errors.find((branch) => branch.some(({ code }) => code === 'unrecognized_keys')) ??
    issue.errors.find((branch) => branch.some(({ code }) => code === 'custom'));
  if (meant === undefined) return [issue];
  return meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Checks a value against a schema; what is wrong goes to `problems`. */
export function read<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
  problems: Problems,
): z.output<Schema> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues.flatMap(mostTelling)) {
    const at = joinPath(path, issue.path);
    if (issue.code === 'unrecognized_keys' && issue.keys.some(isPlace)) {
      problems.add(at, issue.message);
      continue;
    }
    if (issue.code !== 'unrecognized_keys') {
      const missing = issue.code === 'invalid_type' && issue.expected === 'nonoptional';
      problems.add(at, missing ? 'is missing' : issue.message);
      continue;
    }
    const messages = issue.message.split('\n');
    issue.keys.forEach((key, index) => {
      problems.add(joinPath(at, [key]), messages[index] ?? issue.message);
    });
  }
  return undefined;
}
