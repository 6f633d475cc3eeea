/** When packets were lost after a heal, and what the network did just then. */
import { lossOccasionSchema, type ReturnLoss, type ReturnLossPart } from '../model/explanation.js';
import { runsOfChange } from './change-span.js';
import type { Change } from './changes.js';
import { isOfHeal, occasionOf, type Surroundings } from './loss-occasion.js';
import type { LossRun } from './loss-periods.js';
import type { DirectionOutage } from './outage.js';
import { NS_PER_MS } from './units.js';

/** How many moments of loss are listed. */
const NAMED_MOMENTS = 3;

const occasions = lossOccasionSchema.options;

/** What was lost after a heal; null when nothing was lost or this is not a heal. */
export function returnLossOf(
  change: Change,
  directions: readonly DirectionOutage[],
  around: Surroundings | null,
): ReturnLoss | null {
  if (around === null) return null;
  const runs = directions
    .flatMap(({ record }) => runsOfChange(record, change))
    .sort((a, b) => a.firstLostNs - b.firstLostNs);
  if (runs.length === 0) return null;
  const own = runs.filter((run) => isOfHeal(run, around));
  const others = runs.filter((run) => !isOfHeal(run, around));
  return { own: partOf(own, change, around), other: partOf(others, change, around) };
}

function partOf(
  runs: readonly LossRun[],
  change: Change,
  around: Surroundings,
): ReturnLossPart | null {
  if (runs.length === 0) return null;
  return {
    packets: packetsIn(runs),
    momentsMs: runs
      .slice(0, NAMED_MOMENTS)
      .map(({ firstLostNs }) => (firstLostNs - change.afterNs) / NS_PER_MS),
    moreMoments: Math.max(0, runs.length - NAMED_MOMENTS),
    occasions: occasions
      .map((occasion) => ({
        occasion,
        packets: packetsIn(runs.filter((run) => occasionOf(run, around) === occasion)),
      }))
      .filter(({ packets }) => packets > 0),
  };
}

function packetsIn(runs: readonly LossRun[]): number {
  return runs.reduce((sum, run) => sum + run.packets, 0);
}
