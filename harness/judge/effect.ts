/** Whether a fault did anything that was measured: a fault without effect tests nothing. */
import { killingKinds } from '../kinds/generated/fault-names.js';
import type { DirectionResult } from '../model/result.js';
import { controlFaults } from './control-faults.js';
import type { EpisodeView } from './episode.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

/**
 * A sentence when a role such as relayOnPath was bound to what did not carry its traffic at the
 * fault, or when nothing shows what did; null otherwise, and for records that do not have it.
 */
export function missedTarget({ change }: EpisodeView): string | null {
  const { carried, faultKind, targets } = change;
  if (!carried) return null;
  const what = `${faultKind} hit ${targets.join(', ')}`;
  const overMs = Math.round(carried.overMs);
  const seen = `${carried.packets} ${carried.packets === 1 ? 'packet' : 'packets'} in the ${overMs} ms before`;
  if (carried.packets < carried.atLeast) {
    return `${what}, which did not carry the traffic then: ${seen}, at least ${carried.atLeast} expected`;
  }
  if (carried.decided) return null;
  return `${what}, but no path carried the traffic then that counters could tell from the others (${seen})`;
}

/** A sentence when the fault had no effect where one must have been; null otherwise. */
export function missingEffect(view: EpisodeView, trial: TrialRecord): string | null {
  const { faultKind, targets } = view.change;
  if (faultKind === null || controlFaults.has(faultKind)) return null;
  if (lostPackets(view) || silenced(view) || slowedTcp(view) || changedDelay(view)) return null;
  if (changedFlows(view, trial) || changedPath(view, trial)) return null;
  if (absenceIsExpected(trial)) return null;
  return (
    `${faultKind} of ${targets.join(', ') || 'its target'} had no effect on anything measured: ` +
    'no packet lost, no path or flow changed'
  );
}

function lostPackets(view: EpisodeView): boolean {
  return view.meters.some(
    ({ network }) => lostByNetwork(network.forward) + lostByNetwork(network.reverse) > 0,
  );
}

/** Packets that waited in a queue were not lost, and yet the fault was felt. */
function silenced(view: EpisodeView): boolean {
  return view.meters.some(({ network }) =>
    [network.forward, network.reverse].some(
      (one) => (one.receiverSilenceAtLeastMs ?? 0) >= thresholds.effectSilenceMs,
    ),
  );
}

/** What this machine may have dropped itself proves no effect of a fault. */
function lostByNetwork({ packetsLost, packetsDroppedByMachine }: DirectionResult): number {
  return packetsLost - packetsDroppedByMachine;
}

function slowedTcp(view: EpisodeView): boolean {
  return view.tcps.some(({ result }) => {
    // What stood still before the fault as well was not stopped by it.
    if (result.baselineBps === 0) return false;
    const rate = result.rateDuringFaultBps ?? result.baselineBps;
    const slower = rate < result.baselineBps * (1 - thresholds.effectRateShare);
    return result.stallAtLeastMs > 0 || slower;
  });
}

function changedDelay(view: EpisodeView): boolean {
  return view.meters.some(({ network }) =>
    [network.forward, network.reverse].some(
      (direction) => Math.abs(direction.additiveBackupDelayMs ?? 0) >= thresholds.effectDelayMs,
    ),
  );
}

/** Faults that leave their nodes without a switch that could take a flow. */
const deadSwitches: ReadonlySet<string> = new Set(killingKinds);

function changedFlows({ change }: EpisodeView, trial: TrialRecord): boolean {
  const { faultKind, targets } = change;
  // A controller may go on sending to a switch that is dead: nothing changes by that.
  const dead = faultKind !== null && deadSwitches.has(faultKind) ? targets : [];
  return eventsOf(trial.events, 'observe.openflow').some(
    (event) =>
      !dead.includes(event.node) &&
      (event.message === 'flow-mod' || event.message === 'group-mod') &&
      event.atNs >= change.beforeNs &&
      event.atNs < change.untilNs,
  );
}

function changedPath({ change }: EpisodeView, trial: TrialRecord): boolean {
  const paths = eventsOf(trial.events, 'path').filter((path) => path.complete);
  const after = paths.filter((p) => p.atNs >= change.beforeNs && p.atNs < change.untilNs);
  return after.some((path) => {
    const before = paths
      .filter((p) => p.from === path.from && p.to === path.to && p.atNs < change.beforeNs)
      .at(-1);
    return before !== undefined && before.nodes.join() !== path.nodes.join();
  });
}

/** Scenarios that expect nothing to happen say so: no outage, nothing lost, contact kept. */
function absenceIsExpected(trial: TrialRecord): boolean {
  return trial.scenario.expectations.some(
    ({ metric, atMost }) =>
      metric === 'keepsContact' ||
      (atMost === 0 &&
        [
          'networkOutageMs',
          'receiverSilenceMs',
          'packetsLost',
          'lossPeriods',
          'lossPercent',
          'tcpStallMs',
        ].includes(metric)),
  );
}
