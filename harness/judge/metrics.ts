/** The number an expectation is about, taken from the judged changes of a trial. */
import { type Detail, detail } from '../model/reading-detail.js';
import type { ResolvedExpectation } from '../model/resolved.js';
import type { DirectionResult, Phases } from '../model/result.js';
import type { EpisodeView } from './episode.js';
import { darkRunsOf } from './headline.js';
import { isOfFlow, metricFacts, viewMeantBy } from './metric-facts.js';
import { readOutage, readRecoveredTo90, readStall, readStalls } from './readings/interruption.js';
import {
  censored,
  lossPercentOf,
  lowestOf,
  noSample,
  type Reading,
  sample,
  worstOf,
} from './readings/reading.js';
import { readUdp } from './readings/udp.js';
import { largestOf, spanMs } from './units.js';

/** Why nothing measured a change: the plan of the flows, or a lack of samples. */
function silenceOf(view: EpisodeView, of: string | null, byFlow: boolean): Detail {
  const absent = view.absences.filter(({ flow }) => (of === null ? byFlow : flow === of));
  if (absent.length > 0) return detail('flows-absent', { flows: absent });
  return detail('not-measured', { of, by: byFlow ? 'iperf3' : 'meter' });
}

/** Reads the metric of an expectation; the worst of all pairs or flows unless one is named. */
export function readMetric(
  expectation: ResolvedExpectation,
  views: readonly EpisodeView[],
): Reading {
  const { metric } = expectation;
  const { unit, phase, byFlow = false, reverts } = metricFacts[metric];
  const view = viewMeantBy(expectation, views);
  if (!view) {
    return noSample('ms', detail(reverts ? 'never-healed' : 'step-not-reached', {}));
  }
  if (phase) return readPhase(view, phase);
  if (metric === 'flowChanges') {
    return sample(view.flowChanges, 'flow changes', detail('over-all-switches', {}));
  }
  if (metric === 'routeChanges') {
    return sample(view.routeChanges, 'route changes', detail('over-all-routers', {}));
  }
  if (metric === 'controllerOutageMs') return readControllerOutage(view);
  const { of } = expectation;
  const udps = view.udps.filter(({ flow }) => isOfFlow(flow, of));
  if (udps.length > 0) return readUdp(metric, udps, expectation.healCounts === true);
  const directions = directionsOf(view, of);
  const tcps = view.tcps.filter(({ result }) => of === null || isOfFlow(result.flow, of));
  if ((byFlow ? tcps : directions).length === 0) {
    return noSample(unit, silenceOf(view, of, byFlow));
  }
  switch (metric) {
    case 'networkOutageMs':
    case 'keepsContact':
    case 'losesContact':
    case 'reversionOutageMs':
      return readOutage(directions, expectation.healCounts === true);
    case 'receiverSilenceMs':
      return readSilence(directions);
    case 'staysDark':
      return readDarkness(views, of);
    case 'packetsLost':
    case 'reversionPacketsLost':
      return worstOf(directions, (d) => d.packetsLost, 'packets');
    case 'lossPeriods':
      return worstOf(directions, (d) => d.lossPeriods, 'loss periods');
    case 'darkFlows':
      return readDarkFlows(directions);
    case 'lossPercent':
      return worstOf(directions, lossPercentOf, '%');
    case 'tcpStallMs':
      return readStall(tcps, expectation.healCounts === true);
    case 'recoveredTo90Ms':
      return readRecoveredTo90(tcps, expectation.healCounts === true);
    case 'stalls':
      return readStalls(tcps, directions);
    case 'baselineBps':
      return lowestOf(tcps.map((tcp) => tcp.result.baselineBps));
    case 'rateDuringFaultBps':
      return lowestOf(tcps.map((tcp) => tcp.result.rateDuringFaultBps));
    default:
      return noSample('', detail('metric-unmeasured', { metric, udp: false }));
  }
}

function directionsOf(view: EpisodeView, of: string | null): DirectionResult[] {
  return view.meters
    .filter(({ network }) => of === null || network.meter === of)
    .flatMap(({ network }) => [network.forward, network.reverse]);
}

function readPhase(view: EpisodeView, phase: keyof Phases): Reading {
  const value = view.episode.phases[phase];
  const sighting = view.episode.phaseEvidence[phase] ?? { by: 'nothing', recoveredFirst: false };
  const seen = detail('seen-by', { sighting });
  return value === null ? noSample('ms', seen) : sample(value, 'ms', seen);
}

function readControllerOutage({ episode, change }: EpisodeView): Reading {
  const { controller } = episode;
  if (!controller) return noSample('ms', detail('no-controller-hit', {}));
  if (controller.outageMs !== null) {
    return sample(controller.outageMs, 'ms', detail('on-control-channels', {}));
  }
  const afterMs = spanMs(change.untilNs - change.atNs);
  return censored(afterMs, detail('no-master', { afterMs }));
}

/** In the direction with most of them; of meters with several flows alone. */
function readDarkFlows(directions: readonly DirectionResult[]): Reading {
  const measured = directions.flatMap(({ flows }) => (flows === undefined ? [] : [flows]));
  if (measured.length === 0)
    return noSample('flows', detail('not-measured', { of: null, by: 'meter' }));
  return sample(largestOf(measured.map(({ dark }) => dark)), 'flows', detail('over-all-flows', {}));
}

function readSilence(directions: readonly DirectionResult[]): Reading {
  const recorded = directions.filter((one) => one.receiverSilenceAtLeastMs !== null);
  if (recorded.length < directions.length) {
    return noSample('ms', detail('no-receive-stamps', {}));
  }
  const atLeast = largestOf(recorded.map((one) => one.receiverSilenceAtLeastMs ?? 0));
  if (recorded.some((one) => one.receiverSilenceMs === null)) {
    return {
      ...censored(atLeast, detail('silent-to-the-end', { forMs: atLeast })),
      untilHeal: true,
    };
  }
  return sample(atLeast, 'ms', detail('by-arrivals', {}));
}

/** 1 when a pair was dark in either direction at the end of the traffic, 0 when it was not. */
function readDarkness(views: readonly EpisodeView[], of: string | null): Reading {
  const measured = views.some((view) => directionsOf(view, of).length > 0);
  if (!measured) return noSample('', detail('not-measured', { of: null, by: 'meter' }));
  const dark = views.some((view) =>
    darkRunsOf(view).some(({ meter }) => meter.network.meter === of),
  );
  return sample(dark ? 1 : 0, '', detail('dark-at-the-end', { dark }));
}
