/** BFD sessions that went down though no fault took them down. */

import { faultsWhich } from '../kinds/fault-tables.js';
import type { HistoryEvent } from '../model/history/events.js';
import { invalidBy, type Reason } from '../model/reason.js';
import type { Change } from './changes.js';
import { dropSpansOf } from './drop-spans.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { NS_PER_MS } from './units.js';
import { waitedShare } from './waited-share.js';

/** BFD sessions renegotiate at one packet a second after a heal (RFC 5880 §6.8.3). */
const BFD_SETTLES_MS = 10_000;
/** What made a session go down happened within its detection time, which is shorter as a rule. */
const MADE_WITHIN_NS = 1000 * NS_PER_MS;

/** Faults after which switches continue BFD as before; null: without a fault. */
const sparesSessions = faultsWhich(({ touches }) => touches === 'openflow');

/** When BFD sessions stopped forwarding outside the span of every fault that can make them. */
export function flapsOutside(trial: TrialRecord, changes: readonly Change[]): number[] {
  const spans: Array<[number, number]> = changes
    .filter((change) => change.change === 'injected' && !sparesSessions.has(change.faultKind))
    .map((injected) => {
      const healed = changes.find(
        (change) =>
          change.change === 'healed' &&
          change.faultId === injected.faultId &&
          change.beforeNs > injected.beforeNs,
      );
      return [
        injected.beforeNs,
        healed ? healed.afterNs + BFD_SETTLES_MS * NS_PER_MS : trial.trafficEndNs,
      ];
    });
  const forwarding = new Map<string, boolean>();
  const flaps: number[] = [];
  for (const event of eventsOf(trial.events, 'observe.bfd')) {
    const session = `${event.node} ${event.port}`;
    const fell = forwarding.get(session) === true && !event.forwarding;
    forwarding.set(session, event.forwarding);
    if (!fell || event.atNs < trial.trafficStartNs || event.atNs > trial.trafficEndNs) continue;
    if (!spans.some(([fromNs, toNs]) => event.atNs >= fromNs && event.atNs <= toNs))
      flaps.push(event.atNs);
  }
  return flaps;
}

/** Whose doing such flaps are: this machine's where each follows its drops or a long wait. */
export function flapReasons(events: readonly HistoryEvent[], flaps: readonly number[]): Reason[] {
  if (flaps.length === 0) return [];
  const drops = dropSpansOf(events);
  const byMachine = flaps.every((atNs) => {
    const fromNs = atNs - MADE_WITHIN_NS;
    const waited = waitedShare(events, fromNs, atNs, ['vswitchd'])?.share ?? 0;
    return (
      waited >= thresholds.waitedShare ||
      drops.some((span) => span.atNs > fromNs && span.sinceNs < atNs)
    );
  });
  const data = { times: flaps.length, byMachine };
  return [invalidBy(byMachine ? 'machine' : 'network', 'bfd-flaps', data)];
}
