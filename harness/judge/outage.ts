/** What one change (fault or heal) did to one direction of a meter pair. */

import type { DirectionResult, LossPeriod } from '../model/result.js';
import { DELAY_BEFORE_MS, inFlightNs, runsOfChange, spanOf } from './change-span.js';
import type { Change } from './changes.js';
import { additiveBackupDelayMs, medianDelayMs } from './delay.js';
import { darkFlows, endedOutage, isCensored, longerEndedMs } from './ended-outage.js';
import type { Ending } from './ending.js';
import { outagesOfFlows } from './flow-outages.js';
import { isOfHeal, type Surroundings } from './loss-occasion.js';
import type { LossRun } from './loss-periods.js';
import { droppedByMachine } from './machine-share.js';
import { type MeterRecord, packetsSentBetween } from './meter-record.js';
import { runLengthNs } from './outage-rule.js';
import { longestSilence } from './receiver-silence.js';
import { NS_PER_MS, roundMs, spanMs } from './units.js';
import { rankOf, worstBy } from './worst.js';

/** How many loss periods a result lists, longest first. */
const LISTED_PERIODS = 10;
/** Delay is read again from this long after a recovery. */
const DELAY_SETTLED_MS = 500;

export interface DirectionOutage {
  record: MeterRecord;
  result: DirectionResult;
  outages: LossRun[];
  /** The longest outage, or the one that never ended. */
  headline: LossRun | null;
  /** Send stamp of the first good packet of the sustained window; null = not seen. */
  recoveryNs: number | null;
  /** The sustained window was cut short by the end of traffic, not by a planned change. */
  sustainedCutOff: boolean;
}

export interface OutageLimits {
  sustainedMs: number;
  recoveryDeadlineMs: number;
  trafficStartNs: number;
  /** The trial goes on: what was good for less than the sustained window has not recovered yet. */
  soFar: boolean;
}

/**
 * TBM failover time (RFC 6414 §3.6.3) beside the packet-loss-based one (§3.6.2), loss periods
 * (RFC 3357), and the sustained window (RFC 6412 §3.7.5).
 */
export function judgeDirection(
  record: MeterRecord,
  change: Change,
  limits: OutageLimits,
  around: Surroundings | null = null,
): DirectionOutage {
  const all = runsOfChange(record, change);
  const runs = around ? all.filter((run) => isOfHeal(run, around)) : all;
  const others = all.filter((run) => !runs.includes(run));
  const sent = packetsSentBetween(record, change.beforeNs, answersUntilNs(all, change));
  const outages = outagesOfFlows(all, sent, record.flows).filter((run) => runs.includes(run));
  const recovery = findRecovery(record, change, outages, limits);
  const ended = outages.map((run) => endedOutage(run, record, change, limits.recoveryDeadlineMs));
  const worst = worstBy(ended, (one) => rankOf(one.atLeastNs, isCensored(one)));
  const headline = worst?.run ?? null;
  const lost = sumPackets(runs);
  const lostInOutages = sumPackets(outages);
  const censored = worst !== null && isCensored(worst);
  const outageMs = headline === null ? 0 : spanMs(runLengthNs(headline));
  const lossDerivedMs = roundMs(((headline?.packets ?? 0) / record.rateHz) * 1000);
  const delays = delaysAround(record, change, recovery.recoveryNs, limits);
  const received = record.received.filter(
    (window) => window.atNs >= change.beforeNs && window.atNs < change.untilNs,
  );
  const recovered = recovery.recoveryNs !== null && !censored && !(limits.soFar && recovery.cutOff);
  const result: DirectionResult = {
    outageMs: censored ? null : outageMs,
    outageAtLeastMs: worst === null ? 0 : spanMs(worst.atLeastNs),
    outageRangeMs: headline === null || censored ? null : rangeMsOf(headline),
    outageEnding: worst?.ending ?? null,
    longerEndedOutageMs: worst === null ? null : longerEndedMs(ended, worst),
    outageWithHealMs: headline === null || headline.nextGoodNs === null ? null : outageMs,
    lossDerivedMs,
    disagreementMs: censored ? null : roundMs(Math.abs(outageMs - lossDerivedMs)),
    resolutionMs: spanMs(record.intervalNs),
    packetsSent: sent,
    packetsLost: lost,
    packetsDroppedByMachine: droppedByMachine(record, runs, change, headline),
    lossPercent: percent(lost + sumPackets(others) - lostInOutages, sent - lostInOutages),
    lossPeriods: runs.length,
    longestPeriods: listPeriods(runs, change),
    otherLoss: otherLossOf(others, change, around),
    duplicates: received.reduce((sum, window) => sum + window.duplicates, 0),
    reordered: received.reduce((sum, window) => sum + window.reordered, 0),
    recoveryMs: recovered ? recoveryMsOf(recovery.recoveryNs, change) : null,
    sustainedMs: recovered || (limits.soFar && recovery.cutOff) ? recovery.sustainedMs : 0,
    recovered,
    ...delays,
    ...(record.flows > 1 ? { flows: darkFlows(record.flows, ended) } : {}),
    ...longestSilence(record, spanOf(record, change), change, inFlightNs(record, change.beforeNs)),
  };
  return {
    record,
    result,
    outages,
    headline,
    recoveryNs: recovered ? recovery.recoveryNs : null,
    sustainedCutOff: recovered && recovery.cutOff,
  };
}

/** End of a change's span, or of the last loss that began in it. */
function answersUntilNs(runs: readonly LossRun[], change: Change): number {
  return runs.reduce((untilNs, run) => Math.max(untilNs, run.lastLostNs + 1), change.untilNs);
}

interface Recovery {
  recoveryNs: number | null;
  sustainedMs: number;
  cutOff: boolean;
}

/** The first moment after which no outage follows within the sustained window. */
function findRecovery(
  record: MeterRecord,
  change: Change,
  outages: readonly LossRun[],
  limits: OutageLimits,
): Recovery {
  let recoveryNs: number = change.beforeNs;
  for (const [index, outage] of outages.entries()) {
    if (outage.nextGoodNs === null) return { recoveryNs: null, sustainedMs: 0, cutOff: false };
    // Several flows may be dark at once, and come back in another order than they went.
    recoveryNs = Math.max(recoveryNs, outage.nextGoodNs);
    const next = outages[index + 1];
    if (next && next.firstLostNs - recoveryNs < limits.sustainedMs * NS_PER_MS) continue;
    if (next) {
      return { recoveryNs, sustainedMs: spanMs(next.firstLostNs - recoveryNs), cutOff: false };
    }
  }
  const isFault = change.change === 'injected' && change.faultKind !== null;
  // Tidying up is the end of the traffic, not a step that was planned after the fault.
  const tidied = isFault && change.untilNs === change.tidyingNs;
  // A change that ended the outage itself cannot end the window after it.
  const followed = !change.lastsToEnd && change.untilNs > recoveryNs;
  const endNs = Math.max(recoveryNs, followed ? change.untilNs : record.horizonNs);
  const short = endNs - recoveryNs < limits.sustainedMs * NS_PER_MS;
  // A fault without an outage shows only in the time after it that it did no harm.
  const counts = outages.length > 0 || (isFault && !limits.soFar);
  const cutOff = short && counts && (tidied || !followed);
  return { recoveryNs, sustainedMs: spanMs(endNs - recoveryNs), cutOff };
}

/** What the true length lies in: from last to first packet lost, to from good to good packet. */
function rangeMsOf(run: LossRun): [number, number] {
  return [spanMs(run.lastLostNs - run.firstLostNs), spanMs(runLengthNs(run))];
}

function recoveryMsOf(recoveryNs: number | null, change: Change): number | null {
  return recoveryNs === null ? null : Math.max(0, spanMs(recoveryNs - change.atNs));
}

function delaysAround(
  record: MeterRecord,
  change: Change,
  recoveryNs: number | null,
  limits: OutageLimits,
): Pick<DirectionResult, 'delayBeforeMs' | 'delayAfterMs' | 'additiveBackupDelayMs'> {
  const fromNs = Math.max(limits.trafficStartNs, change.beforeNs - DELAY_BEFORE_MS * NS_PER_MS);
  const delayBeforeMs = medianDelayMs(record, fromNs, change.beforeNs);
  const settledNs = recoveryNs === null ? null : recoveryNs + DELAY_SETTLED_MS * NS_PER_MS;
  const untilNs = settledNs !== null && settledNs < change.untilNs ? change.untilNs : Infinity;
  const delayAfterMs = settledNs === null ? null : medianDelayMs(record, settledNs, untilNs);
  return {
    delayBeforeMs,
    delayAfterMs,
    additiveBackupDelayMs: additiveBackupDelayMs(delayBeforeMs, delayAfterMs),
  };
}

function listPeriods(runs: readonly LossRun[], change: Change): LossPeriod[] {
  return [...runs]
    .sort((a, b) => b.packets - a.packets || a.firstSequence - b.firstSequence)
    .slice(0, LISTED_PERIODS)
    .map((run) => ({
      firstSequence: run.firstSequence,
      packets: run.packets,
      startMs: spanMs(run.lastGoodNs - change.atNs),
      lengthMs: run.nextGoodNs === null ? null : spanMs(run.nextGoodNs - run.lastGoodNs),
    }));
}

function sumPackets(runs: readonly LossRun[]): number {
  return runs.reduce((sum, run) => sum + run.packets, 0);
}

function otherLossOf(
  others: readonly LossRun[],
  change: Change,
  around: Surroundings | null,
): DirectionResult['otherLoss'] {
  if (around === null || around.otherFault) return null;
  return {
    packets: sumPackets(others),
    lossPeriods: others.length,
    longestPeriods: listPeriods(others, change),
  };
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : roundMs((100 * part) / whole);
}

/** Longest outage of several directions: null (censored) ranks above every number. */
export function worstOutage(results: readonly DirectionResult[]): {
  outageMs: number | null;
  atLeastMs: number;
  /** How the longest ended; null = there was none. */
  ending: Ending | null;
} {
  const worst = worstDirection(results);
  if (worst === null) return { outageMs: 0, atLeastMs: 0, ending: null };
  const { outageMs, outageAtLeastMs, outageEnding } = worst;
  return { outageMs, atLeastMs: outageAtLeastMs, ending: outageEnding };
}

/** The direction that was dark longest; a censored outage ranks above every number. */
export function worstDirection<D extends Pick<DirectionResult, 'outageMs' | 'outageAtLeastMs'>>(
  results: readonly D[],
): D | null {
  return worstBy(results, (one) => rankOf(one.outageAtLeastMs, one.outageMs === null));
}
