/** What went wrong beside the measurement, and did not end the trial. */
import * as z from 'zod';
import { type FactOf, type Recorded, recordedSchema } from './fact.js';

const count = z.number().int().nonnegative();
const names = z.array(z.string());

export const warningShapes = {
  'heal-failed': z.object({ fault: z.string(), targets: names, message: z.string() }),
  'undo-failed': z.object({ step: z.string(), message: z.string() }),
  /** What `mn -c` left, and was then ended by force. */
  'ended-by-force': z.object({
    processes: z.array(z.object({ pid: count, name: z.string() })),
    interfaces: names,
  }),
  /** A program of the user's that was to run on; a signal that was not the lab's, or its status. */
  'program-ended': z.object({
    program: z.string(),
    node: z.string(),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    lastLines: names,
  }),
  /** `limits.duration` ended the traffic before the timeline was done. */
  'traffic-cut-off': z.object({ afterMs: z.number() }),
  'control-packets-missed': z.object({ packets: count }),
  /** Some counters of dropped packets cannot be read. */
  'drops-unreadable': z.object({ problem: z.string() }),
  'meter-line-unreadable': z.object({ meter: z.string() }),
  'trace-unanswered': z.object({ node: z.string(), limitS: z.number() }),
  'interfaces-unreadable': z.object({ node: z.string() }),
  'addresses-unreadable': z.object({ node: z.string() }),
  /** The kernel takes no seed for the choice among equal ways (before Linux 6.11). */
  'hash-seed-missing': z.object({ unseeded: names }),
  /** A watched machine slept, or was suspended. */
  'end-slept': z.object({ end: z.string(), sleptMs: z.number() }),
  /** An end stopped by itself, because its record was not collected. */
  'end-full': z.object({ end: z.string() }),
  /** The probes of one end arrive from another address than its own. */
  'address-translated': z.object({
    end: z.string(),
    seenAs: z.string(),
    address: z.string(),
    at: z.string(),
  }),
  /** Objects of a lab on the host, whose runner had ended without removing them. */
  'host-objects-removed': z.object({ objects: names }),
} as const;

export type Warning = FactOf<typeof warningShapes>;
export type RecordedWarning = Recorded<typeof warningShapes>;
export const warningSchema = recordedSchema(warningShapes);
