/** What the receiver saw beside what was lost: packets that wait are not lost, and are not there. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { detailText } from '../../reports/reasons/reading.js';
import { silenceText, whySilenceDiffers } from '../../reports/receiver-silence.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const silenceAtMost = (ms: number): ResolvedExpectation => ({
  ...outageAtMost(ms),
  id: 'silence',
  text: `silence at the receiver at most ${ms} ms`,
  metric: 'receiverSilenceMs',
});

/** 28 ms of packets are lost; those after them wait until 494 ms after the first that was lost. */
const queued: Partial<HistoryPlan> = {
  silences: true,
  lossSpans: [{ direction: 'forward', fromMs: 5002, toMs: 5030 }],
  queueSpans: [{ direction: 'forward', fromMs: 5030, toMs: 5495 }],
};

function run(plan: Partial<HistoryPlan>): JudgedRun {
  return judge(
    buildHistory({ name: 'silence', trafficMs: 16_000, fault: { atMs: 5000 }, ...plan }),
  );
}

function trialOf(plan: Partial<HistoryPlan>): TrialResult {
  const [trial] = run(plan).result.trials;
  if (!trial) throw new Error('no trial');
  return trial;
}

test('packets that wait in a queue make a silence and no loss', () => {
  const { network } = trialOf(queued);
  expect(network?.forward).toMatchObject({
    outageMs: 29,
    packetsLost: 28,
    receiverSilenceMs: 494,
    receiverSilenceAtLeastMs: 494,
    receiverSilenceWaitMs: 465.3,
  });
  expect(network?.reverse).toMatchObject({ outageMs: 0, receiverSilenceMs: 0 });
});

test('an expectation can choose: the outage passes, the silence fails', () => {
  const { expectations, verdict } = trialOf({
    ...queued,
    expectations: [outageAtMost(50), silenceAtMost(50), silenceAtMost(500)],
  });
  expect(verdict).toBe('fail');
  expect(expectations.map((one) => [one.verdict, one.measured])).toEqual([
    ['pass', 29],
    ['fail', 494],
    ['pass', 494],
  ]);
});

test('a disagreement is explained by how long packets were on their way', () => {
  const judged = run(queued);
  const [trial] = judged.result.trials;
  if (!trial) throw new Error('no trial');
  const why = '29 ms of packets were lost; the others waited up to 465 ms in a queue';
  expect(silenceText(trial)).toBe(`494 ms at h4, none at h3: ${why}`);
  const terminal = renderTerminal(judged, { columns: 120, colour: false }).replace(/\s+/g, ' ');
  expect(terminal).toContain(`Receiver silent ${silenceText(trial)}`);
  expect(renderMarkdown([judged])).toContain('the others waited up to 465 ms in a queue');
});

test('where outage and silence agree, there is nothing to explain', () => {
  const trial = trialOf({ silences: true, lossSpans: bothWays(5001, 6001) });
  expect(trial.network?.forward).toMatchObject({ outageMs: 1001, receiverSilenceMs: 1001 });
  expect(whySilenceDiffers(trial)).toBeNull();
  expect(silenceText(trial)).toBe('1.001 s at h4, 1.001 s at h3');
});

test('a silence without loss and without a long wait has no known cause', () => {
  const trial = trialOf({
    silences: true,
    lossSpans: bothWays(5001, 6001),
    extra: [],
  });
  const network = trial.network;
  if (!network) throw new Error('nothing measured');
  const forward = { ...network.forward, outageMs: 28, receiverSilenceWaitMs: 0.3 };
  expect(whySilenceDiffers({ ...trial, network: { ...network, forward } })).toBe(
    '28 ms of packets were lost; what delayed the others was not observed',
  );
});

test('what never arrived again is censored, and fails whatever the bound', () => {
  const { network, expectations } = trialOf({
    silences: true,
    trafficMs: 40_000,
    lossSpans: bothWays(5001, null),
    expectations: [silenceAtMost(20_000)],
  });
  expect(network?.forward.receiverSilenceMs).toBeNull();
  expect(network?.forward.receiverSilenceAtLeastMs).toBeGreaterThan(34_900);
  expect(expectations[0]).toMatchObject({ verdict: 'fail', measured: null });
});

test('what was sent late arrives late, and is not counted against the network', () => {
  const plan: Partial<HistoryPlan> = {
    silences: true,
    starved: { atMs: 9000, forMs: 60 },
    lossSpans: bothWays(5001, 5011),
  };
  const events = buildHistory({
    ...{ name: 'late', trafficMs: 16_000, fault: { atMs: 5000 } },
    ...plan,
  }).map((event) => {
    if (event.kind !== 'meter.sent' || event.firstSequence !== 9000) return event;
    const beforeNs = event.firstTxNs - 61_000_000;
    return { ...event, gaps: [[9000, beforeNs, event.firstTxNs] as [number, number, number]] };
  });
  const [trial] = judge(events).result.trials;
  expect(trial?.network?.forward).toMatchObject({ outageMs: 11, receiverSilenceMs: 11 });
});

test('a record without receive stamps says so, and proves nothing about silence', () => {
  const trial = trialOf({ lossSpans: bothWays(5001, 6001), expectations: [silenceAtMost(2000)] });
  expect(trial.network?.forward).toMatchObject({
    receiverSilenceMs: null,
    receiverSilenceAtLeastMs: null,
  });
  expect(silenceText(trial)).toBeNull();
  expect(trial.verdict).toBe('inconclusive');
  expect(detailText(trial.expectations[0]?.detail ?? null)).toContain(
    'does not have receive stamps',
  );
});

test('a fault that only makes packets wait has an effect', () => {
  const { reasons, verdict } = trialOf({
    silences: true,
    queueSpans: [{ direction: 'forward', fromMs: 5030, toMs: 5495 }],
    expectations: [silenceAtMost(500)],
  });
  expect(reasons).toEqual([]);
  expect(verdict).toBe('pass');
});

test('a silence that only the heal ended is censored at the heal, and fails any bound', () => {
  const { network, expectations } = trialOf({
    silences: true,
    trafficMs: 22_000,
    fault: { atMs: 5000, healAtMs: 11_000 },
    lossSpans: bothWays(5001, 11_050),
    expectations: [silenceAtMost(10_000)],
  });
  expect(network?.forward.receiverSilenceMs).toBeNull();
  expect(network?.forward.receiverSilenceAtLeastMs).toBeCloseTo(5999.7, 0);
  expect(expectations[0]).toMatchObject({ verdict: 'fail', measured: null });
});
