/** When packets were lost on the return of what had failed, and what the network did just then. */
import type { HistoryEvent } from '../history/events.js';
import type { Change } from './changes.js';
import type { LossRun } from './loss-periods.js';
import type { MeterRecord } from './meter-record.js';
import { type DirectionOutage, runsOfChange } from './outage.js';
import { thresholds } from './thresholds.js';
import { NS_PER_MS, secondsText } from './units.js';

/** How many moments of loss a sentence names. */
const NAMED_MOMENTS = 3;

const occasions = [
  'as flows were changed',
  'as a link changed its state',
  'as the machine stood still',
  'while nothing in the network changed',
] as const;

/**
 * What a heal cost, such as "1 packet was lost 3.08 s after the heal, while nothing in the network
 * changed." Empty when nothing was lost or this is no heal.
 */
export function returnLossWords(
  change: Change,
  directions: readonly DirectionOutage[],
  events: readonly HistoryEvent[],
): string {
  if (change.change !== 'healed') return '';
  const runs = directions
    .flatMap(({ record }) => runsOfChange(record, change))
    .sort((a, b) => a.firstLostNs - b.firstLostNs);
  const lost = packetsIn(runs);
  if (lost === 0) return '';
  const inSpan = events.filter(({ atNs }) => atNs >= change.beforeNs && atNs < change.untilNs);
  const lateNs = directions.flatMap(({ record }) => lateSendsNs(record));
  const counts = occasions
    .map((occasion) => ({
      occasion,
      packets: packetsIn(runs.filter((run) => occasionOf(run, inSpan, lateNs) === occasion)),
    }))
    .filter(({ packets }) => packets > 0);
  const why = counts.map(({ occasion, packets }) =>
    packets === lost ? occasion : `${packets} ${occasion}`,
  );
  const were = lost === 1 ? '1 packet was' : `${lost} packets were`;
  return `${were} lost ${momentsOf(runs, change)}, ${why.join(', ')}.`;
}

function packetsIn(runs: readonly LossRun[]): number {
  return runs.reduce((sum, run) => sum + run.packets, 0);
}

function occasionOf(
  run: LossRun,
  events: readonly HistoryEvent[],
  lateNs: readonly number[],
): (typeof occasions)[number] {
  const { nearFlowChangeMs, nearLinkChangeMs, nearLateSendMs } = thresholds;
  const flows = events.filter(
    (event) =>
      event.kind === 'observe.openflow' &&
      (event.message === 'flow-mod' || event.message === 'group-mod'),
  );
  if (flows.some(({ atNs }) => isNear(run, atNs, nearFlowChangeMs))) return occasions[0];
  const links = events.filter(({ kind }) => kind === 'observe.link' || kind === 'observe.bfd');
  if (links.some(({ atNs }) => isNear(run, atNs, nearLinkChangeMs))) return occasions[1];
  return lateNs.some((atNs) => isNear(run, atNs, nearLateSendMs)) ? occasions[2] : occasions[3];
}

/** When the meter, which has the right of way, was late: then nothing on the machine ran. */
function lateSendsNs(record: MeterRecord): number[] {
  return record.sent.flatMap(({ gaps }) => (gaps ?? []).map(([, , sentNs]) => sentNs));
}

function isNear(run: LossRun, atNs: number, marginMs: number): boolean {
  const marginNs = marginMs * NS_PER_MS;
  return atNs >= run.firstLostNs - marginNs && atNs <= run.lastLostNs + marginNs;
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
