/** How a loss period that is an outage ended, and how much of it counts. Pure. */
import { inFlightNs } from './change-span.js';
import type { Change } from './changes.js';
import { type Ending, endingOf } from './ending.js';
import type { LossRun } from './loss-periods.js';
import type { MeterRecord } from './meter-record.js';
import { runLengthNs } from './outage-rule.js';
import { NS_PER_MS, spanMs } from './units.js';

/** A loss period that is an outage, and how it ended. */
export interface EndedOutage {
  run: LossRun;
  ending: Ending;
  /** Its length, or, where it is censored, the part of it that counts. */
  atLeastNs: number;
}

/** How one outage ended. What only a heal ended is censored at the first stamp of that heal. */
export function endedOutage(
  run: LossRun,
  record: MeterRecord,
  change: Change,
  deadlineMs: number,
): EndedOutage {
  const { ending, heal } = endingOf(
    {
      startNs: run.lastGoodNs,
      lastSeenNs: run.lastLostNs,
      overNs: run.nextGoodNs,
      noiseNs: inFlightNs(record, change.beforeNs),
      intervalNs: record.intervalNs,
    },
    change,
  );
  const deadlineNs = deadlineMs * NS_PER_MS;
  const untilHealNs = ending === 'heal' && heal ? heal.beforeNs - run.lastGoodNs : null;
  const lengthNs = untilHealNs ?? runLengthNs(run);
  const late = ending !== 'open' && lengthNs > deadlineNs;
  return { run, ending: late ? 'deadline' : ending, atLeastNs: Math.min(lengthNs, deadlineNs) };
}

/** The network did not come back in time, or not by itself. */
export function isCensored({ ending }: EndedOutage): boolean {
  return ending === 'open' || ending === 'deadline' || ending === 'heal';
}

/** An outage that ended by itself and was longer than the censored one; null = there is none. */
export function longerEndedMs(outages: readonly EndedOutage[], worst: EndedOutage): number | null {
  if (!isCensored(worst)) return null;
  const longestNs = Math.max(...outages.map((one) => (isCensored(one) ? 0 : one.atLeastNs)));
  return longestNs > worst.atLeastNs ? spanMs(longestNs) : null;
}

/** Which of several flows had an outage, and for how long. */
export function darkFlows(flows: number, ended: readonly EndedOutage[]) {
  const longest = new Map<number, EndedOutage>();
  for (const one of ended) {
    const flow = one.run.firstSequence % flows;
    const known = longest.get(flow);
    if (!known || one.atLeastNs > known.atLeastNs) longest.set(flow, one);
  }
  const lengths = [...longest.values()].map(({ atLeastNs }) => atLeastNs).sort((a, b) => a - b);
  const at = (place: number): number | null => {
    const lengthNs = lengths[place];
    return lengthNs === undefined ? null : spanMs(lengthNs);
  };
  return {
    count: flows,
    dark: longest.size,
    open: [...longest.values()].filter(isCensored).length,
    shortestMs: at(0),
    medianMs: at(Math.floor(lengths.length / 2)),
    longestMs: at(lengths.length - 1),
  };
}
