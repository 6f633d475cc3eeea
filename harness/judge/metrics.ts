/** The number an expectation is about, taken from the judged changes of a trial. */
import { type Detail, detail } from '../model/reading-detail.js';
import type { ResolvedExpectation } from '../model/resolved.js';
import type { DirectionResult, Phases } from '../model/result.js';
import type { EpisodeView } from './episode.js';
import { darkRunsOf } from './headline.js';
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

const phaseMetrics: Partial<Record<ResolvedExpectation['metric'], keyof Phases>> = {
  detectedMs: 'detectedMs',
  controllerToldMs: 'controllerToldMs',
  firstFlowChangeMs: 'firstFlowChangeMs',
  lastFlowChangeMs: 'lastFlowChangeMs',
};

/** Metrics that only iperf3 measures. */
const readsFlows: ReadonlySet<ResolvedExpectation['metric']> = new Set([
  'tcpStallMs',
  'recoveredTo90Ms',
  'stalls',
  'baselineBps',
  'rateDuringFaultBps',
]);

function unitOf(metric: ResolvedExpectation['metric']): string {
  if (metric === 'stalls') return '';
  if (metric.endsWith('Bps')) return 'bit/s';
  if (metric.endsWith('acketsLost')) return 'packets';
  if (metric === 'lossPeriods') return 'loss periods';
  return metric === 'lossPercent' ? '%' : 'ms';
}

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
  const reverts = metric === 'reversionOutageMs' || metric === 'reversionPacketsLost';
  const view = viewOf(expectation, views, reverts);
  if (!view) {
    return noSample('ms', detail(reverts ? 'never-healed' : 'step-not-reached', {}));
  }
  const phase = phaseMetrics[metric];
  if (phase) return readPhase(view, phase);
  if (metric === 'flowChanges') {
    return sample(view.flowChanges, 'flow changes', detail('over-all-switches', {}));
  }
  if (metric === 'controllerOutageMs') return readControllerOutage(view);
  const { of } = expectation;
  const meant = ({ flow }: { flow: string }) => flow === of || flow.startsWith(`${of}:`);
  const udps = view.udps.filter(meant);
  if (udps.length > 0) return readUdp(metric, udps, expectation.healCounts === true);
  const directions = directionsOf(view, of);
  const tcps = view.tcps.filter(({ result }) => of === null || meant(result));
  const byFlow = readsFlows.has(metric);
  if ((byFlow ? tcps : directions).length === 0) {
    return noSample(unitOf(metric), silenceOf(view, of, byFlow));
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

/** The change an expectation is about; for reversion, the heal of that fault. */
function viewOf(
  { step }: ResolvedExpectation,
  views: readonly EpisodeView[],
  reverts: boolean,
): EpisodeView | undefined {
  const named =
    step === null
      ? views.find((view) => view.change.change === 'injected')
      : views.find((view) => view.change.stepId === step);
  if (!reverts || named?.change.change === 'healed') return named;
  return views.find(
    (view) =>
      view.change.change === 'healed' &&
      view.change.faultId === named?.change.faultId &&
      view.change.beforeNs > named.change.beforeNs,
  );
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
