/**
 * Upper tail of the standard normal distribution. simple-statistics offers this from a table of four
 * digits, too coarse for a p-value near .0001.
 */

/**
 * P(Z > z), relative error below 1e-12. For |z| < 3 the series of Abramowitz and Stegun 26.2.11,
 * beyond it the continued fraction 26.2.14, evaluated from its far end.
 */
export function normalUpperTail(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (z < 0) return 1 - normalUpperTail(-z);
  if (z === Number.POSITIVE_INFINITY) return 0;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < 3 ? 0.5 - density * oddSeries(z) : density / continuedFraction(z);
}

function oddSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * 1e-17 && odd < 400; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

function continuedFraction(z: number): number {
  let value = z;
  for (let step = 150; step >= 1; step -= 1) value = z + step / value;
  return value;
}
