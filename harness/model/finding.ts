/** What a search for the worst failure has found, as data. */
import * as z from 'zod';
import { elementFailureSchema, hostPairSchema } from './failure-case.js';

const ms = z.number();

export const scheduledFailureSchema = elementFailureSchema.extend({
  fields: z.record(z.string(), z.string()),
  /** After the moment of the scenario's own first fault. */
  startMs: ms,
  /** Null: it lasts to the end. */
  lastsMs: ms.nullable(),
});

/** What is wrong, and what shows it. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('expectation-broken'),
    expectation: z.string(),
    metric: z.string(),
    measured: z.number().nullable(),
    atLeast: z.number().nullable(),
    bound: z.number().nullable(),
    unit: z.string(),
  }),
  /** No packet arrived any more, and the graph has this path. */
  z.object({
    kind: z.literal('dark-with-a-path'),
    ...hostPairSchema.shape,
    sinceMs: ms,
    forMs: ms,
    path: z.array(z.string()),
  }),
  /** A node received far more packets than the hosts had sent. */
  z.object({
    kind: z.literal('loop'),
    node: z.string(),
    packets: z.number(),
    offered: z.number(),
    overMs: ms,
  }),
  /** A controller, or a daemon of a switch, ended by itself. */
  z.object({
    kind: z.literal('process-died'),
    process: z.string(),
    role: z.string(),
    atMs: ms,
  }),
  /** The outage is a multiple of what the timers promise. */
  z.object({
    kind: z.literal('slower-than-promised'),
    ...hostPairSchema.shape,
    outageMs: ms,
    promisedMs: ms,
  }),
  /** The same trial of the same seed made another record, though its clock is virtual. */
  z.object({
    kind: z.literal('not-repeatable'),
    place: z.number(),
    before: z.string(),
    now: z.string(),
  }),
  /** A property of a program does not hold. */
  z.object({ kind: z.literal('property-broken'), message: z.string() }),
]);

export type ScheduledFailure = z.infer<typeof scheduledFailureSchema>;
export type Evidence = z.infer<typeof evidenceSchema>;
