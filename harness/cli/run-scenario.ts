/** Runs one scenario from its name to a judged record; `run`, `compare` and `gate` stand on it. */
import { resolve } from 'node:path';
import { readingsOf } from '../../reports/gate/index.js';
import { createRunFolder } from '../campaign/run-folder.js';
import {
  defaultReplacements,
  type Lane,
  runTrials,
  type TrialOutcome,
} from '../campaign/schedule.js';
import { RunSession } from '../campaign/supervise.js';
import type { DriveSeat, TrialPlan } from '../campaign/supervised-lab.js';
import { exitCodeOfRun } from '../judge/combine.js';
import { judge, judgeSoFar, meterHorizonNs } from '../judge/judge.js';
import { parsePrecision, untilPrecise as untilPreciseOf } from '../judge/until-precise.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { JudgedRun } from '../model/result.js';
import { isReplaceable } from '../model/trial-status.js';
import { foldersOf, type PreparedRun, prepareRun, type RunOptions } from './prepare.js';
import { showProgress } from './progress.js';
import { type RecordedRun, writeReports } from './record.js';
import { prepareResumed, type ResumedRun } from './resume.js';
import type { Screen } from './screen.js';
import { type Interruption, listenForInterruption } from './signals.js';

/** A session with the events it has recorded so far, judged on demand. */
export interface LiveRun {
  folder: string;
  /** Run one trial; resolves with how it ended. With `keepLab` the next one may use its lab. */
  trial(plan: TrialPlan, keepLab?: boolean): Promise<TrialOutcome>;
  /** The same as a lane for the scheduler: with its plans, and what may be replaced. */
  lane: Lane;
  judged(): JudgedRun;
  /** The run judged as one that goes on, as of a moment (CLOCK_MONOTONIC). */
  judgedSoFar(askedNs: number): JudgedRun;
  /** Until when the meters have reported; null = they have not. */
  meterHorizonNs(): number | null;
  /** Close the record, write the reports. */
  finish(): Promise<RecordedRun>;
}

/** Create the run's folder and write the head of its record. */
export function openRun(
  prepared: PreparedRun,
  options: RunOptions,
  screen: Screen,
  interruption: Interruption,
  extra: { prefix?: string; drive?: DriveSeat; resume?: ResumedRun } = {},
): LiveRun {
  const folder = extra.resume?.folder ?? createRunFolder(resolve(options.out), prepared.name);
  const events: HistoryEvent[] = [...(extra.resume?.events ?? [])];
  const replace = options.replace ?? defaultReplacements(prepared.trials.length);
  const prefix = extra.prefix === undefined ? {} : { prefix: extra.prefix };
  const progress = showProgress(screen, { quiet: options.quiet, ...prefix });
  const session = new RunSession({
    folder,
    headScenario: extra.resume?.header.scenario ?? prepared.trials[0]?.scenario,
    keepFolders: foldersOf(prepared),
    trialCount: options.trials,
    ...(options.indexes ? { indexes: options.indexes } : {}),
    ...(options.untilPrecise ? { untilPrecise: options.untilPrecise } : {}),
    replace,
    ...((options.parallel ?? 1) > 1 ? { parallel: options.parallel } : {}),
    seed: options.seed,
    ...(extra.resume ? { runId: extra.resume.header.runId } : {}),
    site: prepared.site,
    environment: prepared.environment,
    command: options.command,
    onEvent: (event) => {
      events.push(event);
      progress.see(event);
    },
    ...(extra.drive ? { drive: extra.drive } : {}),
    interrupted: interruption.interrupted,
    killed: interruption.killed,
  });
  const [first] = prepared.trials;
  if (extra.resume) session.resume(extra.resume.header.trial);
  else if (first) session.begin(first);
  const trial = async (plan: TrialPlan, keepLab = false): Promise<TrialOutcome> => {
    const end = await session.runTrial(plan, { keepLab });
    const judged = judge(events.filter((event) => isOf(event, plan))).result.trials.at(-1);
    if (judged) progress.judged(judged);
    if (end.error) {
      screen.err(`${end.error.message}\n${end.error.hint ? `${end.error.hint}\n` : ''}`);
    }
    return { ...end, replaceable: judged !== undefined && isReplaceable(judged) };
  };
  return {
    folder,
    judged: () => judge(events),
    judgedSoFar: (askedNs) => judgeSoFar(events, askedNs),
    meterHorizonNs: () => meterHorizonNs(events),
    trial,
    lane: {
      plans: prepared.trials,
      replacements: extra.resume?.replacementsLeft ?? replace,
      trial,
      onReplace: ({ index }, left) => {
        const rest = `up to ${left} more replacements`;
        const text = `trial ${index + 1} is invalid for a reason on this machine, not in the network: it is run again (${rest})`;
        screen.err(`${extra.prefix ?? ''}${text}\n`);
      },
    },
    async finish() {
      await session.end();
      progress.end();
      const run = { folder, events, judged: judge(events) };
      await writeReports(run);
      return run;
    },
  };
}

/** Load, resolve, run, judge, write. Throws for bad input and an unwritable folder only. */
export async function runScenario(
  root: string,
  options: RunOptions,
  screen: Screen,
  extra: { resume?: ResumedRun } = {},
): Promise<RecordedRun> {
  const { resume } = extra;
  const prepared = resume
    ? await prepareResumed(root, options, resume)
    : await prepareRun(root, options);
  if (resume?.ended && prepared.trials.length === 0) return resume.recorded;
  const interruption = listenForInterruption(screen.err);
  const run = openRun(prepared, options, screen, interruption, resume ? { resume } : {});
  try {
    const { untilPrecise, reuse = false, parallel = 1 } = options;
    await runTrials([run.lane], {
      parallel,
      keepLabs: reuse,
      isDone: () => untilPrecise !== undefined && isPrecise(run.judged(), untilPrecise, options),
    });
    return await run.finish();
  } finally {
    interruption.release();
  }
}

/** The events of one attempt at a trial, with the head of the record. */
function isOf(event: HistoryEvent, { index, attempt = 0 }: TrialPlan): boolean {
  if (event.kind === 'run.header') return true;
  return event.trial === index && (event.attempt ?? 0) === attempt;
}

function isPrecise({ result }: JudgedRun, wanted: string, { trials }: RunOptions): boolean {
  const readings = readingsOf(result).map((row) => row.networkOutageMs);
  return untilPreciseOf(readings, parsePrecision(wanted), trials).done;
}

/** The exit code of a finished run. */
export function exitCodeOf({ judged: { result } }: RecordedRun): number {
  return exitCodeOfRun(result);
}
