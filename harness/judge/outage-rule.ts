/** Which loss periods are outages, and which are the ordinary loss of a bad path. */
import type { LossRun } from './loss-periods.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS } from './units.js';

/** The loss that lies beside a loss period: all shorter periods. */
export interface BackgroundLoss {
  packetsSent: number;
  packetsLost: number;
  lossPeriods: number;
}

/**
 * Expected number of runs of at least `length` losses that the background makes by itself, an
 * upper bound of the chance of one. Losses come in periods of geometric length (Gilbert's model):
 * periods · q^(length - 1). With enough periods q is taken from their mean length, 1 - 1/mean, so
 * that the bursts of an overflowing queue are known as such; with few, losses are taken as
 * independent and q is the share lost, which gives N (1 - p) p^length.
 */
export function expectedRuns(background: BackgroundLoss, length: number): number {
  const { packetsSent, packetsLost, lossPeriods } = background;
  if (packetsLost === 0 || packetsSent === 0) return 0;
  const share = Math.min(1, packetsLost / packetsSent);
  if (lossPeriods >= thresholds.burstyPeriods) {
    const continues = Math.max(share, 1 - lossPeriods / packetsLost);
    return lossPeriods * continues ** (length - 1);
  }
  return packetsSent * (1 - share) * share ** length;
}

/** Length of a loss period: last good to first good (TBM), or to the last lost when it never ends. */
export function runLengthNs(run: LossRun): number {
  return (run.nextGoodNs ?? run.lastLostNs) - run.lastGoodNs;
}

/**
 * The outages among loss periods, ascending. From the longest down, a period is an outage when it
 * is long beyond doubt (`certainOutageMs` and `certainOutagePackets`), or when the loss of all
 * shorter periods would hardly ever make so long a run. The first that fails ends the search: 30 %
 * random loss yields loss, not hundreds of outages. After an outage, another of fewer than
 * `repeatedOutagePackets` packets is loss, too: one stray packet is not a second failure.
 */
export function outagesAmong(runs: readonly LossRun[], packetsSent: number): LossRun[] {
  const longestFirst = [...runs].sort(
    (a, b) => b.packets - a.packets || a.firstSequence - b.firstSequence,
  );
  const lost = runs.reduce((sum, run) => sum + run.packets, 0);
  const rest: BackgroundLoss = {
    packetsSent: Math.max(packetsSent, lost),
    packetsLost: lost,
    lossPeriods: runs.length,
  };
  const outages: LossRun[] = [];
  for (const run of longestFirst) {
    if (outages.length > 0 && run.packets < thresholds.repeatedOutagePackets) break;
    rest.packetsSent -= run.packets;
    rest.packetsLost -= run.packets;
    rest.lossPeriods -= 1;
    const byChance = expectedRuns(rest, run.packets) >= thresholds.randomLossChance;
    if (byChance && !isCertain(run)) break;
    outages.push(run);
  }
  return outages.sort((a, b) => a.firstSequence - b.firstSequence);
}

/** Long beyond doubt, whatever loss is around it. */
export function isCertain(run: LossRun): boolean {
  return (
    runLengthNs(run) >= thresholds.certainOutageMs * NS_PER_MS &&
    run.packets >= thresholds.certainOutagePackets
  );
}
