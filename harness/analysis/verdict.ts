/** From numbers to one of three words, each with its reasons. */
import { missedTarget, missingEffect } from './effect.js';
import type { EpisodeView } from './episode.js';
import { absenceOf } from './flow-plan.js';
import type { ExpectationResult, Fidelity, TrialResult, Verdict } from './result.js';
import { neverMoved } from './tcp.js';
import { thresholds } from './thresholds.js';
import { reverseHalf } from './throughput.js';
import { eventsOf, type RunRecord, type TrialRecord } from './trial-record.js';
import { NS_PER_MS, secondsText, spanMs } from './units.js';
import { missingEventReasons, unknownValueRemarks } from './unreadable.js';

export interface Judgement {
  verdict: Verdict;
  reasons: string[];
}

/** Why a trial says nothing about the network; empty when it is valid. */
export function invalidReasons(
  trial: TrialRecord,
  views: readonly EpisodeView[],
  fidelity: Fidelity,
): string[] {
  const faults = views.filter((view) => view.change.change === 'injected');
  return [
    ...endReasons(trial),
    ...missingEventReasons(trial),
    ...(trial.hadTraffic ? [] : ['traffic never started']),
    ...unprovenReasons(trial, views),
    ...sampleReasons(trial, views),
    ...(trial.end?.reason === 'completed' && trial.hadTraffic ? endedReasons(trial) : []),
    ...(trial.hadTraffic ? fidelity.reasons : []),
    ...stillTcpReasons(trial, views),
    ...faults.map((view) => missedTarget(view)).filter((reason) => reason !== null),
    ...faults.map((view) => missingEffect(view, trial)).filter((reason) => reason !== null),
    ...shortReasons(trial, views),
  ];
}

function endReasons(trial: TrialRecord): string[] {
  if (!trial.end) return ['the history ends before the trial did'];
  if (trial.end.reason === 'completed') return [];
  if (trial.end.reason === 'interrupted') return ['the trial was interrupted'];
  return [`the trial failed${trial.end.error ? `: ${trial.end.error.message}` : ''}`];
}

function unprovenReasons(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const missing = trial.scenario.timeline
    .filter((step) => !views.some((view) => view.change.stepId === step.id))
    .map(({ id, action }) => {
      const what = action.kind === 'inject' ? `the fault ${action.fault.kind}` : 'the heal';
      return `${what} (step ${id}) never happened${cutOffText(trial)}`;
    });
  const unproven = views
    .map(({ change }) => change)
    .filter((change) => !change.verified)
    .map(({ change, faultKind, stepId, evidence }) => {
      const what = change === 'injected' ? `the fault ${faultKind}` : 'the heal';
      return `${what} (step ${stepId}) was not proven: ${evidence}`;
    });
  // Whoever drives a lab by hand takes steps of his own instead of the timeline's.
  return views.some((view) => !onTimeline(trial, view)) ? unproven : [...missing, ...unproven];
}

/** Says so when it was `limits.duration` that ended the traffic. */
function cutOffText({ scenario, end, trafficStartNs, trafficEndNs }: TrialRecord): string {
  const { durationMs } = scenario.limits;
  const reached = trafficEndNs - trafficStartNs >= durationMs * NS_PER_MS;
  if (!reached || end?.reason !== 'completed') return '';
  return `: limits.duration ended the traffic after ${secondsText(durationMs)}`;
}

/** False for steps that were taken by hand. A trial without faults has no steps at all. */
function onTimeline(trial: TrialRecord, { change }: EpisodeView): boolean {
  if (change.faultKind === null) return true;
  return trial.scenario.timeline.some((step) => step.id === change.stepId);
}

function sampleReasons(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const first = views[0];
  if (!first || !trial.hadTraffic) return [];
  const reasons: string[] = [];
  if (trial.scenario.meters.length > 0 && first.meters.length === 0) {
    reasons.push('the meter gave no samples in both directions');
  }
  const planned = trial.scenario.flows.filter(
    (flow) => absenceOf(flow, first.change, trial) === null,
  );
  if (planned.some((flow) => flow.protocol === 'tcp') && first.tcps.length === 0) {
    reasons.push('iperf3 gave no samples');
  }
  return [...reasons, ...silentFlowReasons(trial)];
}

/** What measures ended while it was needed: after it nobody knows what happened. */
function endedReasons({ events, trafficEndNs }: TrialRecord): string[] {
  return eventsOf(events, 'process.exit')
    .filter(({ atNs, process, signal, expected }) => {
      if (expected || atNs > trafficEndNs) return false;
      // An iperf3 that ends by itself says why, and its flow is judged by what it carried.
      const needed = signal === null ? /^watch / : /^(iperf3|meter|watch) /;
      return needed.test(process);
    })
    .map(({ process, signal, exitCode }) => {
      const how = signal === null ? `ended with status ${exitCode}` : `was ended by ${signal}`;
      return `${process} ${how} before the traffic was over`;
    });
}

/** A flow that never ran although it had its time: iperf3 says why. */
function silentFlowReasons({ events, scenario }: TrialRecord): string[] {
  const told = new Set(eventsOf(events, 'iperf.interval').map(({ flow }) => flow));
  return scenario.flows
    .filter(({ id }) => !told.has(id) && !told.has(reverseHalf(id)))
    .flatMap(({ id }) => {
      const errors = eventsOf(events, 'iperf.end').filter((end) => end.flow === id && end.error);
      return errors.length === 0 ? [] : [`flow ${id} never ran: ${errors[0]?.error}`];
    });
}

/** TCP that carried nothing before the fault cannot show what the fault did to it. */
function stillTcpReasons(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const first = views[0];
  if (!first || trial.scenario.allowOversize) return [];
  return first.tcps
    .filter((tcp) => tcp.result.baselineBps === 0)
    .map((tcp) => `TCP flow ${tcp.result.flow} carried nothing before the fault`);
}

/** RFC 6412 §3.7.5: recovery is believed after the sustained window only. */
function shortReasons(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const { sustainedMs } = trial.scenario.limits;
  // A heal by hand at the end of a lab only tidies up: nobody waits for what follows.
  const watched = views.filter(
    (view) => view.change.change === 'injected' || onTimeline(trial, view),
  );
  for (const view of watched) {
    for (const { forward, reverse } of view.meters) {
      const short = [forward, reverse].find((direction) => direction.sustainedCutOff);
      if (short) {
        return [
          `traffic ended ${secondsText(short.result.sustainedMs)} after the recovery; ` +
            `${secondsText(sustainedMs)} without outage are needed to believe it`,
        ];
      }
    }
  }
  return [];
}

/** Invalid beats all; then a failed expectation, then one that nothing speaks to. */
export function trialVerdict(
  trial: TrialRecord,
  invalid: readonly string[],
  expectations: readonly ExpectationResult[],
  views: readonly EpisodeView[],
): Judgement {
  const remarks = [
    ...oversizeRemark(trial, views),
    ...controllerRemarks(trial),
    ...unknownValueRemarks(trial),
  ];
  if (invalid.length > 0) return { verdict: 'inconclusive', reasons: [...invalid, ...remarks] };
  if (expectations.length === 0) return withoutExpectations(views, remarks);
  const failed = expectations.filter((expectation) => expectation.verdict === 'fail');
  const open = expectations.filter((expectation) => expectation.verdict === 'inconclusive');
  const told = [...failed, ...open].map((e) => `${e.text}: ${measuredText(e)}`);
  const verdict = failed.length > 0 ? 'fail' : open.length > 0 ? 'inconclusive' : 'pass';
  return { verdict, reasons: [...told, ...remarks] };
}

function withoutExpectations(views: readonly EpisodeView[], remarks: string[]): Judgement {
  const lost = views.flatMap((view) =>
    view.meters.flatMap(({ network }) =>
      (['forward', 'reverse'] as const)
        .filter((direction) => !network[direction].recovered)
        .map((direction) => `${network.meter}, ${direction}: never recovered`),
    ),
  );
  return { verdict: lost.length > 0 ? 'fail' : 'pass', reasons: [...lost, ...remarks] };
}

function measuredText(expectation: ExpectationResult): string {
  if (expectation.measured === null) return expectation.detail || 'no sample';
  const unit = expectation.unit === '' ? '' : ` ${expectation.unit}`;
  return `measured ${expectation.measured}${unit}, bound ${expectation.bound}${unit}`;
}

/** A declared oversize segment that stalls TCP is a finding, and is said. */
function oversizeRemark(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  if (!trial.scenario.allowOversize) return [];
  const still = views[0]?.tcps.filter((tcp) => neverMoved(tcp.series)) ?? [];
  return still.map(({ result }) => {
    const segments = result.mssBytes === null ? 'its segments' : `${result.mssBytes}-byte segments`;
    return (
      `oversize stall reproduced: TCP flow ${result.flow} never moved a byte after its first ` +
      `second, since ${segments} do not fit the tunnel, though small packets pass`
    );
  });
}

/** A controller that ended by itself belongs to what was measured, and may explain it. */
function controllerRemarks({ events, trafficStartNs, trafficEndNs }: TrialRecord): string[] {
  return eventsOf(events, 'process.exit')
    .filter(({ process, expected }) => process.startsWith('controller') && !expected)
    .filter(({ atNs }) => atNs >= trafficStartNs && atNs <= trafficEndNs)
    .map(({ atNs, process, signal, exitCode }) => {
      const how = signal ?? `status ${exitCode}`;
      const at = secondsText(spanMs(atNs - trafficStartNs));
      return `the ${process} ended with ${how} at ${at}, and no fault of the scenario did it`;
    });
}

/** Why the run ended early, unless one of its trials has said so. */
function runEndReasons({ end }: RunRecord, told: readonly string[]): string[] {
  if (!end) return ['the history ends before the run did'];
  if (end.reason === 'completed') return [];
  if (end.reason === 'interrupted') return ['the run was interrupted'];
  const { message } = end.error ?? {};
  if (message === undefined) return ['the run failed'];
  return told.some((reason) => reason.endsWith(message)) ? [] : [`the run failed: ${message}`];
}

/** A run fails with any valid trial that fails; it needs enough valid trials to pass. */
export function runVerdict(run: RunRecord, trials: readonly TrialResult[]): Judgement {
  const { trials: planned, indexes } = run.header;
  const prefix = (trial: TrialResult): string => (planned > 1 ? `trial ${trial.index}: ` : '');
  const told = trials
    .filter((trial) => trial.verdict !== 'pass' || trial.reasons.length > 0)
    .flatMap((trial) => trial.reasons.map((reason) => prefix(trial) + reason));
  const reasons = runEndReasons(run, told);
  const wanted = indexes?.length ?? planned;
  const part =
    trials.length < planned ? [`${trials.length} of ${planned} trials were started`] : [];
  // A shard holds what it was asked for, and a run that ends when it knows enough ends early.
  if (trials.length < wanted && run.header.untilPrecise === undefined) reasons.push(...part);
  const remarks = indexes && trials.length >= wanted ? part : [];
  const invalid = trials.filter((trial) => trial.verdict === 'inconclusive');
  const invalidPercent = trials.length === 0 ? 100 : (100 * invalid.length) / trials.length;
  const tooMany = invalidPercent > thresholds.invalidTrialsPercent;
  const leftovers = run.end?.leftovers ?? [];
  if (leftovers.length > 0) reasons.push(`left behind: ${leftovers.join(', ')}`);
  if (trials.some((trial) => trial.verdict === 'fail')) {
    return { verdict: 'fail', reasons: [...told, ...reasons, ...remarks] };
  }
  const whole = run.end?.reason === 'completed' && reasons.length === 0;
  const verdict = tooMany || !whole ? 'inconclusive' : 'pass';
  return { verdict, reasons: [...reasons, ...told, ...remarks] };
}
