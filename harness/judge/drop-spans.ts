/** When this machine dropped packets itself, by the kernel's counters. */
import type { EventOf, HistoryEvent, MachineDrop } from '../model/history/events.js';

/** Packets that were dropped after `sinceNs` and before `atNs`. */
export interface DropSpan {
  sinceNs: number;
  atNs: number;
  packets: number;
}

/** Drops that may have hit measured packets; what the reader of control channels lost is not. */
export function hitsTraffic({ what }: Pick<MachineDrop, 'what'>): boolean {
  return what !== 'tap';
}

/** All counts of a trial; those without drops show up to when was counted. */
export function dropCountsOf(events: readonly HistoryEvent[]): EventOf<'observe.drops'>[] {
  return events.filter((event) => event.kind === 'observe.drops');
}

/** All spans in which packets were dropped that may have been measured ones, ascending. */
export function dropSpansOf(events: readonly HistoryEvent[]): DropSpan[] {
  return dropCountsOf(events)
    .map(({ sinceNs, atNs, drops }) => ({ sinceNs, atNs, packets: packetsIn(drops) }))
    .filter(({ packets }) => packets > 0)
    .sort((a, b) => a.sinceNs - b.sinceNs);
}

function packetsIn(drops: readonly MachineDrop[]): number {
  return drops.filter(hitsTraffic).reduce((sum, { packets }) => sum + packets, 0);
}
