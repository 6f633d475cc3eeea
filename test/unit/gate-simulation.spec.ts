/**
 * How often the gate cries wolf and how often it sees a slowdown, on drawn readings with a fixed
 * seed. The models: a controller that decides every 10 s (outage = rest of the period + 2 s of
 * computing + 50 ms of noise), and BFD with three times 100 ms.
 */
import { expect, test } from '@playwright/test';
import { judgeMetric, type MetricArms } from '../../harness/judge/gate/judge-metric.js';
import {
  type RandomSource,
  seededRandom,
  signedRankTest,
} from '../../harness/judge/statistics/index.js';
import { untilPrecise } from '../../harness/judge/until-precise.js';
import type { TrialReadings } from '../../reports/gate/index.js';

const periodMs = 10_000;

function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Ten strata of the period; one trial in ten may take an exponential 10 s longer. */
function polled(random: RandomSource, slowerMs: number, tailShare = 0): TrialReadings[] {
  return Array.from({ length: 10 }, (_, stratum) => {
    const phaseOffsetMs = (stratum + 0.5) * (periodMs / 10);
    const tailMs = random() < tailShare ? -10_000 * Math.log(1 - random()) : 0;
    const outageMs = periodMs - phaseOffsetMs + 2000 + 50 * normal(random) + tailMs + slowerMs;
    return { stratum, phaseOffsetMs, networkOutageMs: outageMs };
  });
}

function bfd(random: RandomSource, trials: number, slowerMs: number): TrialReadings[] {
  return Array.from({ length: trials }, () => {
    const networkOutageMs = 205 + 100 * random() + 2 * normal(random) + slowerMs;
    return { stratum: null, phaseOffsetMs: null, networkOutageMs };
  });
}

function verdictOf(arms: Pick<MetricArms, 'baseline' | 'now' | 'periodMs' | 'seed'>) {
  const judged = judgeMetric({
    ...arms,
    metric: 'networkOutageMs',
    resolutionMs: 1,
    bound: null,
    boundsOnly: false,
  });
  return judged?.verdict;
}

function countVerdicts(times: number, gate: (seed: number) => string | undefined) {
  const counts = { pass: 0, regression: 0, inconclusive: 0, fail: 0 };
  for (let seed = 0; seed < times; seed += 1) {
    const verdict = gate(seed) as keyof typeof counts;
    counts[verdict] += 1;
  }
  return counts;
}

test('the exact test alarms at its level under the null hypothesis', () => {
  const random = seededRandom(2026);
  let alarms = 0;
  for (let repetition = 0; repetition < 4000; repetition += 1) {
    const [before, now] = [polled(random, 0), polled(random, 0)];
    const differences = now.map(
      (row, at) => (row.networkOutageMs ?? 0) - (before[at]?.networkOutageMs ?? 0),
    );
    if (signedRankTest(differences).pGreater < 0.01) alarms += 1;
  }
  // Ten pairs: the largest attainable level below .01 is 10/1024; three standard errors around it.
  expect(alarms / 4000).toBeGreaterThan(0.005);
  expect(alarms / 4000).toBeLessThan(0.0145);
});

test('polling, unchanged: no false alarm in 500 gates; a second more: seen every time', () => {
  const random = seededRandom(1);
  const gates = (slowerMs: number) =>
    countVerdicts(500, (seed) =>
      verdictOf({ baseline: polled(random, 0), now: polled(random, slowerMs), periodMs, seed }),
    );
  expect(gates(0)).toMatchObject({ regression: 0, fail: 0 });
  expect(gates(1000)).toMatchObject({ regression: 500 });
});

test('polling with wild trials in both arms: at most one false alarm in a hundred', () => {
  const random = seededRandom(4);
  const counts = countVerdicts(500, (seed) =>
    verdictOf({ baseline: polled(random, 0, 0.1), now: polled(random, 0, 0.1), periodMs, seed }),
  );
  expect(counts.regression).toBeLessThanOrEqual(5);
  expect(counts.pass).toBeGreaterThan(300);
});

test('BFD without strata: unchanged passes, a hundred milliseconds more are seen', () => {
  const random = seededRandom(9);
  const gates = (slowerMs: number) =>
    countVerdicts(60, (seed) =>
      verdictOf({
        baseline: bfd(random, 20, 0),
        now: bfd(random, 10, slowerMs),
        periodMs: null,
        seed,
      }),
    );
  const unchanged = gates(0);
  expect(unchanged.regression).toBeLessThanOrEqual(1);
  expect(unchanged.pass).toBeGreaterThanOrEqual(54);
  expect(gates(100).regression).toBeGreaterThanOrEqual(58);
});

test('trials are added until the median is known well enough, or no more are allowed', () => {
  const random = seededRandom(3);
  const readings = bfd(random, 60, 0).map((row) => row.networkOutageMs);
  const stopsAt = readings.findIndex(
    (_, at) => untilPrecise(readings.slice(0, at + 1), { kind: 'share', share: 0.1 }, 60).done,
  );
  const stopped = untilPrecise(readings.slice(0, stopsAt + 1), { kind: 'share', share: 0.1 }, 60);
  expect(stopped.reached).toBe(true);
  expect(stopsAt + 1).toBeGreaterThanOrEqual(6);
  expect(stopped.halfWidthMs).toBeLessThanOrEqual(30);
  const never = untilPrecise(Array<null>(8).fill(null), { kind: 'width', widthMs: 5 }, 8);
  expect(never).toMatchObject({ done: true, reached: false, halfWidthMs: null });
});
