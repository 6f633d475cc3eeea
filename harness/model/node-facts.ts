/**
 * What every room must know of a kind of node: the shape of a resolved one, and its traits. The
 * facts of a kind are the default export of `harness/model/nodes/<kind>.ts`; what can be written of
 * it is in the file of the same name in `harness/kinds/nodes/`. Pure.
 */
import * as z from 'zod';

/** What nodes of a kind are or have. Code asks for a trait, never for a kind. */
export type NodeTrait =
  /** Traffic begins and ends here: it has an address, and passes nothing on. */
  | 'end-point'
  /** It passes packets on. */
  | 'forwards'
  /** It joins subnets: each of its interfaces has an address, and packets pass by address. */
  | 'routes'
  /** A machine of its own, with a namespace and processes of its own: it can lose its power alone. */
  | 'loses-power'
  /** Its interfaces lie in the lab's root namespace. */
  | 'root-namespace'
  /** Its data plane is a bridge of Open vSwitch, with a datapath id and a fail mode. */
  | 'open-vswitch'
  /** It runs ovsdb-server and ovs-vswitchd for itself alone. */
  | 'own-open-vswitch'
  /** It connects to the controller. */
  | 'calls-controller'
  /** It has an interface of its own in the control network. */
  | 'control-interface'
  /** It has an address in the fabric, so that tunnels can end here. */
  | 'fabric-address';

/** Describes a kind of node to all rooms. `fields` is what a resolved one has beside its name. */
export function nodeFacts<
  const Kind extends string,
  const Traits extends readonly NodeTrait[],
  Fields extends z.core.$ZodLooseShape,
>({ kind, traits, fields }: { kind: Kind; traits: Traits; fields: Fields }) {
  const resolved = z.object({ kind: z.literal(kind), name: z.string().min(1), ...fields });
  return { kind, traits, resolved };
}

/** Fields that resolved bridges of Open vSwitch share. */
export const openVSwitchFields = {
  /** 16 hex digits. */
  dpid: z.string().regex(/^[0-9a-f]{16}$/),
  spanningTree: z.enum(['none', 'stp', 'rstp']),
  failMode: z.enum(['secure', 'standalone']),
};
