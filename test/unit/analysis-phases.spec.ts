/** Phases and their explanation for different ways to recover, from constructed histories. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { TrialResult } from '../../harness/model/result.js';
import { seenText } from '../../reports/evidence.js';
import { explanationText } from '../../reports/explanation.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, controllerLog, flowMod } from '../fixtures/history-plans.js';

function trialOf(plan: Partial<HistoryPlan>): TrialResult {
  const whole = { name: 'phases', trafficMs: 16_000, fault: { atMs: 5000 }, ...plan };
  const trial = judge(buildHistory(whole)).result.trials[0];
  if (!trial) throw new Error('no trial');
  return trial;
}

function bfd(atMs: number, node: string, state: string, forwarding: boolean): HistoryEvent {
  return {
    atNs: atMs * 1e6,
    trial: 0,
    kind: 'observe.bfd',
    node,
    port: 'gre-r1',
    state,
    forwarding,
    flapCount: 1,
    diagnostic: '',
  };
}

function portStatus(atMs: number, node: string): HistoryEvent {
  return {
    atNs: atMs * 1e6,
    trial: 0,
    kind: 'observe.openflow',
    node,
    message: 'port-status',
    // A word that neither takes the link down nor brings it up.
    portStatus: { port: 'gre-r1', change: 'modified', linkUp: true, live: false },
  };
}

test('fast failover in the switch: detected, no flow change, what came later is left out', () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 5031),
    extra: [
      bfd(5029, 'e3', 'down', false),
      portStatus(5040, 'e3'),
      flowMod(5300, 'e3'),
      controllerLog(5250, 'link-lost'),
    ],
  });
  expect(trial.network?.forward.outageMs).toBe(31);
  expect(trial.phases).toMatchObject({
    detectedMs: 28,
    controllerToldMs: null,
    firstFlowChangeMs: null,
    lastFlowChangeMs: null,
    firstPacketForwardMs: 30,
  });
  expect(seenText(trial.episodes[0]?.phaseEvidence.detectedMs)).toBe('BFD down on e3 gre-r1');
  expect(seenText(trial.episodes[0]?.phaseEvidence.controllerToldMs)).toBe(
    'not observed before traffic had recovered',
  );
  expect(explanationText(trial.explanation)).toBe('Detection by BFD took 0.028 s of 0.03 s.');
});

test('what detected the fault is named, and what nobody saw is not', () => {
  const explained = (...extra: HistoryEvent[]) =>
    explanationText(trialOf({ lossSpans: bothWays(5001, 5801), extra }).explanation);
  const lost = (atMs: number, reason: string) => controllerLog(atMs, 'link-lost', { reason });
  const link = (atMs: number): HistoryEvent => ({
    atNs: atMs * 1e6,
    trial: 0,
    kind: 'observe.link',
    node: 'e3',
    port: 'gre-r1',
    state: 'down',
  });
  const decided = controllerLog(5790, 'decision', { changed: true });
  expect(explained(link(5601))).toBe('Detection by link state took 0.6 s of 0.8 s.');
  expect(explained(lost(5601, 'missed-probes'), flowMod(5790, 'e3'))).toBe(
    "Detection by the controller's probes took 0.6 s of 0.8 s.",
  );
  expect(explained(lost(5601, 'bfd-down'))).toBe('Detection by BFD took 0.6 s of 0.8 s.');
  expect(explained(controllerLog(5601, 'switch-left'))).toBe(
    'Detection by the lost control connection took 0.6 s of 0.8 s.',
  );
  expect(explained(controllerLog(5601, 'link-lost'))).toBe(
    'Detection by the controller took 0.6 s of 0.8 s.',
  );
  // BFD needs no decision; a controller that looks for dead links only when it decides does.
  expect(explained(bfd(5601, 'e3', 'down', false), decided)).toBe(
    'Detection by BFD took 0.6 s of 0.8 s.',
  );
  expect(explained(lost(5781, 'missed-probes'), decided)).toBe(
    "0.78 s of 0.8 s: no failure detection; the controller's next periodic decision was at 5.8 s.",
  );
  expect(explained(flowMod(5781, 'e3'), decided)).toBe(
    "0.78 s of 0.8 s: no failure detection; the controller's next periodic decision was at 5.8 s.",
  );
  expect(explained(flowMod(5781, 'e3'))).toBe(
    '0.78 s of 0.8 s: no failure detection was observed before the first flow change.',
  );
  expect(explained()).toBe('Dark for 0.801 s; no phase of the recovery was observed.');
});

test('nobody is said to have been told where nobody was seen to be', () => {
  const link: HistoryEvent = {
    ...{ atNs: 5101 * 1e6, trial: 0, kind: 'observe.link' },
    ...{ node: 'e3', port: 'gre-r1', state: 'down' },
  };
  const explained = (change: HistoryEvent) =>
    explanationText(
      trialOf({ lossSpans: bothWays(5001, 5801), extra: [link, change] }).explanation,
    );
  expect(explained(flowMod(5781, 'e3'))).toBe(
    '0.68 s of 0.8 s: the failure was detected and no flow had been changed yet.',
  );
  const bond: HistoryEvent = {
    ...{ atNs: 5781 * 1e6, trial: 0, kind: 'observe.bond' },
    ...{ node: 'h3', bond: 'h3-bond', active: 'h3-eth1' },
  };
  expect(explained(bond)).toBe(
    '0.68 s of 0.8 s: the failure was detected and the bond had not yet changed its active member.',
  );
});

test('a path that never came back tells who noticed, and when', () => {
  const never = { lossSpans: bothWays(5001, null) };
  expect(
    explanationText(trialOf({ ...never, extra: [bfd(5301, 'e3', 'down', false)] }).explanation),
  ).toMatch(
    /traffic did not come back in time; BFD detected the failure after 0\.3 s, and no flow was changed\.$/,
  );
  expect(explanationText(trialOf(never).explanation)).toMatch(
    /; no failure detection was observed\.$/,
  );
});

test('a controller that logs nothing is explained from outside', () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 7001),
    extra: [portStatus(5601, 'e3'), flowMod(5700, 'e3'), flowMod(6990, 'e4'), flowMod(9000, 'e4')],
  });
  expect(trial.phases).toMatchObject({
    detectedMs: null,
    controllerToldMs: 600,
    firstFlowChangeMs: 699,
    lastFlowChangeMs: 1989,
    firstPacketForwardMs: 2000,
  });
  expect(explanationText(trial.explanation)).toBe(
    '1.29 s of 2.00 s: the flows were being changed, switch by switch.',
  );
});

test('a packet that waited while the flows were changed passed after the change', () => {
  const history = buildHistory({
    name: 'phases',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: bothWays(5001, 7001),
    extra: [flowMod(7001.4, 'e3')],
  });
  for (const event of history) {
    if (event.kind !== 'meter.received') continue;
    event.ranges = event.ranges.map(([first, count, firstTxNs, lastTxNs]) => [
      first,
      count,
      firstTxNs,
      lastTxNs,
      firstTxNs + 0.7e6,
    ]);
  }
  const trial = judge(history).result.trials[0];
  expect(trial?.network?.forward.outageMs).toBe(2001);
  expect(trial?.phases?.firstFlowChangeMs).toBeCloseTo(2000.4);
  expect(trial?.phases?.firstPacketForwardMs).toBeCloseTo(2000.7);
  expect(seenText(trial?.episodes[0]?.phaseEvidence.firstPacketForwardMs)).toContain(
    'receive stamp',
  );
});

test("what the dead relay's own side reports is nobody noticing", () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 7001),
    extra: [
      bfd(5100, 'r1', 'down', false),
      { atNs: 5010e6, trial: 0, kind: 'observe.link', node: 'r1', port: 'r1-nic', state: 'down' },
      flowMod(5200, 'r1'),
    ],
  });
  expect(trial.phases).toMatchObject({ detectedMs: null, firstFlowChangeMs: null });
  expect(explanationText(trial.explanation)).toBe(
    'Dark for 2.00 s; no phase of the recovery was observed.',
  );
});

test('recovery only by the heal is said', () => {
  const trial = trialOf({
    fault: { atMs: 5000, healAtMs: 8000 },
    lossSpans: bothWays(5001, 8201),
  });
  expect(trial.network?.forward).toMatchObject({
    outageMs: null,
    outageAtLeastMs: 3000,
    outageWithHealMs: 3201,
    recovered: false,
  });
  expect(trial.reversion?.network?.forward.outageMs).toBe(0);
  expect(explanationText(trial.explanation)).toContain(
    'did not recover by itself; traffic came back 0.2 s after',
  );
});

test('a second outage at the heal is the reversion, not part of the failover', () => {
  const trial = trialOf({
    trafficMs: 25_000,
    fault: { atMs: 5000, healAtMs: 15_000 },
    lossSpans: [...bothWays(5001, 6001), ...bothWays(15_400, 15_600)],
  });
  expect(trial.network?.forward).toMatchObject({ outageMs: 1001, lossPeriods: 1 });
  expect(trial.reversion?.network?.forward).toMatchObject({ outageMs: 201, packetsLost: 200 });
  expect(trial.standards?.rfc6414).toMatchObject({
    failoverTimeMs: 1001,
    failoverPacketLoss: 2000,
    reversionTimeMs: 201,
    reversionPacketLoss: 400,
  });
});

test('BFD that goes down with no fault near it makes the trial inconclusive', () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 5301),
    extra: [bfd(1000, 'e3', 'up', true), bfd(2000, 'e3', 'down', false)],
  });
  expect(trial.fidelity?.bfdFlapsOutsideFault).toBe(1);
  expect(trial.verdict).toBe('inconclusive');
});

test('outages beyond the deadline are censored, even where traffic came back later', () => {
  const trial = trialOf({ trafficMs: 45_000, lossSpans: bothWays(5001, 36_000) });
  expect(trial.network?.forward).toMatchObject({
    outageMs: null,
    outageAtLeastMs: 30_000,
    recovered: false,
  });
});

function blockPort(atMs: number, port: number): HistoryEvent {
  return {
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.openflow', node: 's2', message: 'port-mod' },
    portMod: { port, set: ['no forward'], cleared: [] },
  };
}

test('a silent fault is detected, from outside, when the controller changes a port', () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 13_001),
    extra: [blockPort(10_999, 3), flowMod(11_500, 's2')],
  });
  expect(trial.phases).toMatchObject({
    detectedMs: 5998,
    controllerToldMs: 5998,
    firstFlowChangeMs: 6499,
  });
  expect(seenText(trial.episodes[0]?.phaseEvidence.detectedMs)).toBe(
    'port-mod to s2: port 3: no forward',
  );
  // Where somebody else saw it before, that is the detection.
  const told = trialOf({
    lossSpans: bothWays(5001, 13_001),
    extra: [bfd(5300, 'e3', 'down', false), blockPort(10_999, 3)],
  });
  expect(told.phases?.detectedMs).toBe(299);
});

test('a minute without a fault: a moved flow fails it, and so does a long hole', () => {
  const expected = (metric: 'flowChanges' | 'networkOutageMs', atMost: number) => ({
    ...{ id: metric, text: metric, metric, of: null, step: null, atMost, atLeast: null },
  });
  const calm = (plan: Partial<HistoryPlan>) => {
    const expectations = [expected('flowChanges', 0), expected('networkOutageMs', 100)];
    const whole = { name: 'calm', trafficMs: 60_000, expectations, ...plan };
    return judge(buildHistory(whole)).result.trials[0]?.expectations.map((one) => one.verdict);
  };
  expect(calm({})).toEqual(['pass', 'pass']);
  expect(calm({ extra: [flowMod(31_000, 'e3')] })).toEqual(['fail', 'pass']);
  expect(calm({ lossSpans: bothWays(30_000, 30_400) })).toEqual(['pass', 'fail']);
});

test('a port-status before the database says it, and what only the heal brought', () => {
  const status = (atMs: number, up: boolean): HistoryEvent => ({
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.openflow', node: 's1' },
    message: 'port-status',
    portStatus: { port: 's1-eth2', change: 'modified', linkUp: up, live: up },
  });
  const trial = trialOf({
    fault: { atMs: 5000, healAtMs: 9000 },
    lossSpans: bothWays(5001, 9101),
    extra: [
      status(5005, false),
      { atNs: 5007e6, trial: 0, kind: 'observe.link', node: 's1', port: 's1-eth2', state: 'down' },
      status(9050, true),
      flowMod(9060, 's1'),
    ],
  });
  expect(trial.phases).toMatchObject({
    detectedMs: 4,
    controllerToldMs: 4,
    firstFlowChangeMs: null,
    lastFlowChangeMs: null,
  });
});

test('what was lost on the return is told with what the network did just then', () => {
  const healed = (lossSpans: HistoryPlan['lossSpans'], ...extra: HistoryEvent[]) => {
    const fault = { atMs: 3000, healAtMs: 8000 };
    const trial = trialOf({
      fault,
      lossSpans: [...bothWays(3001, 3201), ...(lossSpans ?? [])],
      extra,
    });
    return explanationText(
      trial.episodes.find(({ change }) => change === 'healed')?.explanation ?? null,
    );
  };
  expect(healed([])).toBe('No outage: every packet of the meter arrived.');
  const one = { direction: 'forward' as const, fromMs: 9100, toMs: 9101 };
  expect(healed([one])).toBe(
    'No outage; other loss, not counted: 1 packet 1.10 s after the heal, while nothing in the network changed.',
  );
  const three = { direction: 'reverse' as const, fromMs: 9500, toMs: 9503 };
  expect(healed([one, three], flowMod(9510, 'e3'), bfd(9100, 'e3', 'up', true))).toMatch(
    /^Dark for 0\.004 s at most; 4 packets were lost .*, 3 when flows were changed, 1 when a link changed state\.$/,
  );
});
