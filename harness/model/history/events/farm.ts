/** Trials that other machines executed. */
import * as z from 'zod';
import { base } from './fields.js';

export const farmEvents = [
  /** A record of the trial came from another machine. */
  z.object({
    ...base,
    kind: z.literal('trial.executed'),
    /** As the campaign calls it, such as `root@lab1`. */
    machine: z.string(),
    /** Names this time that the trial was executed. */
    execution: z.string(),
    /** From the job to its record, by that machine's clock, in milliseconds. */
    tookMs: z.number().nonnegative(),
    /**
     * Set when the trial was executed twice: the file, below the run's folder, that keeps this record,
     * which does not count. Left out: the events of this record are in the history.
     */
    apart: z.string().optional(),
  }),
  /** What became of a machine of the campaign. */
  z.object({
    ...base,
    kind: z.literal('machine.news'),
    machine: z.string(),
    /**
     * `failed`: it was lost, or did not execute the trial, which is executed elsewhere. `left-out`,
     * `kept-apart`: it executes no trial. `back`: it answers again.
     */
    state: z.enum(['left-out', 'kept-apart', 'failed', 'back']),
    /** An error code, such as `SSH_REFUSED`, with its message. */
    trouble: z.object({ code: z.string(), message: z.string() }).optional(),
    /** In what it differs from the machines that execute trials. */
    differences: z.array(z.string()).optional(),
  }),
] as const;
