/** Which flows are evidence about a change: those that the plan has running when it comes. */
import { slowStartMs } from '../model/flow-resolution.js';
import type { Absence } from '../model/reading-detail.js';
import type { ResolvedFlow } from '../model/resolved.js';
import type { Change } from './changes.js';
import type { FlowSeries } from './throughput.js';
import type { TrialRecord } from './trial-record.js';
import { NS_PER_MS, spanMs } from './units.js';

/** A flow that was stopped as planned has its last interval no earlier before its stop. */
const lastIntervalNs = 1e9;

/** Why the plan leaves a flow silent about a change; null = it does not. */
export function absenceOf(flow: ResolvedFlow, change: Change, trial: TrialRecord): Absence | null {
  if (change.faultKind === null) return null;
  const { startMs, stopMs } = flow;
  const atMs = spanMs(change.beforeNs - trial.trafficStartNs);
  if (stopMs !== null && stopMs <= atMs) {
    return { flow: flow.id, why: 'stopped', atMs: stopMs };
  }
  if (startMs === 0 || startMs + slowStartMs <= atMs) return null;
  return startMs > atMs
    ? { flow: flow.id, why: 'started-after', atMs: startMs }
    : { flow: flow.id, why: 'started-shortly-before', beforeMs: atMs - startMs };
}

/** The part of a change that a flow was there to see: a planned stop ends it early. */
export function changeAsSeenBy(series: FlowSeries, change: Change, trial: TrialRecord): Change {
  const { stopMs } = series.flow;
  const lastNs = series.points.at(-1)?.endNs ?? 0;
  if (stopMs === null) return change;
  const stopNs = trial.trafficStartNs + stopMs * NS_PER_MS;
  // One that ended by itself before its stop is judged like any other: as not recovered.
  if (stopNs >= change.untilNs || lastNs < stopNs - lastIntervalNs) return change;
  return { ...change, untilNs: Math.min(stopNs, lastNs), lastsToEnd: false };
}

/** Until when a flow's rate before a change is taken: the first change that found it running. */
export function baselineUntilNs(
  series: FlowSeries,
  change: Change,
  changes: readonly Change[],
  trial: TrialRecord,
): number {
  if (change.faultKind === null) return trial.trafficEndNs;
  const found = changes.find((one) => absenceOf(series.flow, one, trial) === null);
  return found?.beforeNs ?? change.beforeNs;
}
