/** What the network did when packets were lost after a heal, and so whether the heal made it. */
import type { LossOccasion } from '../model/explanation.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { Change } from './changes.js';
import type { LossRun } from './loss-periods.js';
import { mayBeDropped } from './machine-loss.js';
import type { MeterRecord } from './meter-record.js';
import { isCertain } from './outage-rule.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS } from './units.js';

/** What happened after a heal, as stamps. */
export interface Surroundings {
  healedNs: number;
  /** Changes of flows, groups and routes. */
  flowsNs: number[];
  /** Changes of links, ports, BFD sessions and control channels. */
  linksNs: number[];
  /** Loss periods that this machine can have made. */
  dropped: ReadonlySet<LossRun>;
  /** Late sends of the meters. */
  lateNs: number[];
  /** Another fault is in place, which may lose packets at any time: loss needs no occasion. */
  otherFault: boolean;
}

const linkMessages: ReadonlySet<string> = new Set([
  'port-status',
  'port-mod',
  'connected',
  'disconnected',
]);

/** What to weigh loss after a heal by; null for a fault, which answers for all loss in its span. */
export function surroundingsOf(
  change: Change,
  changes: readonly Change[],
  events: readonly HistoryEvent[],
  records: readonly MeterRecord[],
): Surroundings | null {
  if (change.change !== 'healed') return null;
  const flowsNs: number[] = [];
  const linksNs: number[] = [];
  for (const event of events) {
    if (event.kind === 'observe.link' || event.kind === 'observe.bfd') {
      linksNs.push(event.atNs);
    } else if (event.kind === 'observe.route') {
      flowsNs.push(event.atNs);
    } else if (event.kind === 'observe.openflow') {
      const { message, atNs } = event;
      if (message === 'flow-mod' || message === 'group-mod') flowsNs.push(atNs);
      else if (linkMessages.has(message)) linksNs.push(atNs);
    }
  }
  const lateNs = records.flatMap(lateSendsNs);
  const dropped = new Set(records.flatMap(droppedRuns));
  const otherFault = otherFaultStands(change, changes);
  return { healedNs: change.afterNs, flowsNs, linksNs, dropped, lateNs, otherFault };
}

/** Another fault was injected before the heal, and is not healed with it. */
function otherFaultStands(heal: Change, changes: readonly Change[]): boolean {
  return changes.some(
    ({ change, faultId, beforeNs }) =>
      change === 'injected' &&
      faultId !== heal.faultId &&
      beforeNs < heal.beforeNs &&
      !changes.some(
        (later) =>
          later.change === 'healed' &&
          later.faultId === faultId &&
          later.beforeNs > beforeNs &&
          later.beforeNs <= heal.afterNs + thresholds.simultaneousMs * NS_PER_MS,
      ),
  );
}

function droppedRuns(record: MeterRecord): LossRun[] {
  return record.runs.filter((run) => mayBeDropped(record, run) === run.packets);
}

function lateSendsNs(record: MeterRecord): number[] {
  return record.sent.flatMap(({ gaps }) => (gaps ?? []).map(([, , sentNs]) => sentNs));
}

/**
 * What lay nearest to a loss, what the network did before what the machine did. `drops`: this machine
 * can have dropped all of it. `machine`: the meter was late just then, since nothing on it ran.
 */
export function occasionOf(run: LossRun, around: Surroundings): LossOccasion {
  const { nearFlowChangeMs, nearLinkChangeMs, nearLateSendMs, afterHealMs } = thresholds;
  const near = (stamps: readonly number[], marginMs: number): boolean =>
    stamps.some((atNs) => isNear(run, atNs, marginMs));
  if (near(around.flowsNs, nearFlowChangeMs)) return 'flow-change';
  if (near(around.linksNs, nearLinkChangeMs)) return 'link-change';
  if (run.firstLostNs < around.healedNs + afterHealMs * NS_PER_MS) return 'heal';
  if (around.dropped.has(run)) return 'drops';
  return near(around.lateNs, nearLateSendMs) ? 'machine' : 'nothing';
}

function isNear(run: LossRun, atNs: number, marginMs: number): boolean {
  const marginNs = marginMs * NS_PER_MS;
  return atNs >= run.firstLostNs - marginNs && atNs <= run.lastLostNs + marginNs;
}

/**
 * Whether the heal answers for a loss: the network changed just then, or packets were lost for so
 * long that no noise of a machine makes it, though what changed was not seen.
 */
export function isOfHeal(run: LossRun, around: Surroundings): boolean {
  if (around.otherFault || run.nextGoodNs === null || isCertain(run)) return true;
  return !['drops', 'machine', 'nothing'].includes(occasionOf(run, around));
}
