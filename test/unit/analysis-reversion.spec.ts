/** What a heal answers for: loss while the network changed, and not what a machine lost later. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { explanationText } from '../../reports/explanation.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, flowMod, outageAtMost } from '../fixtures/history-plans.js';

const heal = 10_000;
const reversionAtMost = (ms: number): ResolvedExpectation => ({
  ...outageAtMost(ms),
  id: 'reversion',
  metric: 'reversionOutageMs',
});

function run(lossAfter: HistoryPlan['lossSpans'], plan: Partial<HistoryPlan> = {}): JudgedRun {
  return judge(
    buildHistory({
      ...{ name: 'reversion', trafficMs: 28_000, fault: { atMs: 3000, healAtMs: heal } },
      lossSpans: [...bothWays(3001, 3301), ...(lossAfter ?? [])],
      ...plan,
    }),
  );
}

function trialOf(judged: JudgedRun): TrialResult {
  const [trial] = judged.result.trials;
  if (!trial) throw new Error('no trial');
  return trial;
}

/** 42 packets, 9 s after the heal. */
const late = [{ direction: 'forward' as const, fromMs: heal + 9000, toMs: heal + 9042 }];

function bfdUp(atMs: number): HistoryEvent {
  return {
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.bfd', node: 'e3', port: 'e3-r1' },
    ...{ state: 'up', forwarding: true, flapCount: 2, diagnostic: 'No Diagnostic' },
  };
}

function linkUp(atMs: number): HistoryEvent {
  return { atNs: atMs * 1e6, trial: 0, kind: 'observe.link', node: 'e3', port: 'p', state: 'up' };
}

function portStatus(atMs: number): HistoryEvent {
  return {
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.openflow', node: 'e3', message: 'port-status' },
    portStatus: { port: 'p', change: 'modified', linkUp: true, live: true },
  };
}

test('42 packets lost 9 s after the heal, while nothing changed, are no reversion', () => {
  const judged = run(late, { expectations: [reversionAtMost(10)] });
  const trial = trialOf(judged);
  expect(trial.standards?.rfc6414).toMatchObject({ reversionTimeMs: 0, reversionPacketLoss: 0 });
  expect(trial.reversion?.network?.forward).toMatchObject({
    outageMs: 0,
    packetsLost: 0,
    lossPeriods: 0,
    otherLoss: { packets: 42, lossPeriods: 1 },
  });
  const healed = trial.episodes.find(({ change }) => change === 'healed');
  expect(healed?.phases.firstPacketForwardMs).toBeNull();
  expect(explanationText(healed?.explanation ?? null)).toBe(
    'No outage; other loss, not counted: 42 packets 9.00 s after the heal, while nothing in the network changed.',
  );
  expect(trial.expectations[0]).toMatchObject({ verdict: 'pass', measured: 0 });
  const text = renderTerminal(judged, { columns: 120, colour: false }).replace(/\s+/g, ' ');
  expect(text).toContain('Reversion Time 0 ms · Reversion Packet Loss 0');
  expect(text).toContain('other loss, not counted: 42 packets 9.00 s after the heal');
});

for (const [what, event] of [
  ['a flow was changed', flowMod(heal + 9020, 'e3')],
  ['a BFD session came up', bfdUp(heal + 9100)],
  ['a link came up', linkUp(heal + 9100)],
  ['a switch told of a port', portStatus(heal + 9030)],
] as const) {
  test(`the same loss is the reversion's when ${what} just then`, () => {
    const trial = trialOf(run(late, { extra: [event] }));
    expect(trial.reversion?.network?.forward).toMatchObject({
      outageMs: 43,
      packetsLost: 42,
      otherLoss: { packets: 0 },
    });
    expect(trial.standards?.rfc6414).toMatchObject({ reversionTimeMs: 43 });
  });
}

test('loss within the first second after the heal is its doing, whatever was seen', () => {
  const span = { direction: 'reverse' as const, fromMs: heal + 800, toMs: heal + 820 };
  const trial = trialOf(run([span]));
  expect(trial.reversion?.network?.reverse).toMatchObject({ outageMs: 21, packetsLost: 20 });
  const [, healed] = trial.episodes;
  expect(explanationText(healed?.explanation ?? null)).toContain('within 1 s of the heal');
});

test('a quarter of a second without packets is no noise, though nothing was seen to change', () => {
  const trial = trialOf(
    run(bothWays(heal + 9000, heal + 9400), { expectations: [reversionAtMost(100)] }),
  );
  expect(trial.reversion?.network?.forward).toMatchObject({ outageMs: 401, packetsLost: 400 });
  expect(trial.verdict).toBe('fail');
});

test('what is dark to the end is never other loss', () => {
  const trial = trialOf(run(bothWays(27_800, null)));
  expect(trial.reversion?.network?.forward.otherLoss).toMatchObject({ packets: 0 });
  expect(trial.reversion?.network?.forward.packetsLost).toBeGreaterThan(0);
});

test('after a heal while another fault stands, all loss counts', () => {
  const common = {
    trial: 0,
    faultId: 'second',
    faultKind: 'packet-loss',
    target: { kind: 'node' as const, node: 'r2' },
    targets: ['r2'],
    verified: true,
    evidence: '',
  };
  const events = buildHistory({
    ...{ name: 'two', trafficMs: 28_000, fault: { atMs: 3000, healAtMs: heal } },
    lossSpans: [...bothWays(3001, 3301), ...late],
  });
  const injected = events.find((event) => event.kind === 'fault.injected');
  if (injected?.kind !== 'fault.injected') throw new Error('no fault');
  const second: HistoryEvent = {
    ...{ ...injected, ...common, stepId: 'lossy' },
    beforeNs: injected.beforeNs + 2e9,
    afterNs: injected.afterNs + 2e9,
    atNs: injected.atNs + 2e9,
  };
  const [trial] = judge([...events, second].sort((a, b) => a.atNs - b.atNs)).result.trials;
  const healed = trial?.episodes.find(({ change }) => change === 'healed');
  expect(healed?.networks[0]?.forward).toMatchObject({ packetsLost: 42, otherLoss: null });
});

test('every lost packet is counted once: as the fault, as the reversion or as other loss', () => {
  const spans = [...late, { direction: 'forward' as const, fromMs: heal + 100, toMs: heal + 107 }];
  const trial = trialOf(run(spans));
  const counted = trial.episodes.flatMap(({ networks }) =>
    networks.map(({ forward }) => forward.packetsLost + (forward.otherLoss?.packets ?? 0)),
  );
  expect(counted).toEqual([300, 49]);
});
