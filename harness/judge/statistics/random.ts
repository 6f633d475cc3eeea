/**
 * Seeded random numbers for resampling: the same seed gives the same interval on every machine.
 * Not for anything secret.
 */

/** A source of numbers uniform on [0, 1). */
export type RandomSource = () => number;

/**
 * Weyl sequence with the 32-bit finaliser of splitmix (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014). `seed` is any integer; its low 32 bits count.
 */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
