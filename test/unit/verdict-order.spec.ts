/** The verdict of a run does not depend on the order of its trials, and one rule joins verdicts. */

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { exitCodes } from '../../harness/errors.js';
import {
  combine,
  exitCodeOfAll,
  exitCodeOfRun,
  exitCodeOfVerdict,
} from '../../harness/judge/combine.js';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { mergeJudged } from '../../reports/gate/index.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const verdicts = fc.constantFrom('pass', 'fail', 'inconclusive', 'regression');

test('combine: any order and any grouping, one of a kind changes nothing, and the worst is kept', () => {
  fc.assert(
    fc.property(fc.array(verdicts), fc.array(verdicts), (a, b) => {
      const both = combine([...a, ...b]);
      expect(combine([...b, ...a])).toBe(both);
      expect(combine([combine(a), combine(b)])).toBe(both);
      expect(combine([...a, ...a])).toBe(combine(a));
      expect(combine([...a, 'pass'])).toBe(combine(a));
      const all = [...a, ...b];
      const bad = (['regression', 'fail', 'inconclusive'] as const).find((v) => all.includes(v));
      expect(both).toBe(bad ?? 'pass');
    }),
  );
});

test('the exit code never contradicts the verdict', () => {
  fc.assert(
    fc.property(
      fc.array(verdicts),
      fc.array(fc.constantFrom(64, 69, 70)),
      fc.boolean(),
      (all, refused, interrupted) => {
        const code = exitCodeOfAll(
          all,
          refused.map((exitCode) => ({ exitCode })),
          interrupted,
        );
        const verdict = combine(all);
        if (verdict === 'fail' || verdict === 'regression') expect(code).toBe(exitCodes[verdict]);
        else if (interrupted) expect(code).toBe(exitCodes.interrupted);
        else if (refused.length > 0) expect(code).toBe(refused[0]);
        else expect(code).toBe(exitCodes[verdict]);
        expect(exitCodeOfVerdict(verdict) === 0).toBe(verdict === 'pass');
      },
    ),
  );
});

const base = {
  ...{ name: 'order', trafficMs: 14_000, rateHz: 20, fault: { atMs: 5000 } },
  expectations: [outageAtMost(2000)],
};

type Shape = 'pass' | 'fail' | 'invalid' | 'failed' | 'interrupted' | 'cut-off';

/** A trial's own events, as they come from its sandbox. */
function trialOf(shape: Shape, trial: number): HistoryEvent[] {
  const lossSpans = bothWays(5001, shape === 'fail' ? 8001 : 6001);
  const verified = shape !== 'invalid';
  const error = { code: 'BRIDGE_FAILED', message: `The bridge of trial ${trial} ended.` };
  return buildHistory({
    ...{ ...base, lossSpans, shiftMs: 1000 * trial, fault: { atMs: 5000, verified } },
  })
    .filter((event) => event.kind !== 'run.header' && event.kind !== 'run.end')
    .filter((event) => shape !== 'cut-off' || event.kind !== 'trial.end')
    .map((event) => {
      const own = { ...event, trial };
      if (own.kind !== 'trial.end') return own;
      if (shape === 'failed') return { ...own, reason: 'failed', error };
      return shape === 'interrupted' ? { ...own, reason: 'interrupted' } : own;
    });
}

/** The head of a record, and its end as versions before this one wrote it: that of the last trial. */
function recordOf(trials: HistoryEvent[][], order: HistoryEvent[][]): HistoryEvent[] {
  const whole = buildHistory(base);
  const head = whole.find((event) => event.kind === 'run.header');
  const end = whole.find((event) => event.kind === 'run.end');
  if (head?.kind !== 'run.header' || end?.kind !== 'run.end') throw new Error('no head, no end');
  const ends = order.flatMap((trial) => trial.filter((event) => event.kind === 'trial.end'));
  const last = ends.find(({ reason }) => reason === 'interrupted') ?? ends.at(-1);
  return [
    { ...head, trials: trials.length },
    ...order.flat(),
    { ...end, reason: last?.reason ?? 'completed', error: last?.error ?? null },
  ];
}

/** Every trial keeps its own order; between them the events come as they come. */
function interleaved(trials: HistoryEvent[][], picks: readonly number[]): HistoryEvent[] {
  const rest = trials.map((trial) => [...trial]);
  const events: HistoryEvent[] = [];
  for (let at = 0; rest.some((trial) => trial.length > 0); at++) {
    const waiting = rest.filter((trial) => trial.length > 0);
    const next = waiting[(picks[at % picks.length] ?? 0) % waiting.length]?.shift();
    if (next) events.push(next);
  }
  return events;
}

const shape = fc.constantFrom<Shape>(
  'pass',
  'pass',
  'fail',
  'invalid',
  'failed',
  'interrupted',
  'cut-off',
);

test('the same trials give the same verdict, reasons and exit code in any order and interleaving', () => {
  // With eleven trials or more one of them may prove nothing.
  const shapesOf = fc
    .tuple(
      fc.oneof(fc.constant<Shape[]>(['failed']), fc.array(shape, { minLength: 1, maxLength: 4 })),
      fc.constantFrom(0, 11),
    )
    .map(([odd, more]) => [...odd, ...Array<Shape>(more).fill('pass')]);
  const plan = shapesOf.chain((shapes) =>
    fc.record({
      shapes: fc.constant(shapes),
      order: fc.shuffledSubarray([...shapes.keys()], { minLength: shapes.length }),
      picks: fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }),
    }),
  );
  fc.assert(
    fc.property(plan, ({ shapes, order, picks }) => {
      const trials = shapes.map(trialOf);
      const said = (events: HistoryEvent[]) => {
        const { verdict, reasons, interrupted, trials: each, summary } = judge(events).result;
        const code = exitCodeOfVerdict(verdict, interrupted);
        return { verdict, reasons, code, each: each.map((trial) => trial.status), summary };
      };
      const straight = said(recordOf(trials, trials));
      const turned = order.map((at) => trials[at] ?? []);
      expect(said(recordOf(trials, turned))).toEqual(straight);
      const mixed = recordOf(trials, turned);
      const [head, end] = [mixed[0], mixed.at(-1)];
      if (!head || !end) throw new Error('no head, no end');
      expect(said([head, ...interleaved(turned, picks), end])).toEqual(straight);
      if (shapes.includes('fail')) expect(straight).toMatchObject({ verdict: 'fail', code: 1 });
    }),
    { numRuns: 40 },
  );
});

test('a run of which no trial was measured ends with the code of the error that all of them share', () => {
  const codeOf = (errors: string[]) => {
    const trials = errors.map((code, index) =>
      trialOf(code === '' ? 'pass' : 'failed', index).map((event) =>
        event.kind === 'trial.end' && code !== ''
          ? { ...event, error: { code, message: 'No lab.' } }
          : event,
      ),
    );
    return exitCodeOfRun(judge(recordOf(trials, trials)).result);
  };
  expect(codeOf(['SANDBOX_FAILED', 'SANDBOX_FAILED'])).toBe(exitCodes.machineLacks);
  expect(codeOf(['MACHINE_LACKS', 'SANDBOX_FAILED'])).toBe(exitCodes.machineLacks);
  expect(codeOf(['INTERNAL'])).toBe(exitCodes.internal);
  // What may end otherwise the next time is inconclusive, and so is a mixture.
  expect(codeOf(['RUNNER_FAILED'])).toBe(exitCodes.inconclusive);
  expect(codeOf(['SANDBOX_FAILED', 'BRIDGE_FAILED'])).toBe(exitCodes.inconclusive);
  expect(codeOf(['SANDBOX_FAILED', ''])).toBe(exitCodes.inconclusive);
});

test('shards in any order, and a shard whose trial failed last, are merged to one verdict', () => {
  const shapes: Shape[] = ['failed', ...Array<Shape>(10).fill('pass')];
  const parts = [[0], shapes.map((_, at) => at).slice(1)].map((indexes) => {
    const trials = indexes.map((at) => trialOf(shapes[at] ?? 'pass', at));
    const events = recordOf(trials, trials).map((event) =>
      event.kind === 'run.header' ? { ...event, trials: shapes.length, indexes } : event,
    );
    return judge(events);
  });
  const { result } = mergeJudged(parts);
  expect(mergeJudged([...parts].reverse()).result).toMatchObject({
    verdict: result.verdict,
    reasons: result.reasons,
  });
  expect(result).toMatchObject({ verdict: 'pass', plan: { trials: 11 }, doubts: [] });
  const some = mergeJudged(parts.slice(1)).result;
  expect(some).toMatchObject({ verdict: 'inconclusive' });
  expect(sentencesOf(some.reasons)[0]).toBe('10 of 11 trials are in these runs');
});
