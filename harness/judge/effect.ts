/** Whether a fault did anything that was measured: a fault without effect tests nothing. */
import { killingKinds } from '../kinds/generated/fault-names.js';
import { invalidBy, type Reason } from '../model/reason.js';
import type { DirectionResult } from '../model/result.js';
import { controlFaults } from './control-faults.js';
import type { EpisodeView } from './episode.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

/**
 * A role such as relayOnPath was bound to what did not carry its traffic at the fault, or nothing
 * shows what did; null otherwise, and for records that do not have it.
 */
export function missedTarget({ change }: EpisodeView): Reason | null {
  const { carried, faultKind, targets } = change;
  if (!carried || faultKind === null) return null;
  const { packets, atLeast, decided } = carried;
  if (packets >= atLeast && decided) return null;
  const overMs = Math.round(carried.overMs);
  const data = { fault: faultKind, targets, packets, atLeast, overMs };
  return invalidBy('network', 'target-missed', data);
}

/** The fault had no effect where one must have been; null otherwise. */
export function missingEffect(view: EpisodeView, trial: TrialRecord): Reason | null {
  const { faultKind, targets } = view.change;
  if (faultKind === null || controlFaults.has(faultKind)) return null;
  if (lostPackets(view) || silenced(view) || slowedTcp(view) || changedDelay(view)) return null;
  if (changedFlows(view, trial) || changedPath(view, trial)) return null;
  if (absenceIsExpected(trial)) return null;
  return invalidBy('plan', 'no-effect', { fault: faultKind, targets });
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
    // What was stalled before the fault as well was not stalled by it.
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

function changedFlows({ change, routeChanges }: EpisodeView, trial: TrialRecord): boolean {
  if (routeChanges > 0) return true;
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
  if (trial.scenario.allowNoEffect) return true;
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
