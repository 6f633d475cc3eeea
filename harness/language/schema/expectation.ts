/** Shapes of expectations and limits. */
import * as z from 'zod';
import { expectationMetrics } from '../../model/resolved.js';
import { bitrate, duration, percent, strict, text, word } from './fields.js';

/** What a metric is measured in. */
export type MetricUnit = 'ms' | 'bps' | '%' | 'count' | 'yes';

/** Each metric's unit and its name in a sentence. */
export const metricWords: Record<(typeof expectationMetrics)[number], [string, MetricUnit]> = {
  networkOutageMs: ['network outage', 'ms'],
  receiverSilenceMs: ['silence at the receiver', 'ms'],
  tcpStallMs: ['TCP stall', 'ms'],
  recoveredTo90Ms: ['time to 90 % of the rate', 'ms'],
  packetsLost: ['packets lost', 'count'],
  lossPeriods: ['loss periods', 'count'],
  lossPercent: ['loss while the fault lasts', '%'],
  detectedMs: ['detection', 'ms'],
  controllerToldMs: ['controller notified', 'ms'],
  firstFlowChangeMs: ['first flow change', 'ms'],
  lastFlowChangeMs: ['last flow change', 'ms'],
  reversionOutageMs: ['outage at reversion', 'ms'],
  reversionPacketsLost: ['packets lost at reversion', 'count'],
  keepsContact: ['keep contact', 'yes'],
  losesContact: ['lose contact', 'yes'],
  staysDark: ['have no contact at the end', 'yes'],
  stalls: ['TCP comes to a halt', 'yes'],
  baselineBps: ['throughput before the fault', 'bps'],
  rateDuringFaultBps: ['throughput during the fault', 'bps'],
  flowChanges: ['flow changes', 'count'],
  routeChanges: ['route changes', 'count'],
  darkFlows: ['flows that were dark', 'count'],
  controllerOutageMs: ['switches without a controller', 'ms'],
};

export const expectationSchema = strict('an expectation', {
  kind: z.literal('expectation'),
  metric: word(expectationMetrics),
  atMost: z.unknown().optional(),
  atLeast: z.unknown().optional(),
  of: text.optional(),
  after: text.optional(),
  between: z.tuple([text, text], { error: 'must be the names of two hosts' }).optional(),
  healCounts: z.boolean({ error: 'must be true or false' }).optional(),
  everySingleFailure: z.literal(true).optional(),
});

const count = z.number({ error: 'must be a number' }).int().nonnegative();

/** The schema of a bound, by the unit of its metric. */
export const boundSchemas = {
  ms: duration(),
  bps: bitrate({ min: 0 }),
  '%': percent(),
  count,
  yes: count,
} as const satisfies Record<MetricUnit, z.ZodType>;

export const limitsSchema = strict('limits', {
  readyWithin: duration({ min: 1000, max: 600_000 }).default(40_000),
  cleanFor: duration({ max: 600_000 }).default(2000),
  recoverWithin: duration({ min: 100, max: 3_600_000 }).default(30_000),
  sustainedFor: duration({ min: 100, max: 600_000 }).default(5000),
  duration: duration({ min: 1000 }).optional(),
});

export type ReadExpectation = z.output<typeof expectationSchema>;
export type ReadLimits = z.output<typeof limitsSchema>;
