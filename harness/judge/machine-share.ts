/** What this machine lost during a trial, beside what the network lost. */

import type { MachineDrop } from '../model/history/events.js';
import type { MachineLoss, TotalMachineLoss, TrialResult } from '../model/result.js';
import type { Change } from './changes.js';
import { controlFaults } from './control-faults.js';
import { dropCountsOf, hitsTraffic } from './drop-spans.js';
import type { LossRun } from './loss-periods.js';
import { mayBeDropped } from './machine-loss.js';
import type { MeterRecord } from './meter-record.js';
import type { TrialRecord } from './trial-record.js';

/**
 * How many packets of these loss periods this machine may have dropped, at most. What was lost in
 * the outage that a fault of the data plane made is the fault's, as long as it lost more than that:
 * queues overflow in an outage as well.
 */
export function droppedByMachine(
  record: MeterRecord,
  runs: readonly LossRun[],
  change: Pick<Change, 'change' | 'faultKind'>,
  headline: LossRun | null,
): number {
  const byFault = isFaultOfData(change) ? headline : null;
  return sumOf(runs, (run) => shareOf(record, run, byFault));
}

function shareOf(record: MeterRecord, run: LossRun, byFault: LossRun | null): number {
  const dropped = mayBeDropped(record, run);
  return run === byFault && dropped < run.packets ? 0 : dropped;
}

function isFaultOfData({ change, faultKind }: Pick<Change, 'change' | 'faultKind'>): boolean {
  return change === 'injected' && faultKind !== null && !controlFaults.has(faultKind);
}

/** What is asked of a judged change: which loss periods were its outages. */
interface ChangeView {
  change: Pick<Change, 'change' | 'faultKind'>;
  meters: ReadonlyArray<Record<'forward' | 'reverse', { headline: LossRun | null }>>;
}

/** The counts of a trial's traffic by place; null where nothing was counted. */
export function machineLossOf(
  trial: TrialRecord,
  meters: readonly MeterRecord[],
  views: readonly ChangeView[],
): MachineLoss | null {
  const counts = dropCountsOf(trial.events);
  if (counts.length === 0) return null;
  const drops = counts
    .filter(({ sinceNs, atNs }) => atNs >= trial.trafficStartNs && sinceNs <= trial.trafficEndNs)
    .flatMap((count) => count.drops.filter(hitsTraffic));
  const packetsDropped = sumOf(drops, ({ packets }) => packets);
  const byFault = new Set(
    views
      .filter(({ change }) => isFaultOfData(change))
      .flatMap((view) => view.meters.flatMap(({ forward, reverse }) => [forward, reverse]))
      .flatMap(({ headline }) => headline ?? []),
  );
  const { trafficStartNs, trafficEndNs } = trial;
  const lost = meters.flatMap((record) =>
    record.runs
      .filter((run) => run.lastLostNs >= trafficStartNs && run.firstLostNs <= trafficEndNs)
      .map((run) => ({ run, dropped: shareOf(record, run, byFault.has(run) ? run : null) })),
  );
  const probesDropped = sumOf(lost, ({ dropped }) => dropped);
  return {
    packetsDropped,
    probesLost: sumOf(lost, ({ run }) => run.packets),
    probesDropped: Math.min(packetsDropped, probesDropped),
    byPlace: placesOf(drops),
  };
}

/** Of several trials together; null where nothing was counted. */
export function totalMachineLoss(
  trials: ReadonlyArray<Pick<TrialResult, 'machine'>>,
): TotalMachineLoss | null {
  const losses = trials.flatMap(({ machine }) => machine ?? []);
  if (losses.length === 0) return null;
  return {
    trials: trials.length,
    trialsHit: losses.filter((loss) => loss.packetsDropped > 0).length,
    packetsDropped: sumOf(losses, (loss) => loss.packetsDropped),
    probesLost: sumOf(losses, (loss) => loss.probesLost),
    probesDropped: sumOf(losses, (loss) => loss.probesDropped),
    byPlace: placesOf(losses.flatMap((loss) => loss.byPlace)),
  };
}

/** Each place once, the one with the most packets first. */
function placesOf(drops: readonly MachineDrop[]): MachineDrop[] {
  const byPlace = new Map<string, MachineDrop>();
  for (const drop of drops) {
    const key = [drop.where, drop.what, drop.interface].join(' ');
    byPlace.set(key, { ...drop, packets: drop.packets + (byPlace.get(key)?.packets ?? 0) });
  }
  return [...byPlace.values()].sort((a, b) => b.packets - a.packets);
}

function sumOf<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}
