/** One outage of known length: made, captured, and read by every instrument at once. */

import { readFileSync, rmSync } from 'node:fs';
import { sentencesOf } from '../../../reports/reasons/index.js';
import { nowNs } from '../../clock.js';
import { judgeTrial } from '../../judge/trial.js';
import { eventsOf, type TrialRecord } from '../../judge/trial-record.js';
import type { TrafficContext } from '../../lab/traffic/context.js';
import { type RunningFlow, startFlow } from '../../lab/traffic/iperf3.js';
import { startMeter } from '../../lab/traffic/meter.js';
import type { EventOf, HistoryEvent } from '../../model/history/events.js';
import type { TrialResult } from '../../model/result.js';
import { makeFolder } from '../../safe-files.js';
import { benchContext } from './context.js';
import { readPing, readZeroRows, startCaptures, startMarkers, startPing } from './instruments.js';
import type { DropDirection, MiddleNetwork } from './network.js';
import { readPcap } from './pcap.js';
import { benchFault, benchFlow, benchMeterPair, benchScenario } from './scenario.js';
import { dropTruth, type Truth } from './truth.js';

export interface Reading {
  lengthMs: number;
  dropped: DropDirection;
  /** The length read from the captures, per direction. */
  truth: { forward: Truth; reverse: Truth };
  /** The meter's, as the lab reports it; null when it saw no end. */
  meterMs: { forward: number | null; reverse: number | null };
  pingMs: number;
  /** Longest run of empty rows at the client of `iperf3 -i 0.1`. */
  iperf3Ms: number;
  /** What the lab says of the trial; `inconclusive` means that it does not trust the numbers. */
  flagged: boolean;
  reasons: string[];
  meterCpuPercent: number;
  worstSendLatenessMs: number;
}

const settleMs = 300;
const cleanMs = 1_000;
const afterwardsMs = 800;
/** TCP moves again within twice the outage; this is the time on top. */
const tcpGraceMs = 2_000;
/** Written by iperf3 since the outage, so that its reader sees it run again. */
const movingBytes = 2_000_000;

/** Makes one outage and reads it. `folder` is for raw outputs and is emptied afterwards. */
export async function takeReading(
  network: MiddleNetwork,
  dropped: DropDirection,
  lengthMs: number,
  folder: string,
): Promise<Reading> {
  makeFolder(folder);
  const events: HistoryEvent[] = [];
  const context = benchContext(network, folder, events);
  const captures = startCaptures(network, folder);
  const meter = await startMeter(context, benchMeterPair, network.hosts);
  const markers = await startMarkers(network);
  const ping = startPing(network, '10.0.2.2');
  const flow = await startFlow(context, benchFlow, network.hosts);
  try {
    await sleep(settleMs);
    context.emit({ kind: 'phase', atNs: nowNs(), phase: 'traffic' });
    await sleep(cleanMs);
    await makeOutage(network, context, dropped, lengthMs);
    await untilMoving(flow, lengthMs + tcpGraceMs);
    await sleep(afterwardsMs);
    context.emit({ kind: 'phase', atNs: nowNs(), phase: 'stop' });
  } finally {
    await network.heal();
    await flow.stop();
    await meter.stop();
    for (const instrument of [ping, ...markers]) await instrument.stop();
    await captures.stop();
  }
  const trial = recordOf(network, dropped, events);
  const left = readPcap(readFileSync(captures.files.left));
  const right = readPcap(readFileSync(captures.files.right));
  rmSync(folder, { recursive: true, force: true });
  const { result } = judgeTrial(trial);
  return {
    lengthMs,
    dropped,
    truth: {
      forward: dropTruth(left, right, [10, 0, 1]),
      reverse: dropTruth(right, left, [10, 0, 2]),
    },
    meterMs: {
      forward: result.network?.forward.outageMs ?? null,
      reverse: result.network?.reverse.outageMs ?? null,
    },
    pingMs: readPing(ping.output()),
    iperf3Ms: readZeroRows(
      eventsOf(events, 'iperf.interval').filter((row) => row.side === 'sender'),
    ),
    ...trustOf(result),
  };
}

function trustOf({ fidelity }: TrialResult) {
  return {
    flagged: fidelity?.ok !== true,
    reasons: fidelity ? sentencesOf(fidelity.reasons) : ['the trial could not be judged'],
    meterCpuPercent: fidelity?.meterCpuPercent ?? Number.NaN,
    worstSendLatenessMs: fidelity?.worstSendLatenessMs ?? Number.NaN,
  };
}

async function makeOutage(
  network: MiddleNetwork,
  context: TrafficContext,
  dropped: DropDirection,
  lengthMs: number,
): Promise<void> {
  const proof = { verified: true, evidence: { code: 'captures' as const, data: {} } };
  const injectedNs = nowNs();
  await network.drop(dropped);
  const afterNs = nowNs();
  const fault = { ...benchFault, ...proof, beforeNs: injectedNs, afterNs, atNs: afterNs };
  context.emit({ kind: 'fault.injected', ...fault });
  await sleep(Math.max(0, lengthMs - (nowNs() - afterNs) / 1e6));
  await network.heal();
}

async function untilMoving(flow: RunningFlow, timeoutMs: number): Promise<void> {
  const deadlineNs = nowNs() + timeoutMs * 1e6;
  const start = flow.writtenBytes() ?? 0;
  while (nowNs() < deadlineNs && (flow.writtenBytes() ?? 0) - start < movingBytes) await sleep(50);
}

function recordOf(
  network: MiddleNetwork,
  dropped: DropDirection,
  events: readonly HistoryEvent[],
): TrialRecord {
  const scenario = benchScenario(network, dropped, cleanMs);
  const phases = eventsOf(events, 'phase');
  const startNs = phases[0]?.atNs ?? 0;
  const endNs = phases.at(-1)?.atNs ?? 0;
  const common = { trial: 0, seed: 0, stratum: null, phaseOffsetMs: null, scenario };
  const start: EventOf<'trial.start'> = { kind: 'trial.start', atNs: startNs, ...common };
  const end: EventOf<'trial.end'> = {
    kind: 'trial.end',
    atNs: endNs,
    trial: 0,
    reason: 'completed',
    error: null,
  };
  return {
    index: 0,
    attempt: 0,
    seed: 0,
    scenario,
    lab: '0/0',
    cleanup: null,
    parallel: 1,
    start,
    end,
    events,
    trafficStartNs: startNs,
    trafficEndNs: endNs,
    hadTraffic: true,
    soFar: false,
    askedNs: null,
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
