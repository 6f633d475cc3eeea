/** How an outage or a stall ended: by the network, only by the heal, or not at all. */

import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { detailText } from '../../reports/reasons/reading.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, type HistoryPlan } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

/** Fault at 5 s, heal at 11 s, 1 kHz, rows of 100 ms, traffic to 24 s. */
function runOf(plan: Partial<HistoryPlan>, more: HistoryEvent[] = []): JudgedRun {
  const events = buildHistory({
    name: 'endings',
    trafficMs: 24_000,
    iperfIntervalMs: 100,
    fault: { atMs: 5000, healAtMs: 11_000 },
    ...plan,
  });
  return judge([...events, ...more].sort((a, b) => a.atNs - b.atNs));
}

function trialOf(plan: Partial<HistoryPlan>, more: HistoryEvent[] = []): TrialResult {
  const [trial] = runOf(plan, more).result.trials;
  if (!trial) throw new Error('no trial');
  return trial;
}

function expecting(
  metric: ResolvedExpectation['metric'],
  bounds: Partial<ResolvedExpectation> = {},
): ResolvedExpectation {
  const id = `${metric}-${bounds.healCounts ?? ''}`;
  return { id, text: metric, metric, of: null, step: null, atMost: null, atLeast: null, ...bounds };
}

const untilHeal = {
  lossSpans: bothWays(5001, 11_010),
  tcpStalls: [{ fromMs: 5001, toMs: 11_400 }],
};

test.describe('an outage that only the heal ended', () => {
  test('is censored at the heal and fails every upper bound', () => {
    const trial = trialOf({
      ...untilHeal,
      expectations: [outageAtMost(10_000), expecting('networkOutageMs', { atLeast: 5000 })],
    });
    expect(trial.network?.forward).toMatchObject({
      outageMs: null,
      outageAtLeastMs: 6000,
      outageEnding: 'heal',
      outageWithHealMs: 6010,
      recovered: false,
      recoveryMs: null,
    });
    expect(trial.verdict).toBe('fail');
    expect(trial.expectations.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
    expect(trial.expectations[0]).toMatchObject({ measured: null, atLeast: 6000, untilHeal: true });
    expect(trial.standards?.rfc6414.failoverTimeMs).toBeNull();
    expect(trial.standards?.rfc8456.reprovisioningTimeMs).toBeNull();
    expect(trial.phases).toMatchObject({
      firstPacketForwardMs: null,
      firstPacketReverseMs: null,
      tcpMovingMs: null,
      tcp90Ms: null,
    });
  });

  test('counts where the scenario says so', () => {
    const trial = trialOf({
      ...untilHeal,
      expectations: [
        expecting('networkOutageMs', { atMost: 10_000, healCounts: true }),
        expecting('networkOutageMs', { atMost: 6000, healCounts: true }),
        expecting('tcpStallMs', { atMost: 7000, healCounts: true }),
        expecting('recoveredTo90Ms', { atMost: 7000, healCounts: true }),
      ],
    });
    expect(trial.expectations.map(({ verdict }) => verdict)).toEqual([
      'pass',
      'fail',
      'pass',
      'pass',
    ]);
    expect(trial.expectations[0]?.measured).toBe(6010);
  });

  test('ranks above every number in the summary', () => {
    const { networkOutageMs, tcpStallMs } = runOf(untilHeal).result.summary;
    expect(networkOutageMs).toMatchObject({ n: 1, censored: 1, median: null, max: null });
    expect(tcpStallMs).toMatchObject({ n: 1, censored: 1, median: null, max: null });
  });

  test('is a number when the network recovered before the heal, by however little', () => {
    const trial = trialOf({
      lossSpans: bothWays(5001, 10_900),
      expectations: [outageAtMost(10_000)],
    });
    expect(trial.network?.forward).toMatchObject({ outageMs: 5900, outageEnding: 'recovered' });
    expect(trial.verdict).toBe('pass');
  });

  test('is no outage that ended long before, though the first probes had waited for a path', () => {
    const plan = { fault: { atMs: 1000, healAtMs: 1750 }, lossSpans: bothWays(1001, 1250) };
    const events = buildHistory({ name: 'early', trafficMs: 4000, ...plan });
    const received = events.flatMap((event) => (event.kind === 'meter.received' ? event : []));
    const startNs = events.find(
      (event) => event.kind === 'phase' && event.phase === 'traffic',
    )?.atNs;
    const readiness = received.slice(0, 2).map((event) => ({
      ...event,
      atNs: (startNs ?? 0) - 900_000_000,
      ranges: [],
      delayNs: { min: 60_000, median: 475_000_000, max: 1_014_000_000 },
    }));
    const trial = trialOf({ name: 'early', trafficMs: 4000, ...plan }, readiness);
    expect(trial.network?.forward).toMatchObject({ outageMs: 250, outageEnding: 'recovered' });
    expect(trial.network?.reverse).toMatchObject({ outageMs: 250, outageEnding: 'recovered' });
  });

  test('is undecided when it ended within the noise of the heal', () => {
    // The first good packet was sent 1 ms before the heal began: it may have been let through by it.
    const close = trialOf({
      lossSpans: bothWays(5001, 10_999),
      expectations: [outageAtMost(10_000), outageAtMost(3000)],
    });
    expect(close.network?.forward.outageEnding).toBe('unclear');
    expect(close.expectations.map(({ verdict }) => verdict)).toEqual(['inconclusive', 'fail']);
    expect(detailText(close.expectations[0]?.detail ?? null)).toContain(
      'whether the heal ended it is unclear',
    );
  });

  test('is reported in the same words by every report, with its bound', () => {
    const run = runOf({ ...untilHeal, expectations: [outageAtMost(10_000)] });
    const terminal = renderTerminal(run, { columns: 120, colour: false });
    for (const text of [terminal, renderMarkdown([run]), renderJunit([run])]) {
      expect(text.replace(/&gt;|\\>/g, '>')).toContain('> 6.0 s, until the heal');
    }
    expect(terminal).toContain('did not recover by itself');
    expect(terminal).not.toContain('never held');
    expect(terminal).toContain('90 % only after the heal');
    expect(terminal).toContain('only after the heal, 6.4 s after the fault');
  });

  test('without expectations is reported and does not fail', () => {
    const { verdict, reasons } = runOf(untilHeal).result;
    expect(verdict).toBe('pass');
    expect(sentencesOf(reasons).join()).toContain('did not recover by itself');
  });
});

test.describe('TCP', () => {
  test('90 % only after the heal is not "never"', () => {
    const { tcp } = trialOf(untilHeal);
    expect(tcp).toMatchObject({
      stallMs: null,
      stallEnding: 'heal',
      recoveredTo90Ms: null,
      recovered: false,
    });
    expect(tcp?.stallAtLeastMs).toBeCloseTo(5999, 0);
    expect(tcp?.recoveredTo90AfterHealMs).toBeCloseTo(6399, 0);
  });

  test('that moves after the heal by its own timer has recovered by itself', () => {
    // The network was back after 4 s; the ladder's next try is 6.2 s after the last good packet.
    const { tcp } = trialOf({
      lossSpans: bothWays(5001, 9001),
      tcpStalls: [{ fromMs: 5001, toMs: 11_205 }],
    });
    expect(tcp).toMatchObject({ stallEnding: 'recovered' });
    expect(tcp?.stallMs).not.toBeNull();
  });

  test('large packets that only the heal let through stall TCP until the heal', () => {
    const { tcp, network } = trialOf({
      lossSpans: [],
      tcpStalls: [{ fromMs: 5001, toMs: 11_050 }],
    });
    expect(network?.forward.outageMs).toBe(0);
    expect(tcp).toMatchObject({ stallMs: null, stallEnding: 'heal' });
  });

  for (const silentMs of [100, 200]) {
    test(`${silentMs} ms of rows without bytes at the end are not a stall that never ended`, () => {
      // iperf3's last rows: the server stops counting a little before the client stops sending.
      const trial = trialOf({
        lossSpans: bothWays(5001, 5300),
        tcpStalls: [
          { fromMs: 5001, toMs: 5600 },
          { fromMs: 24_000 - silentMs, toMs: 24_000 },
        ],
      });
      expect(trial.tcp).toMatchObject({ stallEnding: 'recovered' });
      expect(trial.tcp?.stallMs).toBeGreaterThan(450);
      expect(trial.tcp?.stallMs).toBeLessThan(700);
    });
  }

  test('a stall that lasts to the end is the worst, however long another was', () => {
    const trial = trialOf({
      lossSpans: bothWays(5001, 5300),
      tcpStalls: [
        { fromMs: 5001, toMs: 9000 },
        { fromMs: 23_000, toMs: 24_000 },
      ],
    });
    expect(trial.tcp).toMatchObject({ stallMs: null, stallEnding: 'open' });
  });

  test('90 % is not reached before the stall is over', () => {
    // After a short stall TCP catches up, so that no second's mean is below 90 %.
    const catchUp = { fromMs: 5150, toMs: 5352 };
    const events = buildHistory({
      name: 'catch-up',
      trafficMs: 16_000,
      iperfIntervalMs: 100,
      fault: { atMs: 5000 },
      lossSpans: bothWays(5140, 5290),
      tcpStalls: [catchUp],
    }).map((event) =>
      event.kind === 'iperf.interval' && event.startMs >= 5400 && event.startMs < 5700
        ? { ...event, bytes: event.bytes * 2 }
        : event,
    );
    const tcp = judge(events).result.trials[0]?.tcp;
    expect(tcp?.stallMs).toBeGreaterThan(100);
    expect(tcp?.recoveredTo90Ms).toBeGreaterThanOrEqual(tcp?.stallMs ?? Infinity);
  });

  for (const [fromMs, toMs] of [
    [5013, 6400],
    [5013, 6498],
    [5099, 6301],
    [5050, 6350],
  ] as const) {
    test(`a stall from ${fromMs} to ${toMs} ms lies in its range`, () => {
      const { tcp } = trialOf({
        lossSpans: bothWays(5001, 6001),
        tcpStalls: [{ fromMs, toMs }],
      });
      const [low, high] = tcp?.stallRangeMs ?? [Infinity, 0];
      expect(low).toBeLessThanOrEqual(toMs - fromMs + 0.001);
      expect(high).toBeGreaterThanOrEqual(toMs - fromMs - 0.001);
      expect(high - low).toBeCloseTo(100, 6);
      expect(low).toBe(tcp?.stallMs);
    });
  }
});

/** A second fault and its heal, as copies of the first, so much later. */
function again(laterMs: number): HistoryEvent[] {
  return buildHistory({
    name: 'endings',
    trafficMs: 24_000,
    fault: { atMs: 5000, healAtMs: 11_000 },
  })
    .filter((event) => event.kind === 'fault.injected' || event.kind === 'fault.healed')
    .map((event) => {
      const byNs = laterMs * 1e6;
      if (event.kind !== 'fault.injected' && event.kind !== 'fault.healed') return event;
      return {
        ...event,
        atNs: event.atNs + byNs,
        beforeNs: event.beforeNs + byNs,
        afterNs: event.afterNs + byNs,
        faultId: 'second',
        stepId: event.kind === 'fault.injected' ? 'second' : 'heal-second',
        targets: ['r2'],
      };
    });
}

test.describe('the headline', () => {
  const twice = {
    trafficMs: 40_000,
    fault: { atMs: 5000, healAtMs: 11_000 },
    lossSpans: [...bothWays(5001, 5029), ...bothWays(20_001, 20_292)],
    tcpStalls: [
      { fromMs: 5001, toMs: 5210 },
      { fromMs: 20_001, toMs: 20_640 },
    ],
  };

  test('is the worst of all faults, and says which one', () => {
    const run = runOf(twice, again(15_000));
    const [trial] = run.result.trials;
    expect(trial?.network?.forward.outageMs).toBe(292);
    expect(trial?.fault).toMatchObject({ stepId: 'second', number: 2, of: 2, targets: ['r2'] });
    expect(trial?.tcp?.stallMs).toBeGreaterThan(500);
    expect(run.result.summary.networkOutageMs.max).toBe(292);
    const text = renderTerminal(run, { columns: 120, colour: false });
    expect(text).toContain('292');
    expect(text).toContain('power-off of r2 (fault 2 of 2, the worst)');
  });

  test('takes the longest stall of another fault, and says so', () => {
    const run = runOf({ ...twice, tcpStalls: [{ fromMs: 5001, toMs: 6640 }] }, again(15_000));
    const [trial] = run.result.trials;
    expect(trial?.network?.forward.outageMs).toBe(292);
    expect(trial?.tcp?.stallMs).toBeGreaterThan(1500);
    expect(trial?.tcpFault).toMatchObject({ stepId: 'kill' });
    const text = renderTerminal(run, { columns: 120, colour: false });
    expect(text).toContain('kill');
  });
});

test.describe('dark at the end', () => {
  const afterHeal = {
    lossSpans: [...bothWays(5001, 5029), ...bothWays(11_300, null)],
  };

  test('fails, whatever else was expected, and is the headline', () => {
    const run = runOf({ ...afterHeal, expectations: [outageAtMost(10_000)] });
    const [trial] = run.result.trials;
    expect(trial?.expectations[0]).toMatchObject({ verdict: 'pass', measured: 29 });
    expect(run.result.verdict).toBe('fail');
    expect(sentencesOf(run.result.reasons).join()).toContain(
      'dark at the end: no packet from h3 to h4',
    );
    expect(trial?.darkAtEnd).toHaveLength(2);
    expect(trial?.network?.forward).toMatchObject({ outageMs: null, outageEnding: 'open' });
    expect(trial?.fault).toMatchObject({ change: 'healed', stepId: 'heal' });
  });

  test('fails without any expectation', () => {
    expect(runOf(afterHeal).result.verdict).toBe('fail');
  });

  test('passes where the scenario expects it of that pair', () => {
    const dark = expecting('staysDark', { of: 'meter' });
    const run = runOf({ ...afterHeal, expectations: [outageAtMost(10_000), dark] });
    expect(sentencesOf(run.result.reasons)).toEqual([]);
    expect(run.result.verdict).toBe('pass');
    const light = runOf({ lossSpans: bothWays(5001, 5029), expectations: [dark] });
    expect(light.result.verdict).toBe('fail');
  });

  test('is not a last packet on its way, nor a single packet of a slow meter', () => {
    expect(
      runOf({ lossSpans: [...bothWays(5001, 5029), ...bothWays(23_950, null)] }).result,
    ).toMatchObject({ verdict: 'pass', reasons: [] });
  });

  test('counts what came back only when the lab was tidied up', () => {
    const events = buildHistory({
      name: 'endings',
      trafficMs: 24_000,
      fault: { atMs: 5000, healAtMs: 23_000 },
      lossSpans: bothWays(5001, 23_010),
      expectations: [expecting('networkOutageMs', { atLeast: 100 })],
    })
      .map((event) => (event.kind === 'fault.healed' ? { ...event, stepId: 'kill' } : event))
      .map((event) => {
        if (event.kind !== 'run.header' && event.kind !== 'trial.start') return event;
        if (!event.scenario) return event;
        const timeline = event.scenario.timeline.filter((step) => step.id === 'kill');
        return { ...event, scenario: { ...event.scenario, timeline } };
      });
    const { result } = judge(events);
    expect(result.verdict).toBe('fail');
    expect(sentencesOf(result.reasons).join()).toContain('dark at the end');
  });
});
