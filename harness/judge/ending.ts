/** How an interruption ended: by the network itself, or only by a heal. */
import type { Change, LaterHeal } from './changes.js';
import { thresholds } from './thresholds.js';

/**
 * `recovered`: before any heal. `heal`: only after a heal, so that the interruption is censored at
 * the heal's first stamp. `unclear`: so close to a heal that either may have ended it. `deadline`:
 * after the recovery deadline. `open`: it was not seen to end.
 */
export type Ending = 'recovered' | 'heal' | 'unclear' | 'deadline' | 'open';

/** What is known of the end of an interruption, as stamps. */
export interface Interruption {
  startNs: number;
  /** The last moment at which it was still seen to last. */
  lastSeenNs: number;
  /** The first moment at which it was seen to be over; null = never. */
  overNs: number | null;
  /** What passed so shortly before a heal may have been let through by it. */
  noiseNs: number;
  /** Time between two looks. */
  intervalNs: number;
}

export interface EndingReading {
  ending: Ending;
  /** The heal that ended it, or may have; null = none. */
  heal: LaterHeal | null;
}

/**
 * Decides whether an interruption ended before any heal that came since its begin. Recovery lies
 * between the last look that failed and the first that passed. Where that span reaches a heal, the
 * heal ended it, except when fewer than `healDoubtIntervals` looks failed before the heal: then
 * chance is no worse an explanation. Of several heals the last counts: until then it was dark.
 */
export function endingOf(
  { startNs, lastSeenNs, overNs, noiseNs, intervalNs }: Interruption,
  { laterHeals }: Pick<Change, 'laterHeals'>,
): EndingReading {
  if (overNs === null) return { ending: 'open', heal: null };
  const heals = laterHeals.filter(
    ({ beforeNs }) => beforeNs > startNs && beforeNs <= overNs + noiseNs,
  );
  const heal = heals.at(-1);
  if (!heal) return { ending: 'recovered', heal: null };
  const before = overNs < heal.beforeNs;
  const fewLooks = heal.beforeNs - startNs < thresholds.healDoubtIntervals * intervalNs;
  // It was still seen to last when the heal began: then the heal ended it, beyond doubt.
  const unclear = lastSeenNs < heal.beforeNs && (before || fewLooks);
  if (!unclear) return { ending: 'heal', heal };
  const earlier = heals.at(-2);
  return earlier ? { ending: 'heal', heal: earlier } : { ending: 'unclear', heal };
}
