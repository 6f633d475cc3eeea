/** Loss periods of single flows, and what a meter of several flows is judged to have seen. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import * as lab from '../../harness/index.js';
import { flowRuns } from '../../harness/judge/flow-runs.js';
import { judge } from '../../harness/judge/judge.js';
import type { ArrivalRange } from '../../harness/judge/loss-periods.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import { darkFlowsText } from '../../reports/dark-flows.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory, withScenario } from '../fixtures/constructed-history.js';

const SLOT = 1000;

/** Ranges of the numbers that arrived, sent one every slot. */
function rangesOf(arrived: readonly boolean[]): ArrivalRange[] {
  const ranges: ArrivalRange[] = [];
  for (const [number, came] of arrived.entries()) {
    if (!came) continue;
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === number) {
      ranges[ranges.length - 1] = [last[0], last[1] + 1, last[2], number * SLOT];
    } else ranges.push([number, 1, number * SLOT, number * SLOT]);
  }
  return ranges;
}

/** The holes of a flow between its own arrivals, counted one by one. */
function holesOf(arrived: readonly boolean[], flow: number, flows: number) {
  const own = [...arrived.keys()].filter((number) => number % flows === flow);
  const good = own.filter((number) => arrived[number]);
  return good.slice(1).flatMap((next, index) => {
    const before = good[index] ?? 0;
    const packets = (next - before) / flows - 1;
    return packets === 0 ? [] : [{ flow, packets, from: before * SLOT, to: next * SLOT }];
  });
}

test('each flow has the holes between its own arrivals, also where sending paused', () => {
  const plan = fc.record({
    flows: fc.integer({ min: 2, max: 12 }),
    arrived: fc.array(fc.boolean(), { minLength: 60, maxLength: 200 }),
    windows: fc.array(fc.nat(199), { maxLength: 8 }),
  });
  const property = fc.property(plan, ({ flows, arrived, windows }) => {
    const last = arrived.length - 1;
    const known = [0, ...windows.filter((n) => n > 0 && n < last).sort((a, b) => a - b), last];
    const runs = flowRuns(
      {
        arrivals: rangesOf(arrived),
        sendPoints: [...new Set(known)].map((number) => [number, number * SLOT]),
        intervalNs: flows * SLOT,
        horizonNs: last * SLOT,
        graceMs: 0,
      },
      flows,
    );
    const inside = runs
      .filter(({ nextGoodNs, lastGoodNs, firstLostNs }) => nextGoodNs && lastGoodNs < firstLostNs)
      .map((run) => ({
        ...{ flow: run.flow, packets: run.packets },
        ...{ from: run.lastGoodNs, to: run.nextGoodNs },
      }));
    const all = Array.from({ length: flows }, (_, flow) => holesOf(arrived, flow, flows)).flat();
    const byPlace = (a: { from: number; flow: number }, b: typeof a) =>
      a.from - b.from || a.flow - b.flow;
    expect(inside.sort(byPlace)).toEqual(all.sort(byPlace));
    const lost = runs.reduce((sum, { packets }) => sum + packets, 0);
    expect(lost).toBe(arrived.filter((came) => !came).length);
    for (const run of runs) expect(run.firstSequence % flows).toBe(run.flow);
  });
  fc.assert(property);
});

interface Plan {
  flows?: number;
  /** How long each flow is dark from 30 s on; null = to the end. */
  darkMs: Record<number, number | null>;
  /** Whether a probe is lost besides. */
  stray?: (sequence: number) => boolean;
}

/** 1000 probes a second over several flows, of which some are dark after a fault. */
function judged({ flows = 10, darkMs, stray = () => false }: Plan) {
  const untilMs = (flow: number) => {
    const lasts = darkMs[flow];
    return lasts === undefined ? 0 : 10_000 + (lasts ?? Number.POSITIVE_INFINITY);
  };
  const history = buildHistory({
    ...{ name: 'flows', trafficMs: 20_000, rateHz: 1000, fault: { atMs: 10_000 }, silences: true },
    isLost: (_, sequence) =>
      (sequence >= 10_000 && sequence < untilMs(sequence % flows)) || stray(sequence),
  });
  const several = withScenario(history, ({ meters }) => ({
    meters: meters.map((meter) => ({ ...meter, flows, flowPort: 20_001 })),
  }));
  const [trial] = judge(several).result.trials;
  if (!trial?.network) throw new Error('no trial');
  return { ...trial, network: trial.network };
}

/** The flows of a list, each dark for about as long. */
function darkFor(flows: readonly number[], lastMs: number, spreadMs = 0): Plan['darkMs'] {
  return Object.fromEntries(flows.map((flow, place) => [flow, lastMs + (place % 3) * spreadMs]));
}

const range = (count: number) => Array.from({ length: count }, (_, place) => place);

test.describe('a flow is weighed by its own loss', () => {
  for (const dark of [1, 15, 19, 20, 25, 39, 40]) {
    test(`${dark} of 40 flows that were dark together are ${dark} dark flows`, () => {
      const { network } = judged({ flows: 40, darkMs: darkFor(range(dark), 290, 20) });
      expect(network.forward).toMatchObject({ recovered: true, flows: { count: 40, dark } });
      expect(network.forward.outageMs).toBeGreaterThan(270);
    });
  }

  test('flows that are dark twice are dark', () => {
    const again = (sequence: number) =>
      sequence >= 12_000 && sequence < 12_200 && sequence % 40 < 22;
    const { network } = judged({ flows: 40, darkMs: darkFor(range(25), 300), stray: again });
    expect(network.forward).toMatchObject({ flows: { dark: 25 }, recoveryMs: expect.any(Number) });
    expect(network.forward.recoveryMs).toBeGreaterThan(2150);
  });

  test('a short interruption that cost some flows one probe and others two made all of them dark', () => {
    const { network } = judged({ flows: 40, darkMs: darkFor(range(40), 60) });
    expect(network.forward.flows).toMatchObject({ count: 40, dark: 40 });
  });

  test('stray loss makes no flow dark, however it falls upon the flows', () => {
    const random = fc.sample(fc.integer({ min: 0, max: 99 }), { numRuns: 20_000, seed: 4 });
    for (const percent of [1, 5, 20]) {
      const lost = (sequence: number) => (random[sequence] ?? 99) < percent;
      const { network } = judged({ flows: 40, darkMs: {}, stray: lost });
      expect(network.forward.packetsLost).toBeGreaterThan(0);
      expect(network.forward.flows).toMatchObject({ dark: 0 });
    }
  });

  test('stray loss hides no dark flow, and adds none', () => {
    const random = fc.sample(fc.integer({ min: 0, max: 99 }), { numRuns: 20_000, seed: 5 });
    const { network } = judged({
      ...{ flows: 40, darkMs: darkFor(range(25), 400) },
      stray: (sequence) => random[sequence] === 0,
    });
    expect(network.forward.flows).toMatchObject({ dark: 25 });
  });
});

test('the outage is that of the flow that was dark longest, at the resolution of a flow', () => {
  const { network, fidelity } = judged({ darkMs: { 1: 200, 4: 400, 7: 300 } });
  expect(sentencesOf(fidelity?.reasons ?? [])).toEqual([]);
  expect(network.forward).toMatchObject({
    resolutionMs: 10,
    packetsLost: 90,
    recovered: true,
    flows: { count: 10, dark: 3, open: 0 },
  });
  expect(network.forward.outageMs).toBeGreaterThan(399);
  expect(network.forward.outageMs).toBeLessThan(411);
  expect(network.forward.recoveryMs).toBeGreaterThan(395);
  expect(darkFlowsText(network.forward)).toMatch(
    /^3 of 10 flows dark, for 21\d ms to 41\d ms \(median 31\d ms\)$/,
  );
});

test('a flow that stays dark is an outage without an end, whatever the others do', () => {
  const { network } = judged({ darkMs: { 1: 200, 4: null } });
  expect(network.forward).toMatchObject({
    outageMs: null,
    recovered: false,
    flows: { count: 10, dark: 2, open: 1 },
  });
  // Something arrived all the time, of other flows.
  expect(network.forward.receiverSilenceMs).not.toBeNull();
  expect(darkFlowsText(network.forward)).toContain('; 1 did not come back by themselves');
});

const withMeter = (options: lab.MeterOptions) =>
  lab.scenario({
    question: 'Which flows are dark?',
    topology: [lab.ring(4)],
    controller: lab.floyd(),
    traffic: [lab.meter('h1', 'h3', options)],
    timeline: [lab.at('4s', lab.linkDown(lab.linkOnPath('h1', 'h3')))],
    expect: [lab.darkFlows.atMost(20)],
  });

test('flows are whole numbers to 256, and have ports of their own', () => {
  const options = { name: 'flows', seed: 1 };
  const [meter] = resolveScenario(withMeter({ rateHz: 4000, flows: 40 }), options).meters;
  expect(meter).toMatchObject({ flows: 40, flowPort: 20_001 });
  for (const flows of [0, 257, 1.5]) {
    const [problem] = examineScenario(withMeter({ flows }), options).problems;
    expect(problem?.message).toContain('flows must be a whole number from 1 to 256');
  }
});
