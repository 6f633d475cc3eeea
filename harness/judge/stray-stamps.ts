/**
 * Events that are stamped outside of their trial: a number made without them could be wrong, and
 * one made with them as well.
 */
import type { HistoryEvent } from '../model/history/events.js';
import { invalidBy, type Reason } from '../model/reason.js';
import type { TrialRecord } from './trial-record.js';
import { NS_PER_MS } from './units.js';

/** Between a stamp and the event that carries it, on a busy machine. */
const slackNs = 1_000 * NS_PER_MS;
/** The sandbox opens before its trial begins; a lab that is kept goes on telling after it. */
const beforeNs = 600_000 * NS_PER_MS;
const behindNs = 86_400_000 * NS_PER_MS;

/** One reason when there are such events, with the first of them; none when there are none. */
export function strayStampReasons({ start, end, events }: TrialRecord): Reason[] {
  const fromNs = start.atNs;
  const toNs = end?.atNs ?? Number.POSITIVE_INFINITY;
  const strays = events.filter((event) => {
    const stamps = measuredStamps(event);
    if (stamps) return stamps.some((ns) => ns < fromNs - slackNs || ns > toNs + slackNs);
    // The head and the end are the run's, whatever trial they are recorded under.
    if (event.kind === 'run.header' || event.kind === 'run.end') return false;
    return event.atNs < fromNs - beforeNs || event.atNs > toNs + behindNs;
  });
  const [first] = strays;
  if (!first) return [];
  const { kind, atNs } = first;
  return [invalidBy('instrument', 'stray-stamps', { events: strays.length, kind, atNs })];
}

/** The stamps of what numbers are made of, which lie within the trial; null for other events. */
function measuredStamps(event: HistoryEvent): number[] | null {
  switch (event.kind) {
    case 'fault.injected':
    case 'fault.healed':
      return [event.atNs, event.beforeNs, event.afterNs];
    case 'meter.sent':
      return [
        ...[event.atNs, event.firstTxNs, event.lastTxNs],
        ...(event.gaps ?? []).flatMap(([, beforeTxNs, txNs]) => [beforeTxNs, txNs]),
      ];
    case 'meter.received':
      return [event.atNs, ...event.ranges.flatMap(([, , firstNs, lastNs]) => [firstNs, lastNs])];
    case 'iperf.aligned':
      return [event.atNs, event.startNs];
    case 'iperf.interval':
    case 'traffic.sample':
    case 'recovery.seen':
      return [event.atNs];
    default:
      return null;
  }
}
