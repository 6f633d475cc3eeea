/** One change and what it did to everything that was measured. */

import type { Absence } from '../model/reading-detail.js';
import type { DirectionResult, Episode, NetworkResult, UdpResult } from '../model/result.js';
import type { Change } from './changes.js';
import { controllerRecoveryOf } from './controller-recovery.js';
import { type ExplanationInput, explain } from './explanation.js';
import { absenceOf, baselineUntilNs, changeAsSeenBy } from './flow-plan.js';
import { type Surroundings, surroundingsOf } from './loss-occasion.js';
import type { MeterRecord } from './meter-record.js';
import { type DirectionOutage, judgeDirection, type OutageLimits, worstOutage } from './outage.js';
import { readPhases } from './phases.js';
import { returnLossOf } from './return-loss.js';
import { baselineRateBps, judgeTcp, type NetworkView, type TcpOutcome } from './tcp.js';
import type { FlowSeries } from './throughput.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { judgeUdp } from './udp.js';
import { NS_PER_MS, roundMs, spanMs } from './units.js';
import { type Rank, rankOf, worstBy } from './worst.js';

export interface MeterOutcome {
  network: NetworkResult;
  forward: DirectionOutage;
  reverse: DirectionOutage;
}

export interface EpisodeView {
  change: Change;
  meters: MeterOutcome[];
  /** The pair that suffered most; the phases are its phases. */
  worst: MeterOutcome | null;
  tcps: TcpOutcome[];
  worstTcp: TcpOutcome | null;
  udps: UdpResult[];
  /** Flows that the plan leaves silent about this change. */
  absences: Absence[];
  /** Flow-mods and group-mods to all switches while this change was the latest. */
  flowChanges: number;
  /** The same for routes, in the kernels of all routers but those that the change hit. */
  routeChanges: number;
  episode: Episode;
}

export interface Measurements {
  trial: TrialRecord;
  changes: readonly Change[];
  meters: readonly MeterRecord[];
  flows: readonly FlowSeries[];
}

/** Judges one change. Pure: the same measurements give the same episode. */
export function judgeEpisode(measured: Measurements, change: Change): EpisodeView {
  const { trial } = measured;
  const around = surroundingsOf(change, measured.changes, trial.events, measured.meters);
  const meters = meterOutcomes(measured, change, around);
  const worst = worstMeter(meters);
  const tcps = tcpOutcomes(measured, change, meters);
  const udps = udpResults(measured, change);
  const worstTcp = worstBy(tcps, stallRankOf);
  const healed = healOf(measured.changes, change);
  const reading = readPhases({
    change,
    healedNs: healed?.beforeNs ?? null,
    events: trial.events,
    forward: worst?.forward ?? null,
    reverse: worst?.reverse ?? null,
    tcp: worstTcp,
  });
  const routeChanges = routeChangesIn(trial, change);
  const explanation = worst
    ? explain({
        routeChanges,
        returnLoss: returnLossOf(change, [worst.forward, worst.reverse], around),
        phases: reading.phases,
        detectedBy: reading.detectedBy,
        change,
        ...outageFacts(worst),
        backAfterHealMs: healed ? backAfterMs(worst, healed.atNs) : null,
        healed: healed ? healSpan(healed, change) : null,
        events: trial.events,
        trafficStartNs: trial.trafficStartNs,
      })
    : ({ found: 'no-meter' } as const);
  return {
    change,
    meters,
    worst,
    tcps,
    worstTcp,
    udps,
    absences: trial.scenario.flows.flatMap((flow) => absenceOf(flow, change, trial) ?? []),
    flowChanges: flowChangesIn(trial, change),
    routeChanges,
    episode: {
      stepId: change.stepId,
      kind: change.faultKind ?? 'none',
      change: change.change,
      targets: change.targets,
      injectedAtMs: spanMs(change.atNs - trial.trafficStartNs),
      uncertaintyMs: roundMs(change.uncertaintyMs),
      verified: change.verified,
      evidence: change.evidence,
      networks: meters.map((meter) => meter.network),
      tcps: tcps.map((tcp) => tcp.result),
      udps,
      phases: reading.phases,
      phaseEvidence: reading.evidence,
      controller: controllerRecoveryOf(trial, measured.changes, change),
      explanation,
    },
  };
}

function flowChangesIn(trial: TrialRecord, { beforeNs, untilNs }: Change): number {
  return eventsOf(trial.events, 'observe.openflow').filter(
    ({ atNs, message }) =>
      atNs >= beforeNs && atNs < untilNs && (message === 'flow-mod' || message === 'group-mod'),
  ).length;
}

function routeChangesIn(trial: TrialRecord, { beforeNs, untilNs, targets }: Change): number {
  return eventsOf(trial.events, 'observe.route').filter(
    ({ atNs, node, protocol }) =>
      atNs >= beforeNs && atNs < untilNs && protocol !== 'arp' && !targets.includes(node),
  ).length;
}

/** What the explanation needs to know of the outage itself. */
function outageFacts({ network, forward, reverse }: MeterOutcome) {
  const directions = [forward, reverse];
  const { outageMs, atLeastMs, ending } = worstOutage([network.forward, network.reverse]);
  const relapsed = directions.filter(({ outages, recoveryNs }) => {
    const firstEndNs = outages[0]?.nextGoodNs ?? null;
    return recoveryNs !== null && firstEndNs !== null && recoveryNs > firstEndNs;
  });
  const lateMs = relapsed.map((direction) => direction.result.recoveryMs ?? 0);
  return {
    outageMs,
    outageAtLeastMs: atLeastMs,
    longerEndedMs:
      outageMs === null ? longerEndedMs([network.forward, network.reverse], atLeastMs) : null,
    ending,
    censoredDirections: directions
      .filter(({ result }) => result.outageMs === null && result.outageEnding !== 'heal')
      .map((direction) => direction.record.direction),
    failedAgainUntilMs: lateMs.length > 0 ? Math.max(...lateMs) : null,
    packetsLost: network.forward.packetsLost + network.reverse.packetsLost,
    lossPercent: Math.max(network.forward.lossPercent, network.reverse.lossPercent),
    resolutionMs: Math.max(network.forward.resolutionMs, network.reverse.resolutionMs),
  };
}

/** The longest outage of both directions that ended by itself, where it is longer than this. */
function longerEndedMs(directions: readonly DirectionResult[], thanMs: number): number | null {
  const longestMs = Math.max(
    ...directions.map((one) => Math.max(one.outageMs ?? 0, one.longerEndedOutageMs ?? 0)),
  );
  return longestMs > thanMs ? longestMs : null;
}

function meterOutcomes(
  { trial, meters }: Measurements,
  change: Change,
  around: Surroundings | null,
): MeterOutcome[] {
  const limits: OutageLimits = {
    sustainedMs: trial.scenario.limits.sustainedMs,
    recoveryDeadlineMs:
      change.faultKind === null
        ? Number.POSITIVE_INFINITY
        : trial.scenario.limits.recoveryDeadlineMs,
    trafficStartNs: trial.trafficStartNs,
    soFar: trial.soFar,
  };
  const outcomes: MeterOutcome[] = [];
  for (const meter of trial.scenario.meters) {
    const [forward, reverse] = (['forward', 'reverse'] as const).map((direction) => {
      const record = meters.find((m) => m.meter === meter.id && m.direction === direction);
      return record && record.horizonNs > change.beforeNs
        ? judgeDirection(record, change, limits, around)
        : null;
    });
    if (!forward || !reverse) continue;
    outcomes.push({
      network: {
        meter: meter.id,
        from: meter.from,
        to: meter.to,
        rateHz: meter.rateHz,
        forward: forward.result,
        reverse: reverse.result,
      },
      forward,
      reverse,
    });
  }
  return outcomes;
}

function tcpOutcomes(
  measured: Measurements,
  change: Change,
  meters: readonly MeterOutcome[],
): TcpOutcome[] {
  return witnesses(measured, change, 'tcp').map(({ series, seen, baselineBps }) =>
    judgeTcp(series, seen, baselineBps, networkOf(series, meters), measured.trial),
  );
}

function udpResults(measured: Measurements, change: Change): UdpResult[] {
  return witnesses(measured, change, 'udp').map(({ series, seen, baselineBps }) =>
    judgeUdp(series, seen, baselineBps, measured.trial),
  );
}

/** The flows that ran when the change came, what each was there to see, and its rate before. */
function witnesses(
  { trial, changes, flows }: Measurements,
  change: Change,
  protocol: FlowSeries['flow']['protocol'],
) {
  return flows
    .filter((series) => series.flow.protocol === protocol)
    .filter((series) => absenceOf(series.flow, change, trial) === null)
    .filter((series) => (series.points.at(-1)?.endNs ?? 0) > change.beforeNs)
    .map((series) => {
      const untilNs = baselineUntilNs(series, change, changes, trial);
      const baselineBps = baselineRateBps(series, untilNs, trial.scenario.limits.cleanMs);
      return { series, seen: changeAsSeenBy(series, change, trial), baselineBps };
    });
}

/** The meter between the flow's own ends, else the worst one. */
function networkOf(series: FlowSeries, meters: readonly MeterOutcome[]): NetworkView {
  const { from, to } = series.flow;
  const own = meters.filter(
    ({ network }) =>
      (network.from === from && network.to === to) || (network.from === to && network.to === from),
  );
  const meter = worstMeter(own.length > 0 ? own : meters);
  if (!meter) return { outageMs: 0, untilHeal: false, roundTripMs: 0 };
  const { forward, reverse } = meter.network;
  const { outageMs, ending } = worstOutage([forward, reverse]);
  return {
    outageMs,
    untilHeal: ending === 'heal',
    roundTripMs: (forward.delayBeforeMs ?? 0) + (reverse.delayBeforeMs ?? 0),
  };
}

/** The pair that was dark longest, then the one that lost most. */
function worstMeter(meters: readonly MeterOutcome[]): MeterOutcome | null {
  return worstBy(meters, (meter) => {
    const { forward, reverse } = meter.network;
    return [...outageRankOf(meter), forward.packetsLost + reverse.packetsLost];
  });
}

/** Of the longer outage of both directions. */
export function outageRankOf({ network: { forward, reverse } }: MeterOutcome): Rank {
  const { outageMs, atLeastMs } = worstOutage([forward, reverse]);
  return rankOf(atLeastMs, outageMs === null);
}

export function stallRankOf({ result: { stallMs, stallAtLeastMs } }: TcpOutcome): Rank {
  return rankOf(stallAtLeastMs, stallMs === null);
}

/** The heal of a fault; undefined when it was not healed or this is not a fault. */
function healOf(changes: readonly Change[], change: Change): Change | undefined {
  if (change.change !== 'injected') return undefined;
  return changes.find(
    (later) =>
      later.change === 'healed' &&
      later.faultId === change.faultId &&
      later.beforeNs > change.beforeNs,
  );
}

/** From a heal to the first good packet of the later direction that only a heal brought back. */
function backAfterMs({ forward, reverse }: MeterOutcome, healNs: number): number | null {
  const backNs = [forward, reverse]
    .filter(({ result }) => result.outageEnding === 'heal')
    .map(({ headline }) => headline?.nextGoodNs ?? healNs);
  return backNs.length === 0 ? null : spanMs(Math.max(...backNs) - healNs);
}

/** Both stamps of a heal, from the fault on. */
function healSpan({ beforeNs, afterNs }: Change, change: Change): ExplanationInput['healed'] {
  const afterChangeMs = (atNs: number) => (atNs - change.atNs) / NS_PER_MS;
  return { fromMs: afterChangeMs(beforeNs), toMs: afterChangeMs(afterNs) };
}
