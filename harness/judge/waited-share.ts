/** How long what makes a network recover waited for a processor. */
import type { HistoryEvent } from '../model/history/events.js';
import type { Waited } from '../model/reasons/shapes.js';
import { eventsOf } from './trial-record.js';

/** The groups of a record's `pressure` events that a recovery waits for. */
type Group = Waited['who'];

/**
 * The largest share of a span for which one such process waited; null where the record does not
 * tell. Each sample stands for the time since the one before it.
 */
export function waitedShare(
  events: readonly HistoryEvent[],
  fromNs: number,
  untilNs: number,
  groups: readonly Group[] = ['controller', 'vswitchd'],
): Waited | null {
  const samples = eventsOf(events, 'pressure');
  let longest: Waited | null = null;
  for (const group of groups) {
    let waitedNs = 0;
    let coveredNs = 0;
    for (const [index, { atNs, mostWaitPercent }] of samples.entries()) {
      const percent = mostWaitPercent?.[group];
      const sinceNs = samples[index - 1]?.atNs;
      if (percent === undefined || sinceNs === undefined) continue;
      const overlapNs = Math.max(0, Math.min(atNs, untilNs) - Math.max(sinceNs, fromNs));
      waitedNs += (overlapNs * Math.min(100, percent)) / 100;
      coveredNs += overlapNs;
    }
    const share = coveredNs > 0 ? waitedNs / coveredNs : 0;
    if (share > (longest?.share ?? 0)) longest = { who: group, share };
  }
  return longest;
}
