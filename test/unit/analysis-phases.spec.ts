/** Phases and their explanation for different ways to recover, from constructed histories. */
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/analysis/judge.js';
import type { TrialResult } from '../../harness/analysis/result.js';
import type { HistoryEvent } from '../../harness/history/events.js';
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
    detail: 'gre-r1 down',
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
  expect(trial.episodes[0]?.phaseEvidence.detectedMs).toBe('BFD down on e3 gre-r1');
  expect(trial.episodes[0]?.phaseEvidence.controllerToldMs).toBe(
    'not observed before traffic had recovered',
  );
  expect(trial.explanation).toBe('0.028 s of 0.03 s: nobody noticed.');
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
  expect(trial.explanation).toBe(
    '1.29 s of 2.00 s: the flows were being changed, switch by switch.',
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
  expect(trial.explanation).toBe('Dark for 2.00 s; no phase of the recovery was observed.');
});

test('recovery only by the heal is said', () => {
  const trial = trialOf({
    fault: { atMs: 5000, healAtMs: 8000 },
    lossSpans: bothWays(5001, 8201),
  });
  expect(trial.network?.forward).toMatchObject({ outageMs: 3201, recovered: true });
  expect(trial.reversion?.network?.forward.outageMs).toBe(0);
  expect(trial.explanation).toContain('Traffic came back 0.2 s after the fault was healed');
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

function openFlow(atMs: number, message: 'port-mod' | 'flow-mod', detail: string): HistoryEvent {
  return {
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.openflow', node: 's2' },
    ...{ message, detail },
  };
}

test('a silent fault is detected, from outside, when the controller changes a port', () => {
  const trial = trialOf({
    lossSpans: bothWays(5001, 13_001),
    extra: [openFlow(10_999, 'port-mod', 'port 3: no forward'), flowMod(11_500, 's2')],
  });
  expect(trial.phases).toMatchObject({
    detectedMs: 5998,
    controllerToldMs: 5998,
    firstFlowChangeMs: 6499,
  });
  expect(trial.episodes[0]?.phaseEvidence.detectedMs).toBe('port-mod to s2: port 3: no forward');
  // Where somebody else saw it before, that is the detection.
  const told = trialOf({
    lossSpans: bothWays(5001, 13_001),
    extra: [bfd(5300, 'e3', 'down', false), openFlow(10_999, 'port-mod', 'port 3: no forward')],
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
  const status = (atMs: number, detail: string): HistoryEvent => ({
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'observe.openflow', node: 's1' },
    ...{ message: 'port-status', detail },
  });
  const trial = trialOf({
    fault: { atMs: 5000, healAtMs: 9000 },
    lossSpans: bothWays(5001, 9101),
    extra: [
      status(5005, 's1-eth2 modified: link down, not live'),
      { atNs: 5007e6, trial: 0, kind: 'observe.link', node: 's1', port: 's1-eth2', state: 'down' },
      status(9050, 's1-eth2 modified: link up, live'),
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
