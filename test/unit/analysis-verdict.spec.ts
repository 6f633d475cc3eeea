/** Expectations, TCP numbers and the run's verdict, from constructed histories. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { type ProcessId, processName } from '../../harness/model/process-id.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory, type HistoryPlan, withScenario } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

function run(plan: Partial<HistoryPlan>): JudgedRun {
  return judge(
    buildHistory({
      name: 'verdict',
      trafficMs: 16_000,
      fault: { atMs: 5000 },
      lossSpans: bothWays(5001, 6001),
      tcpStalls: [{ fromMs: 5001, toMs: 6400 }],
      ...plan,
    }),
  );
}

function trialOf(plan: Partial<HistoryPlan>): TrialResult {
  const trial = run(plan).result.trials[0];
  if (!trial) throw new Error('no trial');
  return trial;
}

function expecting(
  metric: ResolvedExpectation['metric'],
  bounds: Partial<ResolvedExpectation>,
): ResolvedExpectation {
  const { atMost = null, atLeast = null, of = null, step = null } = bounds;
  return { id: metric, text: metric, metric, of, step, atMost, atLeast };
}

function judged(expectation: ResolvedExpectation, plan: Partial<HistoryPlan> = {}) {
  const [result] = trialOf({ ...plan, expectations: [expectation] }).expectations;
  if (!result) throw new Error('no expectation');
  return result;
}

test('an expectation tells the measured value, the bound and the margin', () => {
  expect(judged(outageAtMost(1200))).toMatchObject({
    verdict: 'pass',
    measured: 1001,
    bound: 1200,
    margin: 199,
    unit: 'ms',
  });
  expect(judged(outageAtMost(900))).toMatchObject({ verdict: 'fail', margin: -101 });
  expect(judged(expecting('networkOutageMs', { atLeast: 900, atMost: 1050 }))).toMatchObject({
    verdict: 'pass',
    bound: 1050,
    margin: 49,
  });
});

test('every metric reads what its name says', () => {
  const readings: Array<[ResolvedExpectation['metric'], number]> = [
    ['packetsLost', 1000],
    ['lossPeriods', 1],
    ['tcpStallMs', 999],
    ['recoveredTo90Ms', 1499],
    ['baselineBps', 100_000_000],
    ['keepsContact', 1001],
  ];
  for (const [metric, value] of readings) {
    expect(judged(expecting(metric, { atMost: 1e12 })), metric).toMatchObject({
      verdict: 'pass',
      measured: value,
    });
  }
});

test('an expectation without a sample is inconclusive, never a pass', () => {
  const none = [
    expecting('detectedMs', { atMost: 100 }),
    expecting('reversionOutageMs', { atMost: 100 }),
    expecting('networkOutageMs', { atMost: 100, of: 'no such meter' }),
    expecting('networkOutageMs', { atMost: 100, step: 'no such step' }),
    expecting('tcpStallMs', { atMost: 100, of: 'no such flow' }),
    expecting('networkOutageMs', {}),
  ];
  for (const expectation of none) {
    expect(judged(expectation)).toMatchObject({ verdict: 'inconclusive', margin: null });
  }
  expect(trialOf({ expectations: none.slice(0, 1) }).verdict).toBe('inconclusive');
});

test('contact is lost by an outage, not by a stray packet', () => {
  const stray = { isLost: (_: string, sequence: number) => sequence === 7000, lossSpans: [] };
  expect(judged(expecting('keepsContact', {}))).toMatchObject({ verdict: 'fail' });
  expect(judged(expecting('losesContact', {}))).toMatchObject({ verdict: 'pass' });
  expect(judged(expecting('keepsContact', {}), stray)).toMatchObject({ verdict: 'pass' });
  expect(judged(expecting('losesContact', {}), stray)).toMatchObject({ verdict: 'fail' });
});

test('"must not recover before" holds for what never recovers', () => {
  const never = { lossSpans: bothWays(5001, null), tcpStalls: [{ fromMs: 5001, toMs: null }] };
  expect(judged(expecting('networkOutageMs', { atLeast: 8000 }), never).verdict).toBe('pass');
  expect(judged(expecting('networkOutageMs', { atLeast: 20_000 }), never).verdict).toBe(
    'inconclusive',
  );
  expect(judged(expecting('networkOutageMs', { atMost: 20_000 }), never).verdict).toBe(
    'inconclusive',
  );
});

test('an invalid trial is inconclusive even where an expectation failed', () => {
  const trial = trialOf({
    fault: { atMs: 5000, verified: false },
    expectations: [outageAtMost(10)],
  });
  expect(trial.expectations[0]?.verdict).toBe('fail');
  expect(trial.verdict).toBe('inconclusive');
});

test('an iperf3, a meter or a watch that somebody killed proves nothing, however late', () => {
  const events = buildHistory({
    ...{ name: 'killed', trafficMs: 16_000, fault: { atMs: 5000 } },
    ...{ lossSpans: bothWays(5001, 6001), tcpStalls: [{ fromMs: 5001, toMs: 6400 }] },
  });
  const stop = events.findIndex((event) => event.kind === 'phase' && event.phase === 'stop');
  const verdictOf = (
    process: ProcessId,
    signal: string | null,
    expected: boolean,
    laterMs = -1,
  ) => {
    const exit: HistoryEvent = {
      ...{
        kind: 'process.exit',
        trial: 0,
        atNs: (events[stop]?.atNs ?? 0) + laterMs * 1e6,
        process,
      },
      ...{ node: 'h1', exitCode: signal === null ? 0 : null, signal, expected, lastLines: [] },
    };
    return judge([...events.slice(0, stop), exit, ...events.slice(stop)]).result;
  };
  const watch: ProcessId = { role: 'watch', of: 'control-channels' };
  const iperf3s = (['server', 'client'] as const).map(
    (side): ProcessId => ({ role: 'iperf3', side, flow: 'tcp-h1-h2' }),
  );
  for (const process of [...iperf3s, { role: 'meter', meter: 'h1-h2' } as const, watch]) {
    const killed = verdictOf(process, 'SIGKILL', false);
    expect(killed.verdict).toBe('inconclusive');
    expect(sentencesOf(killed.reasons).join()).toContain(
      `${processName(process)} was killed by SIGKILL`,
    );
    expect(verdictOf(process, 'SIGTERM', true).verdict).toBe('pass');
    expect(verdictOf(process, 'SIGKILL', false, 1).verdict).toBe('pass');
    // An iperf3 or a meter that gives up says so itself; a watch has nothing else to say it by.
    const gaveUp = process === watch ? 'inconclusive' : 'pass';
    expect(verdictOf(process, null, false).verdict).toBe(gaveUp);
  }
});

test('a controller that ended by itself is told, and belongs to what was measured', () => {
  const events = buildHistory({
    ...{ name: 'ended', trafficMs: 16_000, fault: { atMs: 5000 } },
    lossSpans: bothWays(5001, 6001),
  });
  const traffic = events.findIndex((event) => event.kind === 'phase' && event.phase === 'traffic');
  const remarksOf = (expected: boolean) => {
    const exit: HistoryEvent = {
      ...{ kind: 'process.exit', trial: 0, atNs: (events[traffic]?.atNs ?? 0) + 9e9, node: null },
      ...{
        process: { role: 'controller', instance: 0, instances: 1 },
        exitCode: null,
        signal: 'SIGSEGV',
        expected,
        lastLines: [],
      },
    };
    const rest = events.findIndex(({ atNs }) => atNs > exit.atNs);
    const { result } = judge([...events.slice(0, rest), exit, ...events.slice(rest)]);
    expect(result.verdict).toBe('pass');
    return sentencesOf(result.reasons);
  };
  expect(remarksOf(true)).toEqual([]);
  expect(remarksOf(false)).toEqual([
    'the controller ended with SIGSEGV at 9.00 s, not caused by a fault in the scenario',
  ]);
});

test('no effect is a pass only where the scenario expects none', () => {
  const still = { lossSpans: [], tcpStalls: [] };
  expect(trialOf({ ...still, expectations: [outageAtMost(500)] }).verdict).toBe('inconclusive');
  expect(trialOf({ ...still, expectations: [expecting('keepsContact', {})] }).verdict).toBe('pass');
  const crash = { ...still, fault: { kind: 'controller-crash' as const, atMs: 5000 } };
  expect(trialOf({ ...crash, expectations: [outageAtMost(500)] }).verdict).toBe('pass');
});

test('flows sent to a dead switch are no effect, flows of the living are', () => {
  const reasonsWith = (node: string, kind: 'power-off' | 'blackhole' = 'power-off') => {
    const fault = { kind, atMs: 5000 };
    const event = { kind: 'observe.openflow', trial: 0, atNs: 5_500 * 1e6, node } as const;
    const extra: HistoryEvent[] = [{ ...event, message: 'flow-mod', mod: { command: 'add' } }];
    const expectations = [outageAtMost(500)];
    return sentencesOf(
      trialOf({ fault, lossSpans: [], tcpStalls: [], extra, expectations }).reasons,
    ).join();
  };
  expect(reasonsWith('r1')).toContain('had no effect');
  expect(reasonsWith('e3')).not.toContain('had no effect');
  // A blackhole of r1's links leaves its switch alive: it takes the flow.
  expect(reasonsWith('r1', 'blackhole')).not.toContain('had no effect');
});

test('a change of a flap that was not seen proves nothing', () => {
  const fault = { kind: 'flap' as const, atMs: 5000 };
  const transition = (verified: boolean): HistoryEvent => ({
    ...{ kind: 'fault.transition', trial: 0, atNs: 5_500 * 1e6, stepId: 'kill', faultId: 'fault' },
    ...{ faultKind: 'flap', targets: ['r1'], state: 'down', beforeNs: 1, afterNs: 2, verified },
    evidence: '0 of 2 filters are listed',
  });
  const reasonsWith = (verified: boolean) =>
    sentencesOf(
      trialOf({ fault, extra: [transition(verified)], expectations: [outageAtMost(1200)] }).reasons,
    );
  expect(reasonsWith(true)).toEqual([]);
  expect(reasonsWith(false)).toEqual([
    'a change of flap on r1 to down was not proven: 0 of 2 filters are listed',
  ]);
});

test('a relay that did not carry the traffic when it was hit proves nothing', () => {
  const carried = { packets: 220, atLeast: 61, overMs: 100.2, decided: true };
  const reasonsOf = (changes: Partial<typeof carried>, plan: Partial<HistoryPlan> = {}) => {
    const fault = { atMs: 5000, carried: { ...carried, ...changes } };
    const { verdict, reasons } = trialOf({ fault, expectations: [outageAtMost(1200)], ...plan });
    return [verdict, ...sentencesOf(reasons)];
  };
  expect(reasonsOf({})).toEqual(['pass']);
  const idle =
    'power-off affected r1, which did not carry the traffic at that time: 12 packets in the 100 ms before, at least 61 expected';
  expect(reasonsOf({ packets: 12 })).toEqual(['inconclusive', idle]);
  // Not even where nothing is expected to happen.
  const nothing = { lossSpans: [], tcpStalls: [], expectations: [expecting('keepsContact', {})] };
  expect(reasonsOf({ packets: 12 }, nothing)).toEqual(['inconclusive', idle]);
  expect(reasonsOf({ decided: false })).toEqual([
    'inconclusive',
    'power-off affected r1, but the counters did not show which path carried the traffic at that time (220 packets in the 100 ms before)',
  ]);
});

test('TCP: stall, bytes missed and retransmits beside the network outage', () => {
  const tcp = trialOf({ iperfIntervalMs: 100 }).tcp;
  expect(tcp).toMatchObject({
    stallMs: 1399,
    resolutionMs: 100,
    movingAgainMs: 1399,
    recoveredTo90Ms: 1399,
    predictedStallMs: 1402.8,
    rateDuringFaultBps: 100_000_000,
  });
  expect(tcp?.bytesMissed).toBe(Math.round((1.399 * 100e6) / 8));
});

test('TCP that never moved a byte stalled for as long as anybody looked', () => {
  const still = { tcpStalls: [{ fromMs: 0, toMs: null }] };
  const trial = trialOf({ ...still, expectations: [expecting('tcpStallMs', { atMost: 1000 })] });
  // Traffic runs for 16 s and the fault comes after five: 5001 ms in the middle of its two stamps.
  expect(trial.tcp).toMatchObject({
    stallMs: null,
    stallAtLeastMs: 10_999,
    movingAgainMs: null,
    recovered: false,
  });
  expect(trial.expectations[0]).toMatchObject({ verdict: 'fail', measured: null });
  // It stood still before: that is no effect of the fault.
  expect(sentencesOf(trialOf({ ...still, lossSpans: [] }).reasons).join()).toContain(
    'had no effect',
  );
  const healed = trialOf({ ...still, trafficMs: 25_000, fault: { atMs: 5000, healAtMs: 15_000 } });
  expect(healed.tcp).toMatchObject({ stallMs: null, stallAtLeastMs: 19_999 });
  expect(healed.reversion?.tcp).toMatchObject({ stallMs: null, stallAtLeastMs: 9999 });
  const late = trialOf({ tcpStalls: [{ fromMs: 0, toMs: 8000 }] });
  expect(late.tcp).toMatchObject({ stallMs: 2999, movingAgainMs: 2999, recovered: false });
});

for (const fault of [undefined, { kind: 'controller-hang' as const, atMs: 5000 }]) {
  test(`segments that do not fit are told ${fault ? 'beside' : 'without'} a fault`, () => {
    const { result } = run({
      fault,
      allowOversize: true,
      lossSpans: [],
      tcpStalls: [{ fromMs: 0, toMs: null }],
      expectations: [expecting('stalls', {})],
    });
    expect(result.verdict).toBe('pass');
    expect(sentencesOf(result.reasons)).toHaveLength(1);
    expect(sentencesOf(result.reasons)[0]).toContain(
      'oversize stall reproduced: TCP flow iperf delivered no byte',
    );
    expect(result.trials[0]?.tcp).toMatchObject({ stallMs: null, baselineBps: 0 });
  });
}

test('90 % must hold for 5 s: a burst after the outage is no recovery', () => {
  const burst: HistoryEvent[] = [];
  const tcp = trialOf({
    extra: burst,
    tcpStalls: [
      { fromMs: 5001, toMs: 6400 },
      { fromMs: 7000, toMs: 8500 },
    ],
  }).tcp;
  expect(tcp).toMatchObject({ stallMs: 1500, recoveredTo90Ms: 3499, recovered: true });
});

test('interrupted runs keep their numbers and are inconclusive', () => {
  const events = buildHistory({
    name: 'interrupted',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: bothWays(5001, 6001),
  }).map((event) =>
    event.kind === 'trial.end' || event.kind === 'run.end'
      ? {
          ...event,
          reason: 'interrupted' as const,
          error: { code: 'INTERRUPTED', message: 'The run was interrupted.' },
        }
      : event,
  );
  const { result } = judge(events);
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toEqual([
    'the run was interrupted',
    'the trial was interrupted',
  ]);
  expect(result.trials[0]?.network?.forward.outageMs).toBe(1001);
  expect(result.summary.networkOutageMs.n).toBe(0);
});

/** The same history, as if so many labs had run and their switches had waited so long. */
function sideBySide(
  parallel: number,
  waitPercent: number | null,
  cpuSomePercent = 60,
  clock?: 'virtual',
): string[] {
  const history = buildHistory({
    name: 'side-by-side',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: bothWays(5001, 6001),
    extra: [1000, 2000, 3000, 4000].map((ms) => ({
      ...{ kind: 'pressure', trial: 0, atNs: ms * 1e6, cpuSomePercent },
      cpuPercent: { vswitchd: 30, controller: 10, runner: 5 },
      ...(waitPercent === null ? {} : { waitPercent: { vswitchd: waitPercent, runner: 500 } }),
    })),
  });
  const events = history.map((event) =>
    event.kind === 'run.header' && parallel > 1
      ? { ...event, parallel, environment: { ...event.environment, clock } }
      : event,
  );
  const { fidelity } = judge(events).result.trials[0] ?? {};
  return fidelity ? sentencesOf(fidelity.reasons) : ['no trial'];
}

test('side by side: switches that wait far longer than they run prove nothing', () => {
  expect(sideBySide(3, 119)).toEqual([]);
  expect(sideBySide(3, 180)).toEqual([
    '3 concurrent labs are too many for this machine: switches and controller waited for a processor 4.5 times as long as they ran (limit 3)',
  ]);
  expect(sideBySide(1, 180)).toEqual([]);
  // In virtual time no lab waits for another.
  expect(sideBySide(3, 180, 80, 'virtual')).toEqual([]);
  // A kernel that does not tell who waited: the machine's own pressure decides.
  expect(sideBySide(3, null)).toEqual([]);
  expect(sideBySide(3, null, 80)[0]).toContain('during 80 % of the time (limit 75 %)');
});

test('a part that holds what it was asked for is whole; one that holds less is not', () => {
  const part = (header: { trials: number; indexes?: number[]; untilPrecise?: string }) => {
    const history = buildHistory({ name: 'part', trafficMs: 16_000 });
    const events = history.map((event) =>
      event.kind === 'run.header' ? { ...event, ...header } : event,
    );
    const { verdict, reasons } = judge(events).result;
    return { verdict, reasons: sentencesOf(reasons) };
  };
  const told = ['1 of 10 trials were started'];
  expect(part({ trials: 10 })).toEqual({ verdict: 'inconclusive', reasons: told });
  expect(part({ trials: 10, indexes: [0, 5] })).toEqual({ verdict: 'inconclusive', reasons: told });
  expect(part({ trials: 10, indexes: [0] })).toEqual({ verdict: 'pass', reasons: told });
  expect(part({ trials: 60, untilPrecise: '10%' })).toEqual({ verdict: 'pass', reasons: [] });
});

test('a lab driven by hand is judged by the steps that were taken', () => {
  const plan = { trafficMs: 13_000, fault: { atMs: 5000, healAtMs: 12_600 } };
  const lossSpans = [...bothWays(5001, 6001), ...bothWays(12_610, 12_613)];
  const events = buildHistory({ name: 'driven', ...plan, lossSpans }).map((event) =>
    event.kind === 'fault.injected' || event.kind === 'fault.healed'
      ? { ...event, stepId: `drive-${event.kind}` }
      : event,
  );
  expect(judge(events).result).toMatchObject({ verdict: 'pass', reasons: [] });
});

test('what a slow meter loses between a fault and its early heal is the doing of the fault', () => {
  const plan = { rateHz: 20, trafficMs: 13_000, fault: { atMs: 4985, healAtMs: 5030 } };
  const { result } = run({ ...plan, lossSpans: bothWays(4987, 5030), tcpStalls: [] });
  expect(result).toMatchObject({ verdict: 'pass', reasons: [] });
  const [trial] = result.trials;
  expect(trial?.network?.forward).toMatchObject({ outageMs: 100, packetsLost: 1, recovered: true });
  expect(trial?.reversion?.network?.forward).toMatchObject({ outageMs: 0, packetsLost: 0 });
  const late = bothWays(5090, 5110);
  const after = run({ ...plan, lossSpans: [...bothWays(4987, 5030), ...late], tcpStalls: [] });
  expect(after.result.trials[0]?.network?.forward).toMatchObject({ packetsLost: 1 });
  expect(after.result.trials[0]?.reversion?.network?.forward).toMatchObject({ packetsLost: 1 });
});

test('stamps and lost packets differ by one probe interval, however long that is', () => {
  const outage = { rateHz: 20, trafficMs: 13_000, lossSpans: bothWays(5001, 5501) };
  const trial = trialOf({ ...outage, tcpStalls: [] });
  expect(trial.network?.forward).toMatchObject({ outageMs: 550, disagreementMs: 50 });
  expect(trial.fidelity).toMatchObject({ ok: true, reasons: [] });
});

test('a heal that only tidies up at the end is no reversion', () => {
  const plan = { trafficMs: 13_000, fault: { atMs: 5000, healAtMs: 12_600 } };
  const lossSpans = [...bothWays(5001, 6001), ...bothWays(12_610, 12_613)];
  const history = buildHistory({ name: 'tidied', ...plan, lossSpans }).map((event) =>
    event.kind === 'fault.healed' ? { ...event, stepId: 'kill' } : event,
  );
  const events = withScenario(history, ({ timeline }) => ({
    timeline: timeline.filter((step) => step.id === 'kill'),
  }));
  const { result } = judge(events);
  expect(result).toMatchObject({ verdict: 'pass', reasons: [] });
  expect(result.trials[0]).toMatchObject({ reversion: null, episodes: [{ change: 'injected' }] });
});

test('a history without a header is refused', () => {
  expect(() => judge([])).toThrow('The history holds no run header.');
});

test('leftovers after the run are a reason against it', () => {
  const events = buildHistory({
    name: 'leftovers',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: bothWays(5001, 6001),
  }).map((event) => (event.kind === 'run.end' ? { ...event, leftovers: ['veth0'] } : event));
  const { result } = judge(events);
  expect(result.cleanup.leftovers).toEqual(['veth0']);
  expect(result.verdict).toBe('inconclusive');
  expect(sentencesOf(result.reasons)).toContain('left behind: veth0');
});
