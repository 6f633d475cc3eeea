/** Who used this machine's processors, in percent of one processor: a leaf that events and results share. */
import * as z from 'zod';

/** A program outside of the labs, by the kernel's short name for it. */
const otherProgram = z.object({ program: z.string(), percent: z.number() });

export const processorUse = {
  processors: z.number().int().positive(),
  /** By all that ran. */
  busyPercent: z.number(),
  /** By the labs of the command. */
  ownPercent: z.number(),
  /** By other machines of the hypervisor. */
  stolenPercent: z.number(),
  /** Processes outside of the labs that used the most, and are still there. */
  others: z.array(otherProgram),
};

export const processorUseSchema = z.object(processorUse);
export type ProcessorUse = z.infer<typeof processorUseSchema>;
