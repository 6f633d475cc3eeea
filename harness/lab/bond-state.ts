/** How a host's bond is now, by the kernel or by the Open vSwitch that makes it. */
import * as z from 'zod';
import type { BridgeClient } from './mininet/client.js';

const bondStateShape = z.object({
  by: z.enum(['kernel', 'open-vswitch']),
  /** Port of the active member; null = all that are usable are active, or none is. */
  active: z.string().nullable(),
  members: z.array(z.object({ link: z.string(), port: z.string(), usable: z.boolean() })),
});

type BondState = z.infer<typeof bondStateShape>;

export function bondState(bridge: BridgeClient, host: string): Promise<BondState> {
  return bridge.ownVerb(host, 'bond', {}, bondStateShape);
}

/** The port that the host sends by; of several (LACP) the first, since each flow has its own. */
export function portInUse({ active, members }: BondState): string | null {
  return active ?? members.find(({ usable }) => usable)?.port ?? members[0]?.port ?? null;
}
