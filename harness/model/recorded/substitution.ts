/** What a lab has instead of something else. */
import * as z from 'zod';
import { type FactOf, type Recorded, recordedSchema } from './fact.js';

export const substitutionShapes = {
  /** Open vSwitch's userspace datapath, although the kernel's is there too (`kernelHasIt`). */
  'userspace-datapath': z.object({ kernelHasIt: z.boolean() }),
  /** Bonds of hosts are made by Open vSwitch, because the kernel has no bonding. */
  'open-vswitch-bond': z.object({ hosts: z.array(z.string()) }),
  /** Hosts tag frames by an Open vSwitch, because the kernel has no VLAN devices. */
  'open-vswitch-vlan': z.object({ hosts: z.array(z.string()) }),
} as const;

export type Substitution = FactOf<typeof substitutionShapes>;
export type RecordedSubstitution = Recorded<typeof substitutionShapes>;
export const substitutionSchema = recordedSchema(substitutionShapes);
