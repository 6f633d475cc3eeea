/** Source text of a scenario and the value that it has, from one description of both. */

/** A call of the package's, such as `host('h1', { on: 'r1' })`. */
export class Call {
  constructor(
    /** As it stands in the file: `host`, `networkOutage.atMost`. */
    readonly name: string,
    readonly given: readonly Expression[],
  ) {}
}

/** A value of the package's, such as `recovered`. */
export class Name {
  constructor(readonly name: string) {}
}

/** A constant of the file, stated above its scenario. */
export class Constant {
  constructor(
    readonly name: string,
    readonly value: Expression,
  ) {}
}

export type Expression =
  | string
  | number
  | boolean
  | Call
  | Name
  | Constant
  | readonly Expression[]
  | { readonly [key: string]: Expression | undefined };

type Door = Readonly<Record<string, unknown>>;

/** The value, by the door for scenario files. Throws what a call throws. */
export function evaluated(expression: Expression, door: Door): unknown {
  if (expression instanceof Constant) return evaluated(expression.value, door);
  if (expression instanceof Name) return memberOf(expression.name, door);
  if (expression instanceof Call) {
    const called = memberOf(expression.name, door) as (...given: unknown[]) => unknown;
    return called(...expression.given.map((one) => evaluated(one, door)));
  }
  if (isList(expression)) return expression.map((one) => evaluated(one, door));
  if (typeof expression !== 'object') return expression;
  return Object.fromEntries(stated(expression).map(([key, one]) => [key, evaluated(one, door)]));
}

function memberOf(name: string, door: Door): unknown {
  return name.split('.').reduce<unknown>((value, key) => (value as Door)[key], door);
}

/** What the file has to import, in the order of names. */
export function importsOf(expression: Expression): string[] {
  const names = new Set<string>();
  walk(expression, (one) => {
    if (one instanceof Call || one instanceof Name) names.add(one.name.split('.')[0] ?? '');
  });
  return [...names].sort((one, other) => one.localeCompare(other, 'en'));
}

/** Its constants, each once, those first that others are made of. */
export function constantsOf(expression: Expression): Constant[] {
  const found = new Map<string, Constant>();
  walk(expression, (one) => {
    if (one instanceof Constant && !found.has(one.name)) found.set(one.name, one);
  });
  return [...found.values()];
}

/** Inner expressions first. */
function walk(expression: Expression, visit: (one: Expression) => void): void {
  if (expression instanceof Constant) walk(expression.value, visit);
  else if (expression instanceof Call) for (const one of expression.given) walk(one, visit);
  else if (isList(expression)) for (const one of expression) walk(one, visit);
  else if (typeof expression === 'object' && !(expression instanceof Name)) {
    for (const [, one] of stated(expression)) walk(one, visit);
  }
  visit(expression);
}

const columnsMax = 100;

/** The text, broken over lines where it is longer than one. `indent`: of the line that it is on. */
export function textOf(expression: Expression, indent = 0, before = 0): string {
  const flat = flatText(expression);
  if (flat === undefined || indent + before + flat.length < columnsMax) {
    return flat ?? brokenText(expression, indent);
  }
  return brokenText(expression, indent);
}

/** On one line; undefined where it has a text of several lines. */
function flatText(expression: Expression): string | undefined {
  if (expression instanceof Constant || expression instanceof Name) return expression.name;
  if (expression instanceof Call) {
    const given = expression.given.map(flatText);
    return given.includes(undefined) ? undefined : `${expression.name}(${given.join(', ')})`;
  }
  if (isList(expression)) {
    const items = expression.map(flatText);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (typeof expression === 'string') {
    return expression.includes('\n') ? undefined : quotedSource(expression);
  }
  if (typeof expression !== 'object') return String(expression);
  const fields = stated(expression).map(([key, one]) => [keyText(key), flatText(one)]);
  if (fields.some(([, text]) => text === undefined)) return undefined;
  if (fields.length === 0) return '{}';
  return `{ ${fields.map(([key, text]) => `${key}: ${text}`).join(', ')} }`;
}

function brokenText(expression: Expression, indent: number): string {
  if (expression instanceof Call) {
    const { name, given } = expression;
    // The last one alone is broken, where it is a list or an object.
    const [last, others] = [given.at(-1), given.slice(0, -1).map(flatText)];
    const holds = typeof last === 'object' && !(last instanceof Call) && isContainer(last);
    if (holds && !others.includes(undefined)) {
      const start = others.map((one) => `${one}, `).join('');
      return `${name}(${start}${textOf(last, indent, name.length + start.length + 1)})`;
    }
    return `${name}(${lines(
      given.map((one) => textOf(one, indent + 2)),
      indent,
    )})`;
  }
  if (isList(expression)) {
    return `[${lines(
      expression.map((one) => textOf(one, indent + 2)),
      indent,
    )}]`;
  }
  if (typeof expression === 'string') return templateText(expression);
  if (typeof expression !== 'object' || !isContainer(expression)) return flatText(expression) ?? '';
  const fields = stated(expression as { [key: string]: Expression }).map(([key, one]) => {
    const start = `${keyText(key)}: `;
    return `${start}${textOf(one, indent + 2, start.length)}`;
  });
  return `{${lines(fields, indent)}}`;
}

function lines(items: readonly string[], indent: number): string {
  const blank = ' '.repeat(indent);
  return `\n${items.map((one) => `${blank}  ${one},\n`).join('')}${blank}`;
}

const isList = (value: Expression): value is readonly Expression[] => Array.isArray(value);

function isContainer(value: Expression): boolean {
  return isList(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** Fields with a value. */
function stated(fields: object): Array<[string, Expression]> {
  return Object.entries(fields).filter(([, one]) => one !== undefined);
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quotedSource(key);
}

// Marks that end a line of source, or show it in another order.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const escaped = (text: string) =>
  text.replace(unsafe, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);

/** A text as a literal of the file, whatever it holds. */
export function quotedSource(text: string): string {
  const bare = text.replaceAll('\\', '\\\\');
  if (bare.includes("'") && !bare.includes('"')) return `"${escaped(bare)}"`;
  return `'${escaped(bare.replaceAll("'", "\\'"))}'`;
}

/** A text of several lines as it is. */
function templateText(text: string): string {
  const bare = text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return `\`${bare.replace(unsafe, (mark) => (mark === '\n' ? mark : escaped(mark)))}\``;
}
