/**
 * Routers are ready when every adjacency and BFD session is up at both ends, on backup paths too, and
 * every router has a route to every network: otherwise the first trial would measure the start.
 */
import * as z from 'zod';
import { nowNs } from '../../clock.js';
import { nodesWith } from '../../model/node-traits.js';
import type { Readiness } from '../../model/recorded/readiness.js';
import { type RoutingProtocols, routingSession } from '../../model/routing.js';
import type { Lab } from '../lab.js';
import type { Condition } from './ready.js';

const reported = z.object({
  /** `state` null = the router reports nothing. */
  sessions: z.array(routingSession.extend({ state: z.string().nullable(), up: z.boolean() })),
  /** Networks to which it has no route. */
  missing: z.array(z.string()),
});

/** What one router reports. */
export type RouterReport = z.infer<typeof reported> & { node: string };

export function sessionsUp(lab: Lab): Condition {
  const routers = nodesWith(lab.topology.nodes, 'routes').map(({ name }) => name);
  return {
    name: 'every adjacency and BFD session up, and all routes there',
    everyMs: 200,
    async check() {
      const reports = await Promise.all(
        routers.map(async (node) => ({
          node,
          ...(await lab.bridge.ownVerb(node, 'sessions', {}, reported)),
        })),
      );
      const detail = sessionsSeen(reports);
      const { down, routeless } = detail.data;
      return { ok: down.length === 0 && routeless.length === 0, detail };
    },
  };
}

/**
 * A router may have to hold an announcement back (OSPF: for 5 s after the one before). Until then all
 * networks can be reached already, though not by the way that will be taken.
 */
export function routesUnchanged(lab: Lab): Condition {
  const routers = nodesWith(lab.topology.nodes, 'routes');
  const wantedMs = Math.max(...routers.map(({ protocols }) => heldBackMs(protocols)));
  const beganNs = nowNs();
  return {
    name: 'routes unchanged for as long as an announcement may be held back',
    everyMs: 100,
    check() {
      const forMs = (nowNs() - Math.max(beganNs, lab.journal.routedNs ?? 0)) / 1e6;
      return {
        ok: forMs >= wantedMs,
        detail: { code: 'routes-unchanged', data: { forMs, wantedMs } },
      };
    },
  };
}

/** Of IS-IS an LSP each second (its configuration); the last computation may wait as well. */
const lspIntervalMs = 1000;
/** From a message to the route in the kernel, on a busy machine. */
const carriedOutMs = 200;

/** How long after the last sign of a change another may come without a cause of its own. Pure. */
export function heldBackMs({ ospf, isis, bgp }: RoutingProtocols): number {
  const each = [
    ospf ? Math.max(ospf.lsaIntervalMs, ospf.spfMaxMs) : 0,
    isis ? Math.max(lspIntervalMs, isis.spfMaxMs) : 0,
    bgp?.advertiseMs ?? 0,
  ];
  return Math.max(...each) + carriedOutMs;
}

type SessionsSeen = Extract<Readiness, { code: 'routing-sessions' }>;

/** Each session that is not up, once, with what both ends report, and the routes that are missing. Pure. */
export function sessionsSeen(reports: readonly RouterReport[]): SessionsSeen {
  const all = reports.flatMap(({ node, sessions }) => sessions.map((one) => ({ ...one, node })));
  const seen = new Set<string>();
  const down = all.flatMap(({ node, protocol, port, neighbour, neighbourPort, state, up }) => {
    const key = [protocol, ...[`${node} ${port}`, `${neighbour} ${neighbourPort}`].sort()].join();
    if (up || seen.has(key)) return [];
    seen.add(key);
    const far = all.find(
      (one) =>
        one.node === neighbour &&
        one.port === neighbourPort &&
        one.protocol === protocol &&
        one.neighbour === node,
    );
    const ends: SessionsSeen['data']['down'][number]['ends'] = [
      { node, port, state },
      { node: neighbour, port: neighbourPort, state: far?.state ?? null },
    ];
    return [{ protocol, ends }];
  });
  const routeless = reports.flatMap(({ node, missing: networks }) =>
    networks.length === 0 ? [] : [{ node, networks }],
  );
  return { code: 'routing-sessions', data: { sessions: all.length / 2, down, routeless } };
}
