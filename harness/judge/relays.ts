/** Which nodes carried the traffic before and after a fault. */

import { killingKinds } from '../kinds/generated/fault-names.js';
import type { EventOf } from '../model/history/events.js';
import { nodesWith } from '../model/node-traits.js';
import type { TrialResult } from '../model/result.js';
import type { Change } from './changes.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

type Relays = TrialResult['relays'];

/** Nodes that died, and those on the path after the first fault that were not on it before. */
export function relaysOf(trial: TrialRecord, changes: readonly Change[]): Relays {
  const forwarding = nodesWith(trial.scenario.topology.nodes, 'forwards');
  const relays = forwarding.map(({ name }) => name);
  const kinds = Object.fromEntries(forwarding.map(({ name, kind }) => [name, kind]));
  const fault = changes.find((change) => change.change === 'injected');
  const nodeFaults: readonly string[] = killingKinds;
  const died =
    fault?.faultKind && nodeFaults.includes(fault.faultKind)
      ? fault.targets.filter((target) => relays.includes(target))
      : [];
  const faultNs = fault?.beforeNs ?? Number.POSITIVE_INFINITY;
  const untilNs = fault?.untilNs ?? Number.POSITIVE_INFINITY;
  const counters = eventsOf(trial.events, 'counters');
  const before = counters.filter((event) => event.atNs <= faultNs);
  const after = counters.filter((event) => event.atNs > faultNs && event.atNs <= untilNs);
  const packetsBefore = carried(before, relays);
  const packetsAfter = after.length > 0 ? carried([...before.slice(-1), ...after], relays) : {};
  const backup = tookOver(trial, relays, faultNs, untilNs);
  return { died, tookOver: backup, packetsBefore, packetsAfter, kinds };
}

/** Packets received at each relay from the first to the last reading, or up to the only one. */
function carried(
  readings: readonly EventOf<'counters'>[],
  relays: readonly string[],
): Record<string, number> {
  const last = readings.at(-1);
  const first = readings.length > 1 ? readings[0] : undefined;
  if (!last) return {};
  return Object.fromEntries(
    relays.map((relay) => {
      const earlier = first ? received(first, relay) : 0;
      return [relay, Math.max(0, received(last, relay) - earlier)];
    }),
  );
}

function received(reading: EventOf<'counters'>, relay: string): number {
  return reading.ports
    .filter((port) => port.node === relay)
    .reduce((sum, port) => sum + port.rxPackets, 0);
}

function tookOver(
  trial: TrialRecord,
  relays: readonly string[],
  faultNs: number,
  untilNs: number,
): string[] {
  const paths = eventsOf(trial.events, 'path').filter((path) => path.complete);
  const before = paths.filter((path) => path.atNs <= faultNs).at(-1);
  const after = paths
    .filter((path) => path.atNs > faultNs && path.atNs <= untilNs)
    .filter((path) => path.from === before?.from && path.to === before.to)
    .at(-1);
  if (!before || !after) return [];
  return after.nodes.filter((node) => relays.includes(node) && !before.nodes.includes(node));
}
