/** Whether two records of the same plan hold the same events, trial by trial. Pure. */
import { createHash } from 'node:crypto';
import type { Environment, HistoryEvent } from '../model/history/events.js';

export interface RecordDifference {
  /** Index of the trial, and place of the event among those of the trial, from 0. */
  trial: number;
  place: number;
  /** The events there as JSON; null: the record has no further event of that trial. */
  before: string | null;
  now: string | null;
}

/**
 * The first event that differs; null: all are the same. The head of a record is left out, since it
 * states wall time, command and machine.
 */
export function firstDifference(
  before: readonly HistoryEvent[],
  now: readonly HistoryEvent[],
): RecordDifference | null {
  const earlier = linesByTrial(before);
  const later = linesByTrial(now);
  for (const trial of new Set([...earlier.keys(), ...later.keys()])) {
    const was = earlier.get(trial) ?? [];
    const is = later.get(trial) ?? [];
    const length = Math.max(was.length, is.length);
    for (let place = 0; place < length; place += 1) {
      if (was[place] === is[place]) continue;
      return { trial, place, before: was[place] ?? null, now: is[place] ?? null };
    }
  }
  return null;
}

/** The first event that differs between two trials of one run; their numbers and those of their labs do not count. */
export function trialDifference(
  before: readonly HistoryEvent[],
  now: readonly HistoryEvent[],
): RecordDifference | null {
  return firstDifference(before.map(withoutNumbers), now.map(withoutNumbers));
}

/**
 * 64 hexadecimal digits over everything that happened, trial by trial: equal where `firstDifference`
 * finds none. As there, the head of the record is left out.
 */
export function recordHash(events: readonly HistoryEvent[]): string {
  const hash = createHash('sha256');
  const trials = [...linesByTrial(events)].sort(([a], [b]) => a - b);
  for (const [trial, lines] of trials) hash.update(`${trial}\n${lines.join('\n')}\n`);
  return hash.digest('hex');
}

/** Parts of the environment that are not as they were, with both values; empty: all are. */
export function changedInputs(before: Environment, now: Environment): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])] as (keyof Environment)[];
  return keys
    .map((key) => [key, shown(before[key]), shown(now[key])] as const)
    .filter(([, was, is]) => was !== is)
    .map(([key, was, is]) => `${key} ${was} → ${is}`);
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Trials that run side by side are interleaved by chance, and each is in order by itself. */
function linesByTrial(events: readonly HistoryEvent[]): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  for (const event of events) {
    // Which machine executed a trial is not part of what happened in it.
    if (['run.header', 'trial.executed', 'machine.news'].includes(event.kind)) continue;
    // A sandbox is opened, and the run ends, after whichever other trial ended last.
    const beside =
      event.kind === 'run.end' || (event.kind === 'phase' && event.phase === 'sandbox');
    const line = JSON.stringify(beside ? { ...event, atNs: 0 } : event);
    const ofTrial = lines.get(event.trial);
    if (ofTrial) ofTrial.push(line);
    else lines.set(event.trial, [line]);
  }
  return lines;
}

function withoutNumbers(event: HistoryEvent): HistoryEvent {
  const { attempt: _a, lab: _l, labAttempt: _b, ...rest } = event as HistoryEvent & Numbers;
  return { ...rest, trial: 0 } as HistoryEvent;
}

/** How a record numbers attempts and labs; only some events have them. */
interface Numbers {
  attempt?: number;
  lab?: number;
  labAttempt?: number;
}
