/** Statistics against printed values of R and published tables, and against their definitions. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  changePoints,
  coverageOfRank,
  differenceOf,
  intervalRanks,
  mannWhitney,
  medianDifferenceInterval,
  medianWithInterval,
  pairedShift,
  percentileClaim,
  seededRandom,
  signedRankTest,
  trialsForQuantile,
  twoSampleShift,
} from '../../harness/judge/statistics/index.js';
import { distributionOfU } from '../../harness/judge/statistics/mann-whitney.js';
import { normalUpperTail } from '../../harness/judge/statistics/normal.js';
import { signedRankTail } from '../../harness/judge/statistics/signed-rank.js';

interface Published {
  signedRank: Array<{
    name: string;
    now: number[];
    before: number[];
    statistic: number;
    pGreater?: number;
    pTwoSided?: number;
  }>;
  oneSample: {
    x: number[];
    cases: Array<{ mu: number; statistic: number; pGreater?: number; pTwoSided?: number }>;
  };
  signedRankCritical: { level: number; firstN: number; values: number[] };
  mannWhitney: Array<{
    name: string;
    first: number[];
    second: number[];
    statistic: number;
    method: string;
    pGreater?: number;
    pTwoSided: number;
    shift?: number;
  }>;
  normalUpperTail: { values: Array<[number, number]> };
  medianInterval: { rows: Array<{ n: number; ranks: [number, number]; coverage: number }> };
}

const file = new URL('../fixtures/statistics/published.json', import.meta.url);
const published: Published = JSON.parse(readFileSync(file, 'utf8'));
const subtract = (now: number[], before: number[]) =>
  now.map((value, at) => Number((value - (before[at] ?? 0)).toFixed(9)));
const ascending = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

test.describe('signed rank', () => {
  for (const one of published.signedRank) {
    test(one.name, () => {
      const result = signedRankTest(subtract(one.now, one.before));
      expect(result.statistic).toBe(one.statistic);
      if (one.pGreater !== undefined) expect(result.pGreater).toBeCloseTo(one.pGreater, 6);
      if (one.pTwoSided !== undefined) {
        expect(2 * Math.min(result.pGreater, result.pLess)).toBeCloseTo(one.pTwoSided, 6);
      }
    });
  }

  for (const { mu, statistic, pGreater, pTwoSided } of published.oneSample.cases) {
    test(`one sample against ${mu}`, () => {
      const result = signedRankTest(published.oneSample.x.map((x) => Number((x - mu).toFixed(9))));
      expect(result.statistic).toBe(statistic);
      const p =
        pGreater === undefined ? 2 * Math.min(result.pGreater, result.pLess) : result.pGreater;
      expect(p).toBeCloseTo(pGreater ?? pTwoSided ?? Number.NaN, 6);
    });
  }

  test('critical values for 6 to 62 pairs', () => {
    const { level, firstN, values } = published.signedRankCritical;
    values.forEach((critical, at) => {
      const tail = signedRankTail(ascending(firstN + at));
      expect(tail.atMost(critical), `n ${firstN + at}`).toBeLessThanOrEqual(level);
      expect(tail.atMost(critical + 1), `n ${firstN + at}`).toBeGreaterThan(level);
    });
  });

  test('equals the share of all sign patterns, with ties, zeros and censored pairs', () => {
    const difference = fc.oneof(
      fc.integer({ min: -4, max: 4 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 9 }), (differences) => {
        const result = signedRankTest(differences);
        expect(result.pGreater).toBeCloseTo(shareOfPatterns(differences, result.statistic), 12);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  test('a censored pair counts as the largest slowdown', () => {
    const before = [100, 110, 120, 130, 140, 150, 160, null];
    const now = [105, 113, 121, 138, 151, 170, null, null];
    const differences = now.map((value, at) => differenceOf(value, before[at] ?? null));
    const result = signedRankTest(differences);
    expect(differences[6]).toBe(Number.POSITIVE_INFINITY);
    expect(result).toMatchObject({ n: 7, statistic: 28, pGreater: 1 / 128, smallestP: 1 / 128 });
  });

  test('no difference at all proves nothing', () => {
    expect(signedRankTest([0, 0, 0])).toMatchObject({ n: 0, statistic: 0, pGreater: 1, pLess: 1 });
  });

  test('six pairs cannot reach p < .01, seven can', () => {
    expect(signedRankTest(ascending(6)).pGreater).toBeGreaterThan(0.01);
    expect(signedRankTest(ascending(7)).pGreater).toBeLessThan(0.01);
  });
});

/** P(W+ >= statistic) by listing all patterns: the definition, written a second time. */
function shareOfPatterns(differences: number[], statistic: number): number {
  const sizes = differences.filter((d) => d !== 0).map(Math.abs);
  const ranks = sizes.map(
    (size) =>
      sizes.filter((other) => other < size).length +
      (sizes.filter((other) => other === size).length + 1) / 2,
  );
  let count = 0;
  for (let pattern = 0; pattern < 2 ** ranks.length; pattern += 1) {
    const sum = ranks.reduce((total, rank, at) => (pattern & (1 << at) ? total + rank : total), 0);
    if (sum >= statistic) count += 1;
  }
  return count / 2 ** ranks.length;
}

test.describe('Mann-Whitney', () => {
  for (const one of published.mannWhitney) {
    test(one.name, () => {
      const result = mannWhitney(one.first, one.second);
      expect(result.statistic).toBe(one.statistic);
      expect(result.method).toBe(one.method);
      expect(result.pTwoSided).toBeCloseTo(one.pTwoSided, 9);
      if (one.pGreater !== undefined) expect(result.pGreater).toBeCloseTo(one.pGreater, 9);
      if (one.shift !== undefined) {
        expect(twoSampleShift(one.first, one.second)).toBeCloseTo(one.shift, 9);
      }
    });
  }

  test('the exact distribution is symmetric, complete and centred', () => {
    for (const [m, n] of [
      [1, 1],
      [3, 8],
      [10, 10],
      [20, 49],
    ] as const) {
      const distribution = distributionOfU(m, n);
      const total = distribution.reduce((sum, p) => sum + p, 0);
      const mean = distribution.reduce((sum, p, u) => sum + p * u, 0);
      expect(total).toBeCloseTo(1, 10);
      expect(mean).toBeCloseTo((m * n) / 2, 7);
      const mirrored = [...distribution].reverse();
      const apart = distribution.map((p, u) => Math.abs(p - (mirrored[u] ?? 1)));
      expect(Math.max(...apart)).toBeLessThan(1e-12);
    }
  });

  test('exact and normal agree where both apply', () => {
    const random = seededRandom(5);
    const first = Array.from({ length: 49 }, () => random() + 0.12);
    const second = Array.from({ length: 49 }, () => random());
    const exact = mannWhitney(first, second);
    const normal = mannWhitney([...first, 9], second.concat(-9));
    expect(exact.method).toBe('exact');
    expect(normal.method).toBe('normal');
    expect(Math.abs(exact.pGreater - normal.pGreater)).toBeLessThan(0.02);
  });

  test('all values equal proves nothing; censored values tie with one another', () => {
    expect(mannWhitney([1, 1], [1, 1]).pTwoSided).toBe(1);
    const never = Number.POSITIVE_INFINITY;
    const result = mannWhitney([never, never, 3], [1, 2, never]);
    expect(result).toMatchObject({ statistic: 7, method: 'normal' });
  });
});

test('the normal tail agrees with R on both sides of the change of method', () => {
  for (const [z, tail] of published.normalUpperTail.values) {
    expect(normalUpperTail(z) / tail).toBeCloseTo(1, 9);
    expect(normalUpperTail(-z)).toBeCloseTo(1 - tail, 12);
  }
});

test.describe('median', () => {
  for (const { n, ranks, coverage } of published.medianInterval.rows) {
    test(`interval of ${n} trials runs from rank ${ranks[0]} to ${ranks[1]}`, () => {
      expect(intervalRanks(n)).toEqual(ranks);
      expect(coverageOfRank(n, ranks[0])).toBeCloseTo(coverage, 9);
    });
  }

  test('five trials support no interval', () => {
    expect(medianWithInterval([1, 2, 3, 4, 5])).toMatchObject({ median: 3, ci95: null });
  });

  test('censored readings rank highest and are never dropped', () => {
    const summary = medianWithInterval([null, 30, 10, null, 20, 40, 60, 50, 70, null]);
    expect(summary).toMatchObject({ n: 10, censored: 3, min: 10, median: 55, max: null });
    expect(summary.ci95).toEqual([20, null]);
    expect(medianWithInterval([1, null, null]).median).toBeNull();
    expect(medianWithInterval([1, null]).median).toBeNull();
  });

  test('nothing measured is nothing known', () => {
    expect(medianWithInterval([])).toMatchObject({ n: 0, min: null, median: null, ci95: null });
  });

  test('the order of the trials does not matter', () => {
    const readings = fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { maxLength: 20 });
    fc.assert(
      fc.property(readings, (values) => {
        expect(medianWithInterval([...values].reverse())).toEqual(medianWithInterval(values));
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

test.describe('shift', () => {
  test('the depression data shift by 0.46 (Hollander and Wolfe), the interval covers it', () => {
    const [data] = published.signedRank;
    const { shift, interval, coverage } = pairedShift(
      subtract(data?.now ?? [], data?.before ?? []),
    );
    expect(shift).toBeCloseTo(0.46, 9);
    expect(interval?.[0]).toBeCloseTo(0.01, 9);
    expect(interval?.[1]).toBeCloseTo(0.786, 9);
    expect(coverage).toBeCloseTo(1 - 2 * 0.01953125, 9);
  });

  test('moves with the data', () => {
    const values = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(values, fc.integer({ min: -100, max: 100 }), (differences, by) => {
        const moved = pairedShift(differences.map((d) => d + by));
        expect(moved.shift).toBeCloseTo(pairedShift(differences).shift + by, 9);
      }),
      { seed: 8, numRuns: 80 },
    );
  });

  test('a few censored pairs do not make the shift infinite, many do', () => {
    const never = Number.POSITIVE_INFINITY;
    expect(pairedShift([1, 2, 3, 4, 5, 6, never]).shift).toBeLessThan(10);
    expect(pairedShift([1, 2, never, never, never]).shift).toBe(never);
    expect(pairedShift([never, Number.NEGATIVE_INFINITY]).shift).toBe(0);
  });
});

test.describe('bootstrap', () => {
  const before = Array.from({ length: 20 }, (_, at) => 200 + 5 * at);

  test('is the same for one seed, and covers a plain shift', () => {
    const now = before.map((value) => value + 100);
    const [low, high] = medianDifferenceInterval(now, before, { seed: 7 });
    expect(medianDifferenceInterval(now, before, { seed: 7 })).toEqual([low, high]);
    expect(low).toBeLessThan(100);
    expect(low).toBeGreaterThan(40);
    expect(high).toBeGreaterThan(100);
  });

  test('censored arms give an infinite upper end, not a missing one', () => {
    const now = [...before.slice(0, 11), ...Array<number>(9).fill(Number.POSITIVE_INFINITY)];
    const [low, high] = medianDifferenceInterval(now, before, { seed: 7 });
    expect(Number.isFinite(low)).toBe(true);
    expect(high).toBe(Number.POSITIVE_INFINITY);
  });
});

test('p95 is claimed from 59 trials on', () => {
  expect(trialsForQuantile(0.95)).toBe(59);
  expect(percentileClaim(ascending(58))).toMatchObject({ claimed: false, largestMs: 58 });
  expect(percentileClaim(ascending(59))).toMatchObject({ claimed: true, atMostMs: 59 });
  const many = percentileClaim(ascending(200));
  expect(many).toMatchObject({ claimed: true, atMostMs: 196 }); // qbinom(0.95, 200, 0.95) + 1 = 196
  expect(percentileClaim([...ascending(58), null])).toMatchObject({
    claimed: true,
    atMostMs: null,
  });
});

test.describe('change points', () => {
  const noise = seededRandom(21);
  const level = (ms: number, count: number) =>
    Array.from({ length: count }, () => ms + 10 * (noise() + noise() + noise() - 1.5));

  test('finds two steps where they are', () => {
    const series = [...level(250, 15), ...level(350, 12), ...level(280, 13)];
    const found = changePoints(series, { seed: 1 });
    expect(found.map((point) => point.index)).toEqual([15, 27]);
    for (const { p } of found) expect(p).toBeLessThanOrEqual(0.05);
  });

  test('a steady series has none, a short one cannot have any', () => {
    expect(changePoints(level(250, 40), { seed: 2, significance: 0.01 })).toEqual([]);
    expect(changePoints([1, 1, 1, 1, 900, 900, 900, 900], { seed: 2 })).toEqual([]);
    expect(changePoints(Array<number>(20).fill(7), { seed: 2 })).toEqual([]);
  });
});
