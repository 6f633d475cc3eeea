/** When packets were lost after a heal, and what the network did just then, in words. */
import type { Change } from './changes.js';
import { isOfHeal, type LossOccasion, occasionOf, type Surroundings } from './loss-occasion.js';
import type { LossRun } from './loss-periods.js';
import { type DirectionOutage, runsOfChange } from './outage.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS, secondsText } from './units.js';

/** How many moments of loss a sentence names. */
const NAMED_MOMENTS = 3;

const occasionWords: Record<LossOccasion, string> = {
  'flow-change': 'as flows were changed',
  'link-change': 'as a link changed its state',
  heal: `within ${thresholds.afterHealMs / 1000} s of the heal`,
  drops: 'as this machine dropped packets',
  machine: 'as the machine stood still',
  nothing: 'while nothing in the network changed',
};

/**
 * What was lost after a heal, such as "3 packets were lost 1.5 s after the heal, as flows were
 * changed; other loss, not counted: 1 packet 3.08 s after the heal, while nothing in the network
 * changed." Empty when nothing was lost or this is no heal.
 */
export function returnLossWords(
  change: Change,
  directions: readonly DirectionOutage[],
  around: Surroundings | null,
): string {
  if (around === null) return '';
  const runs = directions
    .flatMap(({ record }) => runsOfChange(record, change))
    .sort((a, b) => a.firstLostNs - b.firstLostNs);
  const own = runs.filter((run) => isOfHeal(run, around));
  const others = runs.filter((run) => !isOfHeal(run, around));
  const words: string[] = [];
  if (own.length > 0) {
    const lost = packetsIn(own);
    const were = lost === 1 ? '1 packet was' : `${lost} packets were`;
    words.push(`${were} lost ${momentsOf(own, change)}, ${occasionsIn(own, around)}`);
  }
  if (others.length > 0) {
    const lost = packetsIn(others);
    const packets = lost === 1 ? '1 packet' : `${lost} packets`;
    const when = `${momentsOf(others, change)}, ${occasionsIn(others, around)}`;
    words.push(`other loss, not counted: ${packets} ${when}`);
  }
  return words.length === 0 ? '' : `${words.join('; ')}.`;
}

/** `as flows were changed`, or `3 as flows were changed, 1 as a link changed its state`. */
function occasionsIn(runs: readonly LossRun[], around: Surroundings): string {
  const lost = packetsIn(runs);
  return (Object.keys(occasionWords) as LossOccasion[])
    .map((occasion) => ({
      words: occasionWords[occasion],
      packets: packetsIn(runs.filter((run) => occasionOf(run, around) === occasion)),
    }))
    .filter(({ packets }) => packets > 0)
    .map(({ words, packets }) => (packets === lost ? words : `${packets} ${words}`))
    .join(', ');
}

function packetsIn(runs: readonly LossRun[]): number {
  return runs.reduce((sum, run) => sum + run.packets, 0);
}

function momentsOf(runs: readonly LossRun[], change: Change): string {
  const named = runs.slice(0, NAMED_MOMENTS).map(({ firstLostNs }) => {
    const afterMs = (firstLostNs - change.afterNs) / NS_PER_MS;
    return afterMs < 0
      ? `${secondsText(-afterMs)} before the heal was complete`
      : `${secondsText(afterMs)} after the heal`;
  });
  const more = runs.length - named.length;
  return named.join(', ') + (more > 0 ? ` and at ${more} moments more` : '');
}
