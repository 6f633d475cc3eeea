/** Every outage of a trial without faults, each with what was marked before it. Pure. */
import type { TrialResult } from '../model/result.js';
import type { EpisodeView } from './episode.js';
import { edgeSharpness } from './meter-record.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { NS_PER_MS, roundMs, spanMs } from './units.js';

/** More are not listed, the longest first to stay. */
const listedAtMost = 1000;
/** A mark is of the outages that begin within this time after it, or shortly before it. */
const markBeforeMs = 60_000;
const markAfterMs = 2_000;

export function marksOf({ events, trafficStartNs }: TrialRecord): TrialResult['marks'] {
  return eventsOf(events, 'mark').map(({ atNs, text }) => ({
    atMs: spanMs(atNs - trafficStartNs),
    text,
  }));
}

/** In the order of time. */
export function listedOutages(
  trial: TrialRecord,
  views: readonly EpisodeView[],
): TrialResult['outages'] {
  const marks = marksOf(trial);
  const found = views.flatMap(({ meters }) =>
    meters.flatMap(({ forward, reverse }) =>
      [forward, reverse].flatMap(({ record, outages }) =>
        outages.map((run) => {
          const atMs = spanMs(run.lastGoodNs - trial.trafficStartNs);
          const endNs = run.nextGoodNs ?? run.lastLostNs;
          const lengthMs = roundMs((endNs - run.lastGoodNs) / NS_PER_MS);
          return {
            meter: record.meter,
            direction: record.direction,
            atMs,
            outageMs: run.nextGoodNs === null ? null : lengthMs,
            atLeastMs: lengthMs,
            packetsLost: run.packets,
            lateMs: roundMs(edgeSharpness(record, run).gapMs),
            mark: markOf(marks, atMs),
          };
        }),
      ),
    ),
  );
  const longest = [...found].sort((a, b) => b.atLeastMs - a.atLeastMs).slice(0, listedAtMost);
  return longest.sort((a, b) => a.atMs - b.atMs);
}

/** The nearest mark: a person marks what was done just before or just after doing it. */
function markOf(marks: TrialResult['marks'], atMs: number): string | null {
  const near = marks
    .filter((mark) => atMs - mark.atMs <= markBeforeMs && mark.atMs - atMs <= markAfterMs)
    .sort((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs));
  return near[0]?.text ?? null;
}
