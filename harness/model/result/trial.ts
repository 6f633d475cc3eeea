/** One trial of a run. */
import * as z from 'zod';
import { explanationSchema } from '../explanation.js';
import { processorUseSchema } from '../processor-use.js';
import { reasonSchema } from '../reason.js';
import { trialStatusSchema } from '../trial-status.js';
import { controllerRecoverySchema, episodeSchema, phasesSchema } from './episode.js';
import { verdictSchema } from './fields.js';
import { flowResultSchema, tcpResultSchema } from './flows.js';
import {
  attemptSchema,
  expectationResultSchema,
  fidelitySchema,
  standardsSchema,
} from './judgement.js';
import { machineLossSchema, pairResultSchema } from './network.js';

export const pathSchema = z.object({
  label: z.string(),
  from: z.string(),
  to: z.string(),
  complete: z.boolean(),
  nodes: z.array(z.string()),
  atMs: z.number(),
});

/** One trial. */
export const trialResultSchema = z.object({
  index: z.number(),
  /** Which attempt at the trial this is: the first valid one, else the last. */
  attempt: z.number().default(0),
  /** All other attempts, in their order. */
  attempts: z.array(attemptSchema).default([]),
  seed: z.number(),
  stratum: z.number().nullable(),
  phaseOffsetMs: z.number().nullable(),
  status: trialStatusSchema,
  verdict: verdictSchema,
  reasons: z.array(reasonSchema),
  /** Why the trial is not valid; empty when it is. */
  invalid: z.array(reasonSchema).default([]),
  /**
   * The fault with the worst network outage of the trial: `network`, `phases` and `explanation` are
   * its. Where the network is dark at the end since a heal, that heal. `episodes` has them all.
   */
  fault: z
    .object({
      /** With `change` it names the episode; empty in results of older versions: the first fault. */
      stepId: z.string().default(''),
      change: z.enum(['injected', 'healed']).default('injected'),
      /** Which of the trial's faults it is, counted from 1, and how many there were. */
      number: z.number().default(1),
      of: z.number().default(1),
      kind: z.string(),
      targets: z.array(z.string()),
      /** Milliseconds after traffic start. */
      injectedAtMs: z.number(),
      uncertaintyMs: z.number(),
      verified: z.boolean(),
    })
    .nullable(),
  /** Of the first crash or hang of a controller in the trial. */
  controller: controllerRecoverySchema.nullable().default(null),
  /** The pair that suffered most from that fault. */
  network: pairResultSchema.nullable(),
  /** The longest TCP stall of the trial. */
  tcp: tcpResultSchema.nullable(),
  /** The fault that `tcp` belongs to, where it is not `fault`. */
  tcpFault: z
    .object({
      stepId: z.string(),
      change: z.enum(['injected', 'healed']).default('injected'),
      kind: z.string(),
      targets: z.array(z.string()),
    })
    .nullable()
    .default(null),
  /** Directions in which no packet got through at the end of the traffic. */
  darkAtEnd: z
    .array(
      z.object({
        meter: z.string(),
        from: z.string(),
        to: z.string(),
        /** Last good packet, after traffic start; how long before the end of the traffic it was. */
        sinceMs: z.number(),
        forMs: z.number(),
      }),
    )
    .default([]),
  phases: phasesSchema.nullable(),
  /** Null = there is nothing to explain. */
  explanation: explanationSchema.nullable(),
  reversion: z
    .object({
      network: pairResultSchema.nullable(),
      tcp: tcpResultSchema.nullable(),
    })
    .nullable(),
  standards: standardsSchema.nullable(),
  fidelity: fidelitySchema.nullable(),
  /** Null where it was not counted, as in results of older versions. */
  machine: machineLossSchema.nullable().default(null),
  /** Null where it was not recorded: in virtual time, and in results of older versions. */
  processors: processorUseSchema.nullable().default(null),
  expectations: z.array(expectationResultSchema),
  episodes: z.array(episodeSchema),
  /** Every iperf3 flow over the whole trial. Missing in results of older versions. */
  flows: z.array(flowResultSchema).default([]),
  paths: z.array(pathSchema),
  /** Nodes that forward by the packets they carried, before the fault and after recovery. */
  relays: z.object({
    died: z.array(z.string()),
    tookOver: z.array(z.string()),
    packetsBefore: z.record(z.string(), z.number()),
    packetsAfter: z.record(z.string(), z.number()),
    /** The kind of each of them. Missing in results of older versions. */
    kinds: z.record(z.string(), z.string()).default({}),
  }),
  /** What a person or a program marked while a network was watched. */
  marks: z.array(z.object({ atMs: z.number(), text: z.string() })).default([]),
  /** Every outage of a trial without faults, in the order of time. Else empty. */
  outages: z
    .array(
      z.object({
        meter: z.string(),
        direction: z.enum(['forward', 'reverse']),
        /** Send stamp of the last good packet before, after the start of traffic. */
        atMs: z.number(),
        /** Null: it lasted to the end of the traffic. */
        outageMs: z.number().nullable(),
        /** As long as it was seen to last. */
        atLeastMs: z.number(),
        packetsLost: z.number(),
        /** By so much the sender's own lateness may have made it longer. */
        lateMs: z.number(),
        /** The mark before it, at most a minute; null = there is none. */
        mark: z.string().nullable(),
      }),
    )
    .default([]),
  /** Steady state before the fault: what the strategy costs. */
  steadyState: z.object({
    controlMessagesPerSecond: z.number().nullable(),
    probePacketsPerSecond: z.number().nullable(),
    controllerCpuPercent: z.number().nullable(),
    vswitchdCpuPercent: z.number().nullable(),
  }),
  /** Where the wall time went. */
  timing: z.object({
    totalMs: z.number(),
    trafficMs: z.number(),
    controllerWaitMs: z.number(),
    overheadMs: z.number(),
    parts: z.record(z.string(), z.number()),
  }),
  cleanup: z.object({
    leftovers: z.array(z.string()),
    mnCleanExitCode: z.number().nullable(),
    mnCleanMs: z.number().nullable(),
    mnCleanRemoved: z.array(z.string()),
  }),
});

export type TrialResult = z.infer<typeof trialResultSchema>;
