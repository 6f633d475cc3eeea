/** Which loss periods of a meter with several flows are outages: each flow by its own loss. */
import type { LossRun } from './loss-periods.js';
import { expectedRuns, isCertain, outagesAmong } from './outage-rule.js';
import { thresholds } from './thresholds.js';

/**
 * The outages among the loss periods of all flows of a meter, by their first loss. Flows that go
 * dark together are no background to each other, so a period is weighed twice: by the loss of its
 * own flow, and as a run of independent losses at the share that all flows lose where none of them
 * can have gone dark. Beside an outage, a period of fewer than `repeatedOutagePackets` packets
 * counts only if it can have begun with that outage.
 */
export function outagesOfFlows(
  runs: readonly LossRun[],
  packetsSent: number,
  flows: number,
): LossRun[] {
  if (flows === 1) return outagesAmong(runs, packetsSent);
  const candidates = byFlow(runs, flows).flatMap((own) => outagesAmong(own, packetsSent / flows));
  const isLong = (run: LossRun) => run.packets >= thresholds.repeatedOutagePackets;
  const long = candidates.filter(isLong);
  const stray = runs.filter((run) => !long.some((one) => beginTogether(one, run)));
  const standsOut = (run: LossRun, background: readonly LossRun[]): boolean =>
    isCertain(run) || !byChance(run, background, packetsSent);
  const outages = long.filter((run) => standsOut(run, stray));
  const short = candidates.filter((run) => {
    if (isLong(run)) return false;
    if (outages.length > 0 && !outages.some((one) => beginTogether(one, run))) return false;
    return standsOut(
      run,
      stray.filter((other) => !beginTogether(other, run)),
    );
  });
  return [...outages, ...short].sort(
    (a, b) => a.firstLostNs - b.firstLostNs || a.firstSequence - b.firstSequence,
  );
}

function byFlow(runs: readonly LossRun[], flows: number): LossRun[][] {
  const own = Array.from({ length: flows }, (): LossRun[] => []);
  for (const run of runs) own[run.firstSequence % flows]?.push(run);
  return own;
}

/** One moment can have begun both: it lies between last good and first lost packet of each. */
function beginTogether(one: LossRun, other: LossRun): boolean {
  return one.lastGoodNs <= other.firstLostNs && other.lastGoodNs <= one.firstLostNs;
}

/** Whether independent losses make so long a run often enough to be taken for one. */
function byChance(run: LossRun, background: readonly LossRun[], packetsSent: number): boolean {
  const packetsLost = background.reduce((sum, { packets }) => sum + packets, 0);
  const rest = { packetsSent: Math.max(packetsSent, packetsLost), packetsLost, lossPeriods: 0 };
  return expectedRuns(rest, run.packets) >= thresholds.randomLossChance;
}
