/**
 * Everything that a seed decides. Same seed, same plan: on every machine, in every version that
 * keeps this file's tests green.
 *
 * Generator: mulberry32 by Tommy Ettinger (public domain): 32 bits of state, period 2^32, good
 * enough to spread moments in time and to shuffle a few dozen things, and short enough to read.
 */

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** The generator that a seed starts. Seeds are reduced to 32 bits. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A seed of its own for one purpose, so that adding a draw elsewhere does not move this one. */
export function derivedSeed(seed: number, purpose: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0; // FNV-1a over the purpose, started from the seed.
  for (const byte of new TextEncoder().encode(purpose)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/** The seed of trial `trial` (0-based): the run's own seed for the first, derived for the rest. */
export function trialSeed(seed: number, trial: number): number {
  return trial === 0 ? seed : derivedSeed(seed, `trial ${trial}`);
}

/** One of `items`, by the seed. */
export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

/** A shuffled copy (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) {
    result.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return result;
}

/** Where in its period a trial's fault falls. */
export interface PhaseOfTrial {
  /** Which of the N equal parts of the period, 0-based. */
  stratum: number;
  /** Milliseconds after the controller's tick, in [0, period). */
  offsetMs: number;
}

/**
 * Phase stratification: N trials get the offsets (i + u_i) / N of the period, u_i uniform on
 * [0, 1), in an order shuffled by the seed. Against independent random phases this cuts the
 * standard deviation of the mean of ten trials by a factor of ten, because the moment within the
 * period is the largest source of variance with a controller that decides periodically.
 */
export function stratifiedPhases(seed: number, trials: number, periodMs: number): PhaseOfTrial[] {
  const random = randomFrom(derivedSeed(seed, `phases of ${trials}`));
  const phases = Array.from({ length: trials }, (_, stratum) => ({
    stratum,
    offsetMs: Math.floor(((stratum + random()) / trials) * periodMs * 1000) / 1000,
  }));
  return shuffled(phases, random);
}
