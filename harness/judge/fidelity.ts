/** Whether a trial was measured well: what would make its numbers worthless, in words. */
import type { EventOf } from '../model/history/events.js';
import { type Reason, textsOf } from '../model/reason.js';
import type { Fidelity } from '../model/result.js';
import { flapReasons, flapsOutside } from './bfd-flaps.js';
import type { Change } from './changes.js';
import type { LossRun } from './loss-periods.js';
import { withoutMachineLoss } from './machine-loss.js';
import { edgeSharpness, type MeterRecord, packetsSentBetween } from './meter-record.js';
import { type DirectionOutage, lossBeginsNs } from './outage.js';
import { outagesAmong } from './outage-rule.js';
import { starvationWords } from './starvation.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { largestOf, medianOf, NS_PER_MS, roundMs, spanMs } from './units.js';

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
  // While a trial goes on, what the meter has sent last is still to be told.
  const endNs = trial.end ? trial.trafficEndNs : Number.NEGATIVE_INFINITY;
  const gap = largestOf(inTraffic.map((meter) => worstGapNs(meter, endNs)));
  // A sparse meter pauses by intention.
  const pauseNs = largestOf(inTraffic.map((meter) => worstGapNs(meter, endNs) - meter.intervalNs));
  const pressures = pressureIn(trial).map((event) => event.cpuSomePercent);
  const baseline = baselineLoss(trial, meters, changes);
  const excused = meters.map(withoutMachineLoss);
  const flaps = flapsOutside(trial, changes);
  const flaws = [
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
    ok: flaws.length === 0,
    reasons: textsOf(flaws),
    flaws,
    worstSendLatenessMs: spanMs(lateness),
    worstSendGapMs: spanMs(gap),
    cpuSomePercentMax: pressures.length === 0 ? null : roundMs(largestOf(pressures)),
    baselinePacketsLost: baseline.lost,
    bfdFlapsOutsideFault: flaps.length,
    meterCpuPercent: meterCpuPercent(trial, meters),
  };
}

function machine(code: string, text: string): Reason {
  return { code, cause: 'machine', text };
}

function network(code: string, text: string): Reason {
  return { code, cause: 'network', text };
}

/**
 * Longest time between two sends, as far as the windows tell. A sender that stands still to the end
 * of the traffic never sends the packet that would show it, so the end counts as one.
 */
function worstGapNs(meter: MeterRecord, trafficEndNs: number): number {
  let worst = 0;
  let previous: EventOf<'meter.sent'> | null = null;
  for (const window of meter.sent) {
    const even = (window.count - 1) * meter.intervalNs;
    worst = Math.max(worst, window.lastTxNs - window.firstTxNs - even + meter.intervalNs);
    if (previous) worst = Math.max(worst, window.firstTxNs - previous.lastTxNs);
    for (const [, beforeNs, txNs] of window.gaps ?? []) worst = Math.max(worst, txNs - beforeNs);
    previous = window;
  }
  return previous ? Math.max(worst, trafficEndNs - previous.lastTxNs) : worst;
}

function starvationReasons(
  meters: readonly MeterRecord[],
  gapNs: number,
  latenessNs: number,
): Reason[] {
  const worstMs = spanMs(Math.max(gapNs, latenessNs));
  const windows = meters.flatMap((meter) => meter.sent);
  const late = windows.filter(
    (window) => window.maxLateNs > thresholds.lateWindowMs * NS_PER_MS,
  ).length;
  const latePercent = windows.length === 0 ? 0 : (100 * late) / windows.length;
  if (worstMs > thresholds.starvedMs) {
    return [
      machine(
        'sender-stood-still',
        `the meter's sender stood still, or its clock jumped, for ${worstMs} ms ` +
          `(limit ${thresholds.starvedMs} ms)`,
      ),
    ];
  }
  if (late > 1 && latePercent > thresholds.lateWindowsPercent) {
    return [
      machine(
        'sender-late',
        `the meter's sender was over ${thresholds.lateWindowMs} ms late in ` +
          `${roundMs(latePercent)} % of its windows (limit ${thresholds.lateWindowsPercent} %)`,
      ),
    ];
  }
  return [];
}

/**
 * Send stamps of a sender that paces itself never run ahead of its pace, unless its clock was
 * stepped. (A stepped wall clock is no reason: it can spoil a one-way delay, never an outage.)
 */
function clockReasons(meters: readonly MeterRecord[]): Reason[] {
  const stepped = meters.some((meter) => aheadOfPaceNs(meter) > thresholds.clockStepMs * NS_PER_MS);
  const text = "the meter's send stamps run ahead of its pace: its clock was stepped back";
  return stepped ? [machine('clock-stepped', text)] : [];
}

/** Furthest that a send stamp of the traffic lies before the earliest pace seen so far. */
function aheadOfPaceNs(meter: MeterRecord): number {
  const firstOfTraffic = meter.sent[0]?.firstSequence ?? 0;
  let earliest = Number.POSITIVE_INFINITY;
  let furthest = 0;
  for (const [sequence, txNs] of meter.sendPoints) {
    const offset = txNs - sequence * meter.intervalNs;
    if (sequence > firstOfTraffic) furthest = Math.max(furthest, earliest - offset);
    earliest = Math.min(earliest, offset);
  }
  return furthest;
}

/** What made two readings of an outage disagree happened this long around it. */
const AROUND_OUTAGE_NS = 1000 * NS_PER_MS;

function edgeReasons({ events }: TrialRecord, outages: readonly DirectionOutage[]): Reason[] {
  const reasons: Reason[] = [];
  for (const { record, headline, result } of outages) {
    if (!headline) continue;
    const edge = edgeSharpness(record, headline);
    const limit = edge.exact ? thresholds.edgeGapMs : thresholds.edgeLatenessMs;
    const where = `${record.meter}, ${record.direction}`;
    if (edge.gapMs > limit) {
      reasons.push(
        machine(
          'edges-late',
          `the sender was ${roundMs(edge.gapMs)} ms late at the edges of the outage ` +
            `(${where}; limit ${limit} ms)`,
        ),
      );
    }
    // Stamps span one interval more than the packets lost between them.
    const allowed = Math.max(
      thresholds.disagreementMs,
      (2 * record.intervalNs) / NS_PER_MS,
      ((result.outageMs ?? 0) * thresholds.disagreementPercent) / 100,
    );
    if (result.disagreementMs !== null && result.disagreementMs > allowed) {
      const text =
        `outage by stamps (${result.outageMs} ms) and by lost packets ` +
        `(${result.lossDerivedMs} ms) disagree (${where}; limit ${roundMs(allowed)} ms)`;
      const fromNs = headline.lastGoodNs - AROUND_OUTAGE_NS;
      const untilNs = (headline.nextGoodNs ?? headline.lastLostNs) + AROUND_OUTAGE_NS;
      const starved = starvationWords(events, fromNs, untilNs);
      const cause = starved === null ? 'instrument' : 'machine';
      const why = starved === null ? '' : `, ${starved}`;
      reasons.push({ code: 'readings-disagree', cause, text: text + why });
    }
  }
  return reasons;
}

function pressureIn(
  trial: Pick<TrialRecord, 'events' | 'trafficStartNs' | 'trafficEndNs'>,
): EventOf<'pressure'>[] {
  return eventsOf(trial.events, 'pressure').filter(
    (event) => event.atNs >= trial.trafficStartNs && event.atNs <= trial.trafficEndNs,
  );
}

function pressureReasons(pressures: readonly number[], latenessNs: number): Reason[] {
  const median = medianOf(pressures);
  if (median === null || median <= thresholds.cpuSomePercent) return [];
  if (latenessNs <= thresholds.lateWindowMs * NS_PER_MS) return [];
  return [
    machine(
      'processor-pressure',
      `processes waited for a processor in ${roundMs(median)} % of the time ` +
        `(limit ${thresholds.cpuSomePercent} %), and the meter was ${spanMs(latenessNs)} ms late`,
    ),
  ];
}

/** More labs side by side than the machine has processors for slow each other's recovery down. */
function parallelReasons({ parallel, ...trial }: TrialRecord): Reason[] {
  if (parallel < 2) return [];
  const pressures = pressureIn(trial);
  const tooMany = `${parallel} labs side by side are too many for this machine`;
  const share = waitShare(pressures);
  if (share !== null && share > thresholds.parallelWaitShare) {
    return [
      machine(
        'too-many-labs',
        `${tooMany}: switches and controller waited for a processor ${roundMs(share)} times as ` +
          `long as they ran (limit ${thresholds.parallelWaitShare})`,
      ),
    ];
  }
  const median = medianOf(pressures.map((event) => event.cpuSomePercent));
  if (share !== null || median === null || median <= thresholds.parallelCpuSomePercent) return [];
  return [
    machine(
      'too-many-labs',
      `${tooMany}: processes waited for a processor in ${roundMs(median)} % of the time ` +
        `(limit ${thresholds.parallelCpuSomePercent} %)`,
    ),
  ];
}

/** Waiting over running of what makes a network recover; null where nobody counted. */
function waitShare(pressures: readonly EventOf<'pressure'>[]): number | null {
  let waited = 0;
  let ran = 0;
  for (const { waitPercent, cpuPercent } of pressures) {
    for (const group of ['vswitchd', 'controller']) {
      waited += waitPercent?.[group] ?? 0;
      ran += cpuPercent[group] ?? 0;
    }
  }
  return ran > 0 && pressures.some((event) => event.waitPercent) ? waited / ran : null;
}

interface BaselineLoss {
  lost: number;
  sent: number;
}

/** Loss in the clean time before the first fault (`limits.cleanMs`, or all of it). */
function baselineLoss(
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
function darkBeforeReasons(
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
    const dark = outagesAmong(before, sent).find((run) => run.lastLostNs >= fromNs);
    if (dark === undefined) return [];
    const lastedMs = spanMs((dark.nextGoodNs ?? dark.lastLostNs) - dark.lastGoodNs);
    const text =
      `traffic was interrupted before the fault: no packet for ${lastedMs} ms ` +
      `(${meter.meter}, ${meter.direction})`;
    return [network('outage-before-fault', text)];
  });
}

function hasDeclaredLoss({ scenario: { topology } }: TrialRecord): boolean {
  return [...topology.links, ...topology.tunnels].some((link) => link.lossPercent > 0);
}

function baselineReasons(
  trial: TrialRecord,
  baseline: BaselineLoss,
  byNetwork: BaselineLoss,
): Reason[] {
  if (hasDeclaredLoss(trial)) return [];
  const percent = ({ lost, sent }: BaselineLoss) => (sent === 0 ? 0 : (100 * lost) / sent);
  const limit = thresholds.baselineLossPercent;
  if (percent(baseline) <= limit) return [];
  const text =
    `traffic was not clean before the fault: ${baseline.lost} of ${baseline.sent} packets lost ` +
    `(limit ${limit} %)`;
  if (percent(byNetwork) > limit) return [network('loss-before-fault', text)];
  const dropped = baseline.lost - byNetwork.lost;
  return [
    machine('loss-before-fault', `${text}, up to ${dropped} of them dropped by this machine`),
  ];
}

function meterCpuPercent(trial: TrialRecord, meters: readonly MeterRecord[]): number | null {
  const spanNs = trial.trafficEndNs - trial.trafficStartNs;
  const ends = meters.map((meter) => meter.end).filter((end) => end !== null);
  if (ends.length === 0 || spanNs <= 0) return null;
  return roundMs((100 * ends.reduce((sum, end) => sum + end.cpuNs, 0)) / spanNs);
}
