/**
 * Verdict and numbers for every way a trial goes wrong, from histories on disk. The histories are
 * constructed from packet plans, so the right answer is known; see test/fixtures/histories.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { type RunResult, runResultSchema, type TrialResult } from '../../harness/model/result.js';
import { explanationText } from '../../reports/explanation.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory, historyText } from '../fixtures/constructed-history.js';
import { historyPlans } from '../fixtures/history-plans.js';

function fixture(name: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../fixtures/histories/${name}.ndjson`, import.meta.url)),
    'utf8',
  );
}

function judged(name: string): { result: RunResult; trial: TrialResult } {
  const { result } = judge(readHistory(fixture(name)).events);
  const trial = result.trials[0];
  if (!trial) throw new Error(`${name} has no trial`);
  return { result, trial };
}

for (const plan of historyPlans) {
  test(`${plan.name}: the file is what its plan says, and its result fits the schema`, () => {
    const text = fixture(plan.name);
    expect(text).toBe(historyText(buildHistory(plan)));
    const { result } = judge(readHistory(text).events);
    expect(runResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(judge(readHistory(text).events).result).toEqual(result);
  });
}

test('a recovery passes, with both directions, TCP, reversion and the time explained', () => {
  const { result, trial } = judged('recovers');
  expect(result).toMatchObject({ verdict: 'pass', reasons: [] });
  expect(trial.fault).toMatchObject({ kind: 'power-off', injectedAtMs: 5001, uncertaintyMs: 1 });
  expect(trial.network?.forward).toMatchObject({
    outageMs: 9200,
    lossDerivedMs: 9199,
    disagreementMs: 1,
    packetsLost: 9199,
    lossPeriods: 1,
    recovered: true,
    additiveBackupDelayMs: 0.1,
  });
  expect(trial.network?.reverse).toMatchObject({ outageMs: 9230, recovered: true });
  expect(trial.reversion?.network?.forward).toMatchObject({ outageMs: 0, recovered: true });
  expect(trial.tcp).toMatchObject({
    stallMs: 12_499,
    resolutionMs: 500,
    baselineBps: 100_000_000,
    recovered: true,
    predictedStallMs: 12_625.2,
  });
  expect(trial.phases).toEqual({
    detectedMs: 9099,
    controllerToldMs: 9099,
    firstFlowChangeMs: 9149,
    lastFlowChangeMs: 9198,
    firstPacketForwardMs: 9199,
    firstPacketReverseMs: 9229,
    tcpMovingMs: 12_499,
    tcp90Ms: 12_999,
  });
  expect(explanationText(trial.explanation)).toBe(
    "9.10 s of 9.23 s: no failure detection; the controller's next periodic decision was at 14.1 s.",
  );
  expect(trial.standards?.rfc8456).toMatchObject({
    forwardDisruptionMs: 9200,
    reverseDisruptionMs: 9230,
    maximumMs: 9230,
    reprovisioningTimeMs: 9215,
  });
  expect(trial.timing).toMatchObject({ trafficMs: 28_000, controllerWaitMs: 17_000 });
});

test('a path that never recovers is censored, and fails its bound', () => {
  const { result, trial } = judged('never-recovers');
  expect(result.verdict).toBe('fail');
  for (const direction of [trial.network?.forward, trial.network?.reverse]) {
    expect(direction).toMatchObject({
      outageMs: null,
      outageAtLeastMs: 14_999,
      packetsLost: 14_999,
      recovered: false,
      recoveryMs: null,
      disagreementMs: null,
    });
  }
  expect(trial.tcp).toMatchObject({ stallMs: null, stallAtLeastMs: 14_999, recovered: false });
  expect(trial.phases).toMatchObject({ firstPacketForwardMs: null, tcpMovingMs: null });
  expect(result.summary.networkOutageMs).toMatchObject({ n: 1, censored: 1, median: null });
});

test('recovery in one direction only is no recovery', () => {
  const { result, trial } = judged('one-direction-only');
  expect(result.verdict).toBe('fail');
  expect(trial.network?.forward).toMatchObject({ outageMs: 3001, recovered: true });
  expect(trial.network?.reverse).toMatchObject({ outageMs: null, recovered: false });
  expect(trial.standards?.rfc8456).toMatchObject({
    forwardDisruptionMs: 3001,
    reverseDisruptionMs: null,
    maximumMs: null,
    reprovisioningTimeMs: null,
  });
  expect(explanationText(trial.explanation)).toContain('reverse did not come back');
});

test('a path that fails again within the sustained window recovers only after that', () => {
  const { trial } = judged('fails-again');
  expect(trial.network?.forward).toMatchObject({
    outageMs: 3001,
    packetsLost: 4000,
    lossPeriods: 2,
    recoveryMs: 6000,
    recovered: true,
  });
  expect(explanationText(trial.explanation)).toContain(
    'stayed up only from 6.00 s after the fault',
  );
});

test('loss before the fault makes the trial inconclusive', () => {
  const { result, trial } = judged('loss-before-fault');
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toEqual([
    'traffic was not clean before the fault: 50 of 5996 packets lost (limit 0.1 %)',
  ]);
  expect(trial.fidelity?.baselinePacketsLost).toBe(50);
  expect(trial.network?.forward).toMatchObject({ outageMs: 2001, packetsLost: 2000 });
});

test('a fault without effect is never a pass', () => {
  const { result, trial } = judged('fault-without-effect');
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)[0]).toContain(
    'power-off of r1 had no effect on any measurement',
  );
  expect(trial.network?.forward.outageMs).toBe(0);
});

test('a fault that was not read back is no measurement', () => {
  const { result } = judged('fault-not-proven');
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toEqual([
    'the fault power-off (step kill) was not proven: the interface is still up',
  ]);
});

test('a sender starved for 200 ms makes no outage, but is said', () => {
  const { result, trial } = judged('sender-starved');
  expect(result.verdict).toBe('inconclusive');
  expect(trial.fidelity).toMatchObject({ ok: false, worstSendGapMs: 201 });
  expect(trial.network?.forward).toMatchObject({ outageMs: 1001, lossPeriods: 1 });
});

for (const name of ['clock-stepped-forward', 'clock-stepped-back']) {
  test(`${name}: no outage is invented, and the trial does not count`, () => {
    const { result, trial } = judged(name);
    expect(result.verdict).toBe('inconclusive');
    expect(sentencesOf(result.reasons).join()).toMatch(/clock (jumped|was stepped back)/);
    expect(trial.network?.forward).toMatchObject({ outageMs: 1001, lossPeriods: 1 });
  });
}

test('30 % random loss is loss, not hundreds of outages', () => {
  const { result, trial } = judged('random-loss-30-percent');
  expect(result.verdict).toBe('pass');
  expect(trial.network?.forward).toMatchObject({
    outageMs: 0,
    packetsLost: 3061,
    lossPercent: 30.61,
    lossPeriods: 2134,
    recovered: true,
  });
});

test('an outage shorter than two probe intervals is read, with its resolution', () => {
  const { trial } = judged('outage-of-one-packet');
  expect(trial.network?.forward).toMatchObject({
    outageMs: 2,
    lossDerivedMs: 1,
    resolutionMs: 1,
    packetsLost: 1,
  });
  expect(trial.network?.reverse.outageMs).toBe(0);
  expect(explanationText(trial.explanation)).toContain('no more than two probe intervals');
});

test('late and duplicate arrivals fill holes and lengthen nothing', () => {
  const { trial } = judged('outage-with-late-arrivals');
  expect(trial.network?.forward).toMatchObject({
    outageMs: 1001,
    packetsLost: 1000,
    lossPeriods: 1,
    duplicates: 30,
  });
  expect(trial.network?.forward.reordered).toBeGreaterThan(0);
});

test('a recovery that was not watched for 5 s is not believed', () => {
  const { result, trial } = judged('ends-soon-after-recovery');
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)[0]).toContain('traffic ended 2.00 s after the recovery');
  expect(trial.network?.forward).toMatchObject({ outageMs: 3001, sustainedMs: 1998 });
});

test('a record that was cut off is inconclusive, and keeps what it knows', () => {
  const { result, trial } = judged('cut-off-in-the-outage');
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toContain('the history ends before the end of the trial');
  expect(trial.network?.forward.outageMs).toBeNull();
  // As far as the meter's last report: what was sent just before it may have been on its way.
  expect(trial.network?.forward.outageAtLeastMs).toBeGreaterThan(3990);
  expect(trial.network?.forward.outageAtLeastMs).toBeLessThan(3999);
});

test('a declared oversize stall is reproduced and said', () => {
  const { result, trial } = judged('oversize-segments-stall');
  expect(result.verdict).toBe('pass');
  expect(sentencesOf(result.reasons)[0]).toContain('oversize stall reproduced');
  expect(trial.expectations[0]).toMatchObject({ verdict: 'pass', measured: 1 });
  expect(trial.fault).toBeNull();
});

test('a history cut anywhere is judged, never a pass', () => {
  const text = fixture('recovers');
  const firstLine = text.indexOf('\n') + 1;
  for (let end = firstLine; end < text.length - 400; end += 997) {
    const { events } = readHistory(text.slice(0, end));
    expect(judge(events).result.verdict).toBe('inconclusive');
  }
});

test('a meter that falls silent after the recovery, to the end: inconclusive, not a pass', () => {
  const { events } = readHistory(fixture('recovers'));
  const stop = events.find((event) => event.kind === 'phase' && event.phase === 'stop');
  const silentFromNs = (stop?.atNs ?? 0) - 2e9;
  const cut = events.filter(
    (event) => !event.kind.startsWith('meter.') || event.atNs < silentFromNs,
  );
  const { result } = judge(cut);
  expect(result.verdict).toBe('inconclusive');
  // Two seconds, and the window of one second that was not told any more.
  expect(sentencesOf(result.reasons).join()).toContain(
    "the meter's sender was stalled, or its clock jumped, for 3000 ms",
  );
});
