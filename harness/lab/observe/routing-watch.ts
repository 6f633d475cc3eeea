/**
 * Watches routers from outside: BFD states, messages that carry routes, changes of routes and of
 * carrier, adjacencies in the daemons' logs. How is in `routing/watch_routing.py`.
 */
import { join } from 'node:path';
import { execa } from 'execa';
import { readBoundedJson } from '../../bounded-json.js';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import type { Emit, NewEvent } from '../../model/history/emit.js';
import { historyEvent } from '../../model/history/events.js';
import { nodesWith } from '../../model/node-traits.js';
import { processName } from '../../model/process-id.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';

const self = { role: 'watch', of: 'routing' } as const;
const lineLimits = { characters: 64_000, depth: 6 };

/** What the program prints. */
const told: ReadonlySet<string> = new Set([
  'observe.bfd',
  'observe.link',
  'observe.routing',
  'observe.route',
  'observe.adjacency',
]);

export interface RoutingWatchOptions {
  python: string;
  topology: ResolvedTopology;
  /** The process that holds a node's namespaces. */
  pidOf: (node: string) => number | null;
  logFolder: string;
  emit: Emit;
}

/** Start watching; resolves when everything is open. Throws WATCH_FAILED. */
export async function watchRouting(
  options: RoutingWatchOptions,
): Promise<{ stop(): Promise<void> }> {
  const { python, topology, pidOf, logFolder, emit } = options;
  const logFile = join(logFolder, 'routing-watch.log');
  const program = join(packageRoot(), 'harness/lab/observe/routing/watch_routing.py');
  const child = execa(python, ['-B', program], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: { file: logFile },
    buffer: false,
    reject: false,
  });
  child.stdin.on('error', () => {
    // Its end is reported below.
  });
  let stopping = false;
  const started = new Promise<void>((resolve, reject) => {
    readLines(child.stdout, {
      charactersMax: lineLimits.characters,
      onLine(text) {
        const read = readRoutingLine(text);
        if (read === null) return;
        if ('ready' in read) resolve();
        else emit(read);
      },
      // Like every line that cannot be read: the last one of a process that was killed, say.
      onTooLong: () => {},
    });
    void child.then((result) => {
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      const text = `The ${processName(self)} ended at start with ${signal ?? `status ${exitCode}`}.`;
      reject(new LabError('WATCH_FAILED', text, { hint: `Its output is in ${logFile}.` }));
      emit({
        ...{ kind: 'process.exit', atNs: nowNs(), process: self, node: null },
        ...{ exitCode, signal, expected: stopping, lastLines: [] },
      });
    });
  });
  const routers = nodesWith(topology.nodes, 'routes').map(({ name, daemons }) => ({
    name,
    pid: pidOf(name),
    logs: daemons.map(({ program: daemon }) => join(logFolder, `${name}-${daemon}.log`)),
  }));
  child.stdin.write(`${JSON.stringify({ routers })}\n`);
  await started;
  return {
    async stop() {
      stopping = true;
      child.stdin.end();
      await child;
    },
  };
}

/** Reads one line; null when it is none of the watch's. Pure. */
export function readRoutingLine(text: string): NewEvent | { ready: true } | null {
  const json = readBoundedJson(text, lineLimits);
  if ('problem' in json || typeof json.value !== 'object' || json.value === null) return null;
  if ('ready' in json.value) return { ready: true };
  // The journal adds the number of the trial.
  const read = historyEvent.safeParse({ ...json.value, trial: 0 });
  if (!read.success || !told.has(read.data.kind)) return null;
  const { trial: _, ...event } = read.data;
  return event as NewEvent;
}
