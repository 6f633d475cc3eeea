/** A watched network as a resolved scenario, so that its record is read and judged as any other. */
import type { ResolvedScenario } from '../model/resolved.js';
import type { WatchPlan } from './request.js';

/** Good for so long before an outage counts as over. */
const sustainedMs = 1000;
const yearMs = 366 * 24 * 3600 * 1000;

/** `addresses`: IPv4, of the two machines as they reach each other. Pure. */
export function watchedScenario(
  plan: WatchPlan,
  addresses: readonly [string, string],
): ResolvedScenario {
  const [from, to] = plan.machines;
  const host = (name: string, address: string) => ({
    kind: 'host' as const,
    name,
    mac: '',
    address: `${address}/32`,
  });
  const durationMs = plan.duringMs ?? yearMs;
  return {
    schemaVersion: 1,
    name: scenarioName(plan),
    question: `How long is it dark between ${from.name} and ${to.name}?`,
    seed: 0,
    topology: {
      nodes: [host(from.name, addresses[0]), host(to.name, addresses[1])],
      links: [],
      tunnels: [],
      fabric: null,
      mininetFile: null,
      bfd: null,
    },
    controller: { kind: 'none', label: 'none' },
    flows: [],
    meters: [
      {
        id: meterName(plan),
        from: from.name,
        to: to.name,
        rateHz: plan.rateHz,
        addresses: 'hosts',
        payloadBytes: plan.payloadBytes,
        port: plan.port,
      },
    ],
    timeline: [],
    expectations:
      plan.atMostMs === null
        ? []
        : [
            {
              id: 'networkOutageMs',
              text: `no outage longer than ${plan.atMostMs} ms`,
              metric: 'networkOutageMs',
              of: null,
              step: null,
              atMost: plan.atMostMs,
              atLeast: null,
            },
          ],
    periodMs: null,
    allowOversize: false,
    limits: {
      readyTimeoutMs: 30_000,
      cleanMs: 0,
      recoveryDeadlineMs: durationMs,
      sustainedMs,
      durationMs,
    },
  };
}

export function meterName({ machines: [from, to] }: WatchPlan): string {
  return `${from.name}-${to.name}`;
}

/** Of the folder below `runs/`: letters, digits, dots and hyphens alone. */
export function scenarioName(plan: WatchPlan): string {
  return `watch-${meterName(plan)}`.replaceAll(/[^\w.-]/g, '-').slice(0, 100);
}
