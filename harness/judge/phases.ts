/**
 * Where the time of a recovery went: fault → detected → controller told → flow changes → first
 * packet each way → TCP moving → 90 %. A phase that was not observed is null, never guessed; what came
 * after traffic had recovered is not part of the recovery.
 */
import type { DetectedBy } from '../model/explanation.js';
import type { Direction, HistoryEvent } from '../model/history/events.js';
import type { Phases } from '../model/result.js';
import type { SeenBy } from '../model/sighting.js';
import type { Change } from './changes.js';
import type { MeterRecord } from './meter-record.js';
import type { DirectionOutage } from './outage.js';
import { detectionIn, flowChangeIn, notificationIn, type Sighting } from './recovery-evidence.js';
import type { TcpOutcome } from './tcp.js';
import { spanMs } from './units.js';

export interface PhaseInput {
  change: Change;
  /** When the fault was healed: what comes later answers to the heal. Null = never. */
  healedNs: number | null;
  events: readonly HistoryEvent[];
  forward: DirectionOutage | null;
  reverse: DirectionOutage | null;
  tcp: TcpOutcome | null;
}

export interface PhaseReading {
  phases: Phases;
  evidence: Record<string, SeenBy>;
  /** Null = nothing was seen to detect it. */
  detectedBy: DetectedBy | null;
}

/** Phases of one change; the stamps never run backwards. */
export function readPhases(input: PhaseInput): PhaseReading {
  const { change } = input;
  const forward = firstPacket(input.forward, 'forward', change);
  const reverse = firstPacket(input.reverse, 'reverse', change);
  const limitNs = Math.min(recoveryLimitNs(input), input.healedNs ?? Number.POSITIVE_INFINITY);
  const inTime = input.events.filter(
    (event) => event.atNs >= change.beforeNs && event.atNs <= limitNs,
  );
  const detected = detectionBefore(inTime, change);
  const told = earliest(
    inTime.filter((event) => event.atNs >= (detected?.atNs ?? change.beforeNs)),
    (event) => notificationIn(event, change),
  );
  const knownNs = told?.atNs ?? detected?.atNs ?? change.beforeNs;
  const flowChanges = inTime
    .filter((event) => event.atNs >= knownNs)
    .map((event) => flowChangeIn(event, change))
    .filter((sighting) => sighting !== null)
    .sort((a, b) => a.atNs - b.atNs);
  const openNs = Math.max(forward?.atNs ?? 0, reverse?.atNs ?? 0);
  const moving = tcpMoving(input.tcp, openNs);
  const sightings: Record<keyof Phases, Sighting | null> = {
    detectedMs: detected,
    controllerToldMs: told,
    firstFlowChangeMs: flowChanges[0] ?? null,
    lastFlowChangeMs: flowChanges.at(-1) ?? null,
    firstPacketForwardMs: forward,
    firstPacketReverseMs: reverse,
    tcpMovingMs: moving,
    tcp90Ms: tcp90(input.tcp, moving?.atNs ?? 0),
  };
  return {
    phases: phasesOf(sightings, change),
    evidence: { ...evidenceOf(sightings, cameBack(input)), ...afterHealEvidence(input) },
    detectedBy: detected?.by ?? null,
  };
}

/**
 * The first detection. A router that takes back itself what it announced is missed by nobody before
 * the others have answered: what is seen of it afterwards detected nothing.
 */
function detectionBefore(events: readonly HistoryEvent[], change: Change): Sighting | null {
  const detected = earliest(events, (event) => detectionIn(event, change));
  const routes = events.filter(({ kind }) => kind === 'observe.route');
  const answer = earliest(routes, (event) => flowChangeIn(event, change));
  if (detected === null || answer === null || answer.atNs >= detected.atNs) return detected;
  const before = events.filter(({ atNs }) => atNs <= answer.atNs);
  return before.some((event) => notificationIn(event, change)) ? null : detected;
}

function phasesOf(sightings: Record<keyof Phases, Sighting | null>, change: Change): Phases {
  const at = (name: keyof Phases): number | null => {
    const sighting = sightings[name];
    return sighting === null ? null : Math.max(0, spanMs(sighting.atNs - change.atNs));
  };
  return {
    detectedMs: at('detectedMs'),
    controllerToldMs: at('controllerToldMs'),
    firstFlowChangeMs: at('firstFlowChangeMs'),
    lastFlowChangeMs: at('lastFlowChangeMs'),
    firstPacketForwardMs: at('firstPacketForwardMs'),
    firstPacketReverseMs: at('firstPacketReverseMs'),
    tcpMovingMs: at('tcpMovingMs'),
    tcp90Ms: at('tcp90Ms'),
  };
}

const beforeRecovery: ReadonlySet<string> = new Set<keyof Phases>([
  'detectedMs',
  'controllerToldMs',
  'firstFlowChangeMs',
  'lastFlowChangeMs',
]);

/** Traffic was interrupted, and was seen to come back both ways. */
function cameBack({ forward, reverse, change }: PhaseInput): boolean {
  const dark = [forward, reverse].filter((direction) => direction?.headline);
  return dark.length > 0 && dark.every((direction) => firstPacketNs(direction, change) !== null);
}

function evidenceOf(
  sightings: Record<keyof Phases, Sighting | null>,
  recovered: boolean,
): Record<string, SeenBy> {
  return Object.fromEntries(
    Object.entries(sightings).map(([name, sighting]) => [
      name,
      sighting?.seen ?? { by: 'nothing', recoveredFirst: recovered && beforeRecovery.has(name) },
    ]),
  );
}

/** What came back only after the heal has no stamp; its evidence states when it came. */
function afterHealEvidence({ change, forward, reverse, tcp }: PhaseInput): Record<string, SeenBy> {
  // From the fault on, as all phases are: the outage may have begun long after it.
  const packet = (outage: DirectionOutage | null): number | null => {
    const backNs = outage?.result.outageEnding === 'heal' ? outage.headline?.nextGoodNs : null;
    return typeof backNs === 'number' ? Math.max(0, spanMs(backNs - change.atNs)) : null;
  };
  const after: Array<[keyof Phases, number | null]> = [
    ['firstPacketForwardMs', packet(forward)],
    ['firstPacketReverseMs', packet(reverse)],
    ['tcpMovingMs', tcp?.result.stallEnding === 'heal' ? tcp.result.movingAgainMs : null],
    ['tcp90Ms', tcp?.result.recoveredTo90AfterHealMs ?? null],
  ];
  return Object.fromEntries(
    after.flatMap(([phase, afterMs]) =>
      afterMs === null ? [] : [[phase, { by: 'heal' as const, afterMs }]],
    ),
  );
}

/** When both directions were open again; the end of the change's span while one never was. */
function recoveryLimitNs({ change, forward, reverse }: PhaseInput): number {
  const ends = [forward, reverse]
    .filter((direction) => direction?.headline)
    .map((direction) => firstPacketNs(direction, change) ?? change.untilNs);
  return ends.length === 0 ? change.untilNs : Math.max(...ends);
}

function firstPacket(
  outage: DirectionOutage | null,
  direction: Direction,
  change: Change,
): Sighting | null {
  const atNs = firstPacketNs(outage, change);
  if (!outage || atNs === null) return null;
  const stamp = atNs === outage.headline?.nextGoodNs ? 'send' : 'receive';
  return { atNs, seen: { by: 'meter', meter: outage.record.meter, direction, stamp } };
}

/**
 * Arrival of the first good packet; its send stamp where the record has no better one. What came
 * through only after a heal, or since the lab was tidied up at the end, is not a recovery.
 */
function firstPacketNs(outage: DirectionOutage | null, { tidyingNs }: Change): number | null {
  if (outage?.result.outageEnding === 'heal') return null;
  const sentNs = outage?.headline?.nextGoodNs ?? null;
  if (sentNs !== null && tidyingNs !== null && sentNs >= tidyingNs) return null;
  return outage && sentNs !== null ? (receiveStamp(outage.record, sentNs) ?? sentNs) : null;
}

/**
 * When the packet that was sent at `txNs` arrived. A switch that is busy changing flows keeps
 * packets waiting, so the first good one may have been sent before the change that let it pass.
 */
function receiveStamp(record: MeterRecord, txNs: number): number | null {
  for (const { ranges } of record.received) {
    for (const [, , firstTxNs, , firstRxNs] of ranges)
      if (firstTxNs === txNs) return firstRxNs ?? null;
  }
  return null;
}

/**
 * TCP of the meter's pair moves no bytes before both ways are open, though iperf's interval began
 * earlier. Where the whole interval lies before that, bytes did move: its end is the latest moment.
 */
function tcpMoving(tcp: TcpOutcome | null, openNs: number): Sighting | null {
  if (!tcp?.movingAgain || tcp.result.stallEnding === 'heal') return null;
  const { startNs, endNs } = tcp.movingAgain;
  return {
    atNs: Math.max(startNs, Math.min(openNs, endNs)),
    seen: { by: 'iperf3', source: tcp.series.source, resolutionMs: tcp.result.resolutionMs },
  };
}

function tcp90(tcp: TcpOutcome | null, notBeforeNs: number): Sighting | null {
  if (!tcp || tcp.recoveredTo90Ns === null) return null;
  // A rate that was never lost does not come back.
  if (tcp.result.stallMs === 0 && tcp.result.recoveredTo90Ms === 0) return null;
  return {
    atNs: Math.max(tcp.recoveredTo90Ns, notBeforeNs),
    seen: {
      by: 'iperf3-rate',
      source: tcp.series.source,
      baselineBps: tcp.result.baselineBps,
    },
  };
}

function earliest(
  events: readonly HistoryEvent[],
  sight: (event: HistoryEvent) => Sighting | null,
): Sighting | null {
  let first: Sighting | null = null;
  for (const event of events) {
    const sighting = sight(event);
    if (sighting && (first === null || sighting.atNs < first.atNs)) first = sighting;
  }
  return first;
}
