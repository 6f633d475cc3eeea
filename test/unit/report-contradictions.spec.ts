/** No sentence of a report contradicts a number beside it. */

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { exitCodeOfVerdict } from '../../harness/judge/combine.js';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { isReplaceable } from '../../harness/model/trial-status.js';
import { seenText } from '../../reports/evidence.js';
import { explanationText } from '../../reports/explanation.js';
import { renderJson } from '../../reports/json.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { momentsOf } from '../../reports/moments.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { whyTheyDiffer } from '../../reports/why-they-differ.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';
import { recordedText } from './recount.js';

const base = {
  ...{ name: 'words', trafficMs: 20_000, rateHz: 100, fault: { atMs: 5000 } },
  expectations: [outageAtMost(9000)],
} satisfies HistoryPlan;

function judged(plan: HistoryPlan | HistoryEvent[]) {
  const run = judge(Array.isArray(plan) ? plan : buildHistory(plan));
  const [trial] = run.result.trials;
  if (!trial) throw new Error('no trial');
  return { run, trial, terminal: renderTerminal(run, { columns: 120, colour: false }) };
}

test('TCP that moved is not reported as held by a network that never came back', () => {
  for (const tcpStalls of [[], [{ fromMs: 5001, toMs: 7000 }]]) {
    const { trial } = judged({ ...base, lossSpans: bothWays(5001, null), tcpStalls });
    const why = whyTheyDiffer(trial) ?? '';
    expect(why).not.toContain('TCP cannot deliver');
    expect(why).toContain(
      'Why TCP got through and the packets of the meter did not was not observed.',
    );
  }
});

test('TCP that moved long before the network was back is not "no difference"', () => {
  const lossSpans = [{ direction: 'reverse' as const, fromMs: 5001, toMs: 10_001 }];
  const { trial } = judged({ ...base, lossSpans, tcpStalls: [{ fromMs: 5001, toMs: 7000 }] });
  expect(whyTheyDiffer(trial)).toContain(
    'before the network carried packets in both directions again',
  );
  // Its bytes are not stamped at a moment at which they had long moved.
  expect(trial.phases?.tcpMovingMs).toBeLessThan(3000);
});

test('a rate that was never lost is held throughout, and is no phase', () => {
  const { trial, terminal } = judged({ ...base, lossSpans: bothWays(5001, 6001) });
  expect(terminal).toContain('90 % of 100 Mbit/s held throughout');
  expect(trial.phases).toMatchObject({ tcpMovingMs: null, tcp90Ms: null });
  expect(terminal).toMatch(/TCP at 90 % +was not interrupted/);
});

test('what came only after the heal is counted from the fault, as all phases are', () => {
  const { trial, terminal } = judged({
    ...{ ...base, trafficMs: 30_000, fault: { atMs: 5000, healAtMs: 21_000 } },
    lossSpans: bothWays(20_001, 21_051),
  });
  const evidence = seenText(trial.episodes[0]?.phaseEvidence.firstPacketForwardMs);
  expect(evidence).toBe('only after the heal, after 16.1 s');
  expect(terminal).toContain('after 16.1 s');
});

test('loss that is no outage is counted in packets, since a share of it may round to nothing', () => {
  const fault = { kind: 'controller-crash', atMs: 5000, instance: 0 } as const;
  const isLost = (direction: string, at: number) =>
    direction === 'forward' && at % 1000 === 700 && at < 3000;
  const { trial } = judged({ ...base, trafficMs: 60_000, fault, isLost });
  expect(trial.network?.forward).toMatchObject({ packetsLost: 3, outageMs: 0 });
  expect(explanationText(trial.explanation)).toMatch(
    /^No outage, though 3 packets \(.*%\) were lost, scattered/,
  );
});

test('up to the heal only: what was lost after it is not denied', () => {
  const { trial } = judged({
    ...{ ...base, fault: { kind: 'controller-crash', atMs: 5000, healAtMs: 10_000, instance: 0 } },
    lossSpans: bothWays(10_100, 10_200),
  });
  expect(explanationText(trial.explanation)).toBe(
    'No outage: every packet of the meter arrived, up to the heal.',
  );
});

test('trials are counted from 1 in every sentence, and Markdown repeats none of them', () => {
  const one = buildHistory({ ...base, lossSpans: bothWays(5001, 17_001) });
  const two = one
    .filter(({ kind }) => kind !== 'run.header' && kind !== 'run.end')
    .map((event) => ({ ...event, trial: 1 }));
  const events = [...one.filter(({ kind }) => kind !== 'run.end'), ...two, ...one.slice(-1)].map(
    (event) => (event.kind === 'run.header' ? { ...event, trials: 2 } : event),
  );
  const { run } = judged(events);
  expect(sentencesOf(run.result.reasons).map((text) => text.split(':')[0])).toEqual([
    'trial 1',
    'trial 2',
  ]);
  const listed = renderMarkdown([run])
    .split('\n')
    .filter((line) => line.startsWith('- '));
  expect(listed.filter((line) => line.startsWith('- trial '))).toHaveLength(2);
  expect(new Set(listed).size).toBe(listed.length);
});

test('a direction that the heal did not bring back is still dark in the reversion, not "none"', () => {
  const { run } = judged(readHistory(recordedText('one-direction-only')).events);
  const terminal = renderTerminal(run, { columns: 100, colour: false });
  expect(terminal).toMatch(/h2 → h1 +still dark since before/);
  const [trial] = run.result.trials;
  expect(trial?.standards?.rfc6414).toMatchObject({ reversionTimeMs: null });
  // After the heal a few bytes moved, and then none to the end: that is the longest stall.
  expect(trial?.tcp).toMatchObject({ stallMs: null, stallEnding: 'open' });
  expect(trial && whyTheyDiffer(trial)).toContain('the longest stall followed the heal of');
  expect(terminal).not.toContain('by the end');
  const moving = trial ? momentsOf(trial).filter(({ letter }) => letter === 'T') : [];
  expect(moving).toHaveLength(1);
});

/** A trial that failed, on a machine that let a switch wait for so large a share of the time. */
function failed(code: string, waitPercent: number): HistoryEvent[] {
  const events = buildHistory(base).filter(
    ({ kind, atNs }) => atNs < 1_010_000e6 || /trial.end|run.end/.test(kind),
  );
  const samples = Array.from(
    { length: 10 },
    (_, second): HistoryEvent => ({
      ...{ kind: 'pressure', trial: 0, atNs: (1_000_000 + 1000 * second) * 1e6 + 1 },
      ...{ cpuSomePercent: 99, cpuPercent: {} },
      mostWaitPercent: { vswitchd: waitPercent },
    }),
  );
  return [...events, ...samples]
    .sort((a, b) => a.atNs - b.atNs)
    .map((event) =>
      event.kind === 'trial.end'
        ? { ...event, atNs: 1_010_000e6, reason: 'failed', error: { code, message: 'Not ready.' } }
        : event,
    );
}

test('what was not done in time is the machine’s doing where its switches waited for a processor', () => {
  for (const code of ['NOT_READY', 'TIMED_OUT', 'TRAFFIC_FAILED', 'FAULT_NOT_APPLIED']) {
    const starved = judged(failed(code, 60)).trial;
    expect(starved.verdict).toBe('inconclusive');
    expect(isReplaceable(starved), code).toBe(true);
    expect(sentencesOf(starved.reasons)[0]).toContain(
      "a switch's ovs-vswitchd waited for a processor for 60 %",
    );
    expect(isReplaceable(judged(failed(code, 5)).trial), code).toBe(false);
  }
  expect(isReplaceable(judged(failed('BRIDGE_FAILED', 60)).trial)).toBe(false);
});

const spans = fc.array(
  fc.record({
    direction: fc.constantFrom('forward' as const, 'reverse' as const),
    fromMs: fc.integer({ min: 0, max: 19_000 }),
    forMs: fc.integer({ min: 1, max: 12_000 }),
    toEnd: fc.boolean(),
  }),
  { maxLength: 4 },
);
const anyPlan = fc
  .record({
    spans,
    rateHz: fc.constantFrom(0.5, 5, 50),
    healAtMs: fc.option(fc.integer({ min: 5100, max: 19_900 }), { nil: undefined }),
    stallMs: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
    silences: fc.boolean(),
    cutAtMs: fc.option(fc.integer({ min: -19_000, max: 21_000 }), { nil: undefined }),
  })
  .map(
    ({ spans: all, rateHz, healAtMs, stallMs, silences, cutAtMs }): HistoryPlan => ({
      ...{ ...base, rateHz, silences },
      fault: { atMs: 5000, ...(healAtMs === undefined ? {} : { healAtMs }) },
      lossSpans: all.map(({ direction, fromMs, forMs, toEnd }) => ({
        direction,
        fromMs,
        toMs: toEnd ? null : fromMs + forMs,
      })),
      ...(stallMs === undefined ? {} : { tcpStalls: [{ fromMs: 5001, toMs: 5001 + stallMs }] }),
      ...(cutAtMs === undefined ? {} : { cutAtMs }),
    }),
  );

test('whatever is lost: no impossible number, no pass in the dark, and the headline is the worst', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const { run, trial, terminal } = judged(plan);
      const { verdict, interrupted } = run.result;
      for (const text of [terminal, renderMarkdown([run]), renderJunit([run])]) {
        expect(text).not.toMatch(/\b(NaN|undefined|null|Infinity)\b|-0 |−0 |> -|> −/);
      }
      expect(renderJson(run)).not.toMatch(/NaN|Infinity|undefined|:-0[,}]/);
      expect(exitCodeOfVerdict(verdict, interrupted) === 0).toBe(verdict === 'pass');
      if (trial.darkAtEnd.length > 0) expect(verdict).not.toBe('pass');
      const readings = trial.episodes
        .filter(({ change }) => change === 'injected')
        .flatMap(({ networks }) => networks.flatMap(({ forward, reverse }) => [forward, reverse]));
      for (const one of readings) {
        if (one.outageMs === null) {
          expect([trial.network?.forward.outageMs, trial.network?.reverse.outageMs]).toContain(
            null,
          );
          expect(one.recovered).toBe(false);
        }
        expect(one.outageAtLeastMs).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150 },
  );
});

test('a longer outage never turns a fail into a pass, nor the dark into one', () => {
  const one = fc.record({
    fromMs: fc.integer({ min: 5001, max: 15_000 }),
    forMs: fc.integer({ min: 10, max: 9000 }),
    moreMs: fc.integer({ min: 10, max: 9000 }),
    boundMs: fc.constantFrom(0, 500, 2000, 9000),
    healAtMs: fc.option(fc.integer({ min: 5100, max: 18_000 }), { nil: undefined }),
    way: fc.constantFrom('forward' as const, 'reverse' as const, 'both' as const),
  });
  fc.assert(
    fc.property(one, ({ fromMs, forMs, moreMs, boundMs, healAtMs, way }) => {
      const verdictOf = (lengthMs: number) => {
        const lossSpans = bothWays(fromMs, fromMs + lengthMs).filter(
          ({ direction }) => way === 'both' || direction === way,
        );
        const fault = { atMs: 5000, ...(healAtMs === undefined ? {} : { healAtMs }) };
        const expectations = [outageAtMost(boundMs)];
        return judged({ ...base, trafficMs: 26_000, fault, lossSpans, expectations }).trial.verdict;
      };
      if (verdictOf(forMs) === 'fail') expect(verdictOf(forMs + moreMs)).not.toBe('pass');
    }),
    { numRuns: 120 },
  );
});
