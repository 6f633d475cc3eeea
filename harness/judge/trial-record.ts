/** The events of one trial, with the few stamps that everything else is counted from. */
import { LabError } from '../errors.js';
import type { EventOf, HistoryEvent, HistoryKind } from '../model/history/events.js';
import { scenarioOfTrial } from '../model/history/trial-scenario.js';
import type { ResolvedScenario } from '../model/resolved.js';

export interface TrialRecord {
  index: number;
  /** 0 = the first. */
  attempt: number;
  seed: number;
  scenario: ResolvedScenario;
  /** The trial and attempt that built its lab: itself, unless labs were reused. */
  lab: string;
  /** What became of that lab; null = its runner was gone and did not clean it. */
  cleanup: EventOf<'cleanup'> | null;
  /**
   * Labs that could disturb each other while it was measured, itself included: those that ran side by
   * side, and in virtual time itself alone.
   */
  parallel: number;
  start: EventOf<'trial.start'>;
  end: EventOf<'trial.end'> | null;
  /** In the order of their stamps. */
  events: readonly HistoryEvent[];
  /** Zero of the trial's time axis: the traffic phase, or the trial's start when none came. */
  trafficStartNs: number;
  /** When traffic was asked to stop, or the last thing known. */
  trafficEndNs: number;
  hadTraffic: boolean;
  /** It goes on, and is judged by what is recorded so far. */
  soFar: boolean;
  /** Judged so far: up to this moment; null = as far as the meters have reported. */
  askedNs: number | null;
}

export interface RunRecord {
  header: EventOf<'run.header'>;
  end: EventOf<'run.end'> | null;
  /** Every attempt at every trial, by trial and attempt. */
  trials: TrialRecord[];
}

/** How a history is read whose last trial goes on. */
export interface SoFar {
  /** The moment that is asked about; null = as far as the meters have reported. */
  askedNs: number | null;
}

/**
 * Sorts a history into trials. With `soFar` a trial without an end goes on; without it such a trial
 * was cut off.
 * @throws LabError RECORD_UNREADABLE when the history has no header.
 */
export function recordRun(events: readonly HistoryEvent[], soFar?: SoFar): RunRecord {
  const header = eventsOf(events, 'run.header')[0];
  if (!header) {
    throw new LabError('RECORD_UNREADABLE', 'The history holds no run header.', {
      hint: 'The run ended before anything was recorded, so it cannot be judged.',
    });
  }
  const byAttempt = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    // What is said of the run may be recorded long after the trial whose number it bears.
    if (ofRun.has(event.kind)) continue;
    const place = `${event.trial}/${event.attempt ?? 0}`;
    const list = byAttempt.get(place);
    if (list) list.push(event);
    else byAttempt.set(place, [event]);
  }
  const trials = [...byAttempt.values()]
    .map((list) => recordTrial(list, header, soFar))
    .filter((trial) => trial !== null)
    .sort((a, b) => a.index - b.index || a.attempt - b.attempt);
  // A lab is cleaned once, after its last trial, which is not in the record if it was cut off.
  const cleanups = new Map(eventsOf(events, 'cleanup').map((one) => [labOf(one), one]));
  for (const trial of trials) trial.cleanup = cleanups.get(trial.lab) ?? null;
  return { header, end: endOf(events), trials };
}

const ofRun: ReadonlySet<HistoryKind> = new Set(['run.header', 'run.resumed', 'run.end']);

/** An end that the run was resumed after is not its end. */
function endOf(events: readonly HistoryEvent[]): RunRecord['end'] {
  const ends = events.filter(({ kind }) => kind === 'run.end' || kind === 'run.resumed');
  const last = ends.at(-1);
  return last?.kind === 'run.end' ? last : null;
}

/** The lab of a trial, or the one that was cleaned. Older records name no attempt. */
function labOf(event: EventOf<'trial.start' | 'cleanup'>): string {
  const own = event.lab === undefined;
  return `${event.lab ?? event.trial}/${(own ? event.attempt : event.labAttempt) ?? 0}`;
}

/** All events of one kind, in the order of the record. */
export function eventsOf<K extends HistoryKind>(
  events: readonly HistoryEvent[],
  kind: K,
): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

/**
 * Several readers write into one record, each as late as the machine lets it: what counts is when
 * something happened, not when it was written. What happened at one moment stays as it was written.
 */
function inOrderOfTime(events: readonly HistoryEvent[]): HistoryEvent[] {
  return [...events].sort((a, b) => a.atNs - b.atNs);
}

function recordTrial(
  recorded: readonly HistoryEvent[],
  header: EventOf<'run.header'>,
  soFar?: SoFar,
): TrialRecord | null {
  const events = inOrderOfTime(recorded);
  const start = eventsOf(events, 'trial.start')[0];
  if (!start) return null;
  const phases = eventsOf(events, 'phase');
  const traffic = phases.find((event) => event.phase === 'traffic');
  const stop = phases.find(
    (event) => (event.phase === 'stop' || event.phase === 'clean') && event.atNs >= start.atNs,
  );
  const end = eventsOf(events, 'trial.end')[0] ?? null;
  const lastNs = events.reduce((last, event) => Math.max(last, event.atNs), start.atNs);
  return {
    index: start.trial,
    seed: start.seed,
    attempt: start.attempt ?? 0,
    lab: labOf(start),
    cleanup: null,
    scenario: scenarioOfTrial(header, start),
    parallel: header.environment.clock === 'virtual' ? 1 : (header.parallel ?? 1),
    start,
    end,
    events,
    trafficStartNs: traffic?.atNs ?? start.atNs,
    trafficEndNs: stop?.atNs ?? lastNs,
    hadTraffic: traffic !== undefined,
    soFar: soFar !== undefined && end === null,
    askedNs: soFar?.askedNs ?? null,
  };
}
