/**
 * What became of the control plane after a controller died or hung: who took over, and when the
 * dead one was back. All of it is seen from outside, on the control channels and in the process
 * table; a controller that logs nothing is measured as well as the bundled one.
 */

import type { EventOf } from '../model/history/events.js';
import { nodesWith } from '../model/node-traits.js';
import type { ControllerRecovery } from '../model/result.js';
import type { Change } from './changes.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { largestOf, spanMs } from './units.js';

type OpenFlow = EventOf<'observe.openflow'>;

/** Null for faults of anything but a controller, and for heals. */
export function controllerRecoveryOf(
  trial: TrialRecord,
  changes: readonly Change[],
  change: Change,
): ControllerRecovery | null {
  if (change.change !== 'injected' || change.target?.kind !== 'controller') return null;
  const { instance } = change.target;
  const view: View = {
    instance,
    since: (atNs) => Math.max(0, spanMs(atNs - change.atNs)),
    switches: nodesWith(trial.scenario.topology.nodes, 'calls-controller').map(({ name }) => name),
    several: instancesOf(trial) > 1,
    before: eventsOf(trial.events, 'observe.openflow').filter((e) => e.atNs < change.beforeNs),
    after: within(eventsOf(trial.events, 'observe.openflow'), changes, change),
  };
  const exits = within(eventsOf(trial.events, 'process.exit'), changes, change);
  const exit = exits.find(
    ({ process }) => process.role === 'controller' && process.instance === instance,
  );
  const starts = within(eventsOf(trial.events, 'controller.start'), changes, change);
  const start = starts.find((event) => event.instance === instance);
  const wasMaster = masteredBefore(view);
  const failover = wasMaster === false ? null : failoverOf(view);
  const restart = start ? restartOf(view, start.atNs) : null;
  const outageMs =
    wasMaster === false ? 0 : ((view.several ? failover?.masterMs : restart?.connectedMs) ?? null);
  const exitMs = exit ? view.since(exit.atNs) : null;
  return { instance, wasMaster, exitMs, outageMs, failover, restart };
}

interface View {
  instance: number;
  /** Milliseconds from the fault to a stamp. */
  since: (atNs: number) => number;
  switches: string[];
  several: boolean;
  before: OpenFlow[];
  after: OpenFlow[];
}

/** Events that belong to this change: up to the next fault of the same controller. */
function within<E extends { atNs: number }>(
  events: readonly E[],
  changes: readonly Change[],
  { beforeNs, faultId, target }: Change,
): E[] {
  const instance = target?.kind === 'controller' ? target.instance : null;
  const next = changes.find(
    (later) =>
      later.change === 'injected' &&
      later.beforeNs > beforeNs &&
      later.faultId !== faultId &&
      later.target?.kind === 'controller' &&
      later.target.instance === instance,
  );
  const untilNs = next?.beforeNs ?? Number.POSITIVE_INFINITY;
  return events.filter(({ atNs }) => atNs >= beforeNs && atNs < untilNs);
}

function instancesOf({ scenario: { controller } }: TrialRecord): number {
  return 'instances' in controller ? (controller.instances ?? 1) : 1;
}

/** Whether it was the master of any switch; null when no role was requested. */
function masteredBefore({ before, instance }: View): boolean | null {
  const granted = new Map<string, number | undefined>();
  for (const event of before) {
    if (isRole(event, 'reply', 'master')) granted.set(event.node, event.instance);
  }
  return granted.size === 0 ? null : [...granted.values()].includes(instance);
}

function failoverOf(view: View): ControllerRecovery['failover'] {
  const others = view.after.filter(
    (event) => event.instance !== undefined && event.instance !== view.instance,
  );
  const request = others.find((event) => isRole(event, 'request', 'master'));
  if (request?.instance === undefined) return null;
  const own = others.filter((e) => e.instance === request.instance && e.atNs >= request.atNs);
  const granted = firstPerSwitch(own.filter((event) => isRole(event, 'reply', 'master')));
  const all = view.switches.every((name) => granted.has(name));
  const change = own.find(isFlowChange);
  return {
    to: request.instance,
    roleRequestMs: view.since(request.atNs),
    masterMs: all ? view.since(largestOf([...granted.values()])) : null,
    firstFlowChangeMs: change ? view.since(change.atNs) : null,
  };
}

function restartOf(view: View, startNs: number): ControllerRecovery['restart'] {
  // A single controller's messages carry no number: there is nobody else's.
  const own = view.after.filter(
    (event) => event.atNs >= startNs && (event.instance ?? view.instance) === view.instance,
  );
  const shaken = firstPerSwitch(own.filter(({ message }) => message === 'handshake'));
  const role = own.find((event) => event.role?.direction === 'request');
  const change = own.find(isFlowChange);
  const all = view.switches.every((name) => shaken.has(name));
  return {
    processMs: view.since(startNs),
    connectedMs: all ? view.since(largestOf([...shaken.values()])) : null,
    switches: view.switches.length,
    switchesConnected: shaken.size,
    firstRoleMs: role ? view.since(role.atNs) : null,
    firstFlowChangeMs: change ? view.since(change.atNs) : null,
  };
}

function isRole({ role }: OpenFlow, direction: 'request' | 'reply', wanted: 'master'): boolean {
  return role?.direction === direction && role.role === wanted;
}

function isFlowChange({ message }: OpenFlow): boolean {
  return message === 'flow-mod' || message === 'group-mod';
}

function firstPerSwitch(events: readonly OpenFlow[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { node, atNs } of events) if (!first.has(node)) first.set(node, atNs);
  return first;
}
