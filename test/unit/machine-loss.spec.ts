/** Packets that this machine dropped are told apart from the network's loss, both ways. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { compareRuns } from '../../harness/judge/compare.js';
import { judge } from '../../harness/judge/judge.js';
import { thresholds } from '../../harness/judge/thresholds.js';
import type { HistoryEvent, MachineDrop } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import { renderCompare } from '../../reports/compare/terminal.js';
import { explanationText } from '../../reports/explanation.js';
import { fidelity } from '../../reports/html/view/judgement.js';
import { renderJunit } from '../../reports/junit.js';
import { machineLossText } from '../../reports/machine-loss.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

/** Packets dropped in a span of the traffic, at one place. */
interface Dropped extends Partial<MachineDrop> {
  fromMs: number;
  toMs: number;
  packets: number;
}

/** A controller dies at 3 s, which touches no data traffic, and is back at 8 s. */
const crash: Partial<HistoryPlan> = {
  fault: { kind: 'controller-crash', atMs: 3000, healAtMs: 8000, instance: 0 },
};

/** A history with the counts of a machine beside it: one a second, and those that are given. */
function history(plan: Partial<HistoryPlan>, drops: readonly Dropped[]): HistoryEvent[] {
  const events = buildHistory({ name: 'machine', trafficMs: 20_000, ...plan });
  const startNs = events.find((e) => e.kind === 'phase' && e.phase === 'traffic')?.atNs ?? 0;
  const at = (ms: number) => Math.round(startNs + ms * 1e6);
  const counts = Array.from(
    { length: 20 },
    (_, second): HistoryEvent => ({
      ...{ kind: 'observe.drops', trial: 0, drops: [] },
      ...{ sinceNs: at(1000 * second), atNs: at(1000 * (second + 1)) },
    }),
  );
  const dropped = drops.map(
    ({ fromMs, toMs, packets, ...drop }): HistoryEvent => ({
      ...{ kind: 'observe.drops', trial: 0, sinceNs: at(fromMs), atNs: at(toMs) },
      drops: [{ where: 'e1', what: 'switch', interface: 'e1-eth1', packets, ...drop }],
    }),
  );
  return [...events, ...counts, ...dropped].sort((a, b) => a.atNs - b.atNs);
}

function trialOf(events: readonly HistoryEvent[]) {
  const trial = judge(events).result.trials[0];
  if (!trial) throw new Error('no trial');
  return trial;
}

/** Probes lost from `atMs` on, in one direction. */
function lostAt(atMs: number, packets: number): Pick<HistoryPlan, 'lossSpans'> {
  return { lossSpans: [{ direction: 'forward', fromMs: atMs, toMs: atMs + packets }] };
}

function expecting(
  metric: ResolvedExpectation['metric'],
  bounds: Partial<ResolvedExpectation>,
): ResolvedExpectation {
  return {
    id: metric,
    text: metric,
    metric,
    of: null,
    step: null,
    atMost: null,
    atLeast: null,
    ...bounds,
  };
}

const noOutage = { expectations: [outageAtMost(0)] };
const nineLost = { ...crash, ...lostAt(4000, 9), ...noOutage };

test('loss that this machine can have made proves nothing about the network', () => {
  const trial = trialOf(history(nineLost, [{ fromMs: 3995, toMs: 4015, packets: 12 }]));
  expect(trial.verdict).toBe('inconclusive');
  expect(trial.fidelity).toMatchObject({ ok: false });
  expect(sentencesOf(trial.reasons).join()).toContain('this machine dropped packets');
  expect(trial.machine).toEqual({
    ...{ packetsDropped: 12, probesLost: 9, probesDropped: 9 },
    byPlace: [{ where: 'e1', what: 'switch', interface: 'e1-eth1', packets: 12 }],
  });
  expect(trial.network?.forward).toMatchObject({ packetsLost: 9, packetsDroppedByMachine: 9 });
});

test('the same loss is the network’s where this machine dropped nothing then', () => {
  const elsewhere: Dropped[][] = [
    [],
    [{ fromMs: 9000, toMs: 9020, packets: 50 }],
    [{ fromMs: 3995, toMs: 4015, packets: 3 }],
    [{ fromMs: 3995, toMs: 4015, packets: 50, what: 'tap', where: 'controllers' }],
  ];
  for (const drops of elsewhere) {
    const trial = trialOf(history(nineLost, drops));
    expect(trial.verdict, JSON.stringify(drops)).toBe('fail');
    expect(trial.fidelity?.ok).toBe(true);
  }
  expect(trialOf(history(nineLost, [])).machine).toMatchObject({
    packetsDropped: 0,
    probesLost: 9,
  });
});

test('of more loss than drops, the rest is the network’s and is counted as such', () => {
  const three = trialOf(history(nineLost, [{ fromMs: 3995, toMs: 4015, packets: 3 }]));
  expect(three.network?.forward).toMatchObject({ packetsLost: 9, packetsDroppedByMachine: 3 });
});

test('a record without counts is judged as before', () => {
  const old = history(nineLost, []).filter(({ kind }) => kind !== 'observe.drops');
  expect(trialOf(old)).toMatchObject({ verdict: 'fail', machine: null });
});

test('drops during an outage that a fault made take nothing from it', () => {
  const outage = { fault: { atMs: 5000 }, lossSpans: bothWays(5001, 6001) };
  const drops = [
    { fromMs: 5300, toMs: 5320, packets: 40 },
    { fromMs: 5990, toMs: 6010, packets: 8 },
  ];
  const judged = (atMost: number) =>
    trialOf(history({ ...outage, expectations: [outageAtMost(atMost)] }, drops));
  expect(judged(900)).toMatchObject({ verdict: 'fail' });
  expect(judged(1200)).toMatchObject({ verdict: 'pass' });
  expect(judged(1200).network?.forward).toMatchObject({
    outageMs: 1001,
    packetsDroppedByMachine: 0,
  });
});

test('a bound that drops at the edge of an outage alone have broken is not judged', () => {
  const outage = { fault: { atMs: 5000 }, lossSpans: bothWays(5001, 6001) };
  const drops = [{ fromMs: 5980, toMs: 6010, packets: 30 }];
  const judged = (atMost: number) =>
    trialOf(history({ ...outage, expectations: [outageAtMost(atMost)] }, drops));
  expect(judged(990).verdict).toBe('inconclusive');
  expect(judged(940).verdict).toBe('fail');
});

test('contact that only this machine broke is not a loss of contact', () => {
  const lost = { ...crash, ...lostAt(4000, 30), expectations: [expecting('losesContact', {})] };
  expect(trialOf(history(lost, [])).verdict).toBe('pass');
  const drops = [{ fromMs: 3990, toMs: 4040, packets: 30 }];
  expect(trialOf(history(lost, drops)).verdict).toBe('inconclusive');
});

test('a reading that drops made longer is not a figure of the network, whatever was expected', () => {
  const long = { ...crash, ...lostAt(4000, 36), expectations: [outageAtMost(500)] };
  expect(trialOf(history(long, [])).verdict).toBe('pass');
  const drops = [{ fromMs: 3990, toMs: 4040, packets: 50 }];
  expect(trialOf(history(long, drops)).verdict).toBe('inconclusive');
});

test('loss on a return that this machine made is no reversion', () => {
  const plan = {
    ...crash,
    ...lostAt(8300, 42),
    expectations: [expecting('reversionPacketsLost', { atMost: 0 })],
  };
  const drops = [{ fromMs: 8290, toMs: 8350, packets: 60 }];
  expect(trialOf(history(plan, [])).verdict).toBe('fail');
  expect(trialOf(history(plan, drops)).verdict).toBe('inconclusive');
});

test('loss long after a heal is explained by what this machine dropped then', () => {
  const plan = { ...crash, ...lostAt(13_000, 42) };
  const drops = [{ fromMs: 12_990, toMs: 13_050, packets: 60 }];
  const heal = trialOf(history(plan, drops)).episodes.find(({ change }) => change === 'healed');
  expect(explanationText(heal?.explanation ?? null)).toContain('when this machine dropped packets');
});

test('a recovery is not doubted for packets that this machine dropped after it', () => {
  const unhealed = { fault: { kind: 'controller-crash' as const, atMs: 3000, instance: 0 } };
  const plan = { ...unhealed, ...lostAt(19_500, 2), expectations: [outageAtMost(500)] };
  const trial = trialOf(history(plan, [{ fromMs: 19_490, toMs: 19_520, packets: 9 }]));
  expect(sentencesOf(trial.reasons).join()).toContain(
    'this machine dropped packets after the recovery',
  );
  expect(trial.invalid.some(({ cause }) => cause === 'machine')).toBe(true);
});

test('a bound that was broken by no more than the wait for a processor is not judged', () => {
  const waiting = (percent: number, outageMs: number): HistoryEvent[] => {
    const plan = {
      fault: { atMs: 5000 },
      lossSpans: bothWays(5001, 5001 + outageMs),
      expectations: [outageAtMost(800)],
    };
    return history(plan, []).flatMap((event): HistoryEvent[] =>
      event.kind !== 'observe.drops'
        ? [event]
        : [
            event,
            {
              ...{ kind: 'pressure', atNs: event.atNs, trial: 0, cpuSomePercent: 60 },
              ...{ cpuPercent: {}, mostWaitPercent: { controller: 1, vswitchd: percent } },
            },
          ],
    );
  };
  const busy = 100 * thresholds.waitedShare + 20;
  const trial = trialOf(waiting(busy, 1000));
  expect(trial.verdict).toBe('inconclusive');
  expect(sentencesOf(trial.reasons)[0]).toContain("a switch's ovs-vswitchd waited for a processor");
  expect(trialOf(waiting(busy, 3000)).verdict, 'no wait explains so much').toBe('fail');
  expect(trialOf(waiting(10, 1000)).verdict, 'a quiet machine').toBe('fail');
  expect(trialOf(waiting(busy, 700)).verdict).toBe('pass');
});

test('loss before the fault is this machine’s where its drops explain it', () => {
  const plan = { ...crash, ...lostAt(1500, 60), expectations: [outageAtMost(500)] };
  const cause = (packets: number) =>
    trialOf(
      history(plan, packets === 0 ? [] : [{ fromMs: 1490, toMs: 1570, packets }]),
    ).invalid.find(({ code }) => code === 'loss-before-fault')?.cause;
  expect(cause(60)).toBe('machine');
  expect(cause(20)).toBe('network');
  expect(cause(0)).toBe('network');
});

test('BFD that goes down though no relay was touched is no failover of the network', () => {
  const bfd = (atMs: number, forwarding: boolean): HistoryEvent => ({
    ...{ kind: 'observe.bfd', trial: 0, atNs: atMs * 1e6, node: 'e1', port: 'gre-r1', forwarding },
    ...{ state: forwarding ? 'up' : 'down', flapCount: 1, diagnostic: '' },
  });
  const flap = (fault: Partial<HistoryPlan>, drops: Dropped[]) =>
    trialOf(history({ ...fault, extra: [bfd(100, true), bfd(4000, false)] }, drops)).invalid.find(
      ({ code }) => code === 'bfd-flaps',
    );
  const near = [{ fromMs: 3700, toMs: 3720, packets: 5 }];
  expect(flap(crash, [])).toMatchObject({ cause: 'network' });
  expect(flap(crash, near)).toMatchObject({ cause: 'machine' });
  expect(flap({ fault: { atMs: 3000 } }, near), 'a relay died').toBeUndefined();
});

test('drops never turn a pass into a fail, or a fail into a pass', () => {
  const dropped = fc.record({
    fromMs: fc.integer({ min: 0, max: 19_000 }),
    length: fc.integer({ min: 1, max: 200 }),
    packets: fc.integer({ min: 1, max: 300 }),
  });
  const plans = fc.record({
    atMs: fc.integer({ min: 3100, max: 7000 }),
    packets: fc.integer({ min: 0, max: 300 }),
    atMost: fc.integer({ min: 0, max: 300 }),
    drops: fc.array(dropped, { maxLength: 4 }),
  });
  fc.assert(
    fc.property(plans, ({ atMs, packets, atMost, drops }) => {
      const plan = { ...crash, ...lostAt(atMs, packets), expectations: [outageAtMost(atMost)] };
      const spans = drops.map(({ fromMs, length, ...drop }) => ({
        ...drop,
        ...{ fromMs, toMs: fromMs + length },
      }));
      const quiet = trialOf(history(plan, [])).verdict;
      expect([quiet, 'inconclusive']).toContain(trialOf(history(plan, spans)).verdict);
    }),
    { numRuns: 60 },
  );
});

test('every report has the same sentence about what this machine dropped', () => {
  const events = history(nineLost, [{ fromMs: 3995, toMs: 4015, packets: 12 }]);
  const run = judge(events);
  const sentence = machineLossText(run.result.trials) ?? '';
  expect(sentence).toBe(
    '12 packets were dropped by this machine, not by the network (switch e1 at e1-eth1: 12); ' +
      'among them are at most 9 of the 9 lost probes',
  );
  expect(machineLossText([...run.result.trials, { machine: null }])).toContain('in 1 of 2 trials');
  const terminal = renderTerminal(run, { columns: 200, colour: false });
  const page = fidelity(trialOf(events))?.text ?? '';
  for (const text of [terminal, renderMarkdown([run]), page]) {
    expect(text.replaceAll('\\', '')).toContain(sentence);
  }
  expect(renderJunit([run])).toContain('dropped by this machine');
  const compared = renderCompare(compareRuns([run, run]), { columns: 200, colour: false });
  expect(compared.split(sentence)).toHaveLength(3);
  const quiet = judge(history(nineLost, []));
  expect(renderTerminal(quiet, { columns: 200, colour: false })).not.toContain('this machine');
});

test('recorded beside four busy processes: 44 probes were lost, and 100 packets dropped', () => {
  const file = new URL('../fixtures/busy/controller-failover.ndjson.gz', import.meta.url);
  const { events } = readHistory(gunzipSync(readFileSync(fileURLToPath(file))).toString('utf8'));
  const trial = trialOf(events);
  expect(trial.verdict).toBe('inconclusive');
  expect(trial.machine).toMatchObject({ packetsDropped: 100, probesLost: 44, probesDropped: 44 });
  const without = trialOf(events.filter(({ kind }) => kind !== 'observe.drops'));
  expect(without.verdict, 'what was printed before drops were counted').toBe('fail');
  expect(sentencesOf(without.reasons)).toEqual([
    'no network outage: measured 35.834 ms, bound 0 ms',
  ]);
});
