/** What was to measure a trial and gave nothing, or ended too early. */
import { invalidBy, type Reason } from '../model/reason.js';
import type { EpisodeView } from './episode.js';
import { absenceOf } from './flow-plan.js';
import { directionsOfFlow, reverseHalf } from './throughput.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

/** Meters and flows without a sample where one was needed. */
export function missingSamples(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  const first = views[0];
  if (!first || !trial.hadTraffic) return [];
  return [...silentMeters(trial, views), ...silentTcp(trial, first), ...silentFlows(trial)];
}

/** Every meter must have seen every fault: what one of several did not see, the others do not show. */
function silentMeters(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  const seen = trial.soFar
    ? views.slice(0, 1)
    : views.filter((view, index) => index === 0 || view.change.change === 'injected');
  const silent = seen.flatMap(({ change, meters }) =>
    trial.scenario.meters
      .filter(({ id }) => !meters.some(({ network }) => network.meter === id))
      .map(({ id }) => ({ id, stepId: change.stepId })),
  );
  const once = silent.filter((one, at) => silent.findIndex(({ id }) => id === one.id) === at);
  return once.map(({ id, stepId }) =>
    invalidBy('instrument', 'no-samples', {
      of: 'meter',
      meter: trial.scenario.meters.length > 1 ? id : null,
      afterStep: stepId === '' || stepId === seen[0]?.change.stepId ? null : stepId,
    }),
  );
}

/** The same of TCP flows that the plan has running when the first fault comes. */
function silentTcp(trial: TrialRecord, first: EpisodeView): Reason[] {
  const planned = trial.scenario.flows
    .filter((flow) => flow.protocol === 'tcp' && absenceOf(flow, first.change, trial) === null)
    .flatMap(directionsOfFlow);
  const silent = planned.filter(({ id }) => !first.tcps.some(({ result }) => result.flow === id));
  if (silent.length === 0) return [];
  const flows = silent.length === planned.length ? [null] : silent.map(({ id }) => id);
  return flows.map((flow) => invalidBy('instrument', 'no-samples', { of: 'tcp', flow }));
}

/** A flow that never ran although it had its time: iperf3 printed why. */
function silentFlows({ events, scenario }: TrialRecord): Reason[] {
  const told = new Set(eventsOf(events, 'iperf.interval').map(({ flow }) => flow));
  return scenario.flows
    .filter(({ id }) => !told.has(id) && !told.has(reverseHalf(id)))
    .flatMap(({ id: flow }) => {
      const [end] = eventsOf(events, 'iperf.end').filter((one) => one.flow === flow && one.error);
      if (!end?.error) return [];
      return [invalidBy('instrument', 'no-samples', { of: 'flow', flow, error: end.error })];
    });
}

/** What measures ended while it was needed: what happened after it is not known. */
export function endedInstruments({ events, trafficEndNs }: TrialRecord): Reason[] {
  return eventsOf(events, 'process.exit')
    .filter(({ atNs, process: { role }, signal, expected }) => {
      if (expected || atNs > trafficEndNs) return false;
      // An iperf3 that ends by itself prints why, and its flow is judged by what it carried.
      if (signal === null) return role === 'watch';
      return role === 'iperf3' || role === 'meter' || role === 'watch';
    })
    .map(({ process, signal, exitCode }) =>
      invalidBy('instrument', 'instrument-ended', { process, signal, exitCode }),
    );
}

/** TCP that carried nothing before the fault cannot show what the fault did to it. */
export function stillTcp(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  const first = views[0];
  if (!first || trial.scenario.allowOversize) return [];
  return first.tcps
    .filter((tcp) => tcp.result.baselineBps === 0)
    .map(({ result: { flow } }) => invalidBy('network', 'tcp-carried-nothing', { flow }));
}
