/**
 * The state of a trial at a moment: which way packets go, what is dead, whether packets are lost.
 * Times are milliseconds after traffic start.
 */
import type { TrialChart, TrialResult } from '../../../harness/model/result.js';
import { headlineEpisode } from '../../headline.js';

export type PathEra = 'before' | 'during' | 'after' | 'healed';

/** A stretch of time in which packets took one way. */
export interface PathStretch {
  from: string;
  to: string;
  nodes: string[];
  complete: boolean;
  startMs: number;
  era: PathEra;
}

export interface Moment {
  atMs: number;
  era: PathEra;
  /** One per direction and pair that has a known path. */
  paths: PathStretch[];
  /** The ways before the fault, for comparison. */
  pathsBefore: PathStretch[];
  /** Names of nodes, links or tunnels under a fault, with the fault's kind. */
  faults: Map<string, string>;
  losing: Array<'forward' | 'reverse'>;
  sinceFaultMs: number | null;
}

/** When the fault of the headline took effect; null when there was none. */
export function faultAtMs(trial: TrialResult): number | null {
  return trial.fault?.injectedAtMs ?? headlineEpisode(trial)?.injectedAtMs ?? null;
}

/** When traffic was back both ways after that fault; null when it did not come back by itself. */
export function recoveredAtMs(trial: TrialResult): number | null {
  const fault = faultAtMs(trial);
  if (fault === null || !trial.network) return null;
  const { forward, reverse } = trial.network;
  if (forward.recoveryMs === null || reverse.recoveryMs === null) return null;
  return fault + Math.max(forward.recoveryMs, reverse.recoveryMs, 0);
}

/**
 * Flow tables are read some time after traffic has moved, so a new way found after a fault is
 * dated back to the moment when its packets arrived again, never before the fault.
 */
function startOfPath(trial: TrialResult, atMs: number): number {
  const fault = faultAtMs(trial);
  const recovered = recoveredAtMs(trial);
  const inFirstEpisode = fault !== null && recovered !== null && atMs > fault;
  if (!inFirstEpisode) return atMs;
  const nextChange = trial.episodes.find((episode) => episode.injectedAtMs > fault);
  if (nextChange && atMs >= nextChange.injectedAtMs) return atMs;
  return Math.min(atMs, recovered);
}

/** All ways of the trial, in the order of time. */
export function pathStretches(trial: TrialResult): PathStretch[] {
  const fault = faultAtMs(trial);
  const recovered = recoveredAtMs(trial);
  const healed = trial.episodes.find(
    ({ change, injectedAtMs }) => change === 'healed' && injectedAtMs >= (fault ?? 0),
  )?.injectedAtMs;
  const eraAt = (atMs: number): PathEra => {
    if (fault === null || atMs < fault) return 'before';
    if (healed !== undefined && atMs >= healed) return 'healed';
    return recovered !== null && atMs >= recovered ? 'after' : 'during';
  };
  return trial.paths
    .map((path) => {
      const startMs = startOfPath(trial, path.atMs);
      return { ...path, startMs, era: eraAt(startMs) };
    })
    .sort((a, b) => a.startMs - b.startMs);
}

/** The newest stretch of every pair and direction that began at or before `atMs`. */
function latest(stretches: PathStretch[], atMs: number): PathStretch[] {
  const found = new Map<string, PathStretch>();
  for (const stretch of stretches) {
    if (stretch.startMs <= atMs) found.set(`${stretch.from}\n${stretch.to}`, stretch);
  }
  return [...found.values()];
}

function activeFaults(trial: TrialResult, atMs: number): Map<string, string> {
  const active = new Map<string, string>();
  const past = trial.episodes
    .filter((episode) => episode.injectedAtMs <= atMs)
    .sort((a, b) => a.injectedAtMs - b.injectedAtMs);
  for (const episode of past) {
    for (const target of episode.targets) {
      if (episode.change === 'injected') active.set(target, episode.kind);
      else active.delete(target);
    }
  }
  return active;
}

/**
 * Packets that arrive again do not take a way that was read before the fault and leads through what
 * is dead: then their new way was not recorded, and none is shown.
 */
function stillTaken(path: PathStretch, era: PathEra, faults: Map<string, string>): boolean {
  return era !== 'after' || path.era !== 'before' || !path.nodes.some((node) => faults.has(node));
}

/** What holds at `atMs`. Before the first reading of a path, the first one stands in for it. */
export function momentAt(trial: TrialResult, chart: TrialChart | undefined, atMs: number): Moment {
  const stretches = pathStretches(trial);
  const fault = faultAtMs(trial);
  const recovered = recoveredAtMs(trial);
  const firstRead = stretches[0]?.startMs ?? 0;
  const losing = (chart?.meters ?? [])
    .filter((meter) => meter.losses.some((loss) => loss.startMs <= atMs && atMs < loss.endMs))
    .map((meter) => meter.direction);
  const past = fault !== null && atMs >= fault;
  const era = !past ? 'before' : recovered !== null && atMs >= recovered ? 'after' : 'during';
  const faults = activeFaults(trial, atMs);
  return {
    atMs,
    era,
    paths: latest(stretches, Math.max(atMs, firstRead)).filter((path) =>
      stillTaken(path, era, faults),
    ),
    pathsBefore: fault === null ? [] : latest(stretches, Math.max(fault - 0.001, firstRead)),
    faults,
    losing: [...new Set(losing)],
    sinceFaultMs: past ? atMs - fault : null,
  };
}

/** The moment that tells the story at first sight: just after recovery, or the end of loss. */
export function tellingMomentMs(trial: TrialResult, chart: TrialChart | undefined): number {
  const fault = faultAtMs(trial);
  if (fault === null) return 0;
  const recovered = recoveredAtMs(trial);
  return Math.ceil(
    recovered === null
      ? Math.min(fault + 1000, chart?.trafficEndMs ?? fault + 1000)
      : recovered + 1,
  );
}
