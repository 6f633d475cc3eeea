/**
 * What a person who waits wants to see: a state that history events are folded into, one line of
 * it for a live view, and plain lines for logs. Pure: time is the time of the events.
 */

import { trialOutageMs } from '../../harness/judge/median-trial.js';
import { medianOf } from '../../harness/judge/units.js';
import type { HistoryEvent, PhaseName } from '../../harness/model/history/events.js';
import { processName } from '../../harness/model/process-id.js';
import type { TrialResult, Verdict } from '../../harness/model/result.js';
import { isValid } from '../../harness/model/trial-status.js';
import { escapeText } from '../escape.js';
import { formatBps, formatBriefMs } from '../format.js';
import { readinessText } from '../recorded/readiness.js';
import { warningText } from '../recorded/warning.js';
import { awaitedText, nextWait, type Wait, waitsAfter } from '../waits.js';
import { clip } from './wrap.js';

export interface ProgressState {
  scenario: string;
  trials: number;
  /** 0-based. */
  trial: number;
  phase: PhaseName | null;
  phaseSinceNs: number;
  /** The stamp of the latest event. */
  atNs: number;
  /** At the latest when the current phase ends; null = no bound is known. */
  phaseUntilNs: number | null;
  waits: readonly Wait[];
  /** Fault in place, in words; null = none. */
  fault: string | null;
  faultSinceNs: number;
  throughputBps: number | null;
  /** Host whose received bytes are the throughput. */
  receiver: string | null;
  lastSample: { atNs: number; rxBytes: number } | null;
  limits: { readyTimeoutMs: number; durationMs: number } | null;
  trafficStartNs: number | null;
  verdicts: Verdict[];
  outagesMs: Array<number | null>;
}

export const initialProgress: ProgressState = {
  scenario: '',
  trials: 1,
  trial: 0,
  phase: null,
  phaseSinceNs: 0,
  atNs: 0,
  phaseUntilNs: null,
  waits: [],
  fault: null,
  faultSinceNs: 0,
  throughputBps: null,
  receiver: null,
  lastSample: null,
  limits: null,
  trafficStartNs: null,
  verdicts: [],
  outagesMs: [],
};

/** The state after one more event. */
export function reduceProgress(state: ProgressState, event: HistoryEvent): ProgressState {
  const waits = waitsAfter(state.waits, event);
  const next = { ...state, waits, atNs: Math.max(state.atNs, event.atNs) };
  switch (event.kind) {
    case 'run.header': {
      const { scenario } = event;
      const flow = scenario.flows[0];
      const receiver = flow === undefined ? null : flow.reverse ? flow.from : flow.to;
      const { readyTimeoutMs, durationMs } = scenario.limits;
      const limits = { readyTimeoutMs, durationMs };
      return { ...next, scenario: scenario.name, trials: event.trials, receiver, limits };
    }
    case 'trial.start':
      return {
        ...next,
        ...{ trial: event.trial, atNs: event.atNs, phase: null, phaseSinceNs: event.atNs },
        ...{ phaseUntilNs: null, fault: null },
        ...{ throughputBps: null, lastSample: null, trafficStartNs: null },
      };
    case 'phase':
      return enterPhase(next, event.phase, event.atNs);
    case 'fault.injected': {
      const fault = [event.faultKind, ...event.targets].join(' ');
      return {
        ...next,
        fault,
        faultSinceNs: event.afterNs,
      };
    }
    case 'fault.healed':
      return { ...next, fault: null };
    case 'traffic.sample':
      return event.host === state.receiver ? sampled(next, event) : next;
    default:
      return next;
  }
}

function enterPhase(state: ProgressState, phase: PhaseName, atNs: number): ProgressState {
  const boundMs =
    phase === 'ready'
      ? state.limits?.readyTimeoutMs
      : phase === 'traffic'
        ? state.limits?.durationMs
        : undefined;
  return {
    ...state,
    phase,
    phaseSinceNs: atNs,
    phaseUntilNs: boundMs === undefined ? null : atNs + boundMs * 1e6,
    trafficStartNs: phase === 'traffic' ? atNs : state.trafficStartNs,
    throughputBps: phase === 'traffic' ? state.throughputBps : null,
  };
}

function sampled(state: ProgressState, sample: { atNs: number; rxBytes: number }): ProgressState {
  const lastSample = { atNs: sample.atNs, rxBytes: sample.rxBytes };
  const before = state.lastSample;
  if (before === null || sample.atNs <= before.atNs) return { ...state, lastSample };
  const bytes = Math.max(0, sample.rxBytes - before.rxBytes);
  return { ...state, lastSample, throughputBps: (bytes * 8e9) / (sample.atNs - before.atNs) };
}

/** The state after a trial was judged. */
export function noteTrial(state: ProgressState, trial: TrialResult): ProgressState {
  const measured = trial.network !== null && isValid(trial);
  return {
    ...state,
    verdicts: [...state.verdicts, trial.verdict],
    outagesMs: measured ? [...state.outagesMs, trialOutageMs(trial)] : state.outagesMs,
  };
}

/** Median network outage so far; censored trials rank highest. `null` when none was measured. */
export function runningMedianText(state: ProgressState): string | null {
  if (state.outagesMs.length === 0) return null;
  const median = medianOf(state.outagesMs.map((outageMs) => outageMs ?? Number.MAX_VALUE));
  return median === null || median > Number.MAX_VALUE / 4 ? 'no recovery' : formatBriefMs(median);
}

const phaseWords: Record<PhaseName, string> = {
  sandbox: 'opening the sandbox',
  build: 'building the network',
  controller: 'starting the controller',
  ready: 'waiting until ready',
  traffic: 'traffic',
  stop: 'stopping traffic',
  clean: 'cleaning up',
  done: 'done',
};

/** One line for a live view: trial, phase, seconds left, throughput, verdicts, running median. */
export function progressLine(state: ProgressState, columns: number): string {
  const parts = [
    state.trials > 1 ? `trial ${state.trial + 1}/${state.trials}` : escapeText(state.scenario),
    state.phase === null ? 'starting' : phaseWords[state.phase],
    ...nowParts(state),
    ...verdictParts(state),
  ];
  return clip(parts.filter((part) => part !== '').join(' · '), columns);
}

function nowParts(state: ProgressState): string[] {
  const parts: string[] = [];
  const left = secondsLeft(state);
  const wait = nextWait(state.waits);
  if (state.fault !== null) {
    const forS = Math.floor((state.atNs - state.faultSinceNs) / 1e9);
    parts.push(`${escapeText(state.fault)} for ${Math.max(0, forS)} s`);
  } else if (wait !== null && wait.untilNs !== null) {
    const inS = Math.max(0, Math.ceil((wait.untilNs - state.atNs) / 1e9));
    parts.push(`${escapeText(wait.what)} in ${inS} s`);
  } else if (wait !== null) parts.push(escapeText(wait.what));
  if (left !== null) parts.push(`at most ${left} s left`);
  if (state.phase === 'traffic' && state.throughputBps !== null) {
    parts.push(formatBps(state.throughputBps));
  }
  return parts;
}

/** Whole seconds until the bound of the current phase; null when it has none. */
export function secondsLeft(state: ProgressState): number | null {
  if (state.phaseUntilNs === null) return null;
  return Math.max(0, Math.ceil((state.phaseUntilNs - state.atNs) / 1e9));
}

function verdictParts(state: ProgressState): string[] {
  if (state.verdicts.length === 0) return [];
  const counts = (['pass', 'fail', 'inconclusive'] as const).flatMap((verdict) => {
    const count = state.verdicts.filter((each) => each === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  const median = runningMedianText(state);
  return [counts.join(', '), median === null ? '' : `median outage ${median}`];
}

/** One line for a live view of trials that other machines execute. */
export function farProgressLine(state: ProgressState, columns: number): string {
  const judged = `${state.verdicts.length} of ${state.trials} judged`;
  return clip([judged, ...verdictParts(state)].filter((part) => part !== '').join(' · '), columns);
}

/** A line for a log when a trial was judged: its verdict, and what is known so far. */
export function judgedLine(state: ProgressState, trial: TrialResult): string {
  const median = runningMedianText(state);
  const known = median === null ? '' : `, median outage ${median}`;
  const judged = `${state.verdicts.length} judged${known}`;
  return `trial ${trial.index + 1}/${state.trials} ${trial.verdict} (${judged})`;
}

/**
 * A plain line for a log without a terminal; null for events that are not worth one. `state` is
 * the state after the event.
 */
export function plainLine(state: ProgressState, event: HistoryEvent): string | null {
  const text = plainText(state, event);
  if (text === null) return null;
  const trial = state.trials > 1 ? `trial ${event.trial + 1}/${state.trials} ` : '';
  const clock =
    state.trafficStartNs === null || state.phase !== 'traffic'
      ? ''
      : `${((event.atNs - state.trafficStartNs) / 1e9).toFixed(1)} s `;
  return `${trial}${clock}${text}`;
}

function plainText(state: ProgressState, event: HistoryEvent): string | null {
  switch (event.kind) {
    case 'run.header':
      return `${escapeText(event.scenario.name)}, seed ${event.seed}`;
    case 'phase':
      return event.phase === 'done' ? null : phaseWords[event.phase];
    case 'ready':
      return event.ok
        ? `ready: ${escapeText(event.condition)}`
        : `not ready: ${escapeText(`${event.condition} (${readinessText(event.detail)})`)}`;
    case 'waiting':
      return event.untilNs === null
        ? `waiting: ${escapeText(awaitedText(event.awaited))}`
        : `${escapeText(awaitedText(event.awaited))} in ${formatBriefMs(Math.max(0, event.untilNs - event.atNs) / 1e6)}`;
    case 'fault.injected':
      return `fault: ${escapeText(state.fault ?? event.faultKind)}`;
    case 'fault.healed':
      return `healed: ${escapeText([event.faultKind, ...event.targets].join(' '))}`;
    case 'recovery.seen':
      return event.recovered ? 'recovered' : 'no recovery before the deadline';
    case 'warning':
      return `warning: ${escapeText(warningText(event.warning))}`;
    case 'process.exit':
      return event.expected ? null : `${escapeText(processName(event.process))} ended unexpectedly`;
    case 'controller.log':
      return controllerText(event.event, event.fields);
    case 'trial.end':
      return event.error === null
        ? null
        : `trial ${event.reason}: ${escapeText(event.error.message)}`;
    default:
      return null;
  }
}

/** What a controller says of the network as a whole; the rest of its log is kept, not shown. */
function controllerText(event: string, fields: Record<string, unknown>): string | null {
  switch (event) {
    case 'partition': {
      const parts = Array.isArray(fields.components) ? fields.components : [];
      const names = parts.map((part) => (Array.isArray(part) ? part.join(' ') : String(part)));
      return `the controller reports a partition: ${escapeText(names.join(' | '))}`;
    }
    case 'partition-healed':
      return 'the controller reports the partition healed';
    case 'role':
      return `controller ${escapeText(String(fields.instance))} is ${escapeText(String(fields.role))}`;
    default:
      return null;
  }
}
