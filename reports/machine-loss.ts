/** Packets that the machine dropped, in one sentence: the same in every report. */
import { totalMachineLoss } from '../harness/judge/machine-share.js';
import type { MachineLoss, TotalMachineLoss, TrialResult } from '../harness/model/result.js';
import { formatCount, formatCounted } from './format.js';

/** How many places a sentence names. */
const namedPlaces = 3;

/** Of all trials together; null where nothing was dropped, or nothing was counted. */
export function machineLossText(
  trials: ReadonlyArray<Pick<TrialResult, 'machine'>>,
): string | null {
  return totalMachineLossText(totalMachineLoss(trials));
}

/** The same of counts that are added up already. */
export function totalMachineLossText(total: TotalMachineLoss | null): string | null {
  if (total === null || total.packetsDropped === 0) return null;
  const { packetsDropped, probesDropped, probesLost, byPlace, trials, trialsHit } = total;
  const inTrials = trials > 1 ? ` in ${trialsHit} of ${trials} trials` : '';
  const were = packetsDropped === 1 ? 'packet was' : 'packets were';
  const places = byPlace
    .slice(0, namedPlaces)
    .map((place) => `${placeText(place)}: ${formatCount(place.packets)}`);
  const more = byPlace.length - places.length;
  if (more > 0) places.push(`${more} more`);
  const probes =
    probesDropped === 0
      ? `none of the ${formatCounted(probesLost, 'lost probe')} is among them`
      : `among them are at most ${formatCount(probesDropped)} of the ${formatCounted(probesLost, 'lost probe')}`;
  return (
    `${formatCount(packetsDropped)} ${were} dropped by this machine, not by the network${inTrials} ` +
    `(${places.join(', ')}); ${probes}`
  );
}

function placeText({ where, what, interface: name }: MachineLoss['byPlace'][number]): string {
  switch (what) {
    case 'switch':
      return name === null ? `switch ${where}` : `switch ${where} at ${name}`;
    case 'meter':
      return `the meter at ${where}`;
    case 'traffic':
      return `iperf3 at ${where}`;
    case 'tap':
      return 'the capture of the control channels';
    case 'backlog':
      return "the machine's backlog queues";
  }
}
