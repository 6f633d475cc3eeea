/**
 * Counts the packets that this machine itself loses while a lab runs. How they are counted is in
 * `drops/watch_drops.py`.
 */

import { nowNs } from '../../clock.js';
import type { Emit } from '../../model/history/emit.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { dropLineLimits, readDropLine } from './drop-line.js';
import { tappedInterfaces } from './tapped-interfaces.js';
import { startWatch } from './watch-program.js';

export interface DropWatchOptions {
  python: string;
  scenario: Pick<ResolvedScenario, 'topology' | 'meters'>;
  /** The process that holds a node's namespaces; null = the lab's root namespace. */
  pidOf: (node: string) => number | null;
  /** Undefined: every 20 ms, or as often as it can. */
  everyMs: number | undefined;
  logFile: string;
  emit: Emit;
}

export interface DropWatch {
  stop(): Promise<void>;
}

/** Start counting; resolves once the first count is there. Throws WATCH_FAILED. */
export function watchDrops(options: DropWatchOptions): Promise<DropWatch> {
  const { python, emit, logFile, everyMs } = options;
  return startWatch({
    python,
    program: 'drops/watch_drops.py',
    plan: { everyMs, ...dropPlan(options.scenario, options.pidOf) },
    process: { role: 'watch', of: 'dropped-packets' },
    logFile,
    charactersMax: dropLineLimits.characters,
    emit,
    onLine(text) {
      const line = readDropLine(text);
      if (line === null) return false;
      if ('drops' in line) {
        emit({ kind: 'observe.drops', ...line });
        return false;
      }
      const { problem } = line;
      if (problem !== null) {
        const warning = { code: 'drops-unreadable' as const, data: { problem } };
        emit({ kind: 'warning', atNs: nowNs(), warning });
      }
      return true;
    },
  });
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
  // Of a bond that the kernel makes there is no packet socket to be counted.
  const apart = [
    ...nodesWith(nodes, 'own-open-vswitch').map(({ name }) => name),
    ...(topology.bonds ?? []).map(({ node }) => node),
  ];
  return {
    places: [
      { where: 'lab', pid: null, owners },
      ...apart.map((name) => ({ where: name, pid: pidOf(name), owners: null })),
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
