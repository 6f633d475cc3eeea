/** One port of a switch is set down by OpenFlow. */
import { text } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedFault, ResolvedTopology } from '../../model/resolved.js';
import { quoted } from '../../model/units.js';
import { as, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions, On } from '../written-fault.js';

export interface PortDownOptions extends FaultOptions {
  /** The end of the link whose port goes down. Left out: the first one that runs Open vSwitch. */
  at?: string;
}

/**
 * One port of a switch or relay is set down by an OpenFlow port-mod, as an operator or a controller
 * does it. Open vSwitch reports it to its controllers, and the other end of the link loses carrier. A
 * controller may set it up again.
 *
 * @example
 * at('5s', portDown(linkOf('s1', 's2'), { at: 's1' }))
 */
export const portDown = (
  target: Target,
  options: PortDownOptions = {},
): PortDownOptions & On<'port-down'> => ({
  ...options,
  kind: 'port-down',
  target,
});

export default faultKind({
  kind: 'port-down',
  order: 45,
  write: portDown,
  fields: { target, as, at: text.optional() },
  parameters({ at }): ResolvedFault['parameters'] {
    return at === undefined ? {} : { at };
  },
  hits: 'link',
  misfit({ id, tunnel }) {
    if (tunnel === null) return undefined;
    return {
      message: `'${id}' is a tunnel, whose port Open vSwitch cannot set down`,
      hint: 'use cableCut(…) or blackhole(…)',
    };
  },
  idle: noSuchPort,
  excludes: 'cut',
  touches: 'data',
  stops: true,
  seenInTime: true,
  documented: {
    example: "portDown(linkOf('s1', 's2'), { at: 's1' })",
    does: 'one of its ports is set down by an OpenFlow port-mod; the other end loses carrier',
    hits: 'link of a switch or relay',
  },
});

/** An end that the link does not have, or that speaks no OpenFlow. */
function noSuchPort(
  { parameters, target }: ResolvedFault,
  { links, nodes }: ResolvedTopology,
): { field: string; message: string } | undefined {
  if (target.kind !== 'link') return undefined;
  const link = links.find(({ id }) => id === target.link);
  if (link === undefined) return undefined;
  const ends = [link.a.node, link.b.node];
  const switches = nodes
    .filter((node) => ends.includes(node.name) && has(node, 'open-vswitch'))
    .map(({ name }) => name);
  if (switches.length === 0) {
    return { field: 'target', message: `'${link.id}' has no end with Open vSwitch` };
  }
  const { at } = parameters;
  if (at === undefined || switches.includes(String(at))) return undefined;
  const known = `ends of '${link.id}' with Open vSwitch: ${switches.join(', ')}`;
  return { field: 'at', message: `${quoted(at)} has no such port (${known})` };
}
