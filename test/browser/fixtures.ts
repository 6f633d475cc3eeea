/**
 * Judged runs for the report's tests, written out by hand and checked by the result's own schema.
 * They say nothing about any network: they only give the page something to show.
 */

import { type HistoryEvent, historyEvent } from '../../harness/model/history/events.js';
import { type Reason, reason } from '../../harness/model/reason.js';
import {
  type DirectionResult,
  type Episode,
  type FlowResult,
  type JudgedRun,
  runResultSchema,
  type Summary,
  type TcpResult,
  type TrialChart,
  type TrialResult,
  type Verdict,
} from '../../harness/model/result.js';
import { fixtureScenario, plainNames, type ScenarioNames } from './fixture-scenario.js';

const faultMs = 8000;
const healMs = 16000;
const endMs = 24000;
const zeroNs = 5_000_000_000_000;
const deadlineMs = 30000;

export interface TrialWish {
  /** Null = traffic never came back. */
  outageMs: number | null;
  verdict?: Verdict;
  reasons?: string[];
}

export interface RunWish {
  trials: TrialWish[];
  verdict: Verdict;
  reasons?: string[];
  names?: ScenarioNames;
  question?: string;
  controller?: string;
  explanation?: string;
}

function direction(outageMs: number | null, forward: boolean): DirectionResult {
  const length = outageMs === null ? null : outageMs + (forward ? 0 : 3.4);
  const lost = Math.round(length ?? endMs - faultMs);
  return {
    outageMs: length,
    outageAtLeastMs: length ?? deadlineMs,
    outageRangeMs: length === null ? null : [Math.max(0, length - 2), length],
    outageEnding: length === null ? 'open' : 'recovered',
    longerEndedOutageMs: null,
    outageWithHealMs: length,
    lossDerivedMs: lost,
    disagreementMs: length === null ? null : Math.abs(length - lost),
    resolutionMs: 1,
    packetsSent: endMs,
    packetsLost: lost,
    packetsDroppedByMachine: 0,
    lossPercent: 0,
    lossPeriods: 1,
    longestPeriods: [{ firstSequence: faultMs, packets: lost, startMs: -0.6, lengthMs: length }],
    duplicates: 0,
    reordered: 0,
    recoveryMs: length === null ? null : length - 0.6,
    sustainedMs: length === null ? 0 : 5000,
    recovered: length !== null,
    delayBeforeMs: 10.2,
    delayAfterMs: length === null ? null : 12.4,
    additiveBackupDelayMs: length === null ? null : 2.2,
    otherLoss: null,
    receiverSilenceMs: length,
    receiverSilenceAtLeastMs: length ?? deadlineMs,
    receiverSilenceWaitMs: length === null ? null : 12.4,
  };
}

/** The next tick of the ladder 0.2, 0.6, 1.4, 3.0 … s at or after the outage. */
function ladder(outageMs: number): number {
  let tick = 200;
  while (tick < outageMs) tick = tick * 2 + 200;
  return tick;
}

function tcpOf(outageMs: number | null): TcpResult {
  const stall = outageMs === null ? null : ladder(outageMs) + 11;
  return {
    flow: 'main',
    stallMs: stall,
    stallAtLeastMs: stall ?? endMs - faultMs,
    stallRangeMs: stall === null ? null : [stall, stall + 100],
    stallEnding: stall === null ? 'open' : 'recovered',
    stallWithHealMs: stall,
    recoveredTo90AfterHealMs: null,
    resolutionMs: 100,
    recoveredTo90Ms: stall === null ? null : stall + 400,
    movingAgainMs: stall,
    baselineBps: 48.6e6,
    bytesMissed: 6_000_000,
    recovered: stall !== null,
    retransmits: 42,
    mssBytes: 1400,
    predictedStallMs: outageMs === null ? null : ladder(outageMs),
    prediction: {
      forecast: 'as-written',
      text: 'first tick of the retransmission ladder after the outage',
    },
    rateDuringFaultBps: 0,
  };
}

function flowOf(protocol: 'tcp' | 'udp', names: ScenarioNames): FlowResult {
  const udp = protocol === 'udp';
  return {
    flow: `${protocol} ${names.left}`,
    protocol,
    from: names.left,
    to: names.right,
    startedAtMs: udp ? 2500 : 102,
    stoppedAtMs: udp ? 9400 : 14_902,
    bytesReceived: udp ? 3_450_000 : 92_500_000,
    receivedBps: udp ? 4_000_000 : 50_000_000,
    retransmits: udp ? null : 37,
    packetsSent: udp ? 2875 : null,
    packetsLost: udp ? 115 : null,
    lossPercent: udp ? 4 : null,
    jitterMs: udp ? 0.31 : null,
    error: null,
  };
}

function episodes(outageMs: number | null, relay: string, explanation: string): Episode[] {
  const found = outageMs !== null;
  const injected: Episode = {
    stepId: 'kill',
    kind: 'power-off',
    change: 'injected',
    targets: [relay],
    injectedAtMs: faultMs,
    uncertaintyMs: 1.2,
    verified: true,
    evidence: 'no process of the relay is left and its interfaces are down',
    networks: [],
    tcps: [],
    udps: [],
    controller: null,
    phases: {
      detectedMs: found ? outageMs * 0.82 : null,
      controllerToldMs: found ? outageMs * 0.85 : null,
      firstFlowChangeMs: found ? outageMs * 0.93 : null,
      lastFlowChangeMs: found ? outageMs * 0.97 : null,
      firstPacketForwardMs: direction(outageMs, true).recoveryMs,
      firstPacketReverseMs: direction(outageMs, false).recoveryMs,
      tcpMovingMs: tcpOf(outageMs).movingAgainMs,
      tcp90Ms: null,
    },
    phaseEvidence: {
      detectedMs: { by: 'as-written', text: 'BFD state of e1 gre-r1' },
      firstFlowChangeMs: { by: 'as-written', text: 'flow-mod on e1' },
    },
    explanation: { found: 'as-written', text: explanation },
  };
  const healed: Episode = {
    ...injected,
    change: 'healed',
    injectedAtMs: healMs,
    evidence: 'the relay answers again',
    phases: {
      ...injected.phases,
      detectedMs: null,
      controllerToldMs: null,
      firstFlowChangeMs: 120,
      lastFlowChangeMs: 130,
      firstPacketForwardMs: null,
      firstPacketReverseMs: null,
      tcpMovingMs: null,
    },
    explanation: { found: 'as-written', text: 'Nothing was lost when the relay came back.' },
  };
  return found ? [injected, healed] : [injected];
}

function asWritten(reasons: readonly string[] = []): Reason[] {
  return reasons.map((text) => reason('as-written', { text }));
}

function trialOf(wish: TrialWish, index: number, run: RunWish): TrialResult {
  const { outageMs } = wish;
  const names = run.names ?? plainNames;
  const verdict = wish.verdict ?? run.verdict;
  const explanation =
    run.explanation ??
    (outageMs === null
      ? 'No packet arrived again before the deadline: no flow was changed.'
      : 'Detection cost most: BFD needed three missed packets to call the relay dead.');
  const way = (middle: string) => [names.left, 'e1', middle, 'e2', names.right];
  const path = (label: string, middle: string, atMs: number, complete: boolean) => [
    { label, from: names.left, to: names.right, complete, nodes: way(middle), atMs },
    { label, from: names.right, to: names.left, complete, nodes: way(middle).reverse(), atMs },
  ];
  const network = { forward: direction(outageMs, true), reverse: direction(outageMs, false) };
  const worst = network.reverse.outageMs;
  return {
    index,
    attempt: 0,
    attempts: [],
    status: verdict === 'inconclusive' ? 'invalid' : 'valid',
    invalid: [],
    seed: 7 + index,
    stratum: index,
    phaseOffsetMs: index * 1000 + 137,
    verdict,
    reasons: asWritten(wish.reasons),
    fault: {
      stepId: episodes(outageMs, names.relay, '')[0]?.stepId ?? '',
      change: 'injected',
      number: 1,
      of: 1,
      kind: 'power-off',
      targets: [names.relay],
      injectedAtMs: faultMs,
      uncertaintyMs: 1.2,
      verified: true,
    },
    controller: null,
    network,
    tcp: tcpOf(outageMs),
    tcpFault: null,
    darkAtEnd: [],
    phases: episodes(outageMs, names.relay, '')[0]?.phases ?? null,
    explanation: { found: 'as-written', text: explanation },
    reversion: null,
    standards: {
      rfc6414: {
        failoverTimeMs: worst,
        failoverPacketLoss: network.reverse.packetsLost,
        reversionTimeMs: 0,
        reversionPacketLoss: 0,
        additiveBackupDelayMs: 2.2,
        method: 'TBM',
      },
      rfc8456: {
        forwardDisruptionMs: network.forward.outageMs,
        reverseDisruptionMs: worst,
        maximumMs: worst,
        reprovisioningTimeMs: worst,
        lostForward: network.forward.packetsLost,
        lostReverse: network.reverse.packetsLost,
      },
      rfc6413: {
        method: 'packet-loss-derived, per sequence number',
        accuracyMs: { low: -1, high: 1 },
        packetSamplingIntervalMs: 1,
        sustainedValidationMs: 5000,
        forwardingDelayThresholdMs: 2000,
      },
    },
    machine: null,
    processors: null,
    fidelity: {
      ok: true,
      reasons: [],
      worstSendLatenessMs: 2.4,
      worstSendGapMs: 3.2,
      cpuSomePercentMax: 12,
      baselinePacketsLost: 0,
      bfdFlapsOutsideFault: 0,
      meterCpuPercent: 8,
    },
    expectations: [
      {
        id: 'fast',
        text: 'Traffic is back within half a second',
        verdict,
        measured: worst,
        atLeast: worst === null ? deadlineMs : null,
        untilHeal: false,
        bound: 500,
        margin: worst === null ? null : 500 - worst,
        unit: 'ms',
        detail: { code: 'as-written', data: { text: 'worst direction of m1' } },
      },
    ],
    episodes: episodes(outageMs, names.relay, explanation),
    flows: [flowOf('tcp', names), flowOf('udp', names)],
    paths: [
      ...path('before', names.relay, 0, true),
      ...(outageMs === null ? [] : [...path('after', 'r2', faultMs + 5200, true)]),
    ],
    relays: {
      died: [names.relay],
      tookOver: ['r2'],
      packetsBefore: { [names.relay]: 61200, r2: 40 },
      packetsAfter: { [names.relay]: 0, r2: 59800 },
      kinds: { [names.relay]: 'relay', r2: 'relay' },
    },
    marks: [],
    outages: [],
    steadyState: {
      controlMessagesPerSecond: 4.2,
      probePacketsPerSecond: 70,
      controllerCpuPercent: 1.5,
      vswitchdCpuPercent: 6,
    },
    timing: {
      totalMs: 41000,
      trafficMs: endMs,
      controllerWaitMs: 6000,
      overheadMs: 11000,
      parts: {},
    },
    cleanup: { leftovers: [], mnCleanExitCode: 0, mnCleanMs: 900, mnCleanRemoved: [] },
  };
}

/** A steady small wave, so that charts are not a ruled line; the same for the same numbers. */
function wave(at: number, seed: number): number {
  return Math.sin(at * 0.7 + seed) * 0.5 + Math.sin(at * 0.13 + seed * 3) * 0.5;
}

function chartOf(wish: TrialWish, index: number, relay: string): TrialChart {
  const stall = tcpOf(wish.outageMs).stallMs ?? endMs;
  const points = Array.from({ length: endMs / 100 }, (_, step) => {
    const startMs = step * 100;
    const stalled = startMs + 100 > faultMs && startMs < faultMs + stall;
    const start = Math.min(1, (startMs + 100) / 900);
    return {
      startMs,
      endMs: startMs + 100,
      bps: stalled ? 0 : start * (48.6e6 + wave(step, index) * 2.2e6),
    };
  });
  const meters = (['forward', 'reverse'] as const).map((way) => {
    const outage = direction(wish.outageMs, way === 'forward');
    const end = faultMs + (outage.outageMs ?? endMs - faultMs);
    return {
      meter: 'm1',
      direction: way,
      losses: [{ startMs: faultMs - 0.6, endMs: end - 0.6, packets: outage.packetsLost }],
      delay: Array.from({ length: endMs / 100 }, (_, step) => step * 100)
        .filter((atMs) => atMs + 100 < faultMs || atMs > end)
        .map((atMs) => {
          const base =
            (atMs > faultMs ? 12.4 : 10.2) + wave(atMs / 100, way === 'forward' ? 1 : 2) * 0.15;
          return {
            atMs,
            minMs: base - 0.2,
            medianMs: base,
            maxMs: base + 0.9 + Math.abs(wave(atMs, 5)),
          };
        }),
    };
  });
  return {
    throughput: [{ flow: 'main', source: 'receiver', points }],
    rows: [],
    meters,
    windows: [
      {
        label: `power-off ${relay}`,
        kind: 'power-off',
        startMs: faultMs,
        endMs: wish.outageMs === null ? null : healMs,
      },
    ],
    marks: [
      { label: `power-off ${relay}`, atMs: faultMs },
      ...(wish.outageMs === null
        ? []
        : [
            { label: 'first flow change', atMs: faultMs + wish.outageMs * 0.93 },
            { label: 'TCP resumed', atMs: faultMs + stall },
            { label: 'healed', atMs: healMs },
          ]),
    ],
    trafficEndMs: endMs,
  };
}

function summaryOf(values: Array<number | null>): Summary {
  const rank = (value: number | null) => value ?? Number.POSITIVE_INFINITY;
  const sorted = [...values].sort((a, b) => rank(a) - rank(b));
  const known = sorted.filter((value) => value !== null);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
  const high = sorted[Math.floor(sorted.length / 2)] ?? null;
  return {
    n: values.length,
    censored: values.length - known.length,
    min: known[0] ?? null,
    median: low === null || high === null ? null : (low + high) / 2,
    max: values.length === known.length ? (known.at(-1) ?? null) : null,
    ci95: values.length < 6 ? null : [sorted[1] ?? null, sorted.at(-2) ?? null],
  };
}

/** A judged run as wished, valid by the schema of result.json. */
export function fixtureRun(wish: RunWish): JudgedRun {
  const trials = wish.trials.map((trial, index) => trialOf(trial, index, wish));
  const names = wish.names ?? plainNames;
  const result = runResultSchema.parse({
    schemaVersion: 2,
    runId: 'relay-failover/20261122-140000',
    scenario: 'relay-failover',
    question:
      wish.question ??
      'How long is the network dark when the relay that carries the traffic loses power?',
    seed: 7,
    wallTime: '2026-11-22T14:00:00.000Z',
    command: ['failover-lab', 'run', 'relay-failover', '--seed', '7'],
    controller: wish.controller ?? 'floyd-bfd',
    environment: {
      kernel: '6.1.0-28-amd64',
      cores: 2,
      distribution: 'Debian GNU/Linux 12',
      node: '20.20.2',
      python: '3.11.2',
      mininet: '2.3.0',
      ovs: '3.1.0',
      iperf3: '3.12',
      osken: '2.5.0',
      failoverLab: '0.1.0',
      commit: '2fa329c',
      datapath: 'user',
      sandbox: 'root',
      substitutions: ['The kernel has no openvswitch module, so the userspace datapath forwards.'],
    },
    verdict: wish.verdict,
    reasons: asWritten(wish.reasons),
    trials,
    summary: {
      networkOutageMs: summaryOf(trials.map((trial) => trial.network?.reverse.outageMs ?? null)),
      tcpStallMs: summaryOf(trials.map((trial) => trial.tcp?.stallMs ?? null)),
    },
    cleanup: { leftovers: [], mnCleanExitCode: 0 },
  });
  return { result, charts: wish.trials.map((trial, index) => chartOf(trial, index, names.relay)) };
}

/** A history for such a run: header, faults, and as many meter events as asked for. */
export function fixtureEvents(wish: RunWish, run: JudgedRun, meterEvents = 400): HistoryEvent[] {
  const names = wish.names ?? plainNames;
  const scenario = fixtureScenario(names, run.result.question);
  const target = { kind: 'relayOnPath', from: names.left, to: names.right };
  const events: unknown[] = [
    {
      kind: 'run.header',
      atNs: zeroNs - 9e9,
      trial: 0,
      schemaVersion: 2,
      runId: run.result.runId,
      scenario,
      seed: 7,
      trials: run.result.trials.length,
      wallTime: run.result.wallTime,
      command: run.result.command,
      environment: run.result.environment,
    },
  ];
  const perTrial = Math.ceil(meterEvents / run.result.trials.length);
  for (const trial of run.result.trials) {
    const zero = zeroNs + trial.index * 60e9;
    const own = { trial: trial.index };
    const faultNs = zero + faultMs * 1e6;
    events.push({ ...own, kind: 'phase', atNs: zero, phase: 'traffic' });
    for (let step = 0; step < perTrial; step += 1) {
      const atNs = zero + Math.round((step / perTrial) * endMs * 1e6);
      const first = Math.round((step / perTrial) * endMs);
      events.push({
        ...own,
        kind: 'meter.received',
        atNs,
        meter: 'm1',
        direction: step % 2 === 0 ? 'forward' : 'reverse',
        ranges: [[first, 20, atNs - 20_123_456, atNs - 123_456]],
        duplicates: 0,
        reordered: 0,
        delayNs: {
          min: 10_000_000 + step,
          median: 10_200_000 + step * 3,
          max: 11_400_000 + step * 7,
        },
      });
    }
    events.push({
      ...own,
      kind: 'fault.injected',
      atNs: faultNs,
      stepId: 'kill',
      faultId: 'kill',
      faultKind: 'power-off',
      target,
      targets: [names.relay],
      beforeNs: faultNs - 1_200_000,
      afterNs: faultNs + 1_200_000,
      verified: true,
      evidence: 'no process is left',
    });
    events.push({
      ...own,
      kind: 'observe.bfd',
      atNs: faultNs + 300e6,
      node: 'e1',
      port: 'gre-r1',
      state: 'down',
      forwarding: false,
      flapCount: 1,
      diagnostic: 'Control Detection Time Expired',
    });
  }
  return events.map((event) => historyEvent.parse(event)).sort((a, b) => a.atNs - b.atNs);
}

export const wishes = {
  pass: { verdict: 'pass', trials: [{ outageMs: 312.4 }] },
  fail: {
    verdict: 'fail',
    reasons: ['Traffic is back within half a second: measured 3.412 s'],
    trials: [{ outageMs: 3408.6 }],
  },
  inconclusive: {
    verdict: 'inconclusive',
    reasons: ['packets were lost before the fault'],
    trials: [{ outageMs: 140.2 }],
  },
  censored: {
    verdict: 'fail',
    reasons: ['no recovery before the deadline'],
    trials: [{ outageMs: null }],
  },
} satisfies Record<string, RunWish>;

/** Ten trials around a mean, spread evenly, the same every time. */
export function tenTrials(meanMs: number, spreadMs: number, controller: string): RunWish {
  const order = [3, 8, 1, 6, 9, 0, 5, 2, 7, 4];
  return {
    verdict: 'pass',
    controller,
    trials: order.map((place) => ({
      outageMs: meanMs + ((place - 4.5) / 9) * spreadMs + wave(place, 2),
    })),
  };
}
