/**
 * Verdict and numbers for every bad case, from histories that real labs left behind. What must come
 * out is counted from the bare record by `recount.ts`, so it holds for any new recording as well.
 */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import { readHistory } from '../../harness/model/history/reader.js';
import {
  type DirectionResult,
  type RunResult,
  runResultSchema,
  type TrialResult,
} from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';
import { seenText } from '../../reports/evidence.js';
import { explanationText } from '../../reports/explanation.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import {
  between,
  holesOf,
  lengthMs,
  linesOf,
  longestOf,
  packetsIn,
  recordedText,
} from './recount.js';

const directions = ['forward', 'reverse'] as const;

interface Case {
  text: string;
  result: RunResult;
  trial: TrialResult;
  /** Stamps of the first fault, and of its heal. */
  injected: { beforeNs: number; afterNs: number };
  healed: { beforeNs: number; afterNs: number };
  trafficNs: number;
}

function recorded(name: string): Case {
  const text = recordedText(name);
  const { result } = judge(readHistory(text).events);
  const trial = result.trials[0];
  if (!trial) throw new Error(`${name} has no trial`);
  const stampsOf = (kind: string) => {
    const [line] = linesOf(text, kind);
    return { beforeNs: Number(line?.beforeNs), afterNs: Number(line?.afterNs) };
  };
  const traffic = linesOf(text, 'phase').find((line) => line.phase === 'traffic');
  return {
    text,
    result,
    trial,
    injected: stampsOf('fault.injected'),
    healed: stampsOf('fault.healed'),
    trafficNs: traffic?.atNs ?? Number.NaN,
  };
}

function read(trial: TrialResult, direction: 'forward' | 'reverse'): DirectionResult {
  const found = trial.network?.[direction];
  if (!found) throw new Error(`nothing was measured ${direction}`);
  return found;
}

/** One outage that the heal ended, as long as the only hole since the fault, by stamps and packets. */
function expectOneOutage({ text, trial, injected, healed }: Case): void {
  for (const direction of directions) {
    const { resolutionMs, ...reading } = read(trial, direction);
    const holes = between(holesOf(text, direction), injected.beforeNs - 1e8, healed.afterNs);
    expect(holes).toHaveLength(1);
    expect(reading.outageWithHealMs).toBeCloseTo(lengthMs(holes[0]), 2);
    expect(reading).toMatchObject({
      packetsLost: packetsIn(holes),
      lossPeriods: 1,
      lossDerivedMs: packetsIn(holes) * resolutionMs,
      // Nothing but the heal of the filter brought the network back.
      outageMs: null,
      outageEnding: 'heal',
      recovered: false,
    });
    const untilHealMs = (healed.beforeNs - Number(holes[0]?.goodBeforeNs)) / 1e6;
    expect(reading.outageAtLeastMs).toBeCloseTo(untilHealMs, 2);
    // And as long as the filter stood, give or take its own stamps and a packet at each end.
    const shortestMs = (healed.beforeNs - injected.afterNs) / 1e6;
    const longestMs = (healed.afterNs - injected.beforeNs) / 1e6;
    expect(reading.outageWithHealMs).toBeGreaterThan(shortestMs - 2 * resolutionMs);
    expect(reading.outageWithHealMs).toBeLessThan(longestMs + 3 * resolutionMs);
  }
}

const names = readdirSync(fileURLToPath(new URL('../fixtures/recorded', import.meta.url)))
  .filter((file) => file.endsWith('.ndjson.gz'))
  .map((file) => file.slice(0, -'.ndjson.gz'.length));

for (const name of names) {
  test(`${name}: the record is real and whole, its result fits the schema, and a report tells it`, () => {
    const text = recordedText(name);
    expect(text).not.toContain(packageRoot());
    expect(text).not.toMatch(/\/(tmp|home|root|var\/tmp)\//);
    const { events, truncated } = readHistory(text);
    expect(truncated).toBe(false);
    const judged = judge(events);
    expect(judged.result.scenario).toBe(name);
    expect(judged.result.environment.ovs).toMatch(/^\d+\.\d+/);
    expect(runResultSchema.parse(JSON.parse(JSON.stringify(judged.result)))).toEqual(judged.result);
    for (const direction of directions) {
      const [reading] = judged.result.trials.map((trial) => read(trial, direction));
      if (reading?.outageMs !== null) {
        expect(reading?.packetsLost).toBeLessThanOrEqual(reading?.packetsSent ?? 0);
      }
    }
    const report = renderTerminal(judged, { columns: 80, colour: false });
    for (const reason of sentencesOf(judged.result.reasons)) {
      expect(report.replace(/\s+/g, ' ')).toContain(reason.replace(/\s+/g, ' '));
    }
  });
}

test('a path that never recovers is censored, though it came back when the lab was tidied up', () => {
  const { result, trial, text } = recorded('never-recovers');
  expect(result.verdict).toBe('fail');
  expect(sentencesOf(result.reasons).at(-1)).toBe(
    'network outage at most 1 s: no recovery within 3.00 s',
  );
  expect(sentencesOf(result.reasons)[0]).toMatch(
    /^dark at the end: no packet from h1 to h3 since 2.00 s/,
  );
  for (const direction of directions) {
    const hole = longestOf(holesOf(text, direction));
    expect(lengthMs(hole)).toBeGreaterThan(4000);
    expect(read(trial, direction)).toMatchObject({
      outageMs: null,
      outageAtLeastMs: 3000,
      packetsLost: hole?.packets,
      recovered: false,
      recoveryMs: null,
    });
  }
  expect(trial.tcp).toMatchObject({ stallMs: null, recovered: false, movingAgainMs: null });
  expect(trial.phases).toMatchObject({
    firstPacketForwardMs: null,
    firstPacketReverseMs: null,
    tcpMovingMs: null,
  });
  expect(explanationText(trial.explanation)).toBe(
    'Dark for more than 3.00 s: traffic did not come back in time; no failure detection was observed.',
  );
  expect(trial.reversion).toBeNull();
});

test('recovery in one direction only is no recovery', () => {
  const { result, trial, text, injected, healed } = recorded('one-direction-only');
  expect(result.verdict).toBe('fail');
  const there = longestOf(holesOf(text, 'forward'));
  expect(read(trial, 'forward')).toMatchObject({
    outageMs: null,
    outageEnding: 'heal',
    packetsLost: there?.packets,
  });
  expect(read(trial, 'forward').outageWithHealMs).toBeCloseTo(lengthMs(there), 2);
  expect(lengthMs(there)).toBeLessThan((healed.afterNs - injected.beforeNs) / 1e6 + 3);
  const back = longestOf(holesOf(text, 'reverse'));
  expect(lengthMs(back)).toBeGreaterThan(lengthMs(there) + 1000);
  expect(read(trial, 'reverse')).toMatchObject({
    outageMs: null,
    outageAtLeastMs: 3000,
    packetsLost: back?.packets,
    packetsSent: expect.any(Number),
    recovered: false,
  });
  expect(trial.standards?.rfc8456).toMatchObject({ reverseDisruptionMs: null, maximumMs: null });
  expect(trial.phases).toMatchObject({ firstPacketForwardMs: null, firstPacketReverseMs: null });
  const evidence = trial.episodes[0]?.phaseEvidence;
  expect(seenText(evidence?.firstPacketForwardMs)).toContain('only after the heal');
  expect(seenText(evidence?.firstPacketReverseMs)).not.toContain('only after the heal');
  expect(explanationText(trial.explanation)).toContain('reverse did not come back in time');
});

test('a path that fails again has recovered only after that', () => {
  const { result, trial, text, injected, healed } = recorded('fails-again');
  // The second time only the heal brought it back.
  expect(result.verdict).toBe('fail');
  for (const direction of directions) {
    const holes = between(holesOf(text, direction), injected.beforeNs - 1e7, Infinity);
    expect(holes).toHaveLength(2);
    const reading = read(trial, direction);
    expect(reading).toMatchObject({ lossPeriods: 2, packetsLost: packetsIn(holes) });
    expect(reading).toMatchObject({ outageMs: null, outageEnding: 'heal', recoveryMs: null });
    expect(reading.outageWithHealMs).toBeCloseTo(lengthMs(longestOf(holes)), 2);
    const untilHealMs = (healed.beforeNs - Number(holes[1]?.goodBeforeNs)) / 1e6;
    expect(reading.outageAtLeastMs).toBeCloseTo(untilHealMs, 2);
  }
  expect(explanationText(trial.explanation)).toContain('until the heal');
});

test('loss before the fault makes the trial inconclusive, and is no part of the outage', () => {
  const bad = recorded('loss-before-fault');
  const { result, trial, text, injected, trafficNs } = bad;
  const before = directions.flatMap((d) =>
    between(holesOf(text, d), trafficNs, injected.beforeNs - 1e8),
  );
  // The filter dropped the first forty packets that it saw, and nothing else.
  expect(packetsIn(before)).toBe(40);
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toHaveLength(1);
  expect(sentencesOf(result.reasons)[0]).toMatch(
    /^traffic was not clean before the fault: 40 of \d+ packets/,
  );
  expect(trial.fidelity?.baselinePacketsLost).toBe(40);
  expectOneOutage(bad);
});

test('a fault that takes no effect is never a pass', () => {
  const { result, trial, text, trafficNs } = recorded('fault-without-effect');
  for (const direction of directions) {
    expect(between(holesOf(text, direction), trafficNs, Infinity)).toEqual([]);
    expect(read(trial, direction)).toMatchObject({ outageMs: 0, packetsLost: 0 });
  }
  expect(trial.fault).toMatchObject({ kind: 'large-packet-loss', verified: true });
  expect(trial.tcp).toMatchObject({ stallMs: 0 });
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toEqual([
    'large-packet-loss of gre-r1-r2 had no effect on any measurement: no packet lost, no path or flow changed',
  ]);
});

test('a sender that was stopped for 200 ms makes no outage, and is told', () => {
  const bad = recorded('sender-starved');
  const { result, trial, text, healed } = bad;
  const gaps = linesOf(text, 'meter.sent').flatMap((line) => line.gaps as number[][]);
  const stoppedMs = Math.max(...gaps.map(([, beforeNs = 0, txNs = 0]) => (txNs - beforeNs) / 1e6));
  expect(stoppedMs).toBeGreaterThan(195);
  expect(stoppedMs).toBeLessThan(300);
  for (const direction of directions)
    expect(between(holesOf(text, direction), healed.afterNs, Infinity)).toEqual([]);
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toHaveLength(1);
  expect(sentencesOf(result.reasons)[0]).toMatch(
    /^the meter's sender was stalled, or its clock jumped, for 2/,
  );
  expect(trial.fidelity?.worstSendGapMs).toBeCloseTo(stoppedMs, 2);
  expectOneOutage(bad);
});

test('a stepped wall clock changes neither outage nor delay, and the trial counts', () => {
  const bad = recorded('clock-steps');
  const { result, trial, text, healed } = bad;
  const delays = linesOf(text, 'meter.received')
    .filter((line) => line.delayNs !== null)
    .map((line) => ({ ...line, maxMs: Number((line.delayNs as { max: number }).max) / 1e6 }));
  // It was stepped: packets that waited while it went back half a second look that much delayed.
  const seen = delays.filter(({ maxMs }) => maxMs > 450 && maxMs < 550);
  expect(seen.length).toBeGreaterThan(0);
  for (const { atNs } of seen) expect(atNs).toBeGreaterThan(healed.afterNs);
  expect(result.verdict).toBe('fail');
  expect(sentencesOf(result.reasons)).toEqual([expect.stringContaining('not before the heal')]);
  expectOneOutage(bad);
  for (const direction of directions) {
    expect(between(holesOf(text, direction), healed.afterNs, Infinity)).toEqual([]);
    expect(Math.abs(read(trial, direction).additiveBackupDelayMs ?? Number.NaN)).toBeLessThan(5);
  }
});

test('30 % random loss is loss, not hundreds of outages', () => {
  const { result, trial, text, injected, healed } = recorded('random-loss-30-percent');
  expect(result).toMatchObject({ verdict: 'pass', reasons: [] });
  for (const direction of directions) {
    const holes = between(holesOf(text, direction), injected.beforeNs - 5e6, healed.beforeNs);
    expect(holes.length).toBeGreaterThan(300);
    const reading = read(trial, direction);
    expect(reading).toMatchObject({ outageMs: 0, recovered: true });
    // A run at the very edge of the span may be the tidying heal's.
    expect(Math.abs(reading.lossPeriods - holes.length)).toBeLessThanOrEqual(3);
    expect(Math.abs(reading.packetsLost - packetsIn(holes))).toBeLessThanOrEqual(9);
    expect(reading.lossPercent).toBeGreaterThan(25);
    expect(reading.lossPercent).toBeLessThan(35);
  }
  expect(explanationText(trial.explanation)).toMatch(
    /^No outage, though \d+ packets \([\d.]+ %\) were lost/,
  );
});

test('an outage shorter than two probe intervals is read, with its resolution', () => {
  const bad = recorded('shorter-than-two-probes');
  const { result, trial, injected, healed } = bad;
  expect(healed.afterNs - injected.beforeNs).toBeLessThan(2 * 50e6);
  expect(result.verdict).toBe('fail');
  expectOneOutage(bad);
  for (const direction of directions) {
    expect(read(trial, direction)).toMatchObject({ resolutionMs: 50, packetsLost: 1 });
    expect(trial.reversion?.network?.[direction]).toMatchObject({ outageMs: 0, packetsLost: 0 });
  }
  expect(explanationText(trial.explanation)).toContain('until the heal');
});
