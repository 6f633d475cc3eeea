/** A trial of the bench in the terms of the lab, so that the lab's own analysis reads it. */
import type { ResolvedFlow, ResolvedMeter, ResolvedScenario } from '../../model/resolved.js';
import type { DropDirection, MiddleNetwork } from './network.js';

export const benchMeterPair: ResolvedMeter = {
  id: 'meter',
  from: 'h1',
  to: 'h2',
  rateHz: 1000,
  payloadBytes: 64,
  port: 5400,
};

export const benchFlow: ResolvedFlow = {
  id: 'iperf3',
  protocol: 'tcp',
  from: 'h1',
  to: 'h2',
  reverse: false,
  bidirectional: false,
  parallel: 1,
  bitrateBps: 100_000_000,
  mssBytes: 1400,
  lengthBytes: null,
  intervalMs: 100,
  port: 5201,
  startMs: 0,
  stopMs: null,
};

/** Stamps the fault carries in the history. */
export const benchFault = {
  stepId: 'drop',
  faultId: 'drop',
  faultKind: 'packet-loss',
  target: { kind: 'node' as const, node: 'h1' },
  targets: ['the middle of the path'],
};

export function benchScenario(
  network: MiddleNetwork,
  direction: DropDirection,
  cleanMs: number,
): ResolvedScenario {
  const { faultId: id, target } = benchFault;
  return {
    schemaVersion: 1,
    name: 'bench-meter',
    question: 'How right is the meter about an outage of known length?',
    seed: 0,
    topology: {
      nodes: network.hosts,
      links: [],
      tunnels: [],
      fabric: null,
      mininetFile: null,
      bfd: null,
    },
    controller: { kind: 'none', label: 'none' },
    flows: [benchFlow],
    meters: [benchMeterPair],
    timeline: [
      {
        id: benchFault.stepId,
        when: { kind: 'at', ms: 0 },
        phase: null,
        action: {
          kind: 'inject',
          fault: {
            id,
            kind: 'packet-loss',
            target,
            direction,
            parameters: { lossPercent: 100 },
          },
        },
      },
    ],
    expectations: [],
    periodMs: null,
    allowOversize: false,
    limits: {
      readyTimeoutMs: 10_000,
      cleanMs,
      recoveryDeadlineMs: 30_000,
      sustainedMs: 500,
      durationMs: 60_000,
    },
  };
}
