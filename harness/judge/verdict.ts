/** From numbers to one of three words, each with its reasons. */

import { type Reason, type ReasonCause, textsOf } from '../model/reason.js';
import type { ExpectationResult, Fidelity, TrialResult, Verdict } from '../model/result.js';
import { combine } from './combine.js';
import { missedTarget, missingEffect } from './effect.js';
import type { EpisodeView } from './episode.js';
import { absenceOf } from './flow-plan.js';
import { idleFlowRemarks } from './idle-flows.js';
import { waitedWords } from './starvation.js';
import { strayStampReasons } from './stray-stamps.js';
import { neverMoved } from './tcp.js';
import { directionsOfFlow, reverseHalf } from './throughput.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
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
): Reason[] {
  const faults = views.filter((view) => view.change.change === 'injected');
  return [
    ...endReasons(trial),
    ...reasons('instrument', 'events-missing', missingEventReasons(trial)),
    ...reasons('instrument', 'stray-stamps', strayStampReasons(trial)),
    ...(trial.hadTraffic ? [] : reasons('instrument', 'no-traffic', ['traffic never started'])),
    ...unprovenReasons(trial, views),
    ...reasons('instrument', 'no-samples', sampleTexts(trial, views)),
    ...(trial.end?.reason === 'completed' && trial.hadTraffic
      ? reasons('instrument', 'instrument-ended', endedTexts(trial))
      : []),
    ...(trial.hadTraffic ? fidelity.flaws : []),
    ...reasons('network', 'tcp-carried-nothing', stillTcpTexts(trial, views)),
    ...reasons(
      'network',
      'target-missed',
      faults.map((view) => missedTarget(view)).filter((text) => text !== null),
    ),
    ...reasons(
      'plan',
      'no-effect',
      faults.map((view) => missingEffect(view, trial)).filter((text) => text !== null),
    ),
    ...reasons('plan', 'recovery-not-sustained', shortTexts(trial, views)),
  ];
}

function reasons(cause: ReasonCause, code: string, texts: readonly string[]): Reason[] {
  return texts.map((text) => ({ code, cause, text }));
}

/** Failures that a busy machine makes by itself: something was not done in its time. */
const failsByWaiting: ReadonlySet<string> = new Set([
  'NOT_READY',
  'TIMED_OUT',
  'TRAFFIC_FAILED',
  'FAULT_NOT_APPLIED',
]);

function endReasons({ end, start, events }: TrialRecord): Reason[] {
  if (!end) return reasons('interrupted', 'cut-off', ['the history ends before the trial did']);
  if (end.reason === 'completed') return [];
  if (end.reason === 'interrupted') {
    return reasons('interrupted', 'interrupted', ['the trial was interrupted']);
  }
  const text = `the trial failed${end.error ? `: ${end.error.message}` : ''}`;
  const code = (end.error?.code ?? 'failed').toLowerCase().replaceAll('_', '-');
  const starved = failsByWaiting.has(end.error?.code ?? '')
    ? waitedWords(events, start.atNs, end.atNs)
    : null;
  if (starved !== null) return reasons('machine', code, [`${text} (${starved})`]);
  return reasons(end.error?.code === 'NOT_READY' ? 'network' : 'instrument', code, [text]);
}

function unprovenReasons(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
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
  unproven.push(...transitionReasons(trial));
  // Whoever drives a lab by hand takes steps of his own instead of the timeline's.
  const byHand = views.some((view) => !onTimeline(trial, view));
  return [
    ...reasons('plan', 'step-missing', byHand ? [] : missing),
    ...reasons('instrument', 'change-not-proven', unproven),
  ];
}

/** A flap is proven when each of its changes was seen. */
function transitionReasons({ events }: TrialRecord): string[] {
  return eventsOf(events, 'fault.transition')
    .filter(({ verified }) => !verified)
    .map(
      ({ faultKind, targets, state, evidence }) =>
        `a change of ${faultKind} on ${targets.join(', ')} to ${state} was not proven: ${evidence}`,
    );
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

function sampleTexts(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const first = views[0];
  if (!first || !trial.hadTraffic) return [];
  return [
    ...silentMeterTexts(trial, views),
    ...silentTcpTexts(trial, first),
    ...silentFlowTexts(trial),
  ];
}

/** Every meter must have seen every fault: what one of several did not see, the others do not show. */
function silentMeterTexts(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const seen = trial.soFar
    ? views.slice(0, 1)
    : views.filter((view, index) => index === 0 || view.change.change === 'injected');
  const silent = seen.flatMap(({ change, meters }) =>
    trial.scenario.meters
      .filter(({ id }) => !meters.some(({ network }) => network.meter === id))
      .map(({ id }) => ({ id, stepId: change.stepId })),
  );
  const once = silent.filter((one, at) => silent.findIndex(({ id }) => id === one.id) === at);
  return once.map(({ id, stepId }) => {
    const which = trial.scenario.meters.length > 1 ? `the meter ${id}` : 'the meter';
    const after = stepId === '' || stepId === seen[0]?.change.stepId ? '' : ` after step ${stepId}`;
    return `${which} gave no samples in both directions${after}`;
  });
}

/** The same of TCP flows that the plan has running when the first fault comes. */
function silentTcpTexts(trial: TrialRecord, first: EpisodeView): string[] {
  const planned = trial.scenario.flows
    .filter((flow) => flow.protocol === 'tcp' && absenceOf(flow, first.change, trial) === null)
    .flatMap(directionsOfFlow);
  const silent = planned.filter(({ id }) => !first.tcps.some(({ result }) => result.flow === id));
  if (silent.length === 0) return [];
  if (silent.length === planned.length) return ['iperf3 gave no samples'];
  return silent.map(({ id }) => `iperf3 gave no samples of flow ${id}`);
}

/** What measures ended while it was needed: after it nobody knows what happened. */
function endedTexts({ events, trafficEndNs }: TrialRecord): string[] {
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
function silentFlowTexts({ events, scenario }: TrialRecord): string[] {
  const told = new Set(eventsOf(events, 'iperf.interval').map(({ flow }) => flow));
  return scenario.flows
    .filter(({ id }) => !told.has(id) && !told.has(reverseHalf(id)))
    .flatMap(({ id }) => {
      const errors = eventsOf(events, 'iperf.end').filter((end) => end.flow === id && end.error);
      return errors.length === 0 ? [] : [`flow ${id} never ran: ${errors[0]?.error}`];
    });
}

/** TCP that carried nothing before the fault cannot show what the fault did to it. */
function stillTcpTexts(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const first = views[0];
  if (!first || trial.scenario.allowOversize) return [];
  return first.tcps
    .filter((tcp) => tcp.result.baselineBps === 0)
    .map((tcp) => `TCP flow ${tcp.result.flow} carried nothing before the fault`);
}

/** RFC 6412 §3.7.5: recovery is believed after the sustained window only. */
function shortTexts(trial: TrialRecord, views: readonly EpisodeView[]): string[] {
  const { sustainedMs } = trial.scenario.limits;
  // A heal by hand at the end of a lab only tidies up: nobody waits for what follows.
  const watched = views.filter(
    (view) => view.change.change === 'injected' || onTimeline(trial, view),
  );
  for (const view of watched) {
    for (const { forward, reverse } of view.meters) {
      const short = [forward, reverse].find((direction) => direction.sustainedCutOff);
      if (short) {
        const what = short.headline === null ? `step ${view.change.stepId}` : 'the recovery';
        return [
          `traffic ended ${secondsText(short.result.sustainedMs)} after ${what}; ` +
            `${secondsText(sustainedMs)} without outage are needed to believe it`,
        ];
      }
    }
  }
  return [];
}

/**
 * Invalid beats all; then a failed expectation or a network that is dark at the end though no
 * expectation asks for that, then an expectation that nothing speaks to.
 */
export function trialVerdict(
  trial: TrialRecord,
  invalid: readonly Reason[],
  expectations: readonly ExpectationResult[],
  views: readonly EpisodeView[],
  darkAtEnd: TrialResult['darkAtEnd'],
): Judgement {
  const remarks = [
    ...oversizeRemark(trial, views),
    ...controllerRemarks(trial),
    ...unknownValueRemarks(trial),
    ...idleFlowRemarks(trial),
  ];
  if (invalid.length > 0) {
    return { verdict: 'inconclusive', reasons: [...textsOf(invalid), ...remarks] };
  }
  const failed = expectations.filter((expectation) => expectation.verdict === 'fail');
  const open = expectations.filter((expectation) => expectation.verdict === 'inconclusive');
  const dark = darkReasons(trial, darkAtEnd);
  const alone = expectations.length === 0 ? withoutExpectations(views) : { lost: [], healed: [] };
  const failures = [...dark, ...failed.map((e) => `${e.text}: ${measuredText(e)}`), ...alone.lost];
  const told = [...failures, ...open.map((e) => `${e.text}: ${measuredText(e)}`)];
  const verdict = combine([
    ...expectations.map((expectation) => expectation.verdict),
    ...(failures.length > 0 ? (['fail'] as const) : []),
  ]);
  return { verdict, reasons: [...told, ...alone.healed, ...remarks] };
}

/** Directions that end dark, except those of a meter of which the scenario expects it. */
function darkReasons({ scenario }: TrialRecord, darkAtEnd: TrialResult['darkAtEnd']): string[] {
  const expected = scenario.expectations
    .filter(({ metric }) => metric === 'staysDark')
    .map(({ of }) => of);
  return darkAtEnd
    .filter(({ meter }) => !expected.includes(meter))
    .map(
      ({ from, to, sinceMs, forMs }) =>
        `dark at the end: no packet from ${from} to ${to} since ${secondsText(sinceMs)}, ` +
        `for the last ${secondsText(forMs)} of the traffic`,
    );
}

/** Without expectations nothing may stay away; what only a heal brought back is reported. */
function withoutExpectations(views: readonly EpisodeView[]): { lost: string[]; healed: string[] } {
  const directions = views.flatMap((view) =>
    view.meters.flatMap(({ network }) =>
      (['forward', 'reverse'] as const).map((direction) => ({
        name: `${network.meter}, ${direction}`,
        result: network[direction],
      })),
    ),
  );
  const away = directions.filter(({ result }) => !result.recovered);
  const byHeal = away.filter(({ result }) => result.outageEnding === 'heal');
  return {
    lost: away.filter((one) => !byHeal.includes(one)).map(({ name }) => `${name}: never recovered`),
    healed: byHeal.map(
      ({ name, result }) =>
        `${name}: did not recover by itself; dark for ${secondsText(result.outageAtLeastMs)}, ` +
        'until the heal',
    ),
  };
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
