/**
 * The verdict on pairs of one seed, in virtual time. Equal code gives equal numbers there, so that
 * there is no noise to tell a change from: a shift of all pairs is a change. Pure.
 */
import { LabError } from '../../errors.js';
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
  /** Such as `h1 → h2`; null: both, see `mean`, or the metric as it is, the worse direction. */
  direction: string | null;
  /** The mean over both directions of each trial. */
  mean?: true;
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
 * direction is seen, and by the mean of the directions; else the metric alone. Open vSwitch takes
 * changed flows to its datapath at most every 5 ms (ofproto-dpif-upcall), so that a few milliseconds
 * more in the controller may lengthen either direction, and the other hardly. `pairs` are all pairs
 * of the metric.
 */
export function seedDifferences(
  pairs: readonly Pair[],
  arms: { baseline: readonly TrialReadings[]; now: readonly TrialReadings[] },
  metric: GateMetricName,
): SeedDifferences[] {
  const ofDirections = metric === 'networkOutageMs' ? directionsOf(arms) : [];
  const whole = ofDirections.filter(({ differencesMs }) => differencesMs.length === pairs.length);
  if (whole.length > 1) return [...whole, meanOf(whole)];
  if (whole.length > 0) return whole;
  const differencesMs = pairs.map(({ nowMs, baselineMs }) => differenceOf(nowMs, baselineMs));
  return [{ direction: null, differencesMs }];
}

function meanOf(directions: readonly SeedDifferences[]): SeedDifferences {
  const differencesMs = (directions[0]?.differencesMs ?? []).map((_, at) => {
    const each = directions.map((one) => one.differencesMs[at] ?? 0);
    // Never back in one direction and back in the other are no mean: the first one counts.
    const endless = each.find((ms) => !Number.isFinite(ms));
    return endless ?? each.reduce((sum, ms) => sum + ms, 0) / each.length;
  });
  return { direction: null, mean: true, differencesMs };
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
 * A regression is a direction, or the mean of all, in which enough trials are slower and none is
 * faster; those that did not move say nothing, as in a sign test: by chance alone that many would
 * move the same way once in 32 times. Null where it is neither this nor all the same nor all faster:
 * then other numbers were drawn, and the pairs are compared as those of real time are.
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
  const slower = all.filter((one) => isSlower(one, toleranceMs));
  if (slower.length > 0)
    return { verdict: 'regression', reasons: [slowerReason(slower, all, toleranceMs)] };
  if (moved.slower > 0) return null;
  const faster = all.filter(({ differencesMs }) => differencesMs.every((ms) => ms < -toleranceMs));
  if (faster.length === 0) return null;
  const shifts = faster.map(({ differencesMs }) => pairedShift(differencesMs).shift);
  const byMs = finite(-Math.min(...shifts));
  return { verdict: 'pass', reasons: [reason('faster', { byMs })] };
}

function isSlower({ differencesMs }: SeedDifferences, toleranceMs: number): boolean {
  const slower = differencesMs.filter((ms) => ms > toleranceMs).length;
  return slower >= minimumSeeds && !differencesMs.some((ms) => ms < -toleranceMs);
}

/** Said of what is shifted most; without a direction where all are slower. */
function slowerReason(
  slower: readonly SeedDifferences[],
  all: readonly SeedDifferences[],
  toleranceMs: number,
): Reason {
  const named = slower.filter(({ mean }) => mean !== true);
  const shiftOf = ({ differencesMs }: SeedDifferences) => pairedShift(differencesMs).shift;
  const [first, ...others] = named.length > 0 ? named : slower;
  if (!first) throw new LabError('INTERNAL', 'nothing is slower');
  const most = others.reduce((worst, one) => (shiftOf(one) > shiftOf(worst) ? one : worst), first);
  const everywhere = named.length === all.filter(({ mean }) => mean !== true).length;
  const pairs = most.differencesMs.length;
  const data = {
    ...{ shiftMs: finite(shiftOf(most)), pairs },
    ...(everywhere || most.direction === null ? {} : { direction: most.direction }),
    ...(most.mean ? { mean: true as const } : {}),
  };
  const moved = most.differencesMs.filter((ms) => ms > toleranceMs).length;
  return moved === pairs
    ? reason('slower-in-all', data)
    : reason('slower-in-most', { ...data, slower: moved });
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
