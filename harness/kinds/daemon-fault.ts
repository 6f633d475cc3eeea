/** What faults of a router's daemons share. */
import { nodesWith } from '../model/node-traits.js';
import type { ResolvedFault, ResolvedTopology } from '../model/resolved.js';
import { quoted } from '../model/units.js';

/** A daemon that no router runs which the fault can hit. */
export function unknownDaemon(
  { parameters, target }: ResolvedFault,
  topology: ResolvedTopology,
): { field: string; message: string } | undefined {
  const routers = nodesWith(topology.nodes, 'routes').filter(
    ({ name }) => target.kind !== 'node' || name === target.node,
  );
  const programs = [
    ...new Set(routers.flatMap(({ daemons }) => daemons.map(({ program }) => program))),
  ];
  if (programs.length === 0 || programs.includes(String(parameters.daemon))) return undefined;
  const who = target.kind === 'node' ? `'${target.node}' runs` : 'the routers run';
  const message = `${who} no ${quoted(parameters.daemon)} (daemons: ${programs.join(', ')})`;
  return { field: 'daemon', message };
}
