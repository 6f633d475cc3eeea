/**
 * `result.json`: what the analysis says about a run. The schema is exported from the package, so
 * that other programs can rely on it. A censored value is `null` beside `recovered: false`.
 */
import { z } from 'zod';
import { environmentSchema, machineDrop } from './history/events.js';
import { mininetNote } from './mininet-description.js';
import { reasonSchema } from './reason.js';
import { statusOfOlder, trialStatusSchema } from './trial-status.js';

const ms = z.number().nullable();
/** Both ends of what the true value lies in, milliseconds; null = no value, or an older result. */
const range = z.tuple([z.number(), z.number()]).nullable().default(null);
/** See `ending.ts`; null = nothing was interrupted, or an older result. */
const ending = z
  .enum(['recovered', 'heal', 'unclear', 'deadline', 'open'])
  .nullable()
  .default(null);
export const verdictSchema = z.enum(['pass', 'fail', 'inconclusive']);

/** One contiguous run of missing sequence numbers (RFC 3357 §4.2). */
export const lossPeriodSchema = z.object({
  firstSequence: z.number(),
  packets: z.number(),
  /** Send stamp of the last good packet before, relative to the fault. */
  startMs: z.number(),
  /** Sender-stamp difference last good before → first good after; null = never ended. */
  lengthMs: ms,
});

/** One direction of one meter pair around one fault (or heal). */
export const directionResultSchema = z.object({
  /** TBM (RFC 6414 §3.6.3): longest loss period that counts as an outage; 0 = none; null = censored. */
  outageMs: ms,
  /** Lower bound of a censored outage. */
  outageAtLeastMs: z.number(),
  /** The true outage lies within: last lost - first lost … first good - last good, by send stamps. */
  outageRangeMs: range,
  /** How the outage ended. `heal` and `deadline` are censored like one that never ended. */
  outageEnding: ending,
  /** Where it is censored: a longer outage of the same fault, which ended by itself; else null. */
  longerEndedOutageMs: ms.default(null),
  /** To the first good packet, whatever ended the outage; null = none, or it was not seen to end. */
  outageWithHealMs: ms.default(null),
  /** PLBM (RFC 6414 §3.6.2): packets lost in that period / rate. */
  lossDerivedMs: z.number(),
  /** |outageMs - lossDerivedMs|; null when censored. */
  disagreementMs: ms,
  /** One probe interval: the reading is good to ± this (RFC 6413 §6). */
  resolutionMs: z.number(),
  packetsSent: z.number(),
  packetsLost: z.number(),
  /** Of them, so many at most were dropped by this machine, not by the network. */
  packetsDroppedByMachine: z.number().default(0),
  /** Share lost outside the outage, between fault and heal. */
  lossPercent: z.number(),
  lossPeriods: z.number(),
  longestPeriods: z.array(lossPeriodSchema),
  /**
   * After a heal: packets lost while nothing in the network changed. They count in `lossPercent` and
   * nowhere else. Null of a fault, and after a heal while another fault is in place.
   */
  otherLoss: z
    .object({
      packets: z.number(),
      lossPeriods: z.number(),
      longestPeriods: z.array(lossPeriodSchema),
    })
    .nullable()
    .default(null),
  duplicates: z.number(),
  reordered: z.number(),
  /** Fault → send stamp of the first good packet of the sustained window; null = not seen. */
  recoveryMs: ms,
  /** The window without outage that was seen after recovery. */
  sustainedMs: z.number(),
  recovered: z.boolean(),
  delayBeforeMs: ms,
  delayAfterMs: ms,
  /** RFC 6414 §3.5.5. */
  additiveBackupDelayMs: ms,
  /**
   * Longest time in which nothing arrived, by the kernel's receive stamps; 0 = none over 5 ms and an
   * interval; null = it lasted to the heal or the end, or the record has no such stamps.
   */
  receiverSilenceMs: ms.default(null),
  /** Its lower bound; null = the record has no such stamps. */
  receiverSilenceAtLeastMs: ms.default(null),
  /** How long the packet that ended it had been on its way. */
  receiverSilenceWaitMs: ms.default(null),
});

export const networkResultSchema = z.object({
  meter: z.string(),
  from: z.string(),
  to: z.string(),
  rateHz: z.number(),
  forward: directionResultSchema,
  reverse: directionResultSchema,
});

export const tcpResultSchema = z.object({
  flow: z.string(),
  /**
   * Longest time without delivered bytes that overlaps the fault; null = censored: still stalled, or
   * moving only after the heal. Bytes may have moved again up to one interval later than it reads.
   */
  stallMs: ms,
  stallAtLeastMs: z.number(),
  /** The true stall lies within: the reading … one interval more. */
  stallRangeMs: range,
  /** How the stall ended. */
  stallEnding: ending,
  /** To the interval in which bytes moved again, whatever ended the stall; null = not seen. */
  stallWithHealMs: ms.default(null),
  /** Width of one iperf3 interval. */
  resolutionMs: z.number(),
  /** Fault → 90 % of the pre-fault rate, held for 5 s, not before the stall; null = not seen. */
  recoveredTo90Ms: ms,
  /** The same where it was seen only after the heal; null = seen before it, or not at all. */
  recoveredTo90AfterHealMs: ms.default(null),
  /** Fault → first delivered bytes after the stall. */
  movingAgainMs: ms,
  baselineBps: z.number(),
  bytesMissed: z.number(),
  recovered: z.boolean(),
  retransmits: z.number().nullable(),
  mssBytes: z.number().nullable(),
  /** The retransmission ladder's forecast from the network outage, measurement §5. */
  predictedStallMs: ms,
  predictionText: z.string(),
  /** Median rate while the fault was in place. */
  rateDuringFaultBps: z.number().nullable(),
});

/** What one change did to one UDP flow, by iperf3's rows: the meter's numbers are finer. */
export const udpResultSchema = z.object({
  flow: z.string(),
  /** Longest time without a datagram received that overlaps the fault; null = still silent. */
  outageMs: ms,
  outageAtLeastMs: z.number(),
  /** How the outage ended. */
  outageEnding: ending,
  /** To the row in which datagrams arrived again, whatever ended the outage. */
  outageWithHealMs: ms.default(null),
  /** Width of one iperf3 interval, or of three datagrams where that is longer. */
  resolutionMs: z.number(),
  /** Null where iperf3's rows do not tell. */
  packetsSent: z.number().nullable(),
  packetsLost: z.number().nullable(),
  lossPercent: z.number().nullable(),
  /** Median of the intervals. */
  jitterMs: ms,
  baselineBps: z.number(),
  /** Median received rate while the fault was in place. */
  rateDuringFaultBps: z.number().nullable(),
  recovered: z.boolean(),
});

/** One flow over the whole trial; a bidirectional flow is two, the way back `<id>:reverse`. */
export const flowResultSchema = z.object({
  flow: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  /** Sender and receiver of its data. */
  from: z.string(),
  to: z.string(),
  /** First data and end of the last interval, after traffic start; null = it never ran. */
  startedAtMs: ms,
  stoppedAtMs: ms,
  /** What the receiver got; null when it told nothing. */
  bytesReceived: z.number().nullable(),
  receivedBps: z.number().nullable(),
  /** TCP alone. */
  retransmits: z.number().nullable(),
  /** UDP alone. A hole that lasts to the end is counted. */
  packetsSent: z.number().nullable(),
  packetsLost: z.number().nullable(),
  lossPercent: z.number().nullable(),
  /** UDP alone: median of the intervals, smoothed by iperf3 (RFC 3550 §6.4.1). */
  jitterMs: ms,
  /** What iperf3 complained of. */
  error: z.string().nullable(),
  /** Each of several streams, in iperf3's order, by the receiver; left out where there is one. */
  streams: z
    .array(
      z.object({
        receivedBps: z.number(),
        /** Longest run of intervals without a byte of it, after the flow's first second. */
        longestSilenceMs: z.number(),
      }),
    )
    .optional(),
});

export const phasesSchema = z.object({
  detectedMs: ms,
  controllerToldMs: ms,
  firstFlowChangeMs: ms,
  lastFlowChangeMs: ms,
  firstPacketForwardMs: ms,
  firstPacketReverseMs: ms,
  tcpMovingMs: ms,
  tcp90Ms: ms,
});

/** Where a phase's stamp came from, for the reader who doubts it. */
export const phaseEvidenceSchema = z.record(z.string(), z.string());

export const expectationResultSchema = z.object({
  id: z.string(),
  text: z.string(),
  verdict: verdictSchema,
  /** Null = no sample, or censored: then it is longer than `atLeast`. */
  measured: z.number().nullable(),
  /** Lower bound of a censored measurement. */
  atLeast: z.number().nullable().default(null),
  /** It is censored because only the heal ended it. */
  untilHeal: z.boolean().default(false),
  /** The bound, and how far the measurement stayed inside it (negative = outside). */
  bound: z.number().nullable(),
  margin: z.number().nullable(),
  unit: z.string(),
  detail: z.string(),
});

export const standardsSchema = z.object({
  rfc6414: z.object({
    failoverTimeMs: ms,
    failoverPacketLoss: z.number(),
    reversionTimeMs: ms,
    reversionPacketLoss: z.number().nullable(),
    additiveBackupDelayMs: ms,
    method: z.literal('TBM'),
  }),
  rfc8456: z.object({
    forwardDisruptionMs: ms,
    reverseDisruptionMs: ms,
    maximumMs: ms,
    reprovisioningTimeMs: ms,
    lostForward: z.number(),
    lostReverse: z.number(),
  }),
  rfc6413: z.object({
    method: z.string(),
    /** The actual value lies in [reading + lowMs, reading + highMs]. */
    accuracyMs: z.object({ low: z.number(), high: z.number() }),
    packetSamplingIntervalMs: z.number(),
    sustainedValidationMs: z.number(),
    forwardingDelayThresholdMs: z.number(),
  }),
});

export const fidelitySchema = z.object({
  ok: z.boolean(),
  reasons: z.array(z.string()),
  /** The same with their codes and causes. Empty in results of older versions. */
  flaws: z.array(reasonSchema).default([]),
  worstSendLatenessMs: z.number(),
  worstSendGapMs: z.number(),
  cpuSomePercentMax: z.number().nullable(),
  baselinePacketsLost: z.number(),
  bfdFlapsOutsideFault: z.number(),
  meterCpuPercent: z.number().nullable(),
});

/** The control plane after a controller died or hung; times from the fault on. */
export const controllerRecoverySchema = z.object({
  instance: z.number(),
  /** Master of any switch before; null when no controller asked for a role. */
  wasMaster: z.boolean().nullable(),
  /** When the process was seen to be gone. */
  exitMs: ms,
  /**
   * How long the switches were without a controller in charge: until another instance was master
   * of all of them, or until all were connected to the restarted one. 0 = a slave died; null = to
   * the end.
   */
  outageMs: ms,
  /** Another instance took over (RFC 8456 §5.4.1), by its role messages; null = none did. */
  failover: z
    .object({
      to: z.number(),
      roleRequestMs: z.number(),
      /** The last switch granted the role; null = not all of them did. */
      masterMs: ms,
      firstFlowChangeMs: ms,
    })
    .nullable(),
  /** The same instance was started again; null = it was not. */
  restart: z
    .object({
      processMs: z.number(),
      /** The last switch's OpenFlow handshake; null = not all of them came back. */
      connectedMs: ms,
      switches: z.number(),
      switchesConnected: z.number(),
      firstRoleMs: ms,
      firstFlowChangeMs: ms,
    })
    .nullable(),
});

/** One fault (or its heal) and what it did to everything that was measured. */
export const episodeSchema = z.object({
  stepId: z.string(),
  kind: z.string(),
  change: z.enum(['injected', 'healed']),
  targets: z.array(z.string()),
  injectedAtMs: z.number(),
  uncertaintyMs: z.number(),
  verified: z.boolean(),
  evidence: z.string(),
  networks: z.array(networkResultSchema),
  tcps: z.array(tcpResultSchema),
  /** Missing in results of older versions. */
  udps: z.array(udpResultSchema).default([]),
  phases: phasesSchema,
  phaseEvidence: phaseEvidenceSchema,
  /** Of a controller's crash or hang; null for everything else. */
  controller: controllerRecoverySchema.nullable().default(null),
  /** One sentence naming the phase that cost most. */
  explanation: z.string(),
});

export const pathSchema = z.object({
  label: z.string(),
  from: z.string(),
  to: z.string(),
  complete: z.boolean(),
  nodes: z.array(z.string()),
  atMs: z.number(),
});

/** Both directions of the pair that suffered most. */
const pairResultSchema = z.object({
  /** Missing in results of older versions: the first meter. */
  from: z.string().optional(),
  to: z.string().optional(),
  forward: directionResultSchema,
  reverse: directionResultSchema,
});

/** A further attempt at a trial, which does not count: it stays in the record and is shown. */
export const attemptSchema = z.object({
  /** 0 = the first. */
  attempt: z.number(),
  status: trialStatusSchema,
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  invalid: z.array(reasonSchema),
});

/** Packets that this machine dropped during the traffic, whatever packets they were. */
export const machineLossSchema = z.object({
  packetsDropped: z.number(),
  /** Probes of all meters lost, and how many of them at most this machine dropped. */
  probesLost: z.number(),
  probesDropped: z.number(),
  byPlace: z.array(machineDrop),
});

const writtenTrialSchema = z.object({
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
  reasons: z.array(z.string()),
  /** Why the trial is not valid; empty when it is, and in results of older versions. */
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
  explanation: z.string(),
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
  expectations: z.array(expectationResultSchema),
  episodes: z.array(episodeSchema),
  /** Every iperf3 flow over the whole trial. Missing in results of older versions. */
  flows: z.array(flowResultSchema).default([]),
  paths: z.array(pathSchema),
  /** Relays by the packets they carried, before the fault and after recovery. */
  relays: z.object({
    died: z.array(z.string()),
    tookOver: z.array(z.string()),
    packetsBefore: z.record(z.string(), z.number()),
    packetsAfter: z.record(z.string(), z.number()),
  }),
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

/** One trial. Results of older versions have no status: it follows from their verdict. */
export const trialResultSchema = z.preprocess((trial) => {
  if (typeof trial !== 'object' || trial === null || 'status' in trial) return trial;
  const verdict = verdictSchema.safeParse((trial as { verdict?: unknown }).verdict);
  return verdict.success ? { ...trial, status: statusOfOlder(verdict.data) } : trial;
}, writtenTrialSchema);

export const summarySchema = z.object({
  n: z.number(),
  censored: z.number(),
  min: ms,
  median: ms,
  max: ms,
  ci95: z.tuple([z.number().nullable(), z.number().nullable()]).nullable(),
});

export const runPlanSchema = z.object({
  /** Trials of the whole plan. */
  trials: z.number(),
  /** The part of it that the record is to hold; null = all. */
  indexes: z.array(z.number()).nullable(),
  /** It may end early, once its median is known well enough. */
  endsEarly: z.boolean(),
});

export const runResultSchema = z.object({
  schemaVersion: z.literal(1),
  runId: z.string(),
  scenario: z.string(),
  question: z.string(),
  seed: z.number(),
  wallTime: z.string(),
  command: z.array(z.string()),
  controller: z.string(),
  environment: environmentSchema,
  /** What is otherwise than under `mn --custom`, where the network is a Mininet file's. */
  mininetNotes: z.array(mininetNote).default([]),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  /** What was to be run; null in results of older versions. */
  plan: runPlanSchema.nullable().default(null),
  /** The user ended it. */
  interrupted: z.boolean().default(false),
  /** Why the run as a whole, and not one of its trials, proves less than it should. */
  doubts: z.array(z.string()).default([]),
  trials: z.array(trialResultSchema),
  summary: z.object({ networkOutageMs: summarySchema, tcpStallMs: summarySchema }),
  cleanup: z.object({ leftovers: z.array(z.string()), mnCleanExitCode: z.number().nullable() }),
});

/** Data for charts of one trial; times in milliseconds after traffic start. */
export interface TrialChart {
  /** Per flow: receiver (or sender) intervals. */
  throughput: Array<{
    flow: string;
    source: 'receiver' | 'sender' | 'interface';
    points: Array<{ startMs: number; endMs: number; bps: number }>;
  }>;
  /** Rows as iperf3 prints them, one second each (or its own interval if longer). */
  rows: Array<{
    flow: string;
    startS: number;
    endS: number;
    bytes: number;
    bps: number;
    retransmits: number | null;
  }>;
  meters: Array<{
    meter: string;
    direction: 'forward' | 'reverse';
    losses: Array<{ startMs: number; endMs: number; packets: number }>;
    delay: Array<{ atMs: number; minMs: number; medianMs: number; maxMs: number }>;
  }>;
  windows: Array<{ label: string; kind: string; startMs: number; endMs: number | null }>;
  marks: Array<{ label: string; atMs: number }>;
  trafficEndMs: number;
}

export type Verdict = z.infer<typeof verdictSchema>;
export type LossPeriod = z.infer<typeof lossPeriodSchema>;
export type DirectionResult = z.infer<typeof directionResultSchema>;
export type NetworkResult = z.infer<typeof networkResultSchema>;
export type TcpResult = z.infer<typeof tcpResultSchema>;
export type UdpResult = z.infer<typeof udpResultSchema>;
export type FlowResult = z.infer<typeof flowResultSchema>;
export type Phases = z.infer<typeof phasesSchema>;
export type ExpectationResult = z.infer<typeof expectationResultSchema>;
export type Standards = z.infer<typeof standardsSchema>;
export type ControllerRecovery = z.infer<typeof controllerRecoverySchema>;
export type Fidelity = z.infer<typeof fidelitySchema>;
export type MachineLoss = z.infer<typeof machineLossSchema>;
export type Episode = z.infer<typeof episodeSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type RunPlan = z.infer<typeof runPlanSchema>;
export type TrialResult = z.infer<typeof trialResultSchema>;
export type Summary = z.infer<typeof summarySchema>;
export type RunResult = z.infer<typeof runResultSchema>;

/** A judged run: what every report is made from. */
export interface JudgedRun {
  result: RunResult;
  charts: TrialChart[];
}
