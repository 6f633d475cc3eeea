/** A small overlay: two hosts behind two edges, three relays between them. */
import { type ResolvedScenario, resolvedScenario } from '../../harness/model/resolved.js';

const edge = (name: string, number: number) => ({
  kind: 'relay' as const,
  name,
  dpid: number.toString(16).padStart(16, '0'),
  underlayAddress: `10.200.0.${number}/24`,
  spanningTree: 'none' as const,
  failMode: 'secure' as const,
});

const host = (name: string, number: number) => ({
  kind: 'host' as const,
  name,
  mac: `02:00:00:00:00:0${number}`,
  address: `10.0.0.${number}/24`,
  meterAddress: `10.0.1.${number}/24`,
});

const link = (a: string, b: string) => ({
  id: `${a}-${b}`,
  a: { node: a, port: `${a}-eth0` },
  b: { node: b, port: `${b}-eth1` },
  bandwidthBps: 100e6,
  delayMs: 1,
  jitterMs: 0,
  lossPercent: 0,
  queuePackets: null,
  mtuBytes: 1500,
});

const tunnel = (a: string, b: string) => ({
  id: `${a}=${b}`,
  kind: 'gre' as const,
  a: { node: a, port: `gre-${b}` },
  b: { node: b, port: `gre-${a}` },
  underlay: null,
  key: 1,
  innerMtuBytes: 1458,
  costMs: null,
  delayMs: 5,
  jitterMs: 0,
  lossPercent: 0,
  bandwidthBps: null,
});

export interface ScenarioNames {
  left: string;
  right: string;
  relay: string;
}

export const plainNames: ScenarioNames = { left: 'h1', right: 'h2', relay: 'r1' };

/** The scenario, with names that a test may choose. */
export function fixtureScenario(names: ScenarioNames, question: string): ResolvedScenario {
  const { left, right, relay } = names;
  const relays = [relay, 'r2', 'r3'];
  return resolvedScenario.parse({
    schemaVersion: 1,
    name: 'relay-failover',
    question,
    seed: 7,
    topology: {
      nodes: [
        host(left, 1),
        host(right, 2),
        edge('e1', 1),
        edge('e2', 2),
        ...relays.map((name, index) => edge(name, index + 3)),
      ],
      links: [link(left, 'e1'), link(right, 'e2')],
      tunnels: [
        ...relays.flatMap((name) => [tunnel('e1', name), tunnel(name, 'e2')]),
        tunnel('e1', 'e2'),
      ],
      fabric: { subnet: '10.200.0.0/24', mtuBytes: 1500 },
      mininetFile: null,
      bfd: { intervalMs: 100, multiplier: 3 },
    },
    controller: {
      kind: 'floyd',
      label: 'floyd-bfd',
      reaction: 'bfd',
      decisionEveryMs: 10000,
      probeIntervalMs: 100,
      probeMultiplier: 3,
      holdMs: 1000,
      hysteresis: 0.1,
      extraDetectionMs: 0,
    },
    flows: [
      {
        id: 'main',
        protocol: 'tcp',
        from: left,
        to: right,
        reverse: false,
        bidirectional: false,
        parallel: 1,
        bitrateBps: 50e6,
        mssBytes: 1400,
        lengthBytes: null,
        intervalMs: 100,
        port: 5201,
        startMs: 0,
        stopMs: null,
      },
    ],
    meters: [{ id: 'm1', from: left, to: right, rateHz: 1000, payloadBytes: 64, port: 7000 }],
    timeline: [],
    expectations: [],
    periodMs: 10000,
    allowOversize: false,
    limits: {
      readyTimeoutMs: 30000,
      cleanMs: 5000,
      recoveryDeadlineMs: 30000,
      sustainedMs: 5000,
      durationMs: 60000,
    },
  });
}
