/** What of VLANs (IEEE 802.1Q) a link carries. Pure. */
import * as z from 'zod';

/** 0 and 4095 are reserved. */
export const vlanBounds = { min: 1, max: 4094 } as const;

const id = z.number().int().min(vlanBounds.min).max(vlanBounds.max);

export const resolvedVlan = z.discriminatedUnion('mode', [
  /** Frames of one VLAN, without a tag; the switch's port is in it. */
  z.object({ mode: z.literal('access'), id }),
  /** Between switches: frames of these with a tag, those of the native one without. */
  z.object({ mode: z.literal('trunk'), ids: z.array(id), native: id.nullable() }),
  /** Frames of one VLAN with a tag, which the host sets and removes by itself. */
  z.object({ mode: z.literal('tagged'), id }),
]);

export type ResolvedVlan = z.infer<typeof resolvedVlan>;
