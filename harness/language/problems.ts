/** What is wrong with a scenario: all of it at once, each with its path and a way out. */
import { closest, distance } from 'fastest-levenshtein';
import { LabError } from '../errors.js';
import { printable } from '../model/units.js';

/** One thing wrong with a scenario. */
export interface Problem {
  /** Where in the scenario, such as `topology[2].address`; empty for the whole. */
  path: string;
  message: string;
  /** What to do about it. */
  hint?: string;
  /** The Debian package that mends it. */
  package?: string;
}

/** Collects problems while a scenario is read. */
export class Problems {
  readonly list: Problem[];

  /** Goes on from problems that are known already. */
  constructor(known: readonly Problem[] = []) {
    this.list = [...known];
  }

  /** Notes a problem once; the same sentence on the same path is not repeated. */
  add(path: string, message: string, hint?: string): void {
    if (this.list.some((known) => known.path === path && known.message === message)) return;
    this.list.push(hint === undefined ? { path, message } : { path, message, hint });
  }
}

/** `topology` and `[2, 'address']` make `topology[2].address`. */
export function joinPath(start: string, keys: ReadonlyArray<PropertyKey>): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? printable(String(key)) : `${path}.${printable(String(key))}`;
  }, start);
}

/** The known name nearest to a misspelt one, as a question; empty when none is near. */
export function didYouMean(wrong: string, known: readonly string[]): string {
  if (known.length === 0 || wrong.length > 60) return '';
  const nearest = closest(wrong.toLowerCase(), [...known]);
  const allowed = Math.max(1, Math.ceil(Math.max(wrong.length, nearest.length) / 3));
  const near = distance(wrong.toLowerCase(), nearest.toLowerCase()) <= allowed;
  return near ? `; did you mean '${nearest}'?` : '';
}

/**
 * The known names that may be meant, as a question; empty when none is near. More than one where the
 * nearest may be the wrong one: names that differ as little, and names that hold the wrong one.
 */
export function nearNames(wrong: string, known: readonly string[]): string {
  if (wrong.length > 60) return '';
  const typed = wrong.toLowerCase();
  const far = (name: string) => distance(typed, name.toLowerCase());
  const allowed = (name: string) => Math.max(1, Math.ceil(Math.max(typed.length, name.length) / 3));
  const similar = known.filter((name) => far(name) <= allowed(name));
  const least = Math.min(...similar.map(far));
  const nearest = similar
    .filter((name) => far(name) <= least + 1)
    .sort((one, other) => far(one) - far(other));
  const holding = known.filter((name) => typed.length >= 4 && name.toLowerCase().includes(typed));
  const meant = [
    ...new Set(least <= 1 ? [...nearest, ...holding] : [...holding, ...nearest]),
  ].slice(0, 4);
  if (meant.length === 0) return '';
  const quotedNames = meant.map((name) => `'${name}'`);
  const last = quotedNames.pop();
  const others = quotedNames.length === 0 ? '' : `${quotedNames.join(', ')} or `;
  return `; did you mean ${others}${last}?`;
}

/** Names for a message: the first dozen, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => printable(name))
    .join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** More problems than these have one cause, and bury it. */
const problemsPrinted = 40;

/** The error that carries all problems; its message prints the first of them, a problem a line. */
export function invalidScenario(name: string, problems: readonly Problem[]): LabError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.slice(0, problemsPrinted).flatMap(problemLines);
  const more = problems.length - problemsPrinted;
  if (more > 0) lines.push(`  and ${more} more; with --json all are printed`);
  return new LabError('SCENARIO_INVALID', [`scenario ${name} has ${count}:`, ...lines].join('\n'), {
    details: { scenario: name, problems: [...problems] },
  });
}

function problemLines({ path, message, hint }: Problem): string[] {
  const indent = (text: string, by: string) => text.split('\n').join(`\n${by}`);
  const place = path === '' ? '' : `${path}: `;
  const line = `  ${place}${indent(message, '    ')}`;
  return hint === undefined ? [line] : [line, `    hint: ${indent(hint, '    ')}`];
}
