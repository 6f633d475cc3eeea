/** What faults of a router's daemons share. */
import { text } from '../language/schema/fields.js';
import { nodesWith } from '../model/node-traits.js';
import type { ResolvedFault, ResolvedTopology } from '../model/resolved.js';
import { quoted } from '../model/units.js';
import { as, target } from './fault-fields.js';

/** Of every kind that hits one daemon of a router. */
export const daemonFaultFacts = {
  fields: { target, as, daemon: text },
  parameters: ({ daemon }: { daemon: string }) => ({ daemon }),
  hits: 'routes',
  touches: 'data',
  idle: unknownDaemon,
} as const;

/** A daemon that no router runs which the fault can hit. */
function unknownDaemon(
  { parameters, target }: ResolvedFault,
  topology: ResolvedTopology,
): { field: string; message: string } | undefined {
  const routers = nodesWith(topology.nodes, 'routes').filter(
    ({ name }) => target.kind !== 'node' || name === target.node,
  );
  const programs = [
    ...new Set(routers.flatMap(({ daemons }) => daemons.map(({ program }) => program))),
  ];
  if (routers.length === 0 || programs.includes(String(parameters.daemon))) return undefined;
  const who = target.kind === 'node' ? `'${target.node}' runs` : 'the routers run';
  const message = `${who} no ${quoted(parameters.daemon)} (daemons: ${programs.join(', ') || 'none'})`;
  return { field: 'daemon', message };
}
