/**
 * Watches routers and hosts with bonds from outside: BFD states, messages that carry routes, changes of
 * routes, of carrier and of active members, adjacencies in the daemons' logs. How is in `routing/watch_routing.py`.
 */
import { join } from 'node:path';
import { readBoundedJson } from '../../bounded-json.js';
import type { Emit, NewEvent } from '../../model/history/emit.js';
import { historyEvent } from '../../model/history/events.js';
import { bondOf } from '../../model/network/host-port.js';
import { type NodeWith, nodesWith, nodeWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { startWatch } from './watch-program.js';

const lineLimits = { characters: 64_000, depth: 6 };

/** What the program prints. */
const told: ReadonlySet<string> = new Set([
  'observe.bfd',
  'observe.link',
  'observe.routing',
  'observe.route',
  'observe.adjacency',
  'observe.bond',
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
export function watchRouting(options: RoutingWatchOptions): Promise<{ stop(): Promise<void> }> {
  const { python, topology, pidOf, logFolder, emit } = options;
  const routers = nodesWith(topology.nodes, 'routes');
  const virtual = [...new Set(routers.flatMap(virtualOf))];
  const behindGateway = (host: string) => {
    const { defaultRoute = '' } = nodeWith(topology.nodes, host, 'end-point') ?? {};
    return virtual.includes(defaultRoute.replace(/^via /, ''));
  };
  const nodes = [
    ...routers.map((router) => ({
      name: router.name,
      pid: pidOf(router.name),
      logs: router.daemons.map(({ program }) => join(logFolder, `${router.name}-${program}.log`)),
      tap: true,
      virtual: virtualOf(router),
    })),
    ...(topology.bonds ?? []).map(({ node }) => ({
      name: node,
      pid: pidOf(node),
      // Where the kernel makes the bond there is no such file.
      logs: [join(logFolder, `${node}-ovs-vswitchd.log`)],
      tap: behindGateway(node),
      virtual,
    })),
    ...nodesWith(topology.nodes, 'end-point')
      .filter(({ name }) => behindGateway(name) && bondOf(topology, name) === undefined)
      .map(({ name }) => ({ name, pid: pidOf(name), logs: [], tap: true, virtual })),
  ];
  return startWatch({
    python,
    program: 'routing/watch_routing.py',
    plan: { nodes },
    process: { role: 'watch', of: 'routing' },
    logFile: join(logFolder, 'routing-watch.log'),
    charactersMax: lineLimits.characters,
    emit,
    onLine(text) {
      const read = readRoutingLine(text);
      if (read === null) return false;
      if ('ready' in read) return true;
      emit(read);
      return false;
    },
  });
}

/** The addresses that a gateway shares. */
function virtualOf({ protocols }: NodeWith<'routes'>): string[] {
  return (protocols.vrrp?.virtual ?? []).map(({ address }) => address.replace(/\/.*/, ''));
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
