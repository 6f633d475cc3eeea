/** When `--until-precise` has enough trials. Pure. */
import { LabError } from '../errors.js';
import { medianWithInterval, type Reading } from './statistics/index.js';

/** How narrow the 95 % interval of the median must be: a share of the median, or milliseconds. */
export type Precision = { kind: 'share'; share: number } | { kind: 'width'; widthMs: number };

/** Reads `10%`, `20ms` or `0.5s`; throws WRONG_USE. */
export function parsePrecision(text: string): Precision {
  const match = /^(\d+(?:\.\d+)?)(%|ms|s)$/.exec(text);
  const amount = Number(match?.[1]);
  if (!match || !(amount > 0)) {
    throw new LabError('WRONG_USE', `'${text}' is not a precision`, {
      hint: "Write a share of the median or a width, such as --until-precise '10%' or '20ms'.",
    });
  }
  if (match[2] === '%') return { kind: 'share', share: amount / 100 };
  return { kind: 'width', widthMs: match[2] === 's' ? amount * 1000 : amount };
}

export interface PrecisionState {
  /** No further trial is needed, or none may be added. */
  done: boolean;
  /** The wanted precision was reached. */
  reached: boolean;
  /** Half the interval's width; null while there is none or an end is censored. */
  halfWidthMs: number | null;
}

/**
 * Looks at the readings so far; null readings are censored. Half the interval's width is compared,
 * so `10%` means median ± 10 %. Stopping when an interval happens to be narrow makes its coverage
 * slightly less than stated: the figure is for people, gates use a fixed number of trials.
 */
export function untilPrecise(
  readings: readonly Reading[],
  precision: Precision,
  maximumTrials: number,
): PrecisionState {
  const { n, median, ci95 } = medianWithInterval(readings);
  const [low, high] = ci95 ?? [null, null];
  const halfWidthMs = low === null || high === null ? null : (high - low) / 2;
  const wantedMs = precision.kind === 'width' ? precision.widthMs : precision.share * (median ?? 0);
  const reached = halfWidthMs !== null && halfWidthMs <= wantedMs;
  return { done: reached || n >= maximumTrials, reached, halfWidthMs };
}
