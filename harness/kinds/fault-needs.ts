/** What faults need of the machine; validation and the doctor share it. */
import type { Capabilities } from '../model/capabilities.js';
import { speaksOpenFlow } from '../model/open-flow.js';
import type { FaultKind, ResolvedFault, ResolvedScenario } from '../model/resolved.js';

/** A capability that a fault or a link may need. */
export type Need = Extract<keyof Capabilities, 'netem' | 'tbf' | 'nftIngress' | 'nftEgress'>;

/** When a fault of some kind needs more than the others of its kind. */
export type NeedCondition = 'controller' | 'across-fabric' | 'hidden-carrier' | `by-${FaultKind}`;

/** What of a scenario decides a need. */
export type NeedContext = Pick<ResolvedScenario, 'topology' | 'controller'>;

export interface ConditionalNeed {
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

/** Chosen packets are dropped where they leave. */
export const filter: FaultNeeds = { always: ['nftEgress'], sometimes: [] };

/** A control channel loses what arrives at the controller's side as well. */
export const channelFilter: FaultNeeds = { always: ['nftEgress', 'nftIngress'], sometimes: [] };

/** What a need is, in the words of those who configure kernels. */
export const needWords: Record<Need, string> = {
  netem: "the kernel's sch_netem",
  tbf: "the kernel's sch_tbf",
  nftIngress: 'nftables with the netdev ingress hook (Linux 4.2)',
  nftEgress: 'nftables with the netdev egress hook (Linux 5.16)',
};

/** A controller may set a port up again, so a filter keeps the link down. */
export const keptDown: FaultNeeds = {
  always: [],
  sometimes: [
    {
      need: 'nftEgress',
      when: 'controller',
      holds: (_fault, { controller }) => speaksOpenFlow(controller),
    },
  ],
};

/**
 * A cable is taken down at its interfaces; a tunnel across the fabric has none of its own, and those
 * of a link with hidden carrier are not the cable's ends.
 */
export const cutAcross: FaultNeeds = {
  always: [],
  sometimes: [
    {
      need: 'nftEgress',
      when: 'across-fabric',
      holds({ target }, { topology }) {
        const across = topology.tunnels.filter(({ underlay }) => underlay === null);
        if (target.kind !== 'link') return across.length > 0;
        return across.some(({ id }) => id === target.link);
      },
    },
    {
      need: 'nftEgress',
      when: 'hidden-carrier',
      holds({ target }, { topology }) {
        const hidden = topology.links.filter(({ hidesCarrier }) => hidesCarrier);
        if (target.kind !== 'link') return hidden.length > 0;
        return hidden.some(({ id }) => id === target.link);
      },
    },
  ],
};
