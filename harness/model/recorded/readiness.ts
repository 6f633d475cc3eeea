/** What was seen of a condition that must be true before the first fault. */
import * as z from 'zod';
import { sessionProtocol } from '../routing.js';
import { type FactOf, type Recorded, recordedSchema } from './fact.js';

const count = z.number().int().nonnegative();

/** What a router reports of a session; null = nothing. */
const sessionEnd = z.object({ node: z.string(), port: z.string(), state: z.string().nullable() });

export const readinessShapes = {
  'controllers-connected': z.object({ connected: count, of: count }),
  'bfd-forwarding': z.object({ sessions: count, of: count }),
  /** Ports that listen or learn still; `unreadable`: nodes that could not be asked. */
  settling: z.object({
    ports: z.array(z.object({ port: z.string(), state: z.string() })),
    unreadable: z.array(z.string()),
  }),
  /** Adjacencies and BFD sessions that are not up, with what both ends report; missing routes. */
  'routing-sessions': z.object({
    sessions: count,
    down: z.array(
      z.object({
        protocol: sessionProtocol,
        ends: z.tuple([sessionEnd, sessionEnd]),
      }),
    ),
    routeless: z.array(z.object({ node: z.string(), networks: z.array(z.string()) })),
  }),
  /** What makes each bond; links of the members that are not usable. */
  'bonds-usable': z.object({
    bonds: z.array(z.object({ bond: z.string(), by: z.enum(['kernel', 'open-vswitch']) })),
    down: z.array(z.string()),
  }),
  /** Since when routers have neither changed a route nor received what may change one. */
  'routes-unchanged': z.object({ forMs: z.number(), wantedMs: z.number() }),
  /** The way a packet takes; where it is not complete, `nodes` ends where the tables end. */
  'path-traced': z.object({
    nodes: z.array(z.string()),
    complete: z.boolean(),
    /** True where probes are clean although the tables do not lead all the way. */
    probesClean: z.boolean(),
  }),
  /** Which probes are clean, or (`clean` false) which are not. */
  probes: z.object({
    clean: z.boolean(),
    ways: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        /** Null where the host has no address. */
        fromAddress: z.string().nullable(),
        toAddress: z.string().nullable(),
        port: count,
      }),
    ),
  }),
  /** `status`: of ping; `lossPercent` and `error`: as it printed them, null where it did not. */
  ping: z.object({
    status: z.number().nullable(),
    lossPercent: z.number().nullable(),
    error: z.string().nullable(),
  }),
} as const;

export type Readiness = FactOf<typeof readinessShapes>;
export type RecordedReadiness = Recorded<typeof readinessShapes>;
export const readinessSchema = recordedSchema(readinessShapes);
