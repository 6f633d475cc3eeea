/**
 * What each kind of fault needs of the machine: the declarative part of a fault, which validation
 * and the doctor share. How a fault is done is its own file's in `harness/faults`.
 */

import type { Capabilities } from './capabilities.js';
import { speaksOpenFlow } from './open-flow.js';
import type { FaultKind, ResolvedFault, ResolvedScenario } from './resolved.js';

/** A capability that a fault or a link may need. */
export type Need = Extract<keyof Capabilities, 'netem' | 'tbf' | 'nftIngress' | 'nftEgress'>;

/** When a fault of some kind needs more than the others of its kind. */
export type NeedCondition = 'controller' | 'by-blackhole' | 'across-fabric';

/** What of a scenario decides a need. */
export type NeedContext = Pick<ResolvedScenario, 'topology' | 'controller'>;

interface ConditionalNeed {
  need: Need;
  when: NeedCondition;
  holds(fault: ResolvedFault, context: NeedContext): boolean;
}

export interface FaultNeeds {
  /** What every fault of the kind needs. */
  always: readonly Need[];
  /** What some faults of the kind need. */
  sometimes: readonly ConditionalNeed[];
}

const nothing: FaultNeeds = { always: [], sometimes: [] };
/** Chosen packets are dropped where they leave. */
const filter: FaultNeeds = { always: ['nftEgress'], sometimes: [] };
/** A control channel loses what arrives at the controller's side as well. */
const channelFilter: FaultNeeds = { always: ['nftEgress', 'nftIngress'], sometimes: [] };

/** A controller may set a port up again, so a filter keeps the link down. */
const keptDown: ConditionalNeed = {
  need: 'nftEgress',
  when: 'controller',
  holds: (_fault, { controller }) => speaksOpenFlow(controller),
};

/** A cable is taken down at its interfaces; a tunnel across the fabric has none of its own. */
const cutAcross: ConditionalNeed = {
  need: 'nftEgress',
  when: 'across-fabric',
  holds({ target }, { topology }) {
    const across = topology.tunnels.filter(({ underlay }) => underlay === null);
    if (target.kind !== 'link') return across.length > 0;
    return across.some(({ id }) => id === target.link);
  },
};

const blackholed: ConditionalNeed = { need: 'nftEgress', when: 'by-blackhole', holds: () => true };

/** The same need, of a flap that takes its link down in this way. */
function flapBy(kind: FaultKind, conditional: ConditionalNeed): ConditionalNeed {
  return {
    ...conditional,
    holds: (fault, context) =>
      fault.parameters.downKind === kind && conditional.holds(fault, context),
  };
}

/** By kind, so that no kind can be forgotten. */
export const faultNeeds: Record<FaultKind, FaultNeeds> = {
  'power-off': nothing,
  'vswitchd-crash': nothing,
  'vswitchd-hang': nothing,
  'link-down': { always: [], sometimes: [keptDown] },
  'cable-cut': { always: [], sometimes: [cutAcross] },
  blackhole: filter,
  'packet-loss': filter,
  'large-packet-loss': filter,
  'control-packet-loss': channelFilter,
  'bfd-packet-loss': filter,
  'rate-collapse': filter,
  delay: { always: ['netem'], sometimes: [] },
  flap: {
    always: [],
    sometimes: [
      flapBy('blackhole', blackholed),
      flapBy('link-down', keptDown),
      flapBy('cable-cut', cutAcross),
    ],
  },
  partition: filter,
  'controller-crash': nothing,
  'controller-hang': nothing,
  'control-channel-loss': channelFilter,
};

/** What one fault needs in its scenario, each with the condition that makes it so. Pure. */
export function needsOfFault(
  fault: ResolvedFault,
  context: NeedContext,
): Array<{ need: Need; when: NeedCondition | null }> {
  const { always, sometimes } = faultNeeds[fault.kind];
  return [
    ...always.map((need) => ({ need, when: null })),
    ...sometimes
      .filter((conditional) => conditional.holds(fault, context))
      .map(({ need, when }) => ({ need, when })),
  ];
}

/** What a need is, in the words of those who configure kernels. */
export const needWords: Record<Need, string> = {
  netem: "the kernel's sch_netem",
  tbf: "the kernel's sch_tbf",
  nftIngress: 'nftables with the netdev ingress hook (Linux 4.2)',
  nftEgress: 'nftables with the netdev egress hook (Linux 5.16)',
};
