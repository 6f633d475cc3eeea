/**
 * The moments and windows of a trial that charts mark, on the trial's own axis (milliseconds after
 * traffic start), taken from the judged numbers alone so that every report marks the same ones.
 */
import type { Episode, TrialChart, TrialResult } from '../harness/model/result.js';

export interface Moment {
  /** One letter for charts. */
  letter: string;
  text: string;
  atMs: number;
}

export interface OutageWindow {
  startMs: number;
  endMs: number;
  /** The outage had not ended when the measurement did. */
  censored: boolean;
}

/** Windows in which a direction of the meter was out, merged where they overlap. */
export function outageWindows(chart: TrialChart): OutageWindow[] {
  return mergeWindows(
    chart.windows
      .filter((window) => window.kind === 'outage')
      .map(({ startMs, endMs }) => ({
        startMs,
        endMs: endMs ?? Math.max(chart.trafficEndMs, startMs),
        censored: endMs === null,
      })),
  );
}

function mergeWindows(windows: OutageWindow[]): OutageWindow[] {
  const merged: OutageWindow[] = [];
  for (const window of [...windows].sort((a, b) => a.startMs - b.startMs)) {
    const last = merged[merged.length - 1];
    if (last !== undefined && window.startMs <= last.endMs) {
      last.endMs = Math.max(last.endMs, window.endMs);
      last.censored ||= window.censored;
    } else merged.push({ ...window });
  }
  return merged;
}

/** Faults, heals and recoveries in the order of time. */
export function momentsOf(trial: TrialResult): Moment[] {
  return trial.episodes
    .flatMap((episode) =>
      episode.change === 'healed' ? healMoments(episode) : faultMoments(episode),
    )
    .sort((a, b) => a.atMs - b.atMs)
    .filter((one, at, all) => at === all.findIndex((other) => isSame(one, other)));
}

/** Faults at about one time share their recovery. */
function isSame(a: Moment, b: Moment): boolean {
  return a.letter === b.letter && a.text === b.text && Math.abs(a.atMs - b.atMs) < 0.001;
}

function faultMoments(episode: Episode): Moment[] {
  const moments: Moment[] = [
    {
      letter: 'F',
      text: `fault: ${episode.kind} ${episode.targets.join(', ')}`.trim(),
      atMs: episode.injectedAtMs,
    },
  ];
  const back = networkBackMs(episode);
  if (back !== null) {
    moments.push({ letter: 'N', text: 'network back', atMs: episode.injectedAtMs + back });
  }
  const moving = episode.tcps[0]?.movingAgainMs ?? null;
  if (moving !== null && episode.tcps[0]?.stallMs !== 0) {
    moments.push({ letter: 'T', text: 'TCP resumed', atMs: episode.injectedAtMs + moving });
  }
  return moments;
}

function healMoments(episode: Episode): Moment[] {
  return [
    { letter: 'H', text: `healed: ${episode.targets.join(', ')}`, atMs: episode.injectedAtMs },
  ];
}

/** Fault → both directions of every meter carry packets again; null while one does not. */
export function networkBackMs(episode: Episode): number | null {
  const directions = episode.networks.flatMap((network) => [network.forward, network.reverse]);
  const out = directions.filter((direction) => direction.outageMs !== 0);
  if (out.length === 0) return null;
  let latest = 0;
  for (const direction of out) {
    if (direction.recoveryMs === null) return null;
    latest = Math.max(latest, direction.recoveryMs);
  }
  return latest;
}

/** The span that charts of a trial show: from traffic start to its end. */
export function trafficSpan(chart: TrialChart): { startMs: number; endMs: number } {
  const ends = chart.throughput.flatMap((line) => line.points.map((point) => point.endMs));
  const endMs = Math.max(chart.trafficEndMs, ...ends.slice(-1), 1);
  return { startMs: 0, endMs };
}
