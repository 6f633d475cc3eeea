/** What one direction of one meter pair sent and received in a trial, in an analysable form. */
import type { Direction, EventOf } from '../model/history/events.js';
import { longestDelayMs } from './delay.js';
import { type DropSpan, dropSpansOf } from './drop-spans.js';
import { flowRuns } from './flow-runs.js';
import { type ArrivalRange, type LossRun, lossRuns, type SendPoint } from './loss-periods.js';
import { type SentSpan, sentSpansOf } from './sent-spans.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { largestOf, NS_PER_MS } from './units.js';

/** How far back before the last arrival the longest delay is looked for. */
const DELAY_READ_MS = 5000;

export interface MeterRecord {
  meter: string;
  direction: Direction;
  /** Of one flow. */
  rateHz: number;
  /** From one probe of a flow to its next one, which is how finely a hole is seen. */
  intervalNs: number;
  /** From one probe to the next of whichever flow. */
  slotNs: number;
  /** How many flows the probes are spread over. */
  flows: number;
  sent: EventOf<'meter.sent'>[];
  received: EventOf<'meter.received'>[];
  end: EventOf<'meter.end'> | null;
  sendPoints: SendPoint[];
  runs: LossRun[];
  /** When this machine dropped packets itself, which may have been this meter's. */
  drops: readonly DropSpan[];
  /** The meter runs before it as well: what it sends then waits for a path. */
  trafficStartNs: number;
  /** When what can have been among those drops was sent. */
  sentSpans: readonly SentSpan[];
  /**
   * Send stamp up to which it is known what arrived: the last one, or, while the meter goes on or
   * where its record was cut off, one packet's way before its last report.
   */
  horizonNs: number;
}

/** Every meter direction of the trial that sent at least one packet. */
export function meterRecords(trial: TrialRecord): MeterRecord[] {
  const sent = eventsOf(trial.events, 'meter.sent');
  const received = eventsOf(trial.events, 'meter.received');
  const ends = eventsOf(trial.events, 'meter.end');
  const drops = dropSpansOf(trial.events);
  const records: MeterRecord[] = [];
  for (const meter of trial.scenario.meters) {
    for (const direction of ['forward', 'reverse'] as const) {
      const mine = (event: { meter: string; direction: Direction }): boolean =>
        event.meter === meter.id && event.direction === direction;
      const other = [...sent, ...received].filter(
        (event) => event.meter === meter.id && event.direction !== direction,
      );
      const record = meterRecord(
        {
          meter: meter.id,
          direction,
          rateHz: meter.rateHz / (meter.flows ?? 1),
          intervalNs: (1e9 * (meter.flows ?? 1)) / meter.rateHz,
          slotNs: 1e9 / meter.rateHz,
          flows: meter.flows ?? 1,
          sent: sent.filter(mine).sort((a, b) => a.firstSequence - b.firstSequence),
          received: received.filter(mine),
          end: ends.find(mine) ?? null,
          drops,
          trafficStartNs: trial.trafficStartNs,
        },
        largestOf(other.map(({ atNs }) => atNs)),
        trial.askedNs,
      );
      if (record.sendPoints.length > 0) records.push(record);
    }
  }
  return records;
}

type Reported = Omit<MeterRecord, 'sendPoints' | 'runs' | 'sentSpans' | 'horizonNs'>;

/** `otherNs` = the newest line of the other direction, which proves that a report is complete. */
function meterRecord(reported: Reported, otherNs: number, askedNs: number | null): MeterRecord {
  const { sent, received, intervalNs, end } = reported;
  const sendPoints = pointsOf(sent);
  const arrivals: ArrivalRange[] = received.flatMap((event) => event.ranges);
  const lastSentNs = sendPoints.at(-1)?.[1] ?? 0;
  const openNs = Math.min(lastSentNs, askedNs ?? lastSentNs, knownUntilNs(reported, otherNs));
  const horizonNs = end === null ? openNs : lastSentNs;
  const graceMs = end === null ? 0 : thresholds.inFlightMs;
  const input = { arrivals, sendPoints, intervalNs, horizonNs, graceMs };
  return {
    ...reported,
    sendPoints,
    sentSpans: sentSpansOf(reported.drops, received, intervalNs),
    runs: reported.flows > 1 ? flowRuns(input, reported.flows) : lossRuns(input),
    horizonNs,
  };
}

/**
 * Until which send stamp an unfinished record shows what arrived. The meter prints what it sent and
 * then what arrived of it, one direction after the other, about ten times a second: a report is
 * complete when a line follows it. What was sent last before it may still have been on its way, for
 * as long as a packet took in the last seconds in which any came.
 */
function knownUntilNs({ sent, received, intervalNs }: Reported, otherNs: number): number {
  const lastReceivedNs = largestOf(received.map(({ atNs }) => atNs));
  const complete = sent.findLast(({ atNs }) => atNs <= Math.max(lastReceivedNs, otherNs));
  if (!complete) return 0;
  const fromNs = lastReceivedNs - DELAY_READ_MS * NS_PER_MS;
  const longestMs = longestDelayMs({ received }, fromNs, lastReceivedNs + 1);
  const onTheWayMs = Math.min(longestMs ?? thresholds.unknownDelayMs, thresholds.inFlightAtMostMs);
  return complete.atNs - Math.max(0, onTheWayMs) * NS_PER_MS - 2 * intervalNs;
}

function pointsOf(sent: readonly EventOf<'meter.sent'>[]): SendPoint[] {
  const points: SendPoint[] = [];
  const add = (sequence: number, txNs: number): void => {
    const last = points.at(-1);
    if (!last || sequence > last[0]) points.push([sequence, txNs]);
  };
  for (const window of sent) {
    if (window.count === 0) continue;
    add(window.firstSequence, window.firstTxNs);
    for (const [sequence, beforeNs, txNs] of window.gaps ?? []) {
      add(sequence - 1, beforeNs);
      add(sequence, txNs);
    }
    add(window.firstSequence + window.count - 1, window.lastTxNs);
  }
  return points;
}

/** Packets sent in [fromNs, toNs), counted by their send stamps. */
export function packetsSentBetween(record: MeterRecord, fromNs: number, toNs: number): number {
  let packets = 0;
  for (const window of record.sent) {
    const { count, firstTxNs, lastTxNs } = window;
    if (count === 0 || firstTxNs >= toNs || lastTxNs < fromNs) continue;
    const stepNs = count > 1 ? Math.max((lastTxNs - firstTxNs) / (count - 1), 1) : 1;
    const first = Math.max(0, Math.ceil((fromNs - firstTxNs) / stepNs));
    const last = Math.min(count - 1, Math.ceil((toNs - firstTxNs) / stepNs) - 1);
    packets += Math.max(0, last - first + 1);
  }
  return packets;
}

/** How sharply the sender drew the edges of a loss period. */
export interface EdgeSharpness {
  /** By so much the reading may exceed the true outage because the sender itself was late. */
  gapMs: number;
  /** False when only the worst lateness of the windows around the edges is known. */
  exact: boolean;
}

/** The sender's own gaps at the two edges of a loss period, beyond its even pace. */
export function edgeSharpness(record: MeterRecord, run: LossRun): EdgeSharpness {
  if (record.sent.some((window) => window.gaps !== undefined)) {
    const before = run.firstLostNs - run.lastGoodNs - record.intervalNs;
    const after = run.nextGoodNs === null ? 0 : run.nextGoodNs - run.lastLostNs - record.intervalNs;
    return { gapMs: (Math.max(0, before) + Math.max(0, after)) / NS_PER_MS, exact: true };
  }
  const edges = [-1, 0, run.packets - 1, run.packets].map(
    (place) => run.firstSequence + place * record.flows,
  );
  const late = record.sent
    .filter((window) =>
      edges.some(
        (edge) => edge >= window.firstSequence && edge < window.firstSequence + window.count,
      ),
    )
    .map((window) => window.maxLateNs);
  return { gapMs: Math.max(0, ...late) / NS_PER_MS, exact: false };
}
