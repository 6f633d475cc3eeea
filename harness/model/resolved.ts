/**
 * The resolved form of a scenario: plain data with every name bound, every unit a number and every
 * default filled in. It is what the runner executes and what the history's header records. The
 * written form (what people type) is another type, in `written.ts`.
 */
import * as z from 'zod';
import { faultKinds } from '../kinds/generated/fault-names.js';
import { mininetNote } from './mininet-description.js';
import { type NodeWith, resolvedNode } from './node-traits.js';

export type { ResolvedNode } from './node-traits.js';
export { resolvedNode };

const name = z.string().min(1);

const linkShape = z.object({
  /** Bits per second, or null for no limit. */
  bandwidthBps: z.number().positive().nullable(),
  delayMs: z.number().nonnegative(),
  jitterMs: z.number().nonnegative(),
  lossPercent: z.number().min(0).max(100),
  /** Packets, or null for the kernel's default. */
  queuePackets: z.number().int().positive().nullable(),
  mtuBytes: z.number().int(),
});

/** A port is an interface's name; its number, where it is stated, is OpenFlow's. */
const linkEnd = z.object({
  node: name,
  port: name,
  number: z.number().int().nonnegative().optional(),
});

/** A veth pair between two nodes. Ports are interface names, `<node>-eth<N>`. */
export const resolvedLink = linkShape.extend({
  id: name,
  a: linkEnd,
  b: linkEnd,
  /** A bridge of the lab's own lies between the ends, so that neither sees the other go. */
  hidesCarrier: z.literal(true).optional(),
  /** What it costs routing protocols to cross it; left out: 10. */
  metric: z.number().int().positive().optional(),
});

/**
 * A tunnel between two relays, over the fabric (`underlay` null) or over a cable (`underlay` is a
 * link between the same two relays). Port names are what `ovs-vsctl` shows on each side.
 */
export const resolvedTunnel = z.object({
  id: name,
  kind: z.enum(['gre', 'vxlan', 'geneve']),
  a: z.object({ node: name, port: name }),
  b: z.object({ node: name, port: name }),
  underlay: name.nullable(),
  key: z.number().int().nonnegative().nullable(),
  innerMtuBytes: z.number().int(),
  /** Static cost for controllers that take one, in milliseconds of delay; null = measure. */
  costMs: z.number().nonnegative().nullable(),
  /** Impairments of this tunnel's path through the underlay. */
  delayMs: z.number().nonnegative(),
  jitterMs: z.number().nonnegative(),
  lossPercent: z.number().min(0).max(100),
  bandwidthBps: z.number().positive().nullable(),
});

export const resolvedTopology = z.object({
  nodes: z.array(resolvedNode),
  links: z.array(resolvedLink),
  tunnels: z.array(resolvedTunnel),
  /** The IP network that joins the relays' NICs; null when there are no relays. */
  fabric: z.object({ subnet: z.string(), mtuBytes: z.number().int() }).nullable(),
  /** Set when the nodes come from a Mininet topology file: the bridge builds from it. */
  mininetFile: z
    .object({
      path: z.string(),
      topology: z.string(),
      arguments: z.array(z.unknown()),
      /** What is otherwise than under `mn --custom`; left out where nothing is. */
      notes: z.array(mininetNote).optional(),
    })
    .nullable(),
  /**
   * Set for a lab on the host itself (`--sandbox none`): stands before every name of the lab in the
   * host's network namespace. Ports of plain switches carry it already.
   */
  rootPrefix: z.string().optional(),
  /** BFD on tunnels; null = off. Both ends get the same values. */
  bfd: z
    .object({ intervalMs: z.number().positive(), multiplier: z.number().int().min(1) })
    .nullable(),
});

/** The strategies of the bundled os-ken application. */
export const floydReaction = z.enum(['none', 'timeout', 'bfd', 'groups']);

export const resolvedController = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('floyd'),
    /** Name shown to people: floyd, floyd-timeout, floyd-bfd, fast-failover. */
    label: z.string(),
    reaction: floydReaction,
    decisionEveryMs: z.number().positive(),
    /** Link probes (reaction timeout): interval and how many may be missed. */
    probeIntervalMs: z.number().positive(),
    probeMultiplier: z.number().int().min(1),
    /** A healed link is used again after this long. */
    holdMs: z.number().nonnegative(),
    /** A new path must be better by this share of the old cost before traffic moves. */
    hysteresis: z.number().min(0),
    /** Added to every detection, to prove that gates see it. */
    extraDetectionMs: z.number().nonnegative(),
    /** Several are one master and its slaves; records made before there were roles have one. */
    instances: z.number().int().min(1).max(8).optional(),
    /** What instances tell each other: how often, and how much silence means death. */
    heartbeatIntervalMs: z.number().positive().optional(),
    heartbeatMultiplier: z.number().int().min(1).optional(),
  }),
  z.object({ kind: z.literal('none'), label: z.string() }),
  z.object({ kind: z.literal('ovs-testcontroller'), label: z.string() }),
  z.object({
    kind: z.literal('osken'),
    label: z.string(),
    /** Module names or paths handed to osken-manager. */
    applications: z.array(z.string()),
    arguments: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('command'),
    label: z.string(),
    /** One argv per controller instance; `{port}` is replaced in each word. */
    argv: z.array(z.string()).min(1),
    instances: z.number().int().min(1).max(8),
    /** Regular expression on its output that means ready; null = the port listens. */
    readyWhen: z.string().nullable(),
    readyTimeoutMs: z.number().positive(),
    /** Extra environment, a short allow-list is always there. */
    environment: z.record(z.string(), z.string()),
  }),
  /** No controller: a program writes flows once, when the switches are there. */
  z.object({
    kind: z.literal('static-flows'),
    label: z.string(),
    argv: z.array(z.string()).min(1),
    /** Regular expression on its output that means ready; null = it ended with status 0. */
    readyWhen: z.string().nullable(),
    readyTimeoutMs: z.number().positive(),
    environment: z.record(z.string(), z.string()),
  }),
]);

/** One iperf3 client-server pair. */
export const resolvedFlow = z.object({
  id: name,
  protocol: z.enum(['tcp', 'udp']),
  from: name,
  to: name,
  /** Reverse mode: the server sends. */
  reverse: z.boolean(),
  bidirectional: z.boolean(),
  parallel: z.number().int().min(1).max(128),
  /** Bits per second over all streams, or null for unlimited. */
  bitrateBps: z.number().positive().nullable(),
  mssBytes: z.number().int().nullable(),
  /** UDP payload length. */
  lengthBytes: z.number().int().nullable(),
  intervalMs: z.number().positive(),
  port: z.number().int(),
  /** After traffic start; null = until the run stops traffic. */
  startMs: z.number().nonnegative(),
  stopMs: z.number().positive().nullable(),
});

/** One two-way meter pair. `forward` is from → to. */
export const resolvedMeter = z.object({
  id: name,
  from: name,
  to: name,
  rateHz: z.number().positive(),
  /**
   * `hosts`: probes run between the hosts' addresses; `own`: between their `meterAddress`es, as in
   * records made before there was a choice, where this is left out.
   */
  addresses: z.enum(['hosts', 'own']).optional(),
  payloadBytes: z.number().int().min(32),
  port: z.number().int(),
});

export { faultKinds };

/** What a fault hits; roles are bound to names at run time, or by the seed. */
export const resolvedTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('node'), node: name }),
  z.object({ kind: z.literal('nodes'), nodes: z.array(name) }),
  /** A link or tunnel by its id. */
  z.object({ kind: z.literal('link'), link: name }),
  /** The relay (not an end's edge) that carries from → to when the fault is injected. */
  z.object({ kind: z.literal('relayOnPath'), from: name, to: name }),
  /** The link or tunnel behind hop `hop` (0 = first between two switches) of the path. */
  z.object({ kind: z.literal('linkOnPath'), from: name, to: name, hop: z.number().int() }),
  /** Chosen by the seed when the scenario was resolved. */
  z.object({ kind: z.literal('anyRelay'), node: name }),
  z.object({ kind: z.literal('everyRelayBut'), nodes: z.array(name) }),
  z.object({ kind: z.literal('controller'), instance: z.number().int() }),
]);

export const resolvedFault = z.object({
  id: name,
  kind: z.enum(faultKinds),
  target: resolvedTarget,
  /** Which way, for faults that have one: a→b of the link, or both. */
  direction: z.enum(['both', 'forward', 'reverse']),
  /** Kind-specific numbers, all with their unit in the name. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

export const resolvedStep = z.object({
  id: name,
  when: z.discriminatedUnion('kind', [
    /** Milliseconds after traffic start. */
    z.object({ kind: z.literal('at'), ms: z.number().nonnegative() }),
    /** After an event of another step: its injection, its heal, or the recovery from it. */
    z.object({
      kind: z.literal('after'),
      event: z.enum(['injected', 'recovered', 'healed', 'reverted']),
      step: name,
      delayMs: z.number().nonnegative(),
    }),
  ]),
  /**
   * When set, the step waits for the controller's next tick and then this long: the phase of a
   * fault within the controller's period.
   */
  phase: z
    .object({ periodMs: z.number().positive(), offsetMs: z.number().nonnegative() })
    .nullable(),
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('inject'), fault: resolvedFault }),
    z.object({ kind: z.literal('heal'), faultId: name }),
  ]),
});

/** Which number an expectation speaks about; paths into a trial's result. */
export const expectationMetrics = [
  'networkOutageMs',
  'receiverSilenceMs',
  'tcpStallMs',
  'recoveredTo90Ms',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'detectedMs',
  'controllerToldMs',
  'firstFlowChangeMs',
  'lastFlowChangeMs',
  'reversionOutageMs',
  'reversionPacketsLost',
  'keepsContact',
  'losesContact',
  'staysDark',
  'stalls',
  'baselineBps',
  'rateDuringFaultBps',
  'flowChanges',
  'routeChanges',
  'controllerOutageMs',
] as const;

export const resolvedExpectation = z.object({
  id: name,
  /** The sentence shown to people. */
  text: z.string(),
  metric: z.enum(expectationMetrics),
  /** Which meter pair or flow; null = the worst of all. */
  of: name.nullable(),
  /** Which step's fault; null = the first. */
  step: name.nullable(),
  atMost: z.number().nullable(),
  atLeast: z.number().nullable(),
  /** What only the heal ended counts as ended; left out: it does not. */
  healCounts: z.boolean().optional(),
  /** It speaks about any one failure, and not about several at once; left out: about its fault. */
  everySingleFailure: z.literal(true).optional(),
});

export const resolvedScenario = z.object({
  schemaVersion: z.literal(1),
  name,
  question: z.string(),
  seed: z.number().int().nonnegative(),
  topology: resolvedTopology,
  /** The routing that was put in place of the routers' own, by its name. */
  routing: z.string().optional(),
  controller: resolvedController,
  flows: z.array(resolvedFlow),
  meters: z.array(resolvedMeter),
  timeline: z.array(resolvedStep),
  expectations: z.array(resolvedExpectation),
  /** Period declared for stratification (the controller's), or null. */
  periodMs: z.number().positive().nullable(),
  allowOversize: z.boolean(),
  /** A fault that nothing measured has felt is an answer; left out: it proves nothing. */
  allowNoEffect: z.literal(true).optional(),
  limits: z.object({
    readyTimeoutMs: z.number().positive(),
    /** Clean traffic required before the first fault. */
    cleanMs: z.number().nonnegative(),
    /** No recovery within this long after a fault is censored. */
    recoveryDeadlineMs: z.number().positive(),
    /** RFC 6412 §3.7.5: this long without impairment before "recovered" is believed. */
    sustainedMs: z.number().positive(),
    /** Bound on the traffic part of a trial; its length where there is no timeline. */
    durationMs: z.number().positive(),
  }),
});

/** A node where traffic begins and ends. */
export type ResolvedHost = NodeWith<'end-point'>;
export type ResolvedLink = z.infer<typeof resolvedLink>;
export type ResolvedTunnel = z.infer<typeof resolvedTunnel>;
export type ResolvedTopology = z.infer<typeof resolvedTopology>;
export type ResolvedController = z.infer<typeof resolvedController>;
export type ResolvedFlow = z.infer<typeof resolvedFlow>;
export type ResolvedMeter = z.infer<typeof resolvedMeter>;
export type FaultKind = (typeof faultKinds)[number];
export type ResolvedTarget = z.infer<typeof resolvedTarget>;
export type ResolvedFault = z.infer<typeof resolvedFault>;
export type ResolvedStep = z.infer<typeof resolvedStep>;
export type ResolvedExpectation = z.infer<typeof resolvedExpectation>;
export type ResolvedScenario = z.infer<typeof resolvedScenario>;
