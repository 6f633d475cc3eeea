/** Series, windows and marks of one trial, in milliseconds after traffic start. */

import type { TrialChart } from '../model/result.js';
import type { EpisodeView, Measurements } from './episode.js';
import { bitrateBps, secondRows } from './throughput.js';
import { spanMs } from './units.js';

/** Loss periods a chart shows at most, longest first: random loss has thousands. */
const SHOWN_LOSSES = 500;

/** Data for every chart a report may draw of this trial. */
export function chartOf(measured: Measurements, views: readonly EpisodeView[]): TrialChart {
  const { trial } = measured;
  const ms = (atNs: number): number => spanMs(atNs - trial.trafficStartNs);
  return {
    throughput: measured.flows.map((series) => ({
      flow: series.flow.id,
      source: series.source,
      points: series.points.map((point) => ({
        startMs: ms(point.startNs),
        endMs: ms(point.endNs),
        bps: Math.round(bitrateBps(point)),
      })),
    })),
    rows: measured.flows.flatMap((series) => secondRows(series, trial.trafficStartNs)),
    meters: measured.meters.map((record) => ({
      meter: record.meter,
      direction: record.direction,
      losses: [...record.runs]
        .sort((a, b) => b.packets - a.packets || a.firstSequence - b.firstSequence)
        .slice(0, SHOWN_LOSSES)
        .sort((a, b) => a.firstSequence - b.firstSequence)
        .map((run) => ({
          startMs: ms(run.lastGoodNs),
          endMs: ms(run.nextGoodNs ?? run.lastLostNs),
          packets: run.packets,
        })),
      delay: record.received.flatMap((window) =>
        window.delayNs
          ? [
              {
                atMs: ms(window.atNs),
                minMs: spanMs(window.delayNs.min),
                medianMs: spanMs(window.delayNs.median),
                maxMs: spanMs(window.delayNs.max),
              },
            ]
          : [],
      ),
    })),
    windows: views.flatMap((view) => windowsOf(view, views, ms)),
    marks: views.flatMap((view) => marksOf(view, ms)).sort((a, b) => a.atMs - b.atMs),
    trafficEndMs: ms(trial.trafficEndNs),
  };
}

function windowsOf(
  { change, worst }: EpisodeView,
  views: readonly EpisodeView[],
  ms: (atNs: number) => number,
): TrialChart['windows'] {
  const windows: TrialChart['windows'] = [];
  if (change.change === 'injected' && change.faultKind !== null) {
    const heal = views.find(
      (view) =>
        view.change.change === 'healed' &&
        view.change.faultId === change.faultId &&
        view.change.beforeNs > change.beforeNs,
    );
    const label = `${change.faultKind} ${change.targets.join(', ')}`.trim();
    const endMs = heal ? ms(heal.change.atNs) : null;
    windows.push({ label, kind: 'fault', startMs: ms(change.atNs), endMs });
  }
  for (const direction of worst ? [worst.forward, worst.reverse] : []) {
    for (const outage of direction.outages) {
      windows.push({
        label: `outage, ${direction.record.direction}`,
        kind: 'outage',
        startMs: ms(outage.lastGoodNs),
        endMs: outage.nextGoodNs === null ? null : ms(outage.nextGoodNs),
      });
    }
  }
  return windows;
}

function marksOf(view: EpisodeView, ms: (atNs: number) => number): TrialChart['marks'] {
  const { change, worst, worstTcp } = view;
  const marks: TrialChart['marks'] = [];
  if (change.faultKind !== null) {
    const what = change.change === 'injected' ? change.faultKind : 'healed';
    marks.push({ label: `${what} ${change.targets.join(', ')}`.trim(), atMs: ms(change.atNs) });
  }
  const outages = worst ? [worst.forward, worst.reverse].filter((d) => d.headline !== null) : [];
  const ends = outages.map((direction) => direction.recoveryNs);
  if (ends.length > 0 && ends.every((end) => end !== null)) {
    marks.push({ label: 'network recovered', atMs: ms(Math.max(...ends.map((end) => end ?? 0))) });
  }
  if (worstTcp?.movingAgain) {
    marks.push({ label: 'TCP resumed', atMs: ms(worstTcp.movingAgain.startNs) });
  }
  return marks;
}
