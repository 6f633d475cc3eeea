/** Why a trial proves nothing about the network. */
import { invalidBy, type Reason } from '../model/reason.js';
import type { Fidelity } from '../model/result.js';
import { missedTarget, missingEffect } from './effect.js';
import type { EpisodeView } from './episode.js';
import { endedInstruments, missingSamples, stillTcp } from './samples.js';
import { waitedLong } from './starvation.js';
import { strayStampReasons } from './stray-stamps.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { NS_PER_MS } from './units.js';
import { missingEventReasons } from './unreadable.js';

/** The reasons, those of the trial's end first; empty when it is valid. */
export function invalidReasons(
  trial: TrialRecord,
  views: readonly EpisodeView[],
  fidelity: Fidelity,
): Reason[] {
  const faults = views.filter((view) => view.change.change === 'injected');
  const { hadTraffic, end } = trial;
  return [
    ...endReasons(trial),
    ...missingEventReasons(trial),
    ...strayStampReasons(trial),
    ...(hadTraffic ? [] : [invalidBy('instrument', 'no-traffic', {})]),
    ...missingSteps(trial, views),
    ...unprovenChanges(trial, views),
    ...missingSamples(trial, views),
    ...(end?.reason === 'completed' && hadTraffic ? endedInstruments(trial) : []),
    ...(hadTraffic ? fidelity.reasons : []),
    ...stillTcp(trial, views),
    ...faults.flatMap((view) => missedTarget(view) ?? []),
    ...faults.flatMap((view) => missingEffect(view, trial) ?? []),
    ...shortRecoveries(trial, views),
  ];
}

/** Failures that a busy machine makes by itself: something was not done in its time. */
const failsByWaiting: ReadonlySet<string> = new Set([
  'NOT_READY',
  'TIMED_OUT',
  'TRAFFIC_FAILED',
  'FAULT_NOT_APPLIED',
]);

function endReasons({ end, start, events }: TrialRecord): Reason[] {
  if (!end) return [invalidBy('interrupted', 'cut-off', {})];
  if (end.reason === 'completed') return [];
  if (end.reason === 'interrupted') return [invalidBy('interrupted', 'interrupted', {})];
  const { code: error = null, message = null } = end.error ?? {};
  const waited =
    error !== null && failsByWaiting.has(error) ? waitedLong(events, start.atNs, end.atNs) : null;
  // Another machine may execute it.
  const byMachine = waited !== null || error === 'MACHINE_LOST';
  const cause = byMachine ? 'machine' : error === 'NOT_READY' ? 'network' : 'instrument';
  const seen = error === 'NOT_READY' ? unmetCondition(events) : undefined;
  const data = { error, message, waited, ...(seen === undefined ? {} : { seen }) };
  return [invalidBy(cause, 'trial-failed', data)];
}

/** What was seen of the condition that was not reached. */
function unmetCondition(events: TrialRecord['events']) {
  return eventsOf(events, 'ready').findLast(({ ok }) => !ok)?.detail;
}

function missingSteps(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  // Who drives a lab by hand takes steps of his own instead of the timeline's.
  if (views.some((view) => !onTimeline(trial, view))) return [];
  return trial.scenario.timeline
    .filter((step) => !views.some((view) => view.change.stepId === step.id))
    .map(({ id: step, action }) =>
      invalidBy('plan', 'step-missing', {
        step,
        fault: action.kind === 'inject' ? action.fault.kind : null,
        endedAfterMs: cutOffAfterMs(trial),
      }),
    );
}

function unprovenChanges({ events }: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  const unproven = views
    .map(({ change }) => change)
    .filter((change) => !change.verified)
    .map(({ change, faultKind, stepId: step, evidence }) =>
      invalidBy('instrument', 'change-not-proven', {
        step,
        fault: change === 'injected' ? faultKind : null,
        evidence,
      }),
    );
  // A flap is proven when each of its changes was seen.
  const transitions = eventsOf(events, 'fault.transition')
    .filter(({ verified }) => !verified)
    .map(({ faultKind: fault, targets, state, evidence }) =>
      invalidBy('instrument', 'change-not-proven', { fault, targets, state, evidence }),
    );
  return [...unproven, ...transitions];
}

/** Where `limits.duration` ended the traffic: after how long; null where it did not. */
function cutOffAfterMs({ scenario, end, trafficStartNs, trafficEndNs }: TrialRecord) {
  const { durationMs } = scenario.limits;
  const reached = trafficEndNs - trafficStartNs >= durationMs * NS_PER_MS;
  return reached && end?.reason === 'completed' ? durationMs : null;
}

/** False for steps that were taken by hand. A trial without faults has no steps at all. */
function onTimeline(trial: TrialRecord, { change }: EpisodeView): boolean {
  if (change.faultKind === null) return true;
  return trial.scenario.timeline.some((step) => step.id === change.stepId);
}

/** RFC 6412 §3.7.5: recovery is believed after the sustained window only. */
function shortRecoveries(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  const { sustainedMs: neededMs } = trial.scenario.limits;
  // A heal by hand at the end of a lab only tidies up: what follows is not waited for.
  const watched = views.filter(
    (view) => view.change.change === 'injected' || onTimeline(trial, view),
  );
  for (const { change, meters } of watched) {
    for (const { forward, reverse } of meters) {
      const short = [forward, reverse].find((direction) => direction.sustainedCutOff);
      if (!short) continue;
      const { sustainedMs } = short.result;
      const step = short.headline === null ? change.stepId : null;
      return [invalidBy('plan', 'recovery-not-sustained', { sustainedMs, neededMs, step })];
    }
  }
  return [];
}
