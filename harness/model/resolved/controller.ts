/** Who decides, in a resolved scenario: the bundled controller, another one, or none. */
import * as z from 'zod';

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
    /** Heartbeats between instances: how often, and how many may be missing. */
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

export type ResolvedController = z.infer<typeof resolvedController>;
