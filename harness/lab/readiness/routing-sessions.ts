/**
 * Routers are ready when every adjacency and BFD session is up at both ends, on backup paths too, and
 * every router has a route to every network: otherwise the first trial would measure the start.
 */
import * as z from 'zod';
import { nodesWith } from '../../model/node-traits.js';
import { routingSession } from '../../model/routing.js';
import type { Lab } from '../lab.js';
import type { Condition } from './ready.js';

const reported = z.object({
  sessions: z.array(routingSession.extend({ state: z.string(), up: z.boolean() })),
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
      const missing = missingOf(reports);
      const sessions = reports.reduce((sum, report) => sum + report.sessions.length, 0) / 2;
      const detail = missing.slice(0, mostNamed).join('; ');
      const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
      return {
        ok: missing.length === 0,
        detail: missing.length === 0 ? `${sessions} up` : `${detail}${more}`,
      };
    },
  };
}

const mostNamed = 6;
const protocolNames = { ospf: 'OSPF', bgp: 'BGP', isis: 'IS-IS', bfd: 'BFD' } as const;

/**
 * Each session that is not up, with what both ends report, and the routes that are missing where all
 * sessions are up. Pure.
 */
export function missingOf(reports: readonly RouterReport[]): string[] {
  const stateAt = (node: string, port: string, protocol: string, neighbour: string) =>
    reports
      .find((report) => report.node === node)
      ?.sessions.find(
        (one) => one.port === port && one.protocol === protocol && one.neighbour === neighbour,
      )?.state ?? 'nothing';
  const seen = new Set<string>();
  const down = reports.flatMap(({ node, sessions }) =>
    sessions.flatMap(({ protocol, port, neighbour, neighbourPort, state, up }) => {
      const ends = [`${node} ${port}`, `${neighbour} ${neighbourPort}`].sort();
      const key = `${protocol} ${ends.join(' ')}`;
      if (up || seen.has(key)) return [];
      seen.add(key);
      const far = stateAt(neighbour, neighbourPort, protocol, node);
      return [
        `${protocolNames[protocol]} between ${node} and ${neighbour}: ` +
          `${node} (${port}) reports ${state}, ${neighbour} (${neighbourPort}) reports ${far}`,
      ];
    }),
  );
  if (down.length > 0) return down;
  return reports.flatMap(({ node, missing }) =>
    missing.length === 0 ? [] : [`${node} has no route to ${missing.slice(0, 4).join(', ')}`],
  );
}
