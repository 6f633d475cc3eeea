/** What has changed between two sweeps of one scenario, case by case. Pure. */
import type { ElementFailure } from '../model/failure-case.js';
import { type FeltLevel, feltLevels, type SweepCase, type SweepResult } from './sweep.js';

/** A larger outage counts as worse where both hold. */
const worseFactor = 1.25;
const worseMs = 20;

export interface CaseChange {
  failures: ElementFailure[];
  before: { level: FeltLevel; outageMs: number | null };
  now: { level: FeltLevel; outageMs: number | null };
}

export interface SweepChange {
  /** Wall time of the earlier sweep. */
  since: string;
  worse: CaseChange[];
  better: CaseChange[];
  same: number;
  /** Cases that only one of the two has, or of which one has no valid trial. */
  notCompared: number;
}

/** Compares the largest outages of the same failures. */
export function changeSince(before: SweepResult, now: SweepResult): SweepChange {
  const earlier = new Map(before.cases.map((one) => [keyOf(one), one]));
  const pairs = now.cases.flatMap((one) => {
    const was = earlier.get(keyOf(one));
    const known = was && was.level !== 'unknown' && one.level !== 'unknown';
    return known ? [{ was, one }] : [];
  });
  const changed = (holds: (was: SweepCase, one: SweepCase) => boolean) =>
    pairs
      .filter(({ was, one }) => holds(was, one))
      .map(({ was, one }) => ({ failures: one.failures, before: readOf(was), now: readOf(one) }));
  const worse = changed(isWorse);
  const better = changed((was, one) => isWorse(one, was));
  return {
    since: before.wallTime,
    ...{ worse, better, same: pairs.length - worse.length - better.length },
    notCompared: new Set([...earlier.keys(), ...now.cases.map(keyOf)]).size - pairs.length,
  };
}

function isWorse(was: SweepCase, one: SweepCase): boolean {
  if (one.level === 'never' || was.level === 'never') return rank(one) > rank(was);
  const [before, now] = [was.outageMs.max ?? 0, one.outageMs.max ?? 0];
  return now > before * worseFactor && now > before + worseMs;
}

const rank = ({ level }: SweepCase) => feltLevels.indexOf(level);

function readOf({ level, outageMs }: SweepCase): CaseChange['now'] {
  return { level, outageMs: outageMs.max };
}

function keyOf({ failures }: SweepCase): string {
  return failures
    .map(({ element, faultKind }) => `${faultKind} ${element.name}`)
    .sort()
    .join(' + ');
}
