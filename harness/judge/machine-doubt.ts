/**
 * Whether a trial would be judged otherwise if this machine had not lost packets, or had not let
 * switches and controllers wait for a processor. Then the trial proves nothing about the network.
 */

import { invalidBy, type Reason } from '../model/reason.js';
import type { ResolvedExpectation } from '../model/resolved.js';
import type { ExpectationResult } from '../model/result.js';
import { type EpisodeView, judgeEpisode, type Measurements } from './episode.js';
import { judgeExpectation } from './expectations.js';
import { withoutMachineLoss } from './machine-loss.js';
import { isOfFlow, metricFacts, viewMeantBy } from './metric-facts.js';
import type { DirectionOutage } from './outage.js';
import { waitedLong } from './starvation.js';
import type { TcpOutcome } from './tcp.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS, roundMs } from './units.js';

/** What is asked of a trial, and how it came out. */
export interface JudgedTrialParts {
  measured: Measurements;
  views: readonly EpisodeView[];
  expectations: readonly ExpectationResult[];
}

/** The reasons, empty where this machine changes nothing about the judgement. */
export function machineDoubts(parts: JudgedTrialParts): Reason[] {
  const excused = withoutLoss(parts);
  const { trial } = parts.measured;
  const doubts = trial.scenario.expectations.flatMap((expectation, index) => {
    const result = parts.expectations[index];
    if (!result) return [];
    const doubt =
      (excused && lossDoubt(expectation, result, excused, parts)) ??
      tcpDoubt(expectation, result, parts) ??
      waitDoubt(expectation, result, parts);
    return doubt ? [doubt] : [];
  });
  if (!excused || doubts.length > 0) return doubts;
  return parts.views.flatMap((view, index) => {
    const others = directionsOf(excused[index]);
    return directionsOf(view).flatMap((direction, n) => {
      const other = others[n];
      const afterStep = view.change.faultKind === null ? null : view.change.stepId;
      return other
        ? [...sustainedDoubt(direction, other), ...figureDoubt(direction, other, afterStep)]
        : [];
    });
  });
}

/** The same changes as if nothing had been dropped; null where nothing measured was. */
function withoutLoss({ measured, views }: JudgedTrialParts): EpisodeView[] | null {
  const meters = measured.meters.map(withoutMachineLoss);
  if (meters.every((meter, index) => meter === measured.meters[index])) return null;
  return views.map(({ change }) => judgeEpisode({ ...measured, meters }, change));
}

function lossDoubt(
  expectation: ResolvedExpectation,
  result: ExpectationResult,
  excused: readonly EpisodeView[],
  { measured: { trial }, views }: JudgedTrialParts,
): Reason | null {
  const { recoveryDeadlineMs } = trial.scenario.limits;
  // Silence is read from arrivals: there the outage shows what dropped packets changed.
  const silence = expectation.metric === 'receiverSilenceMs';
  if (silence && result.verdict !== 'fail') return null;
  const read = silence ? { ...expectation, metric: 'networkOutageMs' as const } : expectation;
  const before = silence ? judgeExpectation(read, views, recoveryDeadlineMs) : result;
  const other = judgeExpectation(read, excused, recoveryDeadlineMs);
  if (other.verdict === before.verdict) return null;
  return invalidBy('machine', 'machine-drops', {
    of: 'expectation',
    ...quantityOf(result),
    without: other.measured,
  });
}

/** A recovery that was not seen for long enough, or not at all, where drops alone broke it. */
function sustainedDoubt(direction: DirectionOutage, other: DirectionOutage): Reason[] {
  const cut = direction.sustainedCutOff && !other.sustainedCutOff;
  const lost = !direction.result.recovered && other.result.recovered;
  if (!cut && !lost) return [];
  const { sustainedMs } = direction.result;
  const data = { of: 'recovery', sustainedMs, ...whereOf(direction) } as const;
  return [invalidBy('machine', 'machine-drops', data)];
}

/** A figure that drops may have changed by more than a reading may be off at its edges. */
function figureDoubt(
  direction: DirectionOutage,
  other: DirectionOutage,
  afterStep: string | null,
): Reason[] {
  const { outageMs } = direction.result;
  const withoutMs = other.result.outageMs;
  if (outageMs === null || withoutMs === null) return [];
  const shareMs = (outageMs * thresholds.disagreementPercent) / 100;
  const limitMs = Math.max(thresholds.edgeGapMs, shareMs);
  if (outageMs - withoutMs <= limitMs) return [];
  return [
    invalidBy('machine', 'machine-drops', {
      of: 'outage',
      afterStep,
      outageMs,
      withoutMs,
      limitMs: roundMs(limitMs),
      ...whereOf(direction),
    }),
  ];
}

function whereOf({ record: { meter, direction } }: DirectionOutage) {
  return { meter, direction };
}

function directionsOf(view: EpisodeView | undefined): DirectionOutage[] {
  return view?.meters.flatMap(({ forward, reverse }) => [forward, reverse]) ?? [];
}

/** TCP that was stalled although the network carried traffic again, while this machine dropped packets. */
function tcpDoubt(
  { metric, of, step }: ResolvedExpectation,
  result: ExpectationResult,
  { measured, views }: JudgedTrialParts,
): Reason | null {
  if (result.verdict !== 'fail' || (metric !== 'tcpStallMs' && metric !== 'recoveredTo90Ms')) {
    return null;
  }
  const view = viewMeantBy({ metric, step }, views);
  const drops = measured.meters[0]?.drops ?? [];
  if (!view || drops.length === 0) return null;
  const fromNs = Math.max(
    view.change.beforeNs,
    ...directionsOf(view).map(({ recoveryNs }) => recoveryNs ?? Number.POSITIVE_INFINITY),
  );
  const untilNs = Math.max(...stillUntilNs(view.tcps, of), 0);
  const packets = drops
    .filter((span) => span.atNs > fromNs && span.sinceNs < untilNs)
    .reduce((sum, span) => sum + span.packets, 0);
  if (packets === 0) return null;
  return invalidBy('machine', 'machine-drops', { of: 'tcp', ...quantityOf(result), packets });
}

function stillUntilNs(tcps: readonly TcpOutcome[], of: string | null): number[] {
  return tcps
    .filter(({ result }) => of === null || isOfFlow(result.flow, of))
    .map(({ movingAgain }) => movingAgain?.startNs ?? Number.POSITIVE_INFINITY);
}

/** A bound that was broken by less than what switches or controllers waited for a processor. */
function waitDoubt(
  expectation: ResolvedExpectation,
  result: ExpectationResult,
  { measured, views }: JudgedTrialParts,
): Reason | null {
  const { atMost } = expectation;
  const { unit, growsWithWaiting } = metricFacts[expectation.metric];
  const { measured: value } = result;
  if (result.verdict !== 'fail' || value === null || atMost === null) return null;
  const view = viewMeantBy(expectation, views);
  if (value <= atMost || !view || !growsWithWaiting) return null;
  const ms =
    unit === 'ms'
      ? value
      : Math.max(0, ...directionsOf(view).map((one) => one.result.outageAtLeastMs));
  const fromNs = view.change.beforeNs;
  const waited = waitedLong(measured.trial.events, fromNs, fromNs + ms * NS_PER_MS);
  if (!waited || value * (1 - waited.share) > atMost) return null;
  const data = { ...quantityOf(result), waited, bound: atMost };
  return invalidBy('machine', 'waited-for-processor', data);
}

function quantityOf({ text, measured, unit }: ExpectationResult) {
  return { text, measured, unit };
}
