/** Whether a trial was measured well: what would make its numbers worthless. */
import type { Reason } from '../model/reason.js';
import type { Fidelity } from '../model/result.js';
import { flapReasons, flapsOutside } from './bfd-flaps.js';
import type { Change } from './changes.js';
import { baselineLoss, baselineReasons, darkBeforeReasons } from './clean-baseline.js';
import { edgeReasons } from './edge-fidelity.js';
import { withoutMachineLoss } from './machine-loss.js';
import type { MeterRecord } from './meter-record.js';
import type { DirectionOutage } from './outage.js';
import { parallelReasons, pressureIn, pressureReasons } from './pressure-fidelity.js';
import { clockReasons, starvationReasons, worstGapNs } from './sender-fidelity.js';
import type { TrialRecord } from './trial-record.js';
import { largestOf, roundMs, spanMs } from './units.js';

/** Judges the trial's own measurement; `outages` are those of all its changes. */
export function judgeFidelity(
  trial: TrialRecord,
  meters: readonly MeterRecord[],
  changes: readonly Change[],
  outages: readonly DirectionOutage[],
  doubts: readonly Reason[],
): Fidelity {
  const inTraffic = meters.map((meter) => ({
    ...meter,
    sent: meter.sent.filter(
      (window) => window.atNs >= trial.trafficStartNs && window.firstTxNs <= trial.trafficEndNs,
    ),
  }));
  const lateness = largestOf(inTraffic.flatMap((meter) => meter.sent.map((w) => w.maxLateNs)));
  // While a trial goes on, what the meter has sent last is still to come.
  const endNs = trial.end ? trial.trafficEndNs : Number.NEGATIVE_INFINITY;
  const gap = largestOf(inTraffic.map((meter) => worstGapNs(meter, endNs)));
  // A sparse meter pauses by intention.
  const pauseNs = largestOf(inTraffic.map((meter) => worstGapNs(meter, endNs) - meter.slotNs));
  const pressures = pressureIn(trial).map((event) => event.cpuSomePercent);
  const baseline = baselineLoss(trial, meters, changes);
  const excused = meters.map(withoutMachineLoss);
  const flaps = flapsOutside(trial, changes);
  const reasons = [
    ...starvationReasons(inTraffic, pauseNs, lateness),
    ...clockReasons(inTraffic),
    ...edgeReasons(trial, outages),
    ...pressureReasons(pressures, lateness),
    ...parallelReasons(trial),
    ...baselineReasons(trial, baseline, baselineLoss(trial, excused, changes)),
    ...darkBeforeReasons(trial, excused, changes),
    ...flapReasons(trial.events, flaps),
    ...doubts,
  ];
  return {
    ok: reasons.length === 0,
    reasons,
    worstSendLatenessMs: spanMs(lateness),
    worstSendGapMs: spanMs(gap),
    cpuSomePercentMax: pressures.length === 0 ? null : roundMs(largestOf(pressures)),
    baselinePacketsLost: baseline.lost,
    bfdFlapsOutsideFault: flaps.length,
    meterCpuPercent: meterCpuPercent(trial, meters),
  };
}

function meterCpuPercent(trial: TrialRecord, meters: readonly MeterRecord[]): number | null {
  const spanNs = trial.trafficEndNs - trial.trafficStartNs;
  const ends = meters.map((meter) => meter.end).filter((end) => end !== null);
  if (ends.length === 0 || spanNs <= 0) return null;
  return roundMs((100 * ends.reduce((sum, end) => sum + end.cpuNs, 0)) / spanNs);
}
