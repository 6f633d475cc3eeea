/** What a lab has instead of something else. */
import * as z from 'zod';
import { type FactOf, type Recorded, recordedSchema } from './fact.js';

export const substitutionShapes = {
  /** Open vSwitch's userspace datapath, although the kernel's is there too (`kernelHasIt`). */
  'userspace-datapath': z.object({ kernelHasIt: z.boolean() }),
} as const;

export type Substitution = FactOf<typeof substitutionShapes>;
export type RecordedSubstitution = Recorded<typeof substitutionShapes>;
export const substitutionSchema = recordedSchema(substitutionShapes);
