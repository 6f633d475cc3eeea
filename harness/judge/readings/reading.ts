/** A number that an expectation is about, with what there is to add to it. */
import { type Detail, detail } from '../../model/reading-detail.js';
import type { DirectionResult } from '../../model/result.js';
import { largestOf } from '../units.js';

export interface Reading {
  /** Null when nothing was measured, or when it is censored. */
  value: number | null;
  /** Lower bound of a censored value; null when there is no sample at all. */
  atLeast: number | null;
  unit: string;
  detail: Detail;
  /** Censored at a heal, since nothing else ended it. */
  untilHeal?: boolean;
  /** Something that ended by itself was longer than what is censored: the bound is its length. */
  othersLonger?: boolean;
  /** Whether the heal ended it cannot be decided: the value is a lower bound, or the value. */
  unclear?: boolean;
}

/** Share of packets lost, percent, the outage included. */
export function lossPercentOf(direction: DirectionResult): number {
  if (direction.packetsSent === 0) return direction.packetsLost > 0 ? 100 : 0;
  return direction.outageMs === 0
    ? direction.lossPercent
    : (100 * direction.packetsLost) / Math.max(direction.packetsSent, direction.packetsLost);
}

/** The largest of all directions. */
export function worstOf(
  directions: readonly DirectionResult[],
  value: (direction: DirectionResult) => number,
  unit: string,
): Reading {
  return sample(largestOf(directions.map(value)), unit, detail('worst-direction', {}));
}

/** The rate of the slowest flow. */
export function lowestOf(values: readonly (number | null)[]): Reading {
  const known = values.filter((value) => value !== null);
  if (known.length === 0)
    return noSample('bit/s', detail('not-measured', { of: null, by: 'iperf3' }));
  return sample(Math.min(...known), 'bit/s', detail('slowest-flow', {}));
}

/** A number that was measured. */
export function sample(value: number, unit: string, of: Detail): Reading {
  return { value, atLeast: value, unit, detail: of };
}

/** A time of which only a lower bound is known. */
export function censored(atLeast: number, of: Detail): Reading {
  return { value: null, atLeast, unit: 'ms', detail: of };
}

export function noSample(unit: string, why: Detail): Reading {
  return { value: null, atLeast: null, unit, detail: why };
}
