/** What was read back after a change of the network: the evidence that it took effect. */
import * as z from 'zod';
import { type FactOf, type Recorded, recordedSchema } from './fact.js';

const count = z.number().int().nonnegative();
const names = z.array(z.string());
/** What a program printed when it refused; null where none did. */
const refusal = z.string().nullable();

export const evidenceShapes = {
  /** The carrier of a link's ends; null = it could not be read. */
  carrier: z.object({
    ends: z.array(
      z.object({ port: z.string(), carrier: z.boolean().nullable(), stillDormant: z.boolean() }),
    ),
    refused: refusal,
  }),
  /** Filters that drop packets, by nftables. */
  'filter-set': z.object({
    places: z.array(z.object({ device: z.string(), hook: z.string() })),
    listed: count,
    refused: refusal,
  }),
  'filter-removed': z.object({
    /** Packets that it had dropped. */
    dropped: count,
    gone: z.boolean(),
    refused: refusal,
  }),
  /** Queues of tc's netem at the ends of a link. */
  netem: z.object({
    link: z.string(),
    /** Whether a queue is to be there. */
    wanted: z.boolean(),
    asWanted: count,
    ends: count,
    refused: refusal,
  }),
  /** A port of Open vSwitch, by OpenFlow: the flags of its configuration; null = it was not shown. */
  'openflow-port': z.object({
    node: z.string(),
    port: z.string(),
    config: names.nullable(),
    refused: refusal,
  }),
  'controller-ended': z.object({ pid: count, gone: z.boolean() }),
  'controller-ready': z.object({ pid: count.nullable() }),
  /** The state of processes by /proc after a signal; null = gone. `node` null = the controller. */
  'process-states': z.object({
    node: z.string().nullable(),
    /** Left out: ovs-vswitchd. */
    program: z.string().optional(),
    states: z.array(z.object({ pid: count, state: z.string().nullable() })),
  }),
  'power-off': z.object({
    node: z.string(),
    interfaces: count,
    up: names,
    processes: count,
    alive: z.array(count),
  }),
  'power-on': z.object({
    node: z.string(),
    /** Daemons that run, by name; null = it does not run. */
    running: z.record(z.string(), z.number().nullable()),
    down: names,
  }),
  /** A daemon of a router; `after` null = it does not run. */
  'daemon-ended': z.object({ node: z.string(), daemon: z.string(), pid: count, gone: z.boolean() }),
  'daemon-started': z.object({
    node: z.string(),
    daemon: z.string(),
    before: count.nullable(),
    after: count.nullable(),
  }),
  /** By which protocols of a router a prefix may be announced, and by which of them it is. */
  announcement: z.object({
    node: z.string(),
    prefix: z.string(),
    protocols: names,
    announcing: names,
  }),
  'vswitchd-ended': z.object({ node: z.string(), pid: count.nullable() }),
  'vswitchd-started': z.object({ node: z.string(), pid: count.nullable() }),
  /** The change itself failed. */
  failed: z.object({ message: z.string() }),
  /** Of a bench: the packets that were captured show it. */
  captures: z.object({}),
  /** Of the span of a trial that has no fault. */
  'no-fault': z.object({}),
} as const;

/** One thing that was read back. */
export type EvidenceFact = FactOf<typeof evidenceShapes>;

/** Of a change, by whichever version recorded it. */
export type Evidence = Recorded<typeof evidenceShapes>;
export const evidenceSchema = recordedSchema(evidenceShapes);
