/** What the controller's strategy costs while nothing happens: from traffic start to the fault. */
import type { ProcessGroup } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
import type { Change } from './changes.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { roundMs } from './units.js';

/** Null where nothing was counted. Probe packets are packet-outs, which carry LLDP. */
export function steadyStateOf(
  trial: TrialRecord,
  changes: readonly Change[],
): TrialResult['steadyState'] {
  const untilNs = changes[0]?.beforeNs ?? trial.trafficEndNs;
  const steady = (event: { atNs: number }): boolean =>
    event.atNs >= trial.trafficStartNs && event.atNs < untilNs;
  const counts = eventsOf(trial.events, 'observe.messages').filter(steady);
  const pressures = eventsOf(trial.events, 'pressure').filter(steady);
  const cpu = (group: ProcessGroup): number | null => {
    const samples = pressures.flatMap(({ cpuPercent }) => cpuPercent[group] ?? []);
    // The mean: what a controller does now and then, such as deciding, costs as well.
    return samples.length === 0
      ? null
      : roundMs(samples.reduce((a, b) => a + b, 0) / samples.length);
  };
  const perSecond = (count: (event: (typeof counts)[number]) => number): number | null => {
    const nodes = new Map<string, { messages: number; windowMs: number }>();
    for (const event of counts) {
      const node = nodes.get(event.node) ?? { messages: 0, windowMs: 0 };
      node.messages += count(event);
      node.windowMs += event.windowMs;
      nodes.set(event.node, node);
    }
    const rates = [...nodes.values()].filter((node) => node.windowMs > 0);
    if (rates.length === 0) return null;
    return roundMs(rates.reduce((sum, node) => sum + (1000 * node.messages) / node.windowMs, 0));
  };
  return {
    controlMessagesPerSecond: perSecond((e) => e.packetIn + e.packetOut + e.flowMod + e.other),
    probePacketsPerSecond: perSecond((e) => e.packetOut),
    controllerCpuPercent: cpu('controller'),
    vswitchdCpuPercent: cpu('vswitchd'),
  };
}
