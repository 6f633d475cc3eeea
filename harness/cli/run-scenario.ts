/** Runs one scenario from its name to a judged record; `run`, `compare` and `gate` stand on it. */
import { resolve } from 'node:path';
import { readingsOf } from '../../reports/gate/index.js';
import { exitCodeOfVerdict } from '../analysis/combine.js';
import { judge, judgeSoFar, meterHorizonNs } from '../analysis/judge.js';
import type { JudgedRun } from '../analysis/result.js';
import { parsePrecision, untilPrecise as untilPreciseOf } from '../analysis/until-precise.js';
import type { HistoryEvent } from '../history/events.js';
import type { RunEnd } from '../run/lost-runner.js';
import { createRunFolder } from '../run/run-folder.js';
import { RunSession } from '../run/supervise.js';
import type { DriveSeat, TrialPlan } from '../run/supervised-lab.js';
import { foldersOf, type PreparedRun, prepareRun, type RunOptions } from './prepare.js';
import { showProgress } from './progress.js';
import { type RecordedRun, writeReports } from './record.js';
import { keepFinished, prepareResumed, type ResumedRun } from './resume.js';
import type { Screen } from './screen.js';
import { type Interruption, listenForInterruption } from './signals.js';

/** A session with the events it has recorded so far, judged on demand. */
export interface LiveRun {
  folder: string;
  /** Run one trial; resolves with how it ended. With `keepLab` the next one may use its lab. */
  trial(plan: TrialPlan, keepLab?: boolean): Promise<RunEnd>;
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
  const prefix = extra.prefix === undefined ? {} : { prefix: extra.prefix };
  const progress = showProgress(screen, { quiet: options.quiet, ...prefix });
  const session = new RunSession({
    folder,
    headScenario: extra.resume?.header.scenario ?? prepared.trials[0]?.scenario,
    keepFolders: foldersOf(prepared),
    trialCount: options.trials,
    ...(options.indexes ? { indexes: options.indexes } : {}),
    ...(options.untilPrecise ? { untilPrecise: options.untilPrecise } : {}),
    ...((options.parallel ?? 1) > 1 ? { parallel: options.parallel } : {}),
    seed: options.seed,
    ...(extra.resume ? { runId: extra.resume.header.runId } : {}),
    sandbox: prepared.sandbox,
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
  if (first && !extra.resume) session.begin(first);
  return {
    folder,
    judged: () => judge(events),
    judgedSoFar: (askedNs) => judgeSoFar(events, askedNs),
    meterHorizonNs: () => meterHorizonNs(events),
    async trial(plan, keepLab = false) {
      const end = await session.runTrial(plan, { keepLab });
      const trial = judge(
        events.filter((event) => event.trial === plan.index || event.kind === 'run.header'),
      ).result.trials.at(-1);
      if (trial) progress.judged(trial);
      if (end.error) {
        screen.err(`${end.error.message}\n${end.error.hint ? `${end.error.hint}\n` : ''}`);
      }
      return end;
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
  if (resume) keepFinished(resume);
  const interruption = listenForInterruption(screen.err);
  const run = openRun(prepared, options, screen, interruption, resume ? { resume } : {});
  try {
    await runTrials(run, prepared.trials, options);
    return await run.finish();
  } finally {
    interruption.release();
  }
}

/** One after the other, or as many at once as `parallel` says; each takes the next of the plan. */
async function runTrials(run: LiveRun, plans: TrialPlan[], options: RunOptions): Promise<void> {
  const waiting = [...plans];
  const { untilPrecise, reuse = false } = options;
  const takeTurns = async () => {
    for (let plan = waiting.shift(); plan; plan = waiting.shift()) {
      if (untilPrecise !== undefined && isPrecise(run.judged(), untilPrecise, options)) return;
      const { reason } = await run.trial(plan, reuse && waiting.length > 0);
      if (reason === 'interrupted') return;
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: options.parallel ?? 1 }, () =>
      // Precise enough, interrupted, or a record that cannot be written: nothing more is begun.
      takeTurns().finally(() => waiting.splice(0)),
    ),
  );
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
}

function isPrecise({ result }: JudgedRun, wanted: string, { trials }: RunOptions): boolean {
  const readings = readingsOf(result).map((row) => row.networkOutageMs);
  return untilPreciseOf(readings, parsePrecision(wanted), trials).done;
}

/** The exit code of a finished run. */
export function exitCodeOf({ judged: { result } }: RecordedRun): number {
  return exitCodeOfVerdict(result.verdict, result.interrupted);
}
