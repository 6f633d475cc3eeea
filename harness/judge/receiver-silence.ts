/**
 * How long nothing arrived, by the kernel's receive stamps. Lost packets make a silence, and so do
 * packets that waited in a queue, of which send stamps show nothing.
 */

import type { DirectionResult } from '../model/result.js';
import type { Change } from './changes.js';
import { endingOf } from './ending.js';
import type { MeterRecord } from './meter-record.js';
import { NS_PER_MS, spanMs } from './units.js';
import { rankOf, worstBy } from './worst.js';

export type SilenceResult = Pick<
  DirectionResult,
  'receiverSilenceMs' | 'receiverSilenceAtLeastMs' | 'receiverSilenceWaitMs'
>;

export interface Silence {
  /** Receive stamp of the last arrival before. */
  startNs: number;
  /** Receive stamp of the arrival that ended it; null = none did, or only after a heal. */
  endNs: number | null;
  lengthNs: number;
  /** How long the packet that ended it had been on its way; null = none did. */
  waitNs: number | null;
}

const notRecorded: SilenceResult = {
  receiverSilenceMs: null,
  receiverSilenceAtLeastMs: null,
  receiverSilenceWaitMs: null,
};

/**
 * The longest silence that begins in [fromNs, untilNs). One that only a heal ended is censored at the
 * first stamp of that heal, as an outage is.
 */
export function longestSilence(
  record: MeterRecord,
  [fromNs, untilNs]: readonly [number, number],
  change: Pick<Change, 'laterHeals'>,
  noiseNs: number,
): SilenceResult {
  const silences = silencesOf(record);
  if (silences === null) return notRecorded;
  const counted = silences
    .filter(({ startNs }) => startNs >= fromNs && startNs < untilNs)
    .map((silence) => untilItsHeal(silence, record, change, noiseNs));
  const longest = worstBy(counted, ({ lengthNs, endNs }) => rankOf(lengthNs, endNs === null));
  const lengthMs = longest === null ? 0 : spanMs(longest.lengthNs);
  return {
    receiverSilenceMs: longest?.endNs === null ? null : lengthMs,
    receiverSilenceAtLeastMs: lengthMs,
    receiverSilenceWaitMs:
      longest === null || longest.waitNs === null ? null : spanMs(longest.waitNs),
  };
}

function untilItsHeal(
  silence: Silence,
  { intervalNs }: MeterRecord,
  change: Pick<Change, 'laterHeals'>,
  noiseNs: number,
): Silence {
  const { startNs, endNs } = silence;
  const lastSeenNs = (endNs ?? startNs) - intervalNs;
  const { ending, heal } = endingOf(
    { startNs, lastSeenNs, overNs: endNs, noiseNs, intervalNs },
    change,
  );
  if (ending !== 'heal' || heal === null) return silence;
  return { startNs, endNs: null, lengthNs: heal.beforeNs - startNs, waitNs: null };
}

/** All silences of a direction; null where the record has no receive stamps. */
export function silencesOf(record: MeterRecord): Silence[] | null {
  const recorded = record.received.filter((window) => window.silences !== undefined);
  if (recorded.length === 0) return null;
  const lateNs = lateSends(record);
  const silences = recorded
    .flatMap((window) => window.silences ?? [])
    .map(([startNs, endNs, txNs]) => ({
      startNs,
      endNs,
      // What was sent late arrived late: that part of the silence is the sender's.
      lengthNs: endNs - startNs - (lateNs.get(txNs) ?? 0),
      waitNs: endNs - txNs,
    }))
    .filter(({ lengthNs }) => lengthNs > record.intervalNs + shortestNs);
  const open = openSilence(record);
  return open ? [...silences, open] : silences;
}

/** Shorter ones are not recorded: the meter's own limit. */
const shortestNs = 5 * NS_PER_MS;

/** By the send stamp of a packet: how much later it was sent than an interval after the one before. */
function lateSends({ sent, slotNs }: MeterRecord): Map<number, number> {
  const gaps = sent.flatMap((window) => window.gaps ?? []);
  return new Map(gaps.map(([, beforeNs, txNs]) => [txNs, txNs - beforeNs - slotNs]));
}

/** From the last arrival to the last packet sent, where all of these are missing, of each flow. */
function openSilence({ received, runs, flows, horizonNs }: MeterRecord): Silence | null {
  const openFlows = runs.filter(({ nextGoodNs }) => nextGoodNs === null).length;
  if (openFlows < flows) return null;
  const startNs = received.reduce((last, window) => Math.max(last, window.lastRxNs ?? 0), 0);
  if (startNs === 0) return null;
  return { startNs, endNs: null, lengthNs: Math.max(0, horizonNs - startNs), waitNs: null };
}
