/** The number an expectation speaks about, taken from the judged changes of a trial. */
import type { ResolvedExpectation } from '../scenario/resolved.js';
import type { EpisodeView } from './episode.js';
import { worstOutage } from './outage.js';
import type { DirectionResult, Phases } from './result.js';
import { neverMoved, type TcpOutcome } from './tcp.js';
import { largestOf, secondsText, spanMs } from './units.js';

export interface Reading {
  /** Null when nothing was measured, or when it is censored. */
  value: number | null;
  /** Lower bound of a censored value; null when there is no sample at all. */
  atLeast: number | null;
  unit: string;
  detail: string;
}

const phaseMetrics: Partial<Record<ResolvedExpectation['metric'], keyof Phases>> = {
  detectedMs: 'detectedMs',
  controllerToldMs: 'controllerToldMs',
  firstFlowChangeMs: 'firstFlowChangeMs',
  lastFlowChangeMs: 'lastFlowChangeMs',
};

/** Reads the metric of an expectation; the worst of all pairs or flows unless one is named. */
export function readMetric(
  expectation: ResolvedExpectation,
  views: readonly EpisodeView[],
): Reading {
  const { metric } = expectation;
  const reverts = metric === 'reversionOutageMs' || metric === 'reversionPacketsLost';
  const view = viewOf(expectation, views, reverts);
  if (!view) {
    return noSample('ms', reverts ? 'the fault was never healed' : 'the step did not happen');
  }
  const phase = phaseMetrics[metric];
  if (phase) return readPhase(view, phase);
  if (metric === 'flowChanges') return sample(view.flowChanges, 'flow changes', 'all switches');
  if (metric === 'controllerOutageMs') return readControllerOutage(view);
  const directions = directionsOf(view, expectation.of);
  const { of } = expectation;
  const tcps = view.tcps.filter(
    ({ result }) => of === null || result.flow === of || result.flow.startsWith(`${of}:`),
  );
  switch (metric) {
    case 'networkOutageMs':
    case 'keepsContact':
    case 'losesContact':
    case 'reversionOutageMs':
      return readOutage(directions);
    case 'packetsLost':
    case 'reversionPacketsLost':
      return worstOf(directions, (d) => d.packetsLost, 'packets');
    case 'lossPeriods':
      return worstOf(directions, (d) => d.lossPeriods, 'loss periods');
    case 'lossPercent':
      return worstOf(directions, lossPercentOf, '%');
    case 'tcpStallMs':
      return readStall(tcps);
    case 'recoveredTo90Ms':
      return readRecoveredTo90(tcps);
    case 'stalls':
      return readStalls(tcps, directions);
    case 'baselineBps':
      return lowestOf(tcps.map((tcp) => tcp.result.baselineBps));
    case 'rateDuringFaultBps':
      return lowestOf(tcps.map((tcp) => tcp.result.rateDuringFaultBps));
    default:
      return noSample('', `nothing measures ${metric}`);
  }
}

/** The change an expectation speaks about; for reversion, the heal of that fault. */
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
  const detail = view.episode.phaseEvidence[phase] ?? '';
  return value === null ? noSample('ms', detail) : sample(value, 'ms', detail);
}

function readControllerOutage({ episode, change }: EpisodeView): Reading {
  const { controller } = episode;
  if (!controller) return noSample('ms', 'the fault hit no controller');
  if (controller.outageMs !== null) {
    return sample(controller.outageMs, 'ms', 'seen on the control channels of all switches');
  }
  const atLeastMs = spanMs(change.untilNs - change.atNs);
  return censored(
    atLeastMs,
    `nobody was in charge of all switches after ${secondsText(atLeastMs)}`,
  );
}

function readOutage(directions: readonly DirectionResult[]): Reading {
  if (directions.length === 0) return noSample('ms', 'no meter measured it');
  const { outageMs, atLeastMs } = worstOutage(directions);
  if (outageMs === null) return censored(atLeastMs, `no recovery within ${secondsText(atLeastMs)}`);
  return sample(outageMs, 'ms', `± ${directions[0]?.resolutionMs ?? 0} ms, longest outage`);
}

function readStall(tcps: readonly TcpOutcome[]): Reading {
  if (tcps.length === 0) return noSample('ms', 'iperf3 gave no samples');
  const atLeast = largestOf(tcps.map((tcp) => tcp.result.stallAtLeastMs));
  if (tcps.some((tcp) => tcp.result.stallMs === null))
    return censored(atLeast, `still stalled after ${secondsText(atLeast)}`);
  return sample(atLeast, 'ms', `to iperf3 rows of ${tcps[0]?.result.resolutionMs ?? 0} ms`);
}

function readRecoveredTo90(tcps: readonly TcpOutcome[]): Reading {
  if (tcps.length === 0) return noSample('ms', 'iperf3 gave no samples');
  const missing = tcps.find((tcp) => tcp.result.recoveredTo90Ms === null);
  if (missing) return censored(missing.notHeldBeforeMs, '90 % not held for 5 s');
  const worst = largestOf(tcps.map((tcp) => tcp.result.recoveredTo90Ms ?? 0));
  return sample(worst, 'ms', '90 % of the rate before the fault, held for 5 s');
}

/** 1 when TCP never moved though small packets passed; 0 when it moved. */
function readStalls(tcps: readonly TcpOutcome[], directions: readonly DirectionResult[]): Reading {
  if (tcps.length === 0) return noSample('', 'iperf3 gave no samples');
  if (directions.length === 0) return noSample('', 'no meter says whether small packets passed');
  const passed = directions.every((direction) => lossPercentOf(direction) < 1);
  if (!passed) return noSample('', 'small packets were lost as well');
  const stalled = tcps.some((tcp) => neverMoved(tcp.series));
  return stalled
    ? sample(1, '', 'TCP never moved a byte after its first second; small packets passed')
    : sample(0, '', 'TCP moved');
}

function lossPercentOf(direction: DirectionResult): number {
  if (direction.packetsSent === 0) return direction.packetsLost > 0 ? 100 : 0;
  return direction.outageMs === 0
    ? direction.lossPercent
    : (100 * direction.packetsLost) / Math.max(direction.packetsSent, direction.packetsLost);
}

function worstOf(
  directions: readonly DirectionResult[],
  value: (direction: DirectionResult) => number,
  unit: string,
): Reading {
  if (directions.length === 0) return noSample(unit, 'no meter measured it');
  return sample(largestOf(directions.map(value)), unit, 'worst direction');
}

function lowestOf(values: readonly (number | null)[]): Reading {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return noSample('bit/s', 'iperf3 gave no samples');
  return sample(Math.min(...known), 'bit/s', 'median of iperf3 rows, slowest flow');
}

function sample(value: number, unit: string, detail: string): Reading {
  return { value, atLeast: value, unit, detail };
}

function censored(atLeast: number, detail: string): Reading {
  return { value: null, atLeast, unit: 'ms', detail };
}

function noSample(unit: string, detail: string): Reading {
  return { value: null, atLeast: null, unit, detail };
}
