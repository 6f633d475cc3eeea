/** Whether traffic was clean before the first fault. */
import { invalidBy, type Reason } from '../model/reason.js';
import { lossBeginsNs } from './change-span.js';
import type { Change } from './changes.js';
import { outagesOfFlows } from './flow-outages.js';
import type { LossRun } from './loss-periods.js';
import { type MeterRecord, packetsSentBetween } from './meter-record.js';
import { thresholds } from './thresholds.js';
import type { TrialRecord } from './trial-record.js';
import { NS_PER_MS, spanMs } from './units.js';

export interface BaselineLoss {
  lost: number;
  sent: number;
}

/** Loss in the clean time before the first fault (`limits.cleanMs`, or all of it). */
export function baselineLoss(
  trial: TrialRecord,
  meters: readonly MeterRecord[],
  changes: readonly Change[],
): BaselineLoss {
  const first = changes[0];
  if (!first || first.faultKind === null) return { lost: 0, sent: 0 };
  const { cleanMs } = trial.scenario.limits;
  const cleanNs = first.beforeNs - cleanMs * NS_PER_MS;
  const fromNs = Math.max(trial.trafficStartNs, cleanMs > 0 ? cleanNs : 0);
  let lost = 0;
  let sent = 0;
  for (const meter of meters) {
    const untilNs = lossBeginsNs(meter, first);
    sent += packetsSentBetween(meter, fromNs, untilNs);
    for (const run of meter.runs) lost += packetsLostBetween(meter, run, fromNs, untilNs);
  }
  return { lost, sent };
}

/** The part of a loss period that was sent in a span. */
function packetsLostBetween(
  meter: MeterRecord,
  run: LossRun,
  fromNs: number,
  untilNs: number,
): number {
  const { firstLostNs, lastLostNs, packets } = run;
  if (firstLostNs >= fromNs && lastLostNs < untilNs) return packets;
  const [begin, end] = [Math.max(firstLostNs, fromNs), Math.min(lastLostNs + 1, untilNs)];
  return begin < end ? Math.min(packets, packetsSentBetween(meter, begin, end)) : 0;
}

/** Links with declared loss lose packets before a fault as well; an outage there is something else. */
export function darkBeforeReasons(
  trial: TrialRecord,
  meters: readonly MeterRecord[],
  changes: readonly Change[],
): Reason[] {
  const first = changes[0];
  if (!first || first.faultKind === null || !hasDeclaredLoss(trial)) return [];
  const { cleanMs } = trial.scenario.limits;
  const cleanNs = cleanMs > 0 ? first.beforeNs - cleanMs * NS_PER_MS : 0;
  return meters.flatMap((meter) => {
    const fromNs = Math.max(trial.trafficStartNs, cleanNs);
    const untilNs = lossBeginsNs(meter, first);
    const before = meter.runs.filter(
      (run) => run.firstLostNs < untilNs && run.lastLostNs >= trial.trafficStartNs,
    );
    const sent = packetsSentBetween(meter, trial.trafficStartNs, untilNs);
    const dark = outagesOfFlows(before, sent, meter.flows).find((run) => run.lastLostNs >= fromNs);
    if (dark === undefined) return [];
    const lastedMs = spanMs((dark.nextGoodNs ?? dark.lastLostNs) - dark.lastGoodNs);
    const where = { meter: meter.meter, direction: meter.direction };
    return [invalidBy('network', 'outage-before-fault', { lastedMs, ...where })];
  });
}

function hasDeclaredLoss({ scenario: { topology } }: TrialRecord): boolean {
  return [...topology.links, ...topology.tunnels].some((link) => link.lossPercent > 0);
}

/** Loss before the fault, and whose it was. `byNetwork`: without what this machine dropped. */
export function baselineReasons(
  trial: TrialRecord,
  baseline: BaselineLoss,
  byNetwork: BaselineLoss,
): Reason[] {
  if (hasDeclaredLoss(trial)) return [];
  const percent = ({ lost, sent }: BaselineLoss) => (sent === 0 ? 0 : (100 * lost) / sent);
  const limit = thresholds.baselineLossPercent;
  if (percent(baseline) <= limit) return [];
  const ofNetwork = percent(byNetwork) > limit;
  return [
    invalidBy(ofNetwork ? 'network' : 'machine', 'loss-before-fault', {
      ...baseline,
      limitPercent: limit,
      droppedByMachine: ofNetwork ? null : baseline.lost - byNetwork.lost,
    }),
  ];
}
