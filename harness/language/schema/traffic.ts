/** Shapes of flows and meters. */
import * as z from 'zod';
import {
  between,
  bitrate,
  bytes,
  duration,
  gotOther,
  strict,
  text,
  whole,
  word,
  yesOrNo,
} from './fields.js';
import { furtherFlowOptions } from './flow-options.js';

/** No software switch on one machine carries more; Open vSwitch's userspace datapath carries less. */
const mostBps = 1e9;

const flow = strict('iperf3', {
  kind: z.literal('iperf3'),
  id: text.optional(),
  from: text,
  to: text,
  protocol: word(['tcp', 'udp']).default('tcp'),
  bitrate: z
    .literal('unlimited')
    .or(bitrate({ max: mostBps }))
    .default(1e8),
  interval: duration({ min: 100, max: 60_000 }).default(100),
  parallel: whole('parallel', 1, 128).default(1),
  reverse: yesOrNo.default(false),
  bidirectional: yesOrNo.default(false),
  start: duration().default(0),
  stop: duration().optional(),
  mss: bytes({ min: 88, max: 9216 }).optional(),
  length: bytes({ min: 16, max: 65_507 }).optional(),
  ...furtherFlowOptions,
});

/** Of one meter. */
export const flowsMax = 256;

const meter = strict('meter', {
  kind: z.literal('meter'),
  id: text.optional(),
  from: text,
  to: text,
  rateHz: between('rateHz', 0.1, 8000).default(1000),
  addresses: word(['hosts', 'own']).default('hosts'),
  payload: bytes({ min: 32, max: 8000 }).default(64),
  flows: whole('flows', 1, flowsMax).default(1),
});

export const trafficSchema = z.discriminatedUnion('kind', [flow, meter], {
  error: ({ input }) => `must be iperf3(…) or meter(…)${gotOther(input)}`,
});

export type ReadFlow = z.output<typeof flow>;
export type ReadMeter = z.output<typeof meter>;
