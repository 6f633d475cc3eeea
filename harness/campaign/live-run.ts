/** A record while trials go into it, judged on demand. */
import { resolve } from 'node:path';
import { judge, judgeSoFar, meterHorizonNs } from '../judge/judge.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { JudgedRun } from '../model/result.js';
import { isReplaceable } from '../model/trial-status.js';
import { FarWorker } from './farm/far-worker.js';
import type { Interruption } from './interruption.js';
import { foldersOf, type PreparedRun, type RunOptions } from './prepare.js';
import type { OnProgress } from './progress.js';
import { RunSession } from './run-session.js';
import { defaultReplacements, type OpenRecord } from './schedule.js';
import type { RecordedRun } from './store/read-run.js';
import { createRunFolder } from './store/run-folder.js';
import type { ResumedRun } from './store/unfinished-run.js';
import type { LabOperator } from './supervised-lab.js';
import { ThisMachine } from './this-machine.js';
import type { TrialOutcome, TrialPlan } from './trial-plan.js';

export interface LiveOptions extends Interruption {
  onProgress: OnProgress;
  /** Name of the record in what is reported; left out: empty. */
  label?: string;
  /** Makes the reports of a run that has ended. */
  write: (run: RecordedRun) => Promise<void>;
  /** Set when orders drive the lab instead of the timeline. */
  drive?: LabOperator;
  /** Set beside `drive` when a person drives the lab at this terminal. */
  terminal?: { device: string; type: string };
  resume?: ResumedRun;
}

/** A session with the events it has recorded so far. */
export interface LiveRun extends OpenRecord {
  folder: string;
  /** The run judged as one that goes on, as of a moment (CLOCK_MONOTONIC). */
  judgedSoFar(askedNs: number): JudgedRun;
  /** Until when the meters have reported; null = they have not. */
  meterHorizonNs(): number | null;
}

/** Trials of a run that may be replaced. */
export function replacementsOf(
  prepared: PreparedRun,
  options: RunOptions,
  resume?: ResumedRun,
): number {
  return resume?.replacementsLeft ?? replaceableOf(prepared, options);
}

function replaceableOf(prepared: PreparedRun, { replace }: RunOptions): number {
  return replace ?? defaultReplacements(prepared.trials.length);
}

/** Create the run's folder and write the head of its record. Throws RUN_FOLDER_UNWRITABLE. */
export function openRun(prepared: PreparedRun, options: RunOptions, live: LiveOptions): LiveRun {
  const { resume, label = '', onProgress } = live;
  const folder = resume?.folder ?? createRunFolder(resolve(options.out), prepared.name);
  const events: HistoryEvent[] = [...(resume?.events ?? [])];
  onProgress({ kind: 'opened', label, scenario: prepared.name, folder });
  const session = openSession(prepared, options, live, folder, (event) => {
    events.push(event);
    onProgress({ kind: 'event', label, event });
  });
  const trial = async (plan: TrialPlan, keepLab: boolean): Promise<TrialOutcome> => {
    const end = await session.runTrial(plan, { keepLab });
    const own = events.filter((event) => isOf(event, plan));
    const judged = judge(own).result.trials.at(-1);
    if (judged) onProgress({ kind: 'judged', label, trial: judged });
    if (end.error) onProgress({ kind: 'failed', label, trial: plan.index, error: end.error });
    const replaceable = judged !== undefined && isReplaceable(judged);
    return { ...end, replaceable, ...(judged ? { judged: { result: judged, events: own } } : {}) };
  };
  return {
    folder,
    trial,
    judged: () => judge(events),
    judgedSoFar: (askedNs) => judgeSoFar(events, askedNs),
    meterHorizonNs: () => meterHorizonNs(events),
    onReplace: ({ index }, left) => onProgress({ kind: 'replaced', label, trial: index, left }),
    async end() {
      await session.end();
      const run = { folder, events, judged: judge(events) };
      await live.write(run);
      onProgress({ kind: 'ended', label, folder });
      return run;
    },
  };
}

function openSession(
  prepared: PreparedRun,
  options: RunOptions,
  live: LiveOptions,
  folder: string,
  onEvent: (event: HistoryEvent) => void,
): RunSession {
  const { resume, drive, terminal, interrupted, killed } = live;
  const [first] = prepared.trials;
  const headScenario = resume?.header.scenario ?? first?.scenario;
  const { by } = prepared;
  const worker =
    'farm' in by
      ? new FarWorker({ farm: by.farm, folder, headScenario, interrupted })
      : new ThisMachine({
          ...{ folder, headScenario, interrupted, killed, site: by.site },
          keepFolders: foldersOf(prepared),
          environment: prepared.environment,
          ...(drive ? { drive } : {}),
          ...(terminal ? { terminal } : {}),
        });
  const session = new RunSession({
    folder,
    worker,
    trialCount: options.trials,
    ...(options.indexes ? { indexes: options.indexes } : {}),
    ...(options.untilPrecise ? { untilPrecise: options.untilPrecise } : {}),
    replace: replaceableOf(prepared, options),
    ...((options.parallel ?? 1) > 1 ? { parallel: options.parallel } : {}),
    ...(prepared.campaign ? { campaign: prepared.campaign } : {}),
    seed: options.seed,
    ...(resume ? { runId: resume.header.runId } : {}),
    environment: prepared.environment,
    command: options.command,
    withoutReport: terminal !== undefined,
    onEvent,
  });
  if (resume) session.resume(resume.header.trial);
  else if (first) session.begin(first);
  return session;
}

/** The events of one attempt at a trial, with the head of the record. */
function isOf(event: HistoryEvent, { index, attempt = 0 }: TrialPlan): boolean {
  if (event.kind === 'run.header') return true;
  return event.trial === index && (event.attempt ?? 0) === attempt;
}
