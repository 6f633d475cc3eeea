/**
 * Goal: flows that start late or stop early are planned, judged only for what they were there to
 * see, and UDP flows tell what they lost. By constructed histories: the truth is known.
 */

import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { judge } from '../../harness/judge/judge.js';
import { momentsOfFlow } from '../../harness/lab/flow-moments.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import type { Scenario } from '../../harness/language/written/scenario.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedExpectation, ResolvedFlow } from '../../harness/model/resolved.js';
import type { TrialResult } from '../../harness/model/result.js';
import { flowCells } from '../../reports/flow-cells.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { detailText } from '../../reports/reasons/reading.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { buildHistory, trafficStartMs, withScenario } from '../fixtures/constructed-history.js';
import { bothWays } from '../fixtures/history-plans.js';

const NS = 1_000_000;
const startNs = (1_000_000 + trafficStartMs) * NS;

const base: ResolvedFlow = {
  id: 'voice',
  protocol: 'udp',
  from: 'h3',
  to: 'h4',
  reverse: false,
  bidirectional: false,
  parallel: 1,
  bitrateBps: 960_000,
  mssBytes: null,
  lengthBytes: 1200,
  intervalMs: 100,
  port: 5202,
  startMs: 0,
  stopMs: null,
};

/** Ten datagrams in each interval of 100 ms, but for those of a hole. */
function rowsOf(flow: ResolvedFlow, endMs: number, hole?: [number, number | null]): HistoryEvent[] {
  const events: HistoryEvent[] = [
    {
      atNs: startNs + flow.startMs * NS,
      trial: 0,
      kind: 'iperf.aligned',
      flow: flow.id,
      startNs: startNs + flow.startMs * NS,
      uncertaintyNs: 0,
    },
  ];
  let missed = 0;
  for (let ms = flow.startMs; ms < endMs; ms += 100) {
    const lost = hole !== undefined && ms >= hole[0] && ms < (hole[1] ?? Infinity);
    const row = {
      atNs: startNs + ms * NS,
      trial: 0,
      kind: 'iperf.interval' as const,
      flow: flow.id,
      startMs: ms - flow.startMs,
      endMs: ms - flow.startMs + 100,
      retransmits: null,
    };
    const sent = { bytes: 12_000, packets: 10, lostPackets: null, jitterMs: null };
    events.push({ ...row, side: 'sender', ...sent });
    const packets = lost ? 0 : 10 + missed;
    const jitterMs = lost ? 0 : 0.2;
    events.push({
      ...row,
      side: 'receiver',
      bytes: lost ? 0 : 12_000,
      packets,
      lostPackets: lost ? 0 : missed,
      jitterMs,
    });
    missed = lost ? missed + 10 : 0;
  }
  return events;
}

interface Added {
  flow: ResolvedFlow;
  rows: HistoryEvent[];
}

/** A relay dies at 5 s and traffic is dark for a second; these flows run beside the usual one. */
function judged(added: Added[], expectations: ResolvedExpectation[] = []): TrialResult {
  const history = buildHistory({
    name: 'flows',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: bothWays(5001, 6001),
    tcpStalls: [{ fromMs: 5001, toMs: 6400 }],
    expectations,
  });
  const events = withScenario(history, ({ flows }) => ({
    flows: [...flows, ...added.map(({ flow }) => flow)],
  }));
  const rows = added.flatMap((one) => one.rows);
  const all = [...events, ...rows].sort((a, b) => a.atNs - b.atNs);
  const [trial] = judge(all).result.trials;
  if (!trial) throw new Error('no trial');
  return trial;
}

function expecting(metric: ResolvedExpectation['metric'], of: string): ResolvedExpectation {
  return { id: metric, text: metric, metric, of, step: null, atMost: 1e9, atLeast: null };
}

test.describe('the plan of a flow', () => {
  const limits = { sustainedMs: 5000 };

  test('a server listens before its client is due', () => {
    expect(momentsOfFlow({ startMs: 7000, stopMs: 9000 }, limits)).toEqual({
      serverMs: 6000,
      clientMs: 7000,
      stopMs: 9000,
      seenMs: 9000,
    });
    expect(momentsOfFlow({ startMs: 300, stopMs: null }, limits).serverMs).toBe(0);
  });

  test('the run waits for a late flow, and for none that starts with the traffic', () => {
    expect(momentsOfFlow({ startMs: 7000, stopMs: null }, limits).seenMs).toBe(12_000);
    expect(momentsOfFlow({ startMs: 0, stopMs: null }, limits).seenMs).toBe(0);
  });
});

test.describe('what validation says of flows', () => {
  const written = (changes: Partial<Scenario>) =>
    lab.scenario({
      question: 'What do flows say?',
      topology: [lab.line(2)],
      traffic: [lab.iperf3('h1', 'h2', { id: 'main' })],
      timeline: [lab.at('5s', lab.linkDown(lab.linkOf('s1', 's2')))],
      ...changes,
    });
  const problems = (changes: Partial<Scenario>) =>
    examineScenario(written(changes), { name: 'any', seed: 1 }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  const udp = { id: 'voice', protocol: 'udp' as const, bitrate: '1Mbit/s' as const };

  test('a derived duration has room for flows that last longer than the timeline', () => {
    const traffic = [lab.iperf3('h1', 'h2', { start: '5min' })];
    const { limits } = resolveScenario(written({ traffic }), { name: 'any', seed: 1 });
    expect(limits.durationMs).toBeGreaterThanOrEqual(305_000);
  });

  test('what the rows of UDP tell may be expected of it', () => {
    const traffic = [lab.iperf3('h1', 'h2', udp)];
    const of = { of: 'voice' };
    const expect_ = [
      lab.networkOutage.none(of),
      lab.networkOutage.atMost('500ms', of),
      lab.packetsLost.atMost(3, of),
      lab.lossWhileFaulty.atMost('5%', of),
      lab.baselineRate.atLeast('900kbit/s', of),
    ];
    expect(problems({ traffic, expect: expect_ })).toEqual([]);
  });

  test('what they cannot tell is refused, with what can', () => {
    const traffic = [lab.iperf3('h1', 'h2', { ...udp, bitrate: '64kbit/s', length: '1000B' })];
    const of = { of: 'voice' };
    expect(problems({ traffic, expect: [lab.networkOutage.atMost('300ms', of)] })).toEqual([
      "expect[0].atMost: 300 ms is finer than the resolution of the rows of UDP flow 'voice' (375 ms)",
    ]);
    expect(problems({ traffic, expect: [lab.lossPeriods.atMost(1, of)] })).toEqual([
      "expect[0].of: 'voice' is a UDP flow, but loss periods is measured only for meters",
    ]);
    expect(problems({ traffic, expect: [lab.tcpStall.atMost('3s', of)] })).toEqual([
      "expect[0].of: 'voice' is a UDP flow, but TCP stall is measured only for TCP flows",
    ]);
  });

  test('an expectation of a flow that is not there when the fault comes is refused', () => {
    const late = [lab.iperf3('h1', 'h2', { id: 'late', start: '20s' })];
    expect(problems({ traffic: late, expect: [lab.tcpStall.atMost('3s')] })).toEqual([
      "expect[0]: no flow would measure 'link-down': flow 'late' starts at 20 s, and it comes at 5 s or earlier",
    ]);
    const early = [lab.iperf3('h1', 'h2', { ...udp, stop: '4s' })];
    const expect_ = [lab.packetsLost.none({ of: 'voice' })];
    expect(problems({ traffic: early, expect: expect_ })).toEqual([
      "expect[0]: no flow would measure 'link-down': flow 'voice' stops at 4 s, and it comes at 5 s or later",
    ]);
  });
});

test.describe('what UDP tells of a fault', () => {
  test('a hole, its datagrams, and the flow as a whole', () => {
    const rows = rowsOf(base, 16_000, [5000, 6000]);
    const trial = judged([{ flow: base, rows }]);
    expect(trial.verdict).toBe('pass');
    expect(trial.episodes[0]?.udps).toMatchObject([
      { outageMs: 1000, packetsLost: 100, recovered: true, baselineBps: 960_000, jitterMs: 0.2 },
    ]);
    const voice = trial.flows.find(({ flow }) => flow === 'voice');
    expect(voice).toMatchObject({ packetsSent: 1600, packetsLost: 100, lossPercent: 6.25 });
    expect(voice).toMatchObject({ receivedBps: 900_000, startedAtMs: 0, stoppedAtMs: 16_000 });
    expect(voice && flowCells(voice)).toMatchObject({
      way: 'UDP h3 → h4',
      ran: '0.0–16.0 s',
      lost: '100 of 1,600 (6.3 %)',
      jitter: '0.2 ms',
    });
  });

  test('a hole that lasts to the end is counted, though no row tells of it', () => {
    const trial = judged([{ flow: base, rows: rowsOf(base, 16_000, [5000, null]) }]);
    expect(trial.episodes[0]?.udps).toMatchObject([
      { outageMs: null, outageAtLeastMs: 11_000, packetsLost: 1100, recovered: false },
    ]);
    expect(trial.flows.find(({ flow }) => flow === 'voice')?.packetsLost).toBe(1100);
  });

  for (const side of ['sender', 'receiver'] as const) {
    test(`where the output of the ${side} is cut off, what was lost is unknown: no share above 100 %`, () => {
      const rows = rowsOf(base, 16_000, [5000, 6000]).filter(
        (event) => event.kind !== 'iperf.interval' || event.side !== side || event.endMs < 5500,
      );
      const trial = judged([{ flow: base, rows }]);
      const voice = trial.flows.find(({ flow }) => flow === 'voice');
      expect(voice).toMatchObject({ packetsLost: null, lossPercent: null });
      for (const { lossPercent } of trial.episodes.flatMap(({ udps }) => udps)) {
        expect(lossPercent ?? 0).toBeLessThanOrEqual(100);
      }
    });
  }

  test('datagrams that come seldom are no holes', () => {
    const seldom = { ...base, bitrateBps: 32_000, lengthBytes: 1000 };
    const rows = rowsOf(seldom, 16_000).map((event) => {
      if (event.kind !== 'iperf.interval') return event;
      const carries = (event.startMs / 100) % 3 === 0;
      return carries ? event : { ...event, bytes: 0, packets: 0 };
    });
    expect(judged([{ flow: seldom, rows }]).episodes[0]?.udps).toMatchObject([
      { outageMs: 0, resolutionMs: 750, recovered: true },
    ]);
  });

  test('expectations are judged by its rows', () => {
    const metrics = ['networkOutageMs', 'packetsLost', 'lossPercent', 'baselineBps'] as const;
    const expectations = metrics.map((metric) => expecting(metric, 'voice'));
    const trial = judged([{ flow: base, rows: rowsOf(base, 16_000, [5000, 6000]) }], expectations);
    expect(trial.expectations.map(({ measured, unit }) => [measured, unit])).toEqual([
      [1000, 'ms'],
      [100, 'packets'],
      [9.091, '%'],
      [960_000, 'bit/s'],
    ]);
  });
});

test.describe('flows that are not there all the time', () => {
  const early = { ...base, id: 'early', protocol: 'tcp' as const, stopMs: 3000 };
  const late = { ...base, id: 'late', protocol: 'tcp' as const, startMs: 9000 };

  test('they do not speak about a fault, and why is said where something is asked of them', () => {
    const added = [
      { flow: early, rows: rowsOf(early, 3000) },
      { flow: late, rows: rowsOf(late, 16_000) },
    ];
    const asked = [expecting('tcpStallMs', 'early'), expecting('tcpStallMs', 'late')];
    const trial = judged(added, asked);
    expect(trial.episodes[0]?.tcps.map(({ flow }) => flow)).toEqual(['iperf']);
    expect(trial.expectations.map(({ verdict, detail }) => [verdict, detailText(detail)])).toEqual([
      ['inconclusive', 'flow early had stopped at 3.00 s'],
      ['inconclusive', 'flow late started after it, at 9.00 s'],
    ]);
    const ran = trial.flows.map(({ flow, startedAtMs, stoppedAtMs }) => [
      flow,
      startedAtMs,
      stoppedAtMs,
    ]);
    expect(ran).toEqual([
      ['iperf', 0, 16_000],
      ['early', 0, 3000],
      ['late', 9000, 16_000],
    ]);
  });

  test('they make no trial inconclusive by themselves', () => {
    const added = [{ flow: late, rows: rowsOf(late, 16_000) }];
    expect(judged(added)).toMatchObject({ verdict: 'pass', reasons: [] });
  });

  test('a flow that is stopped as planned after its recovery has recovered', () => {
    const stopped = { ...base, id: 'stopped', protocol: 'tcp' as const, stopMs: 8000 };
    const trial = judged([{ flow: stopped, rows: rowsOf(stopped, 8000, [5000, 6000]) }]);
    const tcp = trial.episodes[0]?.tcps.find(({ flow }) => flow === 'stopped');
    expect(tcp).toMatchObject({ stallMs: 1000, recoveredTo90Ms: 999, recovered: true });
  });

  test('a flow that ended by itself before its stop has not', () => {
    const stopped = { ...base, id: 'stopped', protocol: 'tcp' as const, stopMs: 15_000 };
    const trial = judged([{ flow: stopped, rows: rowsOf(stopped, 8000, [5000, 6000]) }]);
    const tcp = trial.episodes[0]?.tcps.find(({ flow }) => flow === 'stopped');
    expect(tcp).toMatchObject({ recovered: false });
  });

  test('one that never ran is a reason, in the words of iperf3', () => {
    const error = 'unable to connect to server: Connection timed out';
    const end: HistoryEvent = {
      ...{ atNs: startNs + 15_000 * NS, trial: 0, kind: 'iperf.end', flow: 'late' },
      ...{ side: 'sender', exitCode: 1, signal: null, mssBytes: null },
      ...{ totalBytes: null, totalRetransmits: null, error },
    };
    const trial = judged([{ flow: late, rows: [end] }]);
    expect(trial.verdict).toBe('inconclusive');
    expect(sentencesOf(trial.reasons)).toEqual([`flow late did not run: ${error}`]);
  });
});

test('the terminal shows every flow within 80 columns', () => {
  const trial = judged([{ flow: base, rows: rowsOf(base, 16_000, [5000, 6000]) }]);
  const header = buildHistory({ name: 'flows', trafficMs: 1000 });
  const run = { ...judge(header), charts: [] };
  const text = renderTerminal(
    { ...run, result: { ...run.result, trials: [trial] } },
    { columns: 80, colour: false },
  );
  expect(text).toMatch(
    /voice {2}UDP h3 → h4 {2}0\.0–16\.0 s +900 kbit\/s {2}100 of 1,600 \(6\.3 %\) {2}0\.2 ms/,
  );
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
