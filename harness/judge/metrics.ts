/** The number an expectation speaks about, taken from the judged changes of a trial. */
import type { ResolvedExpectation } from '../model/resolved.js';
import type { DirectionResult, Phases, UdpResult } from '../model/result.js';
import type { Ending } from './ending.js';
import type { EpisodeView } from './episode.js';
import { darkRunsOf } from './headline.js';
import { worstDirection } from './outage.js';
import { neverMoved, type TcpOutcome } from './tcp.js';
import { largestOf, secondsText, spanMs } from './units.js';

export interface Reading {
  /** Null when nothing was measured, or when it is censored. */
  value: number | null;
  /** Lower bound of a censored value; null when there is no sample at all. */
  atLeast: number | null;
  unit: string;
  detail: string;
  /** Censored at a heal, since nothing else ended it. */
  untilHeal?: boolean;
  /** Something that ended by itself was longer than what is censored: the bound is its length. */
  othersLonger?: boolean;
  /** Whether the heal ended it cannot be decided: the value is a lower bound, or the value. */
  unclear?: boolean;
}

const phaseMetrics: Partial<Record<ResolvedExpectation['metric'], keyof Phases>> = {
  detectedMs: 'detectedMs',
  controllerToldMs: 'controllerToldMs',
  firstFlowChangeMs: 'firstFlowChangeMs',
  lastFlowChangeMs: 'lastFlowChangeMs',
};

/** Metrics that only iperf3 speaks about. */
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

/** Why nothing speaks about a change: the plan of the flows, or a lack of samples. */
function silenceOf(view: EpisodeView, of: string | null, byFlow: boolean): string {
  const absent = view.absences.filter(({ flow }) => (of === null ? byFlow : flow === of));
  if (absent.length > 0) return absent.map(({ why }) => why).join('; ');
  if (of !== null) return `nothing measured ${of}`;
  return byFlow ? 'iperf3 gave no samples' : 'no meter measured it';
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
    return noSample('ms', reverts ? 'the fault was never healed' : 'the step did not happen');
  }
  const phase = phaseMetrics[metric];
  if (phase) return readPhase(view, phase);
  if (metric === 'flowChanges') return sample(view.flowChanges, 'flow changes', 'all switches');
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

function readSilence(directions: readonly DirectionResult[]): Reading {
  const recorded = directions.filter((one) => one.receiverSilenceAtLeastMs !== null);
  if (recorded.length < directions.length) {
    return noSample('ms', 'the record has no receive stamps of every arrival after a gap');
  }
  const atLeast = largestOf(recorded.map((one) => one.receiverSilenceAtLeastMs ?? 0));
  if (recorded.some((one) => one.receiverSilenceMs === null)) {
    const detail = `nothing arrived for ${secondsText(atLeast)}, to the heal or the end`;
    return { ...censored(atLeast, detail), untilHeal: true };
  }
  return sample(atLeast, 'ms', 'by the kernel stamps of arrivals, worst direction');
}

/** What is read of an interruption, whatever measured it. */
interface Interrupted {
  /** Null = censored. */
  valueMs: number | null;
  atLeastMs: number;
  ending: Ending | null;
  /** To the end, whatever ended it; null = it was not seen. */
  withHealMs: number | null;
  /** Beside a censored one: a longer one that ended by itself; null = there is none. */
  longerEndedMs?: number | null;
}

function lengthWithHeal({ withHealMs, longerEndedMs }: Interrupted) {
  const lastedMs = Math.max(withHealMs ?? 0, longerEndedMs ?? 0);
  return { valueMs: lastedMs, atLeastMs: lastedMs };
}

/** The longest of several interruptions. `healCounts`: one that a heal ended is as long as it was. */
function readInterruption(
  all: readonly Interrupted[],
  healCounts: boolean,
  words: { censored: (atLeastMs: number) => string; read: string },
): Reading {
  const counted = all.map((one) =>
    healCounts && one.ending === 'heal' && one.withHealMs !== null
      ? { ...one, ...lengthWithHeal(one) }
      : one,
  );
  const atLeastMs = largestOf(
    counted.map((one) => Math.max(one.atLeastMs, one.longerEndedMs ?? 0)),
  );
  const censoredOnes = counted.filter(({ valueMs }) => valueMs === null);
  if (censoredOnes.length > 0) {
    const untilHeal = censoredOnes.every(({ ending }) => ending === 'heal');
    const openMs = largestOf(censoredOnes.map((one) => one.atLeastMs));
    const why = untilHeal
      ? `not before the heal, which came ${secondsText(openMs)} after it began`
      : words.censored(openMs);
    const detail = atLeastMs > openMs ? `${why}; another lasted ${secondsText(atLeastMs)}` : why;
    return { ...censored(atLeastMs, detail), untilHeal, othersLonger: atLeastMs > openMs };
  }
  const unclear = counted.some(({ ending }) => ending === 'unclear') && !healCounts;
  const doubt = unclear ? ', as the fault was healed: whether the heal ended it is unclear' : '';
  return { ...sample(atLeastMs, 'ms', words.read + doubt), unclear };
}

function readOutage(directions: readonly DirectionResult[], healCounts: boolean): Reading {
  const [low, high] = worstDirection(directions)?.outageRangeMs ?? [null, null];
  const range =
    low === null || low === high
      ? `± ${directions[0]?.resolutionMs ?? 0} ms`
      : `between ${low} and ${high} ms`;
  return readInterruption(
    directions.map((one) => ({
      valueMs: one.outageMs,
      atLeastMs: one.outageAtLeastMs,
      ending: one.outageEnding,
      withHealMs: one.outageWithHealMs,
      longerEndedMs: one.longerEndedOutageMs,
    })),
    healCounts,
    {
      censored: (atLeastMs) => `no recovery within ${secondsText(atLeastMs)}`,
      read: `${range}, longest outage`,
    },
  );
}

/** 1 when a pair was dark in either direction at the end of the traffic, 0 when it was not. */
function readDarkness(views: readonly EpisodeView[], of: string | null): Reading {
  const measured = views.some((view) => directionsOf(view, of).length > 0);
  if (!measured) return noSample('', 'no meter measured it');
  const dark = views.some((view) =>
    darkRunsOf(view).some(({ meter }) => meter.network.meter === of),
  );
  return dark
    ? sample(1, '', 'dark at the end of the traffic')
    : sample(0, '', 'packets got through at the end of the traffic');
}

function readStall(tcps: readonly TcpOutcome[], healCounts: boolean): Reading {
  return readInterruption(
    tcps.map(({ result }) => ({
      valueMs: result.stallMs,
      atLeastMs: result.stallAtLeastMs,
      ending: result.stallEnding,
      withHealMs: result.stallWithHealMs,
    })),
    healCounts,
    {
      censored: (atLeastMs) => `still stalled after ${secondsText(atLeastMs)}`,
      read: `up to ${tcps[0]?.result.resolutionMs ?? 0} ms more: bytes moved again within one iperf3 row`,
    },
  );
}

function readRecoveredTo90(tcps: readonly TcpOutcome[], healCounts: boolean): Reading {
  const all = tcps.map(({ result, notHeldBeforeMs }) => ({
    valueMs: result.recoveredTo90Ms,
    atLeastMs: result.recoveredTo90Ms ?? notHeldBeforeMs,
    ending: result.recoveredTo90AfterHealMs === null ? null : ('heal' as const),
    withHealMs: result.recoveredTo90AfterHealMs,
  }));
  return readInterruption(all, healCounts, {
    censored: () => '90 % not held for 5 s',
    read: '90 % of the rate before the fault, held for 5 s',
  });
}

/** 1 when TCP never moved though small packets passed; 0 when it moved. */
function readStalls(tcps: readonly TcpOutcome[], directions: readonly DirectionResult[]): Reading {
  if (directions.length === 0) return noSample('', 'no meter says whether small packets passed');
  const passed = directions.every((direction) => lossPercentOf(direction) < 1);
  if (!passed) return noSample('', 'small packets were lost as well');
  const stalled = tcps.some((tcp) => neverMoved(tcp.series));
  return stalled
    ? sample(1, '', 'TCP never moved a byte after its first second; small packets passed')
    : sample(0, '', 'TCP moved');
}

/** What a UDP flow's rows tell; validation refuses the metrics that they cannot tell. */
function readUdp(
  metric: ResolvedExpectation['metric'],
  udps: readonly UdpResult[],
  healCounts: boolean,
): Reading {
  const widest = largestOf(udps.map((udp) => udp.resolutionMs));
  switch (metric) {
    case 'networkOutageMs':
    case 'reversionOutageMs':
      return readInterruption(
        udps.map((udp) => ({
          valueMs: udp.outageMs,
          atLeastMs: udp.outageAtLeastMs,
          ending: udp.outageEnding,
          withHealMs: udp.outageWithHealMs,
        })),
        healCounts,
        {
          censored: (atLeastMs) => `nothing arrived for ${secondsText(atLeastMs)}, to the end`,
          read: `by iperf3 rows, to ${widest} ms`,
        },
      );
    case 'packetsLost':
    case 'reversionPacketsLost':
      return worstUdp(udps, (udp) => udp.packetsLost, 'packets');
    case 'lossPercent':
      return worstUdp(udps, (udp) => udp.lossPercent, '%');
    case 'baselineBps':
      return lowestOf(udps.map((udp) => udp.baselineBps));
    case 'rateDuringFaultBps':
      return lowestOf(udps.map((udp) => udp.rateDuringFaultBps));
    default:
      return noSample('', `iperf3 does not tell ${metric} of a UDP flow; the meter does`);
  }
}

function worstUdp(
  udps: readonly UdpResult[],
  value: (udp: UdpResult) => number | null,
  unit: string,
): Reading {
  const values = udps.map(value).filter((each) => each !== null);
  if (values.length < udps.length) return noSample(unit, 'the rows of iperf3 tell no loss');
  return sample(largestOf(values), unit, 'datagrams of iperf3, by the rows of its receiver');
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
