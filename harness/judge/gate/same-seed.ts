/**
 * The verdict on pairs of one seed, in virtual time. Equal code gives equal numbers there, so that
 * there is no noise to tell a change from: a shift of all pairs is a change. Pure.
 */
import { type Reason, reason } from '../../model/reason.js';
import { differenceOf, pairedShift, type Reading } from '../statistics/index.js';
import type { Pair } from './compare.js';
import type { GateMetricName, TrialReadings } from './readings.js';
import type { GateVerdict } from './result.js';
import { minimumSeeds } from './trial-counts.js';

/** Pairs that differ by more than the tolerance. */
export interface MovedPairs {
  slower: number;
  faster: number;
}

/** How much longer each trial takes than its pair, in what may be slow without the rest. */
export interface SeedDifferences {
  /** Such as `h1 → h2`; null: the metric as it is, the worse direction. */
  direction: string | null;
  /** A difference for each pair; infinite where one of the two is censored. */
  differencesMs: number[];
}

/** A reading ends at a probe, so that a pair may differ by one probe's width at either end. */
export function seedToleranceMs(
  metric: GateMetricName,
  resolutionMs: number,
  otherwiseMs: number,
): number {
  return metric === 'networkOutageMs' ? 2 * resolutionMs : otherwiseMs;
}

/**
 * The pairs by direction where every trial of both arms has it, so that what slows the better
 * direction is seen; else the metric alone. `pairs` are all pairs of the metric.
 */
export function seedDifferences(
  pairs: readonly Pair[],
  arms: { baseline: readonly TrialReadings[]; now: readonly TrialReadings[] },
  metric: GateMetricName,
): SeedDifferences[] {
  const ofDirections = metric === 'networkOutageMs' ? directionsOf(arms) : [];
  const whole = ofDirections.filter(({ differencesMs }) => differencesMs.length === pairs.length);
  if (whole.length > 0) return whole;
  const differencesMs = pairs.map(({ nowMs, baselineMs }) => differenceOf(nowMs, baselineMs));
  return [{ direction: null, differencesMs }];
}

function directionsOf({
  baseline,
  now,
}: {
  baseline: readonly TrialReadings[];
  now: readonly TrialReadings[];
}): SeedDifferences[] {
  const names = new Set(now.flatMap(({ outagesMs = {} }) => Object.keys(outagesMs)));
  return [...names].map((direction) => ({
    direction,
    differencesMs: now.flatMap((row) => {
      const before = baseline.find(({ trial }) => trial === row.trial);
      const [nowMs, baselineMs] = [row, before].map((one) => readingIn(one, direction));
      return nowMs === undefined || baselineMs === undefined
        ? []
        : [differenceOf(nowMs, baselineMs)];
    }),
  }));
}

function readingIn(row: TrialReadings | undefined, direction: string): Reading | undefined {
  const { outagesMs = {} } = row ?? {};
  return Object.hasOwn(outagesMs, direction) ? outagesMs[direction] : undefined;
}

/** Trials that moved in any direction. */
export function movedPairs(all: readonly SeedDifferences[], toleranceMs: number): MovedPairs {
  const trials = all[0]?.differencesMs.map((_, at) =>
    all.map(({ differencesMs }) => differencesMs[at] ?? 0),
  );
  return {
    slower: (trials ?? []).filter((each) => each.some((ms) => ms > toleranceMs)).length,
    faster: (trials ?? []).filter((each) => each.some((ms) => ms < -toleranceMs)).length,
  };
}

/**
 * Null where some pairs moved and others did not, or both ways: then other numbers were drawn, and
 * the pairs are compared as those of real time are.
 */
export function verdictOfSeeds(
  all: readonly SeedDifferences[],
  toleranceMs: number,
): { verdict: GateVerdict; reasons: Reason[] } | null {
  const n = all[0]?.differencesMs.length ?? 0;
  if (n < minimumSeeds) return null;
  const moved = movedPairs(all, toleranceMs);
  if (moved.slower === 0 && moved.faster === 0) {
    return { verdict: 'pass', reasons: [reason('seeds-agree', { pairs: n, toleranceMs })] };
  }
  const slower = all.filter(({ differencesMs }) => differencesMs.every((ms) => ms > toleranceMs));
  if (slower.length > 0) {
    const shifts = slower.map(({ differencesMs }) => pairedShift(differencesMs).shift);
    const direction = slower.length < all.length ? (slower[0]?.direction ?? undefined) : undefined;
    const data = { shiftMs: finite(Math.max(...shifts)), pairs: n };
    const said = reason('slower-in-all', direction === undefined ? data : { ...data, direction });
    return { verdict: 'regression', reasons: [said] };
  }
  if (moved.slower > 0) return null;
  const faster = all.filter(({ differencesMs }) => differencesMs.every((ms) => ms < -toleranceMs));
  if (faster.length === 0) return null;
  const shifts = faster.map(({ differencesMs }) => pairedShift(differencesMs).shift);
  const byMs = finite(-Math.min(...shifts));
  return { verdict: 'pass', reasons: [reason('faster', { byMs })] };
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
