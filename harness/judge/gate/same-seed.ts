/**
 * The verdict on pairs of one seed, in virtual time. Equal code gives equal numbers there, so that
 * there is no noise to tell a change from: a shift of all pairs is a change. Pure.
 */
import { type Reason, reason } from '../../model/reason.js';
import { differenceOf } from '../statistics/index.js';
import type { Pair } from './compare.js';
import type { GateMetricName } from './readings.js';
import type { GateVerdict } from './result.js';
import { minimumSeeds } from './trial-counts.js';

/** Pairs that differ by more than the tolerance. */
export interface MovedPairs {
  slower: number;
  faster: number;
}

/** A reading ends at a probe, so that a pair may differ by one probe's width at either end. */
export function seedToleranceMs(
  metric: GateMetricName,
  resolutionMs: number,
  otherwiseMs: number,
): number {
  return metric === 'networkOutageMs' ? 2 * resolutionMs : otherwiseMs;
}

export function movedPairs(pairs: readonly Pair[], toleranceMs: number): MovedPairs {
  const differences = pairs.map(({ nowMs, baselineMs }) => differenceOf(nowMs, baselineMs));
  return {
    slower: differences.filter((ms) => ms > toleranceMs).length,
    faster: differences.filter((ms) => ms < -toleranceMs).length,
  };
}

/**
 * Null where some pairs moved and others did not, or both ways: then other numbers were drawn, and
 * the pairs are compared as those of real time are.
 */
export function verdictOfSeeds(
  moved: MovedPairs,
  { n, shiftMs, toleranceMs }: { n: number; shiftMs: number | null; toleranceMs: number },
): { verdict: GateVerdict; reasons: Reason[] } | null {
  const { slower, faster } = moved;
  if (n < minimumSeeds) return null;
  if (slower === 0 && faster === 0) {
    return { verdict: 'pass', reasons: [reason('seeds-agree', { pairs: n, toleranceMs })] };
  }
  if (slower === n) {
    return { verdict: 'regression', reasons: [reason('slower-in-all', { shiftMs, pairs: n })] };
  }
  if (faster === n) {
    const byMs = shiftMs === null ? null : -shiftMs;
    return { verdict: 'pass', reasons: [reason('faster', { byMs })] };
  }
  return null;
}
