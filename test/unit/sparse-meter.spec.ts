/** A meter so sparse that flows with an idle timeout expire between its probes. */

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import * as lab from '../../harness/index.js';
import { judge } from '../../harness/judge/judge.js';
import { eventsOfTapLine } from '../../harness/lab/observe/tap-events.js';
import { readTapLine } from '../../harness/lab/observe/tap-line.js';
import { LiveDirection } from '../../harness/lab/traffic/live-direction.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { renderPlan } from '../../reports/terminal/plan.js';
import { stylesFor } from '../../reports/terminal/style.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const written = (rateHz: number, sustainedFor: '2s' | '30s') =>
  lab.scenario({
    question: 'Does traffic ever move?',
    topology: [lab.ring(4)],
    controller: lab.osken(['os_ken.app.simple_switch_13'], [], { spanningTree: 'rstp' }),
    traffic: [lab.meter('h1', 'h3', { rateHz })],
    timeline: [lab.at('4s', lab.linkDown(lab.linkOnPath('h1', 'h3')))],
    limits: { sustainedFor },
  });
const options = { name: 'idle', seed: 1 };
const plan = (rateHz: number) =>
  renderPlan(resolveScenario(written(rateHz, '30s'), options), {
    columns: 120,
    styles: stylesFor(false),
  }).replaceAll(/\s+/g, ' ');

test('a meter of 0.2 probes a second is a plan that says how sharp it is', () => {
  expect(plan(0.2)).toContain('0.2 probes a second, so outages are resolved to 5 s');
  expect(plan(0.2)).not.toContain('keep flows with an idle timeout alive');
});

test('the plan of a foreign controller says that probes keep flows alive', () => {
  expect(plan(1000)).toContain(
    "probes keep flows with an idle timeout alive; if such flows must expire, use a sparse meter: meter('h1', 'h3', { rateHz: 0.2 })",
  );
});

test('a sustained window without probes is refused, with the window that is needed', () => {
  const [problem] = examineScenario(written(0.2, '2s'), options).problems;
  expect(problem).toMatchObject({ path: 'traffic[0].rateHz' });
  expect(problem?.hint).toContain("raise limits.sustainedFor to '15s'");
  expect(examineScenario(written(0.2, '30s'), options).problems).toEqual([]);
});

test('rates outside 0.1 to 8000 are refused', () => {
  for (const rateHz of [0, 0.01, -1, 8001, Number.NaN]) {
    const [problem] = examineScenario(written(rateHz, '30s'), options).problems;
    expect(problem?.message).toContain('rateHz must be a number from 0.1 to 8000');
  }
});

/** Dark both ways from 30 to 50 s, in traffic of 120 s. */
function judged(rateHz: number, extra: HistoryEvent[] = []) {
  const [trial] = judge(
    buildHistory({
      ...{ name: 'sparse', trafficMs: 120_000, rateHz, windowMs: 1000 / rateHz, extra },
      fault: { atMs: 30_000 },
      lossSpans: (['forward', 'reverse'] as const).map((direction) => {
        return { direction, fromMs: 30_000, toMs: 50_000 };
      }),
      tcpStalls: [{ fromMs: 30_000, toMs: 50_000 }],
    }),
  ).result.trials;
  if (!trial) throw new Error('no trial');
  return trial;
}

test('an outage is measured at any rate, known to one interval, and the trial is valid', () => {
  fc.assert(
    fc.property(fc.constantFrom(0.2, 0.5, 1, 2, 5, 10, 20, 100), (rateHz) => {
      const trial = judged(rateHz);
      expect(sentencesOf(trial.fidelity?.reasons ?? [])).toEqual([]);
      expect(trial.verdict, sentencesOf(trial.reasons).join()).toBe('pass');
      for (const direction of ['forward', 'reverse'] as const) {
        const result = trial.episodes[0]?.networks[0]?.[direction];
        const outageMs = result?.outageMs ?? 0;
        expect(result?.resolutionMs).toBe(1000 / rateHz);
        expect(outageMs).toBeGreaterThanOrEqual(20_000);
        expect(outageMs).toBeLessThanOrEqual(20_000 + 1000 / rateHz);
      }
    }),
  );
});

test('a probe that was lost long before the fault is not the fault’s', () => {
  const [trial] = judge(
    buildHistory({
      ...{ name: 'sparse', trafficMs: 120_000, rateHz: 0.2, windowMs: 5000 },
      fault: { atMs: 33_000 },
      isLost: (_, sequence) => sequence === 5,
      lossSpans: [{ direction: 'forward', fromMs: 34_000, toMs: 51_000 }],
      tcpStalls: [{ fromMs: 33_000, toMs: 51_000 }],
    }),
  ).result.trials;
  expect(trial?.episodes[0]?.networks[0]?.forward.packetsLost).toBe(4);
});

test('a sparse direction is clean between its probes, and silent when two are missing', () => {
  const live = new LiveDirection(0, 5e9);
  const rest = { silences: [], duplicates: 0, reordered: 0, delayNs: null, atNs: 1 };
  const range: [number, number, number, number] = [0, 1, 0, 0];
  live.add({ kind: 'meter.received', direction: 'forward', ranges: [range], lastRxNs: 1, ...rest });
  expect(live.cleanSinceNs(9e9)).toBe(0);
  expect(live.cleanSinceNs(11e9)).toBeNull();
});

/** An OpenFlow 1.3 flow-mod that adds a flow: its idle timeout lies at octet 18 of the body. */
function flowMod(idleS: number, command = 0): string {
  const body = Buffer.alloc(56);
  body.writeUInt8(command, 17);
  body.writeUInt16BE(idleS, 18);
  return body.toString('hex');
}

function seen(body: string): HistoryEvent[] {
  const line = { atNs: 40_000e6, port: 6653, switch: 'a', version: 4, type: 14, xid: 1, body };
  const read = readTapLine(JSON.stringify(line));
  if (read === null) throw new Error('not a line');
  return eventsOfTapLine(read, new Map([['a', 's1']]), [6653]).map((event) => {
    return { ...event, trial: 0 } as HistoryEvent;
  });
}

test('flows with an idle timeout that probes kept alive are remarked on', () => {
  const remark = (rateHz: number, body: string) =>
    sentencesOf(judged(rateHz, seen(body)).reasons).filter((reason) =>
      reason.includes('idle timeout'),
    );
  expect(remark(1000, flowMod(3))).toEqual([
    "flows with an idle timeout of 3 s were kept alive by the probes of the meter meter (1000 a second); a sparse meter lets them expire: meter('h3', 'h4', { rateHz: 0.27 })",
  ]);
  expect(remark(0.2, flowMod(3))).toEqual([]);
  expect(remark(1000, flowMod(0))).toEqual([]);
  // Deleting a flow makes none.
  expect(remark(1000, flowMod(3, 3))).toEqual([]);
});
