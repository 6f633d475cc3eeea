/**
 * What happened, one JSON object a line. Every event has `atNs` (CLOCK_MONOTONIC, shared by all
 * processes of a sandbox) and `trial` (0-based). Nothing here judges.
 */
import { z } from 'zod';
import { resolvedScenario, resolvedTarget } from '../resolved.js';

const ns = z.number().nonnegative();
const base = {
  atNs: ns,
  trial: z.number().int().nonnegative(),
  /** Which attempt at the trial; left out: the first, 0. */
  attempt: z.number().int().nonnegative().optional(),
};
const count = z.number().int().nonnegative();

/**
 * Consecutive numbers that arrived: the first one, how many, the send stamps of the first and the
 * last, and (since 0.1.0) the kernel's receive stamp of the first.
 */
export const arrivalRange = z.union([
  z.tuple([count, count, ns, ns]),
  z.tuple([count, count, ns, ns, ns]),
]);
const direction = z.enum(['forward', 'reverse']);

/** Packets dropped at one place of this machine, by the kernel's own counter. */
export const machineDrop = z.object({
  /** Node whose socket dropped them; 'controllers': the tap; 'machine': not told apart by node. */
  where: z.string(),
  /**
   * `switch`: a packet socket by which Open vSwitch reads. `meter`, `traffic`: the UDP sockets of the
   * meter and of others on a host. `tap`: the reader of the control channels. `backlog`: the
   * processors' queues of arriving packets, which the kernel counts for the whole machine.
   */
  what: z.enum(['switch', 'meter', 'traffic', 'tap', 'backlog']),
  interface: z.string().nullable(),
  packets: z.number().int().positive(),
});

/**
 * A time without an arrival, by the kernel's receive stamps: of the arrival before, and of the one
 * that ended it, with the send stamp of that one. A packet that waited was sent long before.
 */
export const arrivalSilence = z.tuple([ns, ns, ns]);

export const environmentSchema = z.object({
  kernel: z.string(),
  cores: z.number().int(),
  distribution: z.string(),
  node: z.string(),
  python: z.string(),
  mininet: z.string(),
  ovs: z.string(),
  iperf3: z.string(),
  osken: z.string(),
  failoverLab: z.string(),
  commit: z.string().nullable(),
  datapath: z.enum(['kernel', 'user']),
  /** Name of the site where the lab was, see harness/sites/. */
  sandbox: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/),
  /** Left out: this machine's. `virtual`: moves only when nothing is to be done. */
  clock: z.literal('virtual').optional(),
  /** Trials shared labs, which were healed in between; left out: a fresh lab for every trial. */
  labs: z.literal('reused').optional(),
  /** Replacements made because the machine lacks something, each a sentence. */
  substitutions: z.array(z.string()),
});

export const phaseNames = [
  'sandbox',
  'build',
  'controller',
  'ready',
  'traffic',
  'stop',
  'clean',
  'done',
] as const;

const faultFields = {
  stepId: z.string(),
  faultId: z.string(),
  faultKind: z.string(),
  target: resolvedTarget,
  /** The names the target was bound to. */
  targets: z.array(z.string()),
  /** CLOCK_MONOTONIC just before and just after the change. */
  beforeNs: ns,
  afterNs: ns,
  /** Read back from the kernel or the process table. */
  verified: z.boolean(),
  /** What was read back, as a sentence. */
  evidence: z.string(),
};

export const historyEvent = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('run.header'),
    schemaVersion: z.literal(1),
    runId: z.string(),
    scenario: resolvedScenario,
    seed: count,
    /** Trials of the whole plan, which with the seed decides the phases. */
    trials: count,
    /** Trials of the plan that this record is to hold; left out: all. */
    indexes: z.array(count).optional(),
    /** The run ends early when its median is known so well; as it was asked for. */
    untilPrecise: z.string().optional(),
    /** Trials that may be run again because the machine disturbed them; left out: none. */
    replace: count.optional(),
    /** Labs that ran side by side; left out: one. */
    parallel: z.number().int().positive().optional(),
    /** ISO wall time at `atNs`; the only wall time in a history. */
    wallTime: z.string(),
    command: z.array(z.string()),
    environment: environmentSchema,
  }),
  /** A trial begins: its own seed, and its phase within the declared period. */
  z.object({
    ...base,
    kind: z.literal('trial.start'),
    seed: count,
    stratum: z.number().nullable(),
    phaseOffsetMs: z.number().nullable(),
    /** The trial whose lab this one goes on with; left out: it has one of its own. */
    lab: count.optional(),
    /** The attempt at that trial; left out: the first. */
    labAttempt: count.optional(),
    /** The whole scenario, in records before 0.2; since then the head's, with what `differs`. */
    scenario: resolvedScenario.optional(),
    /** Fields of the scenario that are this trial's own; left out: all are the head's. */
    differs: resolvedScenario.partial().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('trial.end'),
    reason: z.enum(['completed', 'interrupted', 'failed']),
    error: z
      .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
      .nullable(),
  }),
  z.object({ ...base, kind: z.literal('phase'), phase: z.enum(phaseNames) }),
  z.object({
    ...base,
    kind: z.literal('ready'),
    condition: z.string(),
    ok: z.boolean(),
    detail: z.string(),
  }),
  /** A step waits for something (a controller tick, a recovery); for progress. */
  z.object({ ...base, kind: z.literal('waiting'), what: z.string(), untilNs: ns.nullable() }),
  z.object({
    ...base,
    kind: z.literal('fault.injected'),
    ...faultFields,
    /**
     * Packets that moved through the target right before the fault, where a role such as
     * relayOnPath was bound by the path; left out for other targets and in older records.
     */
    carried: z
      .object({
        packets: count,
        /** From so many on it carries the role's traffic. */
        atLeast: count,
        overMs: z.number().nonnegative(),
        /** False when counters do not show which way traffic went; the traced target was hit. */
        decided: z.boolean(),
        /** What the path of before the clean window had named, when traffic moved since. */
        boundBefore: z.array(z.string()).optional(),
      })
      .optional(),
  }),
  z.object({ ...base, kind: z.literal('fault.healed'), ...faultFields }),
  /** A change that a standing fault made by itself, such as each down and up of a flap. */
  z.object({
    ...base,
    kind: z.literal('fault.transition'),
    stepId: z.string(),
    faultId: z.string(),
    faultKind: z.string(),
    targets: z.array(z.string()),
    state: z.enum(['down', 'up']),
    beforeNs: ns,
    afterNs: ns,
    verified: z.boolean(),
    evidence: z.string(),
  }),
  /** The runner saw the sustained window pass (or the deadline) after a step. */
  z.object({
    ...base,
    kind: z.literal('recovery.seen'),
    stepId: z.string(),
    recovered: z.boolean(),
  }),
  /** The way a packet takes now, by the switches' own flow tables. `nodes` runs host to host. */
  z.object({
    ...base,
    kind: z.literal('path'),
    label: z.string(),
    from: z.string(),
    to: z.string(),
    complete: z.boolean(),
    nodes: z.array(z.string()),
    links: z.array(z.string()),
  }),
  /** Port counters of all switches at a moment, for proof of who carried what. */
  z.object({
    ...base,
    kind: z.literal('counters'),
    label: z.string(),
    ports: z.array(
      z.object({
        node: z.string(),
        port: z.string(),
        rxPackets: count,
        txPackets: count,
        rxBytes: count,
        txBytes: count,
      }),
    ),
  }),
  /** Send stamps of consecutive sequence numbers. `maxLateNs`: worst lateness of the sender. */
  z.object({
    ...base,
    kind: z.literal('meter.sent'),
    meter: z.string(),
    direction,
    firstSequence: count,
    count,
    firstTxNs: ns,
    lastTxNs: ns,
    maxLateNs: ns,
    /** Sends refused by the kernel; such numbers are lost packets. */
    errors: count,
    /**
     * Sends that came more than 5 ms after the one before: [sequence, send stamp of the one before,
     * own send stamp]. With it the analysis knows how sharp the edges of an outage are.
     */
    gaps: z.array(z.tuple([count, ns, ns])).optional(),
  }),
  /**
   * Arrivals in the order they came: runs of consecutive sequence numbers
   * [firstSequence, count, txNs of the first, txNs of the last].
   */
  z.object({
    ...base,
    kind: z.literal('meter.received'),
    meter: z.string(),
    direction,
    ranges: z.array(arrivalRange),
    duplicates: count,
    /** Arrivals with a number below the highest seen (RFC 4737 §3.3). */
    reordered: count,
    /** One-way delay over this window, kernel receive stamp minus send stamp. */
    delayNs: z.object({ min: z.number(), median: z.number(), max: z.number() }).nullable(),
    /** Arrivals that came more than 5 ms and an interval after the one before. */
    silences: z.array(arrivalSilence).optional(),
    /** Receive stamp of the last arrival; 0 when all were duplicates. */
    lastRxNs: ns.optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('meter.end'),
    meter: z.string(),
    direction,
    packetsSent: count,
    packetsReceived: count,
    /** Processor time of sender and receiver. */
    cpuNs: ns,
    priority: z.string(),
  }),
  z.object({
    ...base,
    kind: z.literal('iperf.start'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    argv: z.array(z.string()),
  }),
  /** `startMs`/`endMs` count from the flow's `iperf.aligned` event. */
  z.object({
    ...base,
    kind: z.literal('iperf.interval'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    startMs: z.number(),
    endMs: z.number(),
    bytes: count,
    /** The same of each stream, in iperf3's order; left out where there is one. */
    streamBytes: z.array(count).optional(),
    retransmits: count.nullable(),
    lostPackets: count.nullable(),
    /** UDP: packets sent, or, at the receiver, received and missed together. */
    packets: count.nullable().optional(),
    /** UDP, at the receiver: smoothed (RFC 3550 §6.4.1). */
    jitterMs: z.number().nonnegative().nullable().optional(),
  }),
  /** When the flow's first byte moved, on the monotonic clock: zero of its intervals. */
  z.object({
    ...base,
    kind: z.literal('iperf.aligned'),
    flow: z.string(),
    startNs: ns,
    uncertaintyNs: ns,
  }),
  z.object({
    ...base,
    kind: z.literal('iperf.end'),
    flow: z.string(),
    side: z.enum(['sender', 'receiver']),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    /** Payload of a full segment by the sender's kernel: the MSS less options (12 as a rule). */
    mssBytes: z.number().nullable(),
    totalBytes: count.nullable(),
    totalRetransmits: count.nullable(),
    /** UDP: packets sent, or, at the receiver, received and missed together; and the missed ones. */
    totalPackets: count.nullable().optional(),
    totalLostPackets: count.nullable().optional(),
    error: z.string().nullable(),
  }),
  /** Bytes seen at the receiving host's interface so far: live view, and partial records. */
  z.object({
    ...base,
    kind: z.literal('traffic.sample'),
    host: z.string(),
    rxBytes: count,
    txBytes: count,
  }),
  z.object({
    ...base,
    kind: z.literal('observe.link'),
    node: z.string(),
    port: z.string(),
    state: z.string(),
  }),
  z.object({
    ...base,
    kind: z.literal('observe.bfd'),
    node: z.string(),
    port: z.string(),
    state: z.string(),
    forwarding: z.boolean(),
    /** Null = the switch printed something else than a count. */
    flapCount: count.nullable(),
    diagnostic: z.string(),
  }),
  /** An OpenFlow message on a switch's control channel; its stamp is the kernel's, of its packet. */
  z.object({
    ...base,
    kind: z.literal('observe.openflow'),
    node: z.string(),
    message: z.enum([
      'flow-mod',
      'group-mod',
      'port-status',
      'port-mod',
      'barrier',
      'error',
      'role',
      'handshake',
      'connected',
      'disconnected',
    ]),
    detail: z.string(),
    /** Of a flow-mod: the flow expires after so many seconds without packets; left out: it stays. */
    idleTimeoutS: z.number().int().positive().optional(),
    /** Whose connection, where several controllers are watched apart; from 0. */
    instance: count.optional(),
  }),
  /** Message counts on a control channel since the last such event. */
  z.object({
    ...base,
    kind: z.literal('observe.messages'),
    node: z.string(),
    windowMs: z.number(),
    packetIn: count,
    packetOut: count,
    flowMod: count,
    other: count,
  }),
  /**
   * Packets that this machine dropped after `sinceNs` and before `atNs`, where no fault made it. Once
   * a second an event without drops shows up to when was counted. Missing in older records.
   */
  z.object({
    ...base,
    kind: z.literal('observe.drops'),
    sinceNs: ns,
    drops: z.array(machineDrop),
  }),
  z.object({
    ...base,
    kind: z.literal('process.exit'),
    process: z.string(),
    node: z.string().nullable(),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    expected: z.boolean(),
    lastLines: z.array(z.string()),
  }),
  /** A controller process was started, at the beginning or again. */
  z.object({
    ...base,
    kind: z.literal('controller.start'),
    process: z.string(),
    /** Which of several, from 0. */
    instance: count,
    pid: count,
  }),
  /** A JSON line of the controller's own log. `event` is its name for it. */
  z.object({
    ...base,
    kind: z.literal('controller.log'),
    controller: z.string(),
    /** Which of several, from 0. */
    instance: count.optional(),
    event: z.string(),
    fields: z.record(z.string(), z.unknown()),
  }),
  /** Linux pressure stall information and load, sampled once a second. */
  z.object({
    ...base,
    kind: z.literal('pressure'),
    /** Share of the last second in which some task waited for a processor, percent. */
    cpuSomePercent: z.number(),
    /** Processor time per process group since the last sample, percent of one core. */
    cpuPercent: z.record(z.string(), z.number()),
    /**
     * Time for which threads of the group were ready and waited for a processor, percent of one
     * core; left out where the kernel does not tell.
     */
    waitPercent: z.record(z.string(), z.number()).optional(),
    /**
     * The same of the main thread alone, which forwards (Open vSwitch) or decides (a controller), and
     * of the one process in the group that waited longest. Missing in older records.
     */
    mostWaitPercent: z.record(z.string(), z.number()).optional(),
  }),
  z.object({ ...base, kind: z.literal('warning'), text: z.string() }),
  /** Something that a program printed could not be read. */
  z.object({
    ...base,
    kind: z.literal('unreadable'),
    /** Who printed it: `iperf3 client u`, or `runner`. */
    source: z.string(),
    /** The kind of the event that was to be recorded; left out: the value is of no single event. */
    what: z.string().optional(),
    field: z.string(),
    /** As it was printed; cut after 80 characters. */
    value: z.string(),
    /** How often, the first value being shown. */
    times: z.number().int().positive(),
    /** `value`: it is unknown in the record. `event`: the whole event is missing from it. */
    lost: z.enum(['value', 'event']),
  }),
  z.object({
    ...base,
    kind: z.literal('cleanup'),
    leftovers: z.array(z.string()),
    mnCleanExitCode: z.number().int().nullable(),
    mnCleanMs: z.number(),
    mnCleanRemoved: z.array(z.string()),
    /** The trial that built what was cleaned; left out: the trial it was recorded in. */
    lab: count.optional(),
    /** The attempt at that trial; left out: the first. */
    labAttempt: count.optional(),
  }),
  /** The run is resumed here. What is above stays; a line just above it may be cut off. */
  z.object({ ...base, kind: z.literal('run.resumed'), command: z.array(z.string()) }),
  z.object({
    ...base,
    kind: z.literal('run.end'),
    reason: z.enum(['completed', 'interrupted', 'failed']),
    error: z
      .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
      .nullable(),
    /** Leftovers that the supervisor counted on the host after the sandbox was gone. */
    leftovers: z.array(z.string()),
  }),
]);

export type HistoryEvent = z.infer<typeof historyEvent>;
export type HistoryKind = HistoryEvent['kind'];
export type EventOf<K extends HistoryKind> = Extract<HistoryEvent, { kind: K }>;
export type Environment = z.infer<typeof environmentSchema>;
export type PhaseName = (typeof phaseNames)[number];
export type Direction = z.infer<typeof direction>;
export type MachineDrop = z.infer<typeof machineDrop>;
