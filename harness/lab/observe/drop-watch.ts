/**
 * Counts the packets that this machine itself loses while a lab runs. How they are counted is in
 * `drops/watch_drops.py`.
 */

import { join } from 'node:path';
import { execa } from 'execa';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import type { Emit } from '../../model/history/emit.js';
import { nodesWith } from '../../model/node-traits.js';
import { processName } from '../../model/process-id.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { dropLineLimits, readDropLine } from './drop-line.js';
import { tappedInterfaces } from './tapped-interfaces.js';

const self = { role: 'watch', of: 'dropped-packets' } as const;

export interface DropWatchOptions {
  python: string;
  scenario: Pick<ResolvedScenario, 'topology' | 'meters'>;
  /** The process that holds a node's namespaces; null = the lab's root namespace. */
  pidOf: (node: string) => number | null;
  logFile: string;
  emit: Emit;
}

export interface DropWatch {
  stop(): Promise<void>;
}

/** Start counting; resolves once the first count is there. Throws WATCH_FAILED. */
export async function watchDrops(options: DropWatchOptions): Promise<DropWatch> {
  const { python, emit, logFile } = options;
  const program = join(packageRoot(), 'harness/lab/observe/drops/watch_drops.py');
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
    const onLine = (text: string) => {
      const line = readDropLine(text);
      if (line === null) return;
      if ('drops' in line) {
        emit({ kind: 'observe.drops', ...line });
        return;
      }
      const { problem } = line;
      if (problem !== null) {
        const warning = { code: 'drops-unreadable' as const, data: { problem } };
        emit({ kind: 'warning', atNs: nowNs(), warning });
      }
      resolve();
    };
    readLines(child.stdout, {
      charactersMax: dropLineLimits.characters,
      onLine,
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
  child.stdin.write(`${JSON.stringify(dropPlan(options.scenario, options.pidOf))}\n`);
  await started;
  return {
    async stop() {
      stopping = true;
      child.stdin.end();
      await child;
    },
  };
}

/** Whose sockets are counted where, as `watch_drops.py` takes it. Pure. */
export function dropPlan(
  { topology, meters }: DropWatchOptions['scenario'],
  pidOf: DropWatchOptions['pidOf'],
) {
  const { nodes, links } = topology;
  const inRoot = new Set(nodesWith(nodes, 'root-namespace').map(({ name }) => name));
  const ends = links.flatMap(({ a, b }) => [a, b]).filter(({ node }) => inRoot.has(node));
  const tap = tappedInterfaces(topology);
  const owners = Object.fromEntries([
    ...[...tap.bothWays, ...tap.toControllers, ...tap.fromControllers].map((name) => [
      name,
      ['controllers', 'tap'],
    ]),
    ...ends.map(({ node, port }) => [port, [node, 'switch']]),
  ]);
  const apart = nodesWith(nodes, 'own-open-vswitch');
  return {
    places: [
      { where: 'lab', pid: null, owners },
      ...apart.map(({ name }) => ({ where: name, pid: pidOf(name), owners: null })),
    ],
    hosts: nodesWith(nodes, 'end-point')
      .map(({ name }) => ({
        where: name,
        pid: pidOf(name),
        meterPorts: meters
          .filter(({ from, to }) => from === name || to === name)
          .map(({ port }) => port),
      }))
      .filter(({ pid }) => pid !== null),
  };
}
