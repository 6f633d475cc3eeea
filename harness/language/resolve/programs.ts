/** Programs of the user's, bound to nodes and moments. */
import { basename } from 'node:path';
import { uniqueName } from '../../model/network/names.js';
import type { ResolvedProgram } from '../../model/resolved/program.js';
import type { ResolvedNode } from '../../model/resolved.js';
import { formatDuration, quoted, shown } from '../../model/units.js';
import { didYouMean, joinPath, type Problems } from '../problems.js';
import { read } from '../schema/fields.js';
import {
  programSchema,
  programStepSchema,
  type ReadProgram,
  startsProgram,
} from '../schema/program.js';

interface ProgramContext {
  nodes: readonly ResolvedNode[];
  /** Names of nodes, including those whose part has a problem of its own. */
  names: ReadonlySet<string>;
  problems: Problems;
}

/** What `programs` lists, and what steps of the timeline start. */
export function resolvePrograms(
  written: unknown,
  timeline: unknown,
  context: ProgramContext,
): ResolvedProgram[] {
  const { problems } = context;
  const taken = new Set<string>();
  const bind = (given: ReadProgram, startMs: number | null, path: string) =>
    bindProgram(given, startMs, path, taken, context);
  if (written !== undefined && !Array.isArray(written)) {
    problems.add(
      'programs',
      `must be a list, got ${shown(written)}`,
      "write programs: [program('h1', ['…'])]",
    );
  }
  const first = (Array.isArray(written) ? written : []).flatMap((item: unknown, index) => {
    const path = joinPath('programs', [index]);
    const given = read(programSchema, item, path, problems);
    return given === undefined ? [] : bind(given, null, path);
  });
  const later = (Array.isArray(timeline) ? timeline : []).flatMap((item: unknown, index) => {
    if (!startsProgram(item)) return [];
    const path = joinPath('timeline', [index]);
    if (typeof item === 'object' && item !== null && 'kind' in item && item.kind !== 'at') {
      problems.add(path, 'starts a program, which is done at a time', "write at('5s', program(…))");
      return [];
    }
    const step = read(programStepSchema, item, path, problems);
    return step === undefined ? [] : bind(step.action, step.time, joinPath(path, ['action']));
  });
  return [...first, ...later];
}

function bindProgram(
  { node, argv, as, readyWhen, stopWith = 'SIGTERM', stop }: ReadProgram,
  startMs: number | null,
  path: string,
  taken: Set<string>,
  { nodes, names, problems }: ProgramContext,
): ResolvedProgram[] {
  if (!names.has(node)) {
    const known = nodes.map(({ name }) => name);
    problems.add(
      joinPath(path, ['node']),
      `there is no node ${quoted(node)}${didYouMean(node, known)}`,
    );
    return [];
  }
  if (as !== undefined && !/^[\w.-]{1,60}$/.test(as)) {
    const message = `must be letters, digits, '.', '-' or '_', got ${quoted(as)}`;
    problems.add(joinPath(path, ['as']), message);
    return [];
  }
  if (as !== undefined && taken.has(as)) {
    problems.add(joinPath(path, ['as']), `another program is called ${quoted(as)}`);
  }
  if (stop !== undefined && stop <= (startMs ?? 0)) {
    const message = `stops at ${formatDuration(stop)}, before it is started`;
    problems.add(joinPath(path, ['stop']), message);
  }
  const file = basename(argv[0] ?? '').replaceAll(/[^\w.-]/g, '_') || 'program';
  const id = as ?? uniqueName(`${node}-${file}`, taken);
  taken.add(id);
  return [
    {
      id,
      node,
      argv,
      readyWhen:
        readyWhen === undefined
          ? null
          : typeof readyWhen === 'string'
            ? { kind: 'output', text: readyWhen }
            : { kind: 'port', port: readyWhen.port },
      stopSignal: stopWith,
      startMs,
      stopMs: stop ?? null,
    },
  ];
}
