/**
 * Makes judged runs for tests of the reports: the numbers hang together the way a real run's do
 * (losses follow the outage, the stall follows the retransmission ladder), and every value is
 * checked against the exported schema before a test sees it.
 */
import { type Reason, reason } from '../../harness/model/reason.js';
import {
  type DirectionResult,
  type Episode,
  type JudgedRun,
  type Phases,
  runResultSchema,
  type TcpResult,
  type TrialChart,
  type TrialResult,
  type Verdict,
} from '../../harness/model/result.js';

export interface TrialShape {
  /** Network outage forward and reverse; null = the path never came back. */
  outageMs: number | null;
  reverseOutageMs?: number | null;
  reversionOutageMs?: number;
  faultAtMs?: number;
  healAtMs?: number;
  trafficEndMs?: number;
  verdict?: Verdict;
  reasons?: string[];
  detected?: boolean;
  died?: string;
  tookOver?: string;
  hosts?: [string, string];
  intervalMs?: number;
}

const rateBps = 95e6;
const deadlineMs = 20_000;

/** First tick of the retransmission ladder at or after the end of the outage. */
export function ladderMs(outageMs: number): number {
  let tick = 200;
  for (let step = 400; tick < outageMs; step *= 2) tick += step;
  return tick;
}

export function direction(
  outageMs: number | null,
  changes: Partial<DirectionResult> = {},
): DirectionResult {
  const lost = Math.round(outageMs ?? deadlineMs - 2);
  const none = outageMs === 0;
  return {
    outageMs,
    outageAtLeastMs: outageMs ?? deadlineMs - 2,
    outageRangeMs: outageMs === null || none ? null : [Math.max(0, outageMs - 2), outageMs],
    outageEnding: none ? null : outageMs === null ? 'open' : 'recovered',
    longerEndedOutageMs: null,
    outageWithHealMs: none ? null : outageMs,
    lossDerivedMs: Math.max(0, lost - 1),
    disagreementMs: outageMs === null ? null : none ? 0 : 1,
    resolutionMs: 1,
    packetsSent: 60_000,
    packetsLost: none ? 0 : lost - 1,
    packetsDroppedByMachine: 0,
    lossPercent: 0,
    lossPeriods: none ? 0 : 1,
    longestPeriods: none
      ? []
      : [{ firstSequence: 12_001, packets: lost - 1, startMs: -0.4, lengthMs: outageMs }],
    duplicates: 0,
    reordered: 0,
    recoveryMs: none ? 0 : outageMs,
    sustainedMs: outageMs === null ? 0 : 5000,
    recovered: outageMs !== null,
    delayBeforeMs: 0.21,
    delayAfterMs: outageMs === null ? null : 0.24,
    additiveBackupDelayMs: outageMs === null ? null : 0.03,
    otherLoss: null,
    receiverSilenceMs: outageMs,
    receiverSilenceAtLeastMs: outageMs ?? deadlineMs,
    receiverSilenceWaitMs: outageMs === null || none ? null : 0.24,
    ...changes,
  };
}

export function tcp(outageMs: number | null, changes: Partial<TcpResult> = {}): TcpResult {
  const stallMs = outageMs === null ? null : outageMs === 0 ? 0 : ladderMs(outageMs);
  return {
    flow: 'h3-h4',
    stallMs,
    stallAtLeastMs: stallMs ?? deadlineMs,
    stallRangeMs: stallMs === null || stallMs === 0 ? null : [stallMs, stallMs + 100],
    stallEnding: stallMs === 0 ? null : stallMs === null ? 'open' : 'recovered',
    stallWithHealMs: stallMs === 0 ? null : stallMs,
    recoveredTo90AfterHealMs: null,
    resolutionMs: 100,
    recoveredTo90Ms: stallMs === null ? null : stallMs + 300,
    movingAgainMs: stallMs,
    baselineBps: rateBps,
    bytesMissed: ((stallMs ?? deadlineMs) / 1000) * (rateBps / 8),
    recovered: stallMs !== null,
    retransmits: stallMs === 0 ? 0 : 87,
    mssBytes: 1388,
    predictedStallMs: outageMs === null ? null : ladderMs(outageMs),
    prediction:
      outageMs === null
        ? { forecast: 'none', untilHeal: false }
        : { forecast: 'retransmission', number: 1, outageMs, afterMs: ladderMs(outageMs) },
    rateDuringFaultBps: outageMs === 0 ? rateBps : 0,
    ...changes,
  };
}

function asWritten(text: string) {
  return { found: 'as-written', text } as const;
}

function reasonsOf({ reasons = [] }: { reasons?: string[] | undefined }): Reason[] {
  return reasons.map((text) => reason('as-written', { text }));
}

function phasesOf(outageMs: number | null, detected: boolean): Phases {
  if (outageMs === null) {
    return {
      detectedMs: detected ? 9100 : null,
      controllerToldMs: null,
      firstFlowChangeMs: null,
      lastFlowChangeMs: null,
      firstPacketForwardMs: null,
      firstPacketReverseMs: null,
      tcpMovingMs: null,
      tcp90Ms: null,
    };
  }
  return {
    detectedMs: detected ? outageMs * 0.966 : null,
    controllerToldMs: detected ? outageMs * 0.97 : null,
    firstFlowChangeMs: outageMs * 0.98,
    lastFlowChangeMs: outageMs * 0.995,
    firstPacketForwardMs: outageMs - 1,
    firstPacketReverseMs: outageMs,
    tcpMovingMs: ladderMs(outageMs),
    tcp90Ms: ladderMs(outageMs) + 300,
  };
}

export function trial(index: number, shape: TrialShape): TrialResult {
  const reverseOutageMs =
    shape.reverseOutageMs === undefined ? shape.outageMs : shape.reverseOutageMs;
  const worstMs =
    shape.outageMs === null || reverseOutageMs === null
      ? null
      : Math.max(shape.outageMs, reverseOutageMs);
  const faultAtMs = shape.faultAtMs ?? 12_003.4;
  const [from, to] = shape.hosts ?? ['h3', 'h4'];
  const died = shape.died ?? 'relay2';
  const tookOver = shape.tookOver ?? 'relay1';
  const forward = direction(shape.outageMs);
  const reverse = direction(reverseOutageMs);
  const flow = tcp(worstMs, { flow: `${from}-${to}` });
  const reversion = shape.healAtMs === undefined ? null : direction(shape.reversionOutageMs ?? 0);
  const explanation = asWritten(
    worstMs === null
      ? 'the path did not recover: no flow change was observed before the deadline'
      : `${(worstMs * 0.00097).toFixed(1)} s of ${(worstMs / 1000).toFixed(1)} s: no failure detection; the controller's next periodic decision was at 21.2 s`,
  );
  const phases = phasesOf(worstMs, shape.detected ?? true);
  const episode: Episode = {
    stepId: 'kill',
    kind: 'power-off',
    change: 'injected',
    targets: [died],
    injectedAtMs: faultAtMs,
    uncertaintyMs: 0.6,
    verified: true,
    evidence: `${died}: processes gone, NICs down`,
    networks: [{ meter: `${from}-${to}`, from, to, rateHz: 1000, forward, reverse }],
    tcps: [flow],
    udps: [],
    phases,
    controller: null,
    phaseEvidence: {
      detectedMs: { by: 'as-written', text: 'controller log' },
      firstFlowChangeMs: { by: 'table-change', node: 'e1', message: 'flow-mod' },
    },
    explanation,
  };
  const heal: Episode[] =
    reversion === null || shape.healAtMs === undefined
      ? []
      : [
          {
            ...episode,
            stepId: 'revive',
            change: 'healed',
            injectedAtMs: shape.healAtMs,
            evidence: `${died}: processes up, NICs up`,
            networks: [
              {
                meter: `${from}-${to}`,
                from,
                to,
                rateHz: 1000,
                forward: reversion,
                reverse: reversion,
              },
            ],
            tcps: [tcp(shape.reversionOutageMs ?? 0, { flow: `${from}-${to}` })],
            phases: phasesOf(null, false),
          },
        ];
  const within = worstMs !== null && worstMs <= 11_000;
  return {
    index,
    attempt: 0,
    attempts: [],
    status: shape.verdict === 'inconclusive' ? 'invalid' : 'valid',
    invalid: [],
    seed: 7000 + index,
    stratum: index,
    phaseOffsetMs: 1000 * index + 440,
    verdict: shape.verdict ?? (within ? 'pass' : 'fail'),
    reasons: reasonsOf(shape),
    fault: {
      stepId: episode.stepId,
      change: 'injected',
      number: 1,
      of: 1,
      kind: 'power-off',
      targets: [died],
      injectedAtMs: faultAtMs,
      uncertaintyMs: 0.6,
      verified: true,
    },
    network: { forward, reverse },
    controller: null,
    tcp: flow,
    tcpFault: null,
    darkAtEnd: [],
    phases,
    explanation,
    reversion:
      reversion === null
        ? null
        : {
            network: { forward: reversion, reverse: reversion },
            tcp: tcp(shape.reversionOutageMs ?? 0),
          },
    standards: {
      rfc6414: {
        failoverTimeMs: worstMs,
        failoverPacketLoss: forward.packetsLost + reverse.packetsLost,
        reversionTimeMs: shape.healAtMs === undefined ? null : (shape.reversionOutageMs ?? 0),
        reversionPacketLoss:
          shape.healAtMs === undefined ? null : (reversion?.packetsLost ?? 0) * 2,
        additiveBackupDelayMs: worstMs === null ? null : 0.03,
        method: 'TBM',
      },
      rfc8456: {
        forwardDisruptionMs: shape.outageMs,
        reverseDisruptionMs: reverseOutageMs,
        maximumMs: worstMs,
        reprovisioningTimeMs:
          shape.outageMs === null || reverseOutageMs === null
            ? null
            : (shape.outageMs + reverseOutageMs) / 2,
        lostForward: forward.packetsLost,
        lostReverse: reverse.packetsLost,
      },
      rfc6413: {
        method: 'timestamp-based',
        accuracyMs: { low: -1, high: 1 },
        packetSamplingIntervalMs: 1,
        sustainedValidationMs: 5000,
        forwardingDelayThresholdMs: 2000,
      },
    },
    machine: null,
    processors: null,
    fidelity: {
      ok: shape.verdict !== 'inconclusive',
      reasons: shape.verdict === 'inconclusive' ? reasonsOf(shape) : [],
      worstSendLatenessMs: 1.2,
      worstSendGapMs: 2.1,
      cpuSomePercentMax: 14,
      baselinePacketsLost: 0,
      bfdFlapsOutsideFault: 0,
      meterCpuPercent: 3.1,
    },
    expectations: [
      {
        id: 'network',
        text: 'the network is back within 11 s',
        verdict: worstMs === null ? 'fail' : within ? 'pass' : 'fail',
        measured: worstMs,
        atLeast: worstMs === null ? deadlineMs : null,
        untilHeal: false,
        bound: 11_000,
        margin: worstMs === null ? null : 11_000 - worstMs,
        unit: 'ms',
        detail: null,
      },
      {
        id: 'tcp',
        text: 'TCP stands still for at most 26 s',
        verdict: worstMs === null ? 'fail' : 'pass',
        measured: flow.stallMs,
        atLeast: flow.stallMs === null ? deadlineMs : null,
        untilHeal: false,
        bound: 26_000,
        margin: flow.stallMs === null ? null : 26_000 - flow.stallMs,
        unit: 'ms',
        detail: null,
      },
    ],
    episodes: [episode, ...heal],
    flows: [],
    paths: [
      {
        label: 'before fault',
        from,
        to,
        complete: true,
        nodes: [from, 'edge1', died, 'edge2', to],
        atMs: faultAtMs - 10,
      },
      {
        label: 'after recovery',
        from,
        to,
        complete: worstMs !== null,
        nodes: [from, 'edge1', tookOver, 'edge2', to],
        atMs: faultAtMs + 15_000,
      },
    ],
    relays: {
      died: [died],
      tookOver: worstMs === null ? [] : [tookOver],
      packetsBefore: { [died]: 121_004, [tookOver]: 12 },
      packetsAfter: { [died]: 0, [tookOver]: worstMs === null ? 0 : 118_922 },
      kinds: { [died]: 'relay', [tookOver]: 'relay' },
    },
    marks: [],
    outages: [],
    steadyState: {
      controlMessagesPerSecond: 11.4,
      probePacketsPerSecond: 9.2,
      controllerCpuPercent: 2.3,
      vswitchdCpuPercent: 31.4,
    },
    timing: {
      totalMs: 68_400,
      trafficMs: 52_000,
      controllerWaitMs: 10_900,
      overheadMs: 5500,
      parts: {
        sandbox: 240,
        build: 2100,
        controller: 1300,
        ready: 10_900,
        traffic: 52_000,
        stop: 900,
        clean: 960,
      },
    },
    cleanup: { leftovers: [], mnCleanExitCode: 0, mnCleanMs: 912, mnCleanRemoved: [] },
  };
}

export function chart(shape: TrialShape): TrialChart {
  const faultAtMs = shape.faultAtMs ?? 12_003.4;
  const trafficEndMs = shape.trafficEndMs ?? 50_000;
  const intervalMs = shape.intervalMs ?? 100;
  const [from, to] = shape.hosts ?? ['h3', 'h4'];
  const stallMs =
    shape.outageMs === null ? trafficEndMs : shape.outageMs === 0 ? 0 : ladderMs(shape.outageMs);
  const rateAt = (startMs: number, endMs: number): number => {
    const from = Math.max(startMs, faultAtMs);
    const to = Math.min(endMs, faultAtMs + stallMs);
    const dark = Math.max(0, to - from) / (endMs - startMs);
    const wobble = 1 + 0.01 * Math.sin(startMs / 370);
    return rateBps * wobble * (1 - dark);
  };
  const intervals = (lengthMs: number): Array<{ startMs: number; endMs: number; bps: number }> =>
    Array.from({ length: Math.floor(trafficEndMs / lengthMs) }, (_, index) => {
      const startMs = index * lengthMs;
      const bps = rateAt(startMs, startMs + lengthMs);
      return { startMs, endMs: startMs + lengthMs, bps: bps < 1 ? 0 : bps };
    });
  const endMs = shape.outageMs === null ? null : faultAtMs + shape.outageMs;
  return {
    throughput: [{ flow: `${from}-${to}`, source: 'receiver', points: intervals(intervalMs) }],
    rows: intervals(1000).map((row) => ({
      flow: `${from}-${to}`,
      startS: row.startMs / 1000,
      endS: row.endMs / 1000,
      bytes: row.bps / 8,
      bps: row.bps,
      retransmits: row.bps === 0 ? 1 : 0,
    })),
    meters: (['forward', 'reverse'] as const).map((name) => ({
      meter: `${from}-${to}`,
      direction: name,
      losses: [{ startMs: faultAtMs, endMs: endMs ?? trafficEndMs, packets: 9411 }],
      delay: [{ atMs: 0, minMs: 0.1, medianMs: 0.2, maxMs: 0.9 }],
    })),
    windows: [
      { label: 'power-off', kind: 'fault', startMs: faultAtMs, endMs: shape.healAtMs ?? null },
      ...(shape.outageMs === 0
        ? []
        : [{ label: 'outage, forward', kind: 'outage', startMs: faultAtMs - 0.4, endMs }]),
      ...(shape.healAtMs === undefined || !shape.reversionOutageMs
        ? []
        : [
            {
              label: 'outage, forward',
              kind: 'outage',
              startMs: shape.healAtMs - 0.4,
              endMs: shape.healAtMs + shape.reversionOutageMs,
            },
          ]),
    ],
    marks: [{ label: 'fault', atMs: faultAtMs }],
    trafficEndMs,
  };
}

function median(values: Array<number | null>): number | null {
  const sorted = [...values].sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function summary(values: Array<number | null>): JudgedRun['result']['summary']['networkOutageMs'] {
  const known = values.filter((value) => value !== null);
  const sorted = [...known].sort((a, b) => a - b);
  const censored = values.length - known.length;
  return {
    n: values.length,
    censored,
    min: sorted[0] ?? null,
    median: median(values),
    max: censored > 0 ? null : (sorted[sorted.length - 1] ?? null),
    ci95:
      values.length >= 6
        ? [sorted[1] ?? null, censored > 1 ? null : (sorted[values.length - 2] ?? null)]
        : null,
  };
}

export interface RunShape {
  scenario?: string;
  question?: string;
  controller?: string;
  verdict?: Verdict;
  reasons?: string[];
  command?: string[];
}

export function judgedRun(trials: TrialShape[], shape: RunShape = {}): JudgedRun {
  const results = trials.map((each, index) => trial(index, each));
  const worst = (each: TrialResult): number | null => each.standards?.rfc8456.maximumMs ?? null;
  const verdicts = results.map((each) => each.verdict);
  const verdict: Verdict = verdicts.includes('fail')
    ? 'fail'
    : verdicts.includes('inconclusive')
      ? 'inconclusive'
      : 'pass';
  const result = {
    schemaVersion: 2,
    runId: '20261122-133000-relay-failover',
    scenario: shape.scenario ?? 'relay-failover',
    question:
      shape.question ??
      'How long is traffic between two hosts dark when the relay that carries it dies?',
    seed: 7,
    wallTime: '2026-11-22T13:30:00.000Z',
    command: shape.command ?? ['failover-lab', 'run', 'relay-failover', '--seed', '7'],
    controller: shape.controller ?? 'floyd',
    environment: {
      kernel: '6.18.2',
      cores: 2,
      distribution: 'Debian GNU/Linux 12 (bookworm)',
      node: 'v20.19.4',
      python: '3.11.2',
      mininet: '2.3.0',
      ovs: '3.1.0',
      iperf3: '3.12',
      osken: '2.5.0',
      failoverLab: '0.1.0',
      commit: '0123456789abcdef0123456789abcdef01234567',
      datapath: 'user',
      sandbox: 'root',
      substitutions: ['the openvswitch module is missing: the userspace datapath is used'],
    },
    verdict: shape.verdict ?? verdict,
    reasons: reasonsOf(shape),
    trials: results,
    summary: {
      networkOutageMs: summary(results.map(worst)),
      tcpStallMs: summary(results.map((each) => each.tcp?.stallMs ?? null)),
    },
    cleanup: { leftovers: [], mnCleanExitCode: 0 },
  };
  return { result: runResultSchema.parse(result), charts: trials.map(chart) };
}

/** The runs that every report has to be able to tell. */
export const runs = {
  pass: () => judgedRun([{ outageMs: 9411, reverseOutageMs: 9412, healAtMs: 38_000 }]),
  fast: () =>
    judgedRun([{ outageMs: 28, healAtMs: 30_000, reversionOutageMs: 4 }], {
      controller: 'fast-failover',
    }),
  fail: () => judgedRun([{ outageMs: 14_020, healAtMs: 45_000, trafficEndMs: 60_000 }]),
  inconclusive: () =>
    judgedRun([
      {
        outageMs: 9411,
        verdict: 'inconclusive',
        reasons: [
          'the sender was 212 ms late 14.2 s after traffic start, more than the 20 ms allowed',
        ],
        detected: false,
      },
    ]),
  censored: () => judgedRun([{ outageMs: null, trafficEndMs: 33_000 }]),
  tenTrials: () =>
    judgedRun([
      ...[9411, 1208, 4377, 2960, 7754, 5981, 313, 8120, 6544].map((outageMs) => ({ outageMs })),
      { outageMs: null },
    ]),
  hostile: () =>
    judgedRun(
      [
        {
          outageMs: 9411,
          died: `relay"><script>alert(1)</script>`,
          tookOver: '\u202egnp.exe \u001b[31mred\u0007',
          hosts: ['h3|`x`\n# title', '主机'.repeat(100)],
          verdict: 'fail',
          reasons: ['::error::\r\n<b>&\u0000'],
        },
      ],
      { scenario: `x'y"<&>${'long'.repeat(50)}`, question: '\u001b]0;title\u0007 why?' },
    ),
};
