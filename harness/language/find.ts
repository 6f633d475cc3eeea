/** Finds scenario files: by name in a project, by name in this package, or by path. */
import { closeSync, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { printable } from '../model/units.js';
import { packageRoot } from '../package-root.js';
import { openRegular } from '../safe-files.js';
import { didYouMean, listed } from './problems.js';

/** Before the name of a scenario that comes with the package: `failover-lab:relay-failover`. */
export const bundledPrefix = 'failover-lab:';

const extensions = ['.ts', '.mts', '.js', '.mjs'];

/** Longer names would not fit into those of folders and files that are made from them. */
const nameLengthMax = 60;

export interface FoundScenario {
  /** As in reports and in `runs/`: without the prefix. */
  name: string;
  /** Absolute path. */
  file: string;
  /** It comes with the package, and the project is another one. */
  bundled: boolean;
}

/** The name of a scenario as in `runs/`, of a word for it. */
export function withoutPrefix(word: string): string {
  return word.startsWith(bundledPrefix) ? word.slice(bundledPrefix.length) : word;
}

/** Names of the scenarios in `<root>/scenarios`, sorted. */
export function listScenarios(root: string): string[] {
  return [...scenariosIn(root).keys()].sort();
}

/** Words for every scenario that can be named from `root`: its own, then those of the package. */
export function scenarioWords(root: string): string[] {
  const own = listScenarios(root);
  if (isPackage(root)) return own;
  return [...own, ...listScenarios(packageRoot()).map((name) => `${bundledPrefix}${name}`)];
}

/**
 * The file behind a name in `<root>/scenarios`, behind a name of the package's own after
 * `failover-lab:`, or behind a path.
 *
 * @throws LabError UNKNOWN_SCENARIO, with the nearest name; SCENARIO_UNREADABLE for a path that is
 *   not that of a scenario file.
 */
export function findScenario(word: string, root: string): FoundScenario {
  if (word.startsWith(bundledPrefix)) {
    const name = withoutPrefix(word);
    const file = scenariosIn(packageRoot()).get(name);
    if (file !== undefined) return { name, file, bundled: !isPackage(root) };
    throw unknownScenario(word, root);
  }
  const own = scenariosIn(root).get(word);
  if (own !== undefined) return { name: checkedName(own), file: own, bundled: false };
  if (word.includes('/') || extensions.includes(extname(word)) || isFolder(word)) {
    return { ...foundByPath(word), bundled: false };
  }
  throw unknownScenario(word, root);
}

/** Files by the names of their scenarios. */
function scenariosIn(root: string): Map<string, string> {
  const folder = join(root, 'scenarios');
  if (!isFolder(folder)) return new Map();
  const files = readdirSync(folder)
    .filter((file) => extensions.includes(extname(file)) && !/\.d\.m?ts$/.test(file))
    // Of one name with several extensions, the first of the list is used.
    .sort((a, b) => extensions.indexOf(extname(b)) - extensions.indexOf(extname(a)));
  return new Map(files.map((file) => [basename(file, extname(file)), join(folder, file)]));
}

function foundByPath(word: string): { name: string; file: string } {
  const file = isAbsolute(word) ? word : resolve(word);
  if (isFolder(file)) throw folderGiven(word, file);
  const extension = extname(file);
  if (!existsSync(file)) {
    throw new LabError('UNKNOWN_SCENARIO', `there is no file ${printable(file, 300)}`);
  }
  if (!extensions.includes(extension)) {
    const kind = extension === '' ? 'has no extension' : `ends in ${printable(extension)}`;
    const message = `${printable(file, 300)} ${kind}; a scenario file ends in ${extensions.join(', ')}`;
    throw new LabError('SCENARIO_UNREADABLE', message, { hint: adviceFor(extension) });
  }
  refuseUnreadable(file);
  return { name: checkedName(file), file };
}

/** The scenario's name by its file's. Throws SCENARIO_UNREADABLE where it cannot name a folder. */
function checkedName(file: string): string {
  const name = basename(file, extname(file));
  if (name.length > nameLengthMax || !/^\w[\w.-]*$/.test(name)) {
    const long = name.length > nameLengthMax ? ` (${name.length} characters)` : '';
    const message = `${printable(basename(file))}${long} cannot name a folder of results`;
    const hint = `name the file with at most ${nameLengthMax} letters, digits, '-', '.' and '_'`;
    throw new LabError('SCENARIO_UNREADABLE', message, { hint });
  }
  return name;
}

/** What a user who names such a file probably meant. */
function adviceFor(extension: string): string {
  if (extension === '.py') {
    return "a Mininet file is used from a scenario: topology: [mininetTopology('./file.py', 'name')]";
  }
  if (extension === '.ndjson' || extension === '.json') {
    return 'a recorded run is judged with failover-lab report; a scenario is a TypeScript file';
  }
  return 'write the scenario in TypeScript or JavaScript: export default scenario({ … })';
}

function folderGiven(word: string, folder: string): LabError {
  const inside = readdirSync(folder).filter((file) => extensions.includes(extname(file)));
  const message = `${printable(word, 300)} is a folder; a scenario is a file`;
  const [first] = inside.sort();
  const hint =
    first === undefined
      ? 'name a file such as scenarios/mine.ts; failover-lab list prints the scenarios'
      : `name a file in it: ${listed(inside.map((file) => join(relative('', folder) || '.', file)))}`;
  return new LabError('SCENARIO_UNREADABLE', message, { hint });
}

function unknownScenario(word: string, root: string): LabError {
  const words = scenarioWords(root);
  const bundled = `${bundledPrefix}${word}`;
  const advice = words.includes(bundled)
    ? `; did you mean '${bundled}'?`
    : didYouMean(word, words) || didYouMean(bundled, words);
  const message = `there is no scenario '${printable(word)}'${advice}`;
  const own = listScenarios(root);
  const known =
    own.length === 0 ? `${root} has no scenarios of its own` : `known: ${own.join(', ')}`;
  const hint = isPackage(root)
    ? known
    : `${known}; failover-lab list prints those of the package as well`;
  return new LabError('UNKNOWN_SCENARIO', message, { hint, details: { known: words } });
}

/** A FIFO would be waited for. */
function refuseUnreadable(file: string): void {
  try {
    closeSync(openRegular(file).descriptor);
  } catch (cause) {
    const message = `${file} cannot be read: ${messageOf(cause)}`;
    throw new LabError('SCENARIO_UNREADABLE', message, { cause });
  }
}

function isPackage(root: string): boolean {
  return resolve(root) === resolve(packageRoot());
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
