/**
 * What happened, one JSON object a line. Every event has `atNs` (CLOCK_MONOTONIC, shared by all
 * processes of a sandbox; stamps of a watched network's ends are moved to this machine's) and `trial` (0-based). Nothing here judges.
 */
import * as z from 'zod';
import { farmEvents } from './events/farm.js';
import { faultEvents } from './events/faults.js';
import type { direction } from './events/fields.js';
import { type machineDrop, machineEvents, type processGroup } from './events/machine.js';
import { networkEvents } from './events/network.js';
import { routingEvents } from './events/routing.js';
import { type awaited, type environmentSchema, type phaseNames, runEvents } from './events/run.js';
import { trafficEvents } from './events/traffic.js';
import { watchEvents } from './events/watch.js';

export { machineDrop } from './events/machine.js';
export { environmentSchema, historyVersion, phaseNames } from './events/run.js';
export { arrivalRange, arrivalSilence } from './events/traffic.js';

export const historyEvent = z.discriminatedUnion('kind', [
  ...runEvents,
  ...faultEvents,
  ...trafficEvents,
  ...networkEvents,
  ...routingEvents,
  ...machineEvents,
  ...farmEvents,
  ...watchEvents,
]);

export type HistoryEvent = z.infer<typeof historyEvent>;
export type HistoryKind = HistoryEvent['kind'];
export type EventOf<K extends HistoryKind> = Extract<HistoryEvent, { kind: K }>;
export type Environment = z.infer<typeof environmentSchema>;
export type PhaseName = (typeof phaseNames)[number];
export type Direction = z.infer<typeof direction>;
export type MachineDrop = z.infer<typeof machineDrop>;
export type ProcessGroup = z.infer<typeof processGroup>;
export type Awaited = z.infer<typeof awaited>;
