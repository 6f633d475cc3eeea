/** What must hold for every packet plan, whatever it loses and when. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judge } from '../../harness/judge/judge.js';
import { type ArrivalRange, lossRuns, uniteArrivals } from '../../harness/judge/loss-periods.js';
import { outagesAmong } from '../../harness/judge/outage-rule.js';
import { predictStall } from '../../harness/judge/retransmission-ladder.js';
import { summarize } from '../../harness/judge/summary.js';
import { readHistory } from '../../harness/model/history/reader.js';
import type { TrialResult } from '../../harness/model/result.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays } from '../fixtures/history-plans.js';
import { recordedText } from './recount.js';

const rateHz = 200;
const intervalMs = 1000 / rateHz;

function trialOf(plan: HistoryPlan): TrialResult {
  const trial = judge(buildHistory(plan)).result.trials[0];
  if (!trial) throw new Error('no trial');
  return trial;
}

/** One outage of a whole number of lost packets after a fault at 5 s. */
const oneOutage = fc.record({
  packets: fc.integer({ min: 1, max: 800 }),
  afterPackets: fc.integer({ min: 1, max: 100 }),
});

function planOf({ packets, afterPackets }: { packets: number; afterPackets: number }): HistoryPlan {
  const fromMs = 5000 + afterPackets * intervalMs;
  return {
    name: 'property',
    trafficMs: 16_000,
    rateHz,
    fault: { atMs: 5000 },
    lossSpans: bothWays(fromMs, fromMs + packets * intervalMs),
  };
}

test('shifting all stamps changes nothing', () => {
  fc.assert(
    fc.property(oneOutage, fc.integer({ min: 0, max: 1e9 }), (outage, shiftMs) => {
      const plan = planOf(outage);
      expect(trialOf({ ...plan, shiftMs })).toEqual(trialOf(plan));
    }),
    { numRuns: 25 },
  );
});

/** A history with every stamp moved; stamps end in `Ns`, and ranges and gaps hold some. */
function moved(text: string, byNs: number): string {
  const move = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) {
      const stampsFrom = key === 'ranges' ? 2 : key === 'gaps' ? 1 : null;
      if (stampsFrom === null) return value.map((item) => move(item, ''));
      return value.map((row: number[]) => row.map((n, at) => (at < stampsFrom ? n : n + byNs)));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, move(item, k)]));
    }
    // Lengths of time are no stamps.
    const stamp =
      key.endsWith('Ns') && !['delayNs', 'maxLateNs', 'cpuNs', 'uncertaintyNs'].includes(key);
    return stamp && typeof value === 'number' ? value + byNs : value;
  };
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.stringify(move(JSON.parse(line), ''))).join('\n');
}

for (const name of ['fails-again', 'loss-before-fault', 'random-loss-30-percent']) {
  test(`shifting all stamps of a recorded history changes nothing: ${name}`, () => {
    const text = recordedText(name);
    const { result } = judge(readHistory(text).events);
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e15 }), (byNs) => {
        expect(judge(readHistory(moved(text, byNs)).events).result).toEqual(result);
      }),
      { numRuns: 5 },
    );
  });
}

test('a clean prefix changes nothing about the outage', () => {
  fc.assert(
    fc.property(oneOutage, fc.integer({ min: 1, max: 20 }), (outage, seconds) => {
      const plan = planOf(outage);
      const laterMs = seconds * 1000;
      const later: HistoryPlan = {
        ...plan,
        trafficMs: plan.trafficMs + laterMs,
        fault: { atMs: 5000 + laterMs },
        lossSpans: (plan.lossSpans ?? []).map((span) => ({
          ...span,
          fromMs: span.fromMs + laterMs,
          toMs: span.toMs === null ? null : span.toMs + laterMs,
        })),
      };
      const outageOf = (trial: TrialResult): unknown => {
        const { network, tcp, phases, explanation, verdict, reasons } = trial;
        // Numbers of packets count from the start; all else counts from the fault.
        const directions = [network?.forward, network?.reverse].map((direction) => ({
          ...direction,
          longestPeriods: direction?.longestPeriods.map(
            ({ firstSequence: _, ...period }) => period,
          ),
        }));
        return { directions, tcp, phases, explanation, verdict, reasons };
      };
      expect(outageOf(trialOf(later))).toEqual(outageOf(trialOf(plan)));
    }),
    { numRuns: 25 },
  );
});

test('one loss period: loss ÷ rate and stamps agree within one interval, and enclose the truth', () => {
  fc.assert(
    fc.property(oneOutage, (outage) => {
      const forward = trialOf(planOf(outage)).network?.forward;
      expect(forward?.lossPeriods).toBe(1);
      expect(forward?.packetsLost).toBe(outage.packets);
      expect(forward?.disagreementMs).toBeLessThanOrEqual(intervalMs + 0.001);
      const truthMs = outage.packets * intervalMs;
      expect(forward?.outageMs).toBeGreaterThanOrEqual(truthMs);
      expect(forward?.outageMs).toBeLessThanOrEqual(truthMs + 2 * intervalMs);
    }),
    { numRuns: 40 },
  );
});

test('phases never run backwards', () => {
  fc.assert(
    fc.property(
      oneOutage,
      fc.array(fc.integer({ min: 4000, max: 15_000 }), { maxLength: 8 }),
      (outage, moments) => {
        const kinds = ['flow-mod', 'port-status', 'group-mod'] as const;
        const extra = moments.map((atMs, index) => ({
          atNs: atMs * 1e6,
          trial: 0,
          kind: 'observe.openflow' as const,
          node: index % 2 === 0 ? 'e3' : 'e4',
          message: kinds[index % 3] ?? ('flow-mod' as const),
          detail: '',
        }));
        const phases = trialOf({ ...planOf(outage), extra }).phases;
        if (!phases) throw new Error('no phases');
        const upToPacket = [
          phases.detectedMs,
          phases.controllerToldMs,
          phases.firstFlowChangeMs,
          phases.lastFlowChangeMs,
          Math.max(phases.firstPacketForwardMs ?? 0, phases.firstPacketReverseMs ?? 0),
          phases.tcpMovingMs,
          phases.tcp90Ms === 0 ? null : phases.tcp90Ms,
        ].filter((ms) => ms !== null);
        expect(upToPacket).toEqual([...upToPacket].sort((a, b) => a - b));
      },
    ),
    { numRuns: 40 },
  );
});

/** Numbers 0 … n-1, each received or not. */
const reception = fc.array(fc.boolean(), { minLength: 1, maxLength: 300 });

function rangesOf(received: readonly number[]): ArrivalRange[] {
  const ranges: ArrivalRange[] = [];
  for (const sequence of received) {
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === sequence) {
      ranges[ranges.length - 1] = [last[0], last[1] + 1, last[2], sequence * 1e6];
    } else ranges.push([sequence, 1, sequence * 1e6, sequence * 1e6]);
  }
  return ranges;
}

test('loss periods do not depend on how arrivals were cut into windows, ordered or repeated', () => {
  fc.assert(
    fc.property(
      reception,
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 10 }),
      fc.infiniteStream(fc.nat()),
      (flags, cuts, order) => {
        const received = flags.flatMap((got, sequence) => (got ? [sequence] : []));
        const bounds = [0, ...[...cuts].sort((a, b) => a - b), flags.length];
        const windows = bounds.flatMap((from, index) =>
          rangesOf(received.filter((s) => s >= from && s < (bounds[index + 1] ?? 0))),
        );
        const shuffled = [...windows, ...windows.slice(0, 3)]
          .map((range) => ({ range, key: order.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ range }) => range);
        const sendPoints = [
          [0, 0],
          [flags.length - 1, (flags.length - 1) * 1e6],
        ] as const;
        const input = {
          sendPoints: [...sendPoints],
          intervalNs: 1e6,
          horizonNs: 1e12,
          graceMs: 100,
        };
        const whole = lossRuns({ ...input, arrivals: rangesOf(received) });
        expect(uniteArrivals(shuffled)).toEqual(rangesOf(received));
        expect(lossRuns({ ...input, arrivals: shuffled })).toEqual(whole);
        const lostBeforeLast = flags.lastIndexOf(true) + 1 - received.length;
        const closed = whole.filter((run) => run.nextGoodNs !== null);
        expect(closed.reduce((sum, run) => sum + run.packets, 0)).toBe(
          received.length === 0 ? 0 : lostBeforeLast,
        );
      },
    ),
  );
});

test('independent random loss hardly ever makes an outage', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.double({ min: 0.02, max: 0.6, noNaN: true }),
      (seed, share) => {
        let state = seed >>> 0;
        const random = (): number => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 32;
        };
        const flags = Array.from({ length: 5000 }, () => random() >= share);
        const received = flags.flatMap((got, sequence) => (got ? [sequence] : []));
        const runs = lossRuns({
          arrivals: rangesOf(received),
          sendPoints: [
            [0, 0],
            [4999, 4999e6],
          ],
          intervalNs: 1e6,
          horizonNs: 1e12,
          graceMs: 100,
        });
        expect(outagesAmong(runs, 5000)).toEqual([]);
      },
    ),
    { numRuns: 50, seed: 7 },
  );
});

test('a censored reading ranks above every number and is never dropped', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 30 }),
      (numbers, censored) => {
        const nulls = Array.from({ length: censored }, () => null);
        const summary = summarize([...numbers, ...nulls]);
        expect(summary.n).toBe(numbers.length + censored);
        expect(summary.censored).toBe(censored);
        expect(summary.max).toBeNull();
        if (censored > numbers.length) expect(summary.median).toBeNull();
        else if (numbers.length > censored + 1) {
          expect(summary.median).toBeGreaterThanOrEqual(Math.min(...numbers) - 0.001);
        }
      },
    ),
  );
});

test('the ladder: outage ≤ stall ≤ 2 outage + first timeout', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 30_000, noNaN: true }), (outageMs) => {
      const { predictedStallMs } = predictStall(outageMs, 1);
      expect(predictedStallMs).toBeGreaterThanOrEqual(outageMs - 0.001);
      expect(predictedStallMs).toBeLessThanOrEqual(2 * outageMs + 201.001);
    }),
  );
});
