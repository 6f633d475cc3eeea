/** Loads scenario files: TypeScript as it is, without a build. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { LabError, messageOf } from '../errors.js';
import { shown } from '../model/units.js';
import { doorValues, functionsOf, misusedDoor } from './door-values.js';
import { findScenario } from './find.js';
import { describeMininetFiles } from './import/mininet-file.js';
import { guardedLoading } from './loading.js';
import { plainCopy } from './plain.js';
import { invalidScenario, nearNames } from './problems.js';
import { withRoutingFiles } from './routing-files.js';
import { transpiledFolder } from './transpiled.js';
import type { Scenario } from './written/scenario.js';

export { findScenario, listScenarios } from './find.js';

/** A scenario as it was loaded; not yet checked. */
export interface LoadedScenario {
  name: string;
  /** Absolute path. */
  file: string;
  /** What the file exports as its default, whatever that is. */
  written: Scenario;
}

/**
 * Loads a scenario by name or file. `failover-lab` in its imports is this very package, wherever it
 * is installed.
 *
 * @throws LabError UNKNOWN_SCENARIO when there is none; SCENARIO_UNREADABLE with file and line when
 *   it does not parse, throws, ends the process, does not end, or exports nothing; SCENARIO_INVALID
 *   when what it exports is not plain data.
 */
export async function loadScenario(nameOrFile: string, root: string): Promise<LoadedScenario> {
  const { name, file } = findScenario(nameOrFile, root);
  const door = await import('../index.js');
  checkImports(file, door);
  let loaded: unknown;
  try {
    loaded = await guardedLoading(() => evaluate(file, door));
  } catch (thrown) {
    throw unreadable(file, thrown, door);
  }
  const exported = defaultExport(loaded);
  if (exported === undefined) {
    throw new LabError('SCENARIO_UNREADABLE', `${file} has no default export`, {
      hint: 'write export default scenario({ … })',
    });
  }
  const copied = plainCopy(exported, doorValues(door));
  if ('problem' in copied) throw invalidScenario(name, [copied.problem]);
  const written = copied.value;
  const folder = dirname(file);
  return { name, file, written: withApplications(await withFiles(written, folder), folder) };
}

/** What the file exports. A cache that cannot be written, on a full disk say, is done without. */
async function evaluate(file: string, door: object): Promise<unknown> {
  const folder = transpiledFolder();
  const withCache = (fsCache: string | false) =>
    createJiti(import.meta.url, {
      fsCache,
      ...{ moduleCache: false, interopDefault: false },
      virtualModules: { 'failover-lab': door },
    }).import(file);
  if (folder === null) return withCache(false);
  try {
    return await withCache(folder);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    return withCache(false);
  }
}

/** What the scenario says of other files is not known before they are read. */
async function withFiles(written: unknown, folder: string): Promise<Scenario> {
  if (typeof written !== 'object' || written === null || !('topology' in written)) {
    return written as Scenario;
  }
  const described = await describeMininetFiles(written.topology, folder);
  const topology = withRoutingFiles(described, folder);
  return { ...written, topology } as Scenario;
}

/** os-ken applications given by a path are meant from the scenario's own folder. */
function withApplications(written: Scenario, folder: string): Scenario {
  const controller = written?.controller;
  if (controller?.kind !== 'osken' || !Array.isArray(controller.applications)) return written;
  const applications = controller.applications.map((application: unknown) =>
    typeof application === 'string' && /^\.{1,2}\//.test(application)
      ? resolve(folder, application)
      : application,
  ) as string[];
  return { ...written, controller: { ...controller, applications } };
}

/** A misspelt import is undefined until something trips over it elsewhere: say it here. */
function checkImports(file: string, door: Readonly<Record<string, unknown>>): void {
  const source = readFileSync(file, 'utf8');
  const refuse = (reason: string, at: number) => {
    const line = source.slice(0, at).split('\n').length;
    const text = [`${file}:${line}: ${reason}`, ...shownLine(file, line)].join('\n');
    throw new LabError('SCENARIO_UNREADABLE', text, { details: { file, line } });
  };
  const whole = /import\s+(\w+)\s+from\s*['"]failover-lab['"]/.exec(source);
  if (whole) {
    const right = `import { ${whole[1]} } from 'failover-lab'`;
    refuse(`failover-lab has no default export; write ${right}`, whole.index);
  }
  const imports = /import\s*\{([^}]*)\}\s*from\s*['"]failover-lab['"]/g;
  for (const { 1: names = '', index } of source.matchAll(imports)) {
    // What begins with a capital is a type, and gone at run time.
    for (const [, name = ''] of names.matchAll(/(?:^|,)\s*([a-z]\w*)(?=\s*(?:,|$|as\s))/g)) {
      if (Object.hasOwn(door, name)) continue;
      const at = index + source.slice(index).search(new RegExp(`\\b${name}\\b`));
      refuse(`failover-lab has no '${name}'${nearNames(name, functionsOf(door))}`, at);
    }
  }
}

function defaultExport(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null || !('default' in loaded)) return undefined;
  return Object.hasOwn(loaded, 'default') ? loaded.default : undefined;
}

/** Names the line that is to blame, and shows it. */
function unreadable(
  file: string,
  thrown: unknown,
  door: Readonly<Record<string, unknown>>,
): LabError {
  const place = placeOf(file, thrown);
  const message =
    thrown instanceof Error ? messageOf(thrown) : `the file throws ${shown(thrown)}, not an Error`;
  const reason = firstLine(misusedDoor(message, door) ?? message)
    .replace(`${file}: `, '')
    .replace(/^ParseError: /, '')
    .trim();
  const where = place === undefined ? file : `${place.file}:${place.line}`;
  const code = place === undefined ? [] : shownLine(place.file, place.line);
  return new LabError('SCENARIO_UNREADABLE', [`${where}: ${reason}`, ...code].join('\n'), {
    cause: thrown,
    details: { file, ...(place === undefined ? {} : { line: place.line }) },
  });
}

interface Place {
  file: string;
  line: number;
}

function placeOf(file: string, thrown: unknown): Place | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const inStack = new RegExp(`${escaped}:(\\d+)`).exec(thrown.stack ?? '');
  const inMessage = /\((\d+):\d+\)/.exec(thrown.message);
  const line = inMessage?.[1] ?? inStack?.[1];
  return line === undefined ? undefined : { file, line: Number(line) };
}

function shownLine(file: string, line: number): string[] {
  const code = readFileSync(file, 'utf8').split('\n')[line - 1];
  return code === undefined ? [] : [`  ${line} | ${code.trimEnd()}`];
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
