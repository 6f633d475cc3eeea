/**
 * One sandbox as the supervisor sees it: trials go in, one at a time, and what happens comes out.
 * It holds no part of the lab itself.
 */
import { join } from 'node:path';
import { nowNs } from '../clock.js';
import { messageOf } from '../errors.js';
import { watchSilence } from '../lab/heartbeat.js';
import type { DriveNote } from '../lab/modes/drive.js';
import type { Environment, HistoryEvent } from '../model/history/events.js';
import { differencesOf } from '../model/history/trial-scenario.js';
import type { RunnerPlan } from '../model/plan.js';
import type { ResolvedScenario } from '../model/resolved.js';
import { packageRoot } from '../package-root.js';
import { appendToFile, makeFolder } from '../safe-files.js';
import type { SandboxKind } from '../sites/command.js';
import {
  hostObjects,
  hostObjectWords,
  hostOvsFolder,
  removeHostObjects,
} from '../sites/host-objects.js';
import { programFolders } from '../sites/kept-folders.js';
import { openSandbox, type Sandbox } from '../sites/open.js';
import { eventOfLine, noteOfLine } from './event-line.js';
import { lostRunner, type RunEnd, type RunnerExit, silentRunner } from './lost-runner.js';

export interface TrialPlan {
  scenario: ResolvedScenario;
  /** Place among all trials of the run. */
  index: number;
  /** Left out: the first attempt, 0. */
  attempt?: number;
  seed: number;
  stratum: number | null;
  phaseOffsetMs: number | null;
}

export interface LabOptions {
  folder: string;
  /** The scenario in the head of the record; trials record what differs from it. */
  headScenario: ResolvedScenario | undefined;
  /** Folders that the sandbox must be able to see, wherever they are. */
  keepFolders: string[];
  sandbox: SandboxKind;
  environment: Environment;
  /** Set when orders drive the lab instead of the timeline. */
  drive?: DriveSeat;
  /** Set beside `drive` when a person drives the lab at this terminal. */
  terminal?: { device: string; type: string };
  interrupted: AbortSignal;
  /** Aborted by a second Ctrl-C: no more patience. */
  killed: AbortSignal;
}

/** Where orders come from and answers go. */
export interface DriveSeat {
  mode: Exclude<RunnerPlan['mode'], 'run'>;
  /** Called once, when the sandbox is open: hands out the way to give orders. */
  onOpen: (order: (order: object) => void) => void;
  onNote: (note: DriveNote) => void;
}

/** A runner that was told to end has this long before it is killed. */
const graceMs = 25_000;
/** Debian's interpreter, named: another python3 on PATH would not see Mininet. */
const defaultPython = '/usr/bin/python3';

/** The trial that a lab is busy with, or was. */
interface Turn {
  trial: TrialPlan;
  logFolder: string;
  begun: boolean;
  end: RunEnd | undefined;
  /** Called when the trial is over and its lab stands. */
  onKept: () => void;
}

export class SupervisedLab {
  readonly #options: LabOptions;
  readonly #record: (event: HistoryEvent) => void;
  readonly #sandbox: Sandbox;
  readonly #exit: Promise<RunnerExit>;
  #turn: Turn;
  #turns = 0;
  #gone = false;
  #silent = false;
  /** Why nothing more can be recorded: a full disk, say. */
  #broken: unknown;

  /** Opens the sandbox for its first trial. */
  constructor(
    options: LabOptions,
    runId: string,
    first: TrialPlan,
    record: (event: HistoryEvent) => void,
  ) {
    this.#options = options;
    this.#record = record;
    this.#turn = this.#turnOf(first, () => {});
    record({ kind: 'phase', atNs: nowNs(), ...placeOf(first), phase: 'sandbox' });
    const watch = watchSilence(() => {
      this.#silent = true;
      this.#sandbox.kill();
    });
    this.#sandbox = openSandbox({
      kind: options.sandbox,
      mark: runId,
      folder: options.folder,
      keepFolders: [
        ...programFolders(),
        options.folder,
        ...options.keepFolders,
        ...(options.sandbox === 'none' ? [hostOvsFolder] : []),
      ],
      runner: [process.execPath, join(packageRoot(), 'dist/harness/lab/main.js')],
      onEventLine: (line) => {
        watch.heard();
        this.#hear(line);
      },
      onText: (text) => appendQuietly(join(this.#turn.logFolder, 'runner.log'), text),
    });
    const settle = endWhenTold(this.#sandbox, options);
    this.#exit = Promise.race([this.#sandbox.ended, this.#sandbox.abandoned]).finally(() => {
      this.#gone = true;
      watch.end();
      settle();
      if (options.sandbox === 'none') clearHost(this.#turn.trial, record);
    });
    // Whoever waits for it is told; between two trials nobody does.
    this.#exit.catch(() => {});
  }

  /** Whether the lab waits for another trial. */
  get stands(): boolean {
    return !this.#gone;
  }

  /**
   * Run one trial; with `keepLab` the lab is to stand afterwards, and does if the trial left it
   * whole. Null when a lab that was kept has gone before the trial began. Throws only when the
   * record cannot be written.
   */
  async run(trial: TrialPlan, keepLab: boolean): Promise<RunEnd | null> {
    const kept = new Promise<null>((resolve) => {
      this.#turn = this.#turnOf(trial, () => resolve(null));
    });
    const turn = this.#turn;
    this.#turns += 1;
    this.#sandbox.send({ type: 'plan', plan: planOf(this.#options, turn, keepLab) });
    this.#options.drive?.onOpen((order) => this.#sandbox.send({ type: 'order', order }));
    const exit = await Promise.race([kept, this.#exit]);
    if (this.#broken) throw this.#broken;
    if (turn.end) return turn.end;
    if (!turn.begun && this.#turns > 1) return null;
    const end = this.#silent
      ? silentRunner()
      : lostRunner(exit, this.#options.interrupted.aborted, turn.begun);
    this.#record({ kind: 'trial.end', atNs: nowNs(), ...placeOf(trial), ...end });
    return end;
  }

  /** Have the lab taken down, and wait until it is gone. Throws as `run` does. */
  async close(): Promise<void> {
    if (this.stands) this.#sandbox.send({ type: 'close' });
    await this.#exit;
    if (this.#broken) throw this.#broken;
  }

  #turnOf(trial: TrialPlan, onKept: () => void): Turn {
    const again = trial.attempt ? `-attempt-${trial.attempt}` : '';
    const logFolder = join(this.#options.folder, 'logs', `trial-${trial.index}${again}`);
    makeFolder(logFolder);
    return { trial, logFolder, begun: false, end: undefined, onKept };
  }

  #hear(line: string): void {
    if (this.#broken) return;
    try {
      const note = noteOfLine(line);
      if (note) this.#hearNote(note);
      else this.#hearEvent(eventOfLine(line, this.#turn.trial.index, this.#turn.trial.attempt));
    } catch (thrown) {
      this.#broken = thrown;
      this.#sandbox.kill();
    }
  }

  #hearNote(note: DriveNote): void {
    if (note.note === 'kept') this.#turn.onKept();
    else if (note.note !== 'alive') this.#options.drive?.onNote(note);
  }

  #hearEvent(event: HistoryEvent): void {
    // A lab that is kept goes on telling what happens, still under its last trial's number.
    const { index, attempt = 0 } = this.#turn.trial;
    if (event.trial === index && (event.attempt ?? 0) === attempt) {
      this.#turn.begun = true;
      if (event.kind === 'trial.end') this.#turn.end = { reason: event.reason, error: event.error };
    }
    this.#record(event);
  }
}

/** Where in the record the events of a trial are. */
function placeOf({ index, attempt = 0 }: TrialPlan): { trial: number; attempt?: number } {
  return attempt > 0 ? { trial: index, attempt } : { trial: index };
}

/**
 * The kernel has taken the processes of a runner that was killed; what they had on the host itself
 * is removed here.
 */
function clearHost(trial: TrialPlan, record: (event: HistoryEvent) => void): void {
  const objects = hostObjects();
  if (objects.length === 0) return;
  removeHostObjects(objects);
  const names = objects.map(hostObjectWords).join(', ');
  const text = `The runner ended without removing what it had on the host: ${names}. Removed now.`;
  record({ kind: 'warning', atNs: nowNs(), ...placeOf(trial), text });
}

function planOf(options: LabOptions, { trial, logFolder }: Turn, keepLab: boolean): RunnerPlan {
  const { headScenario } = options;
  return {
    scenario: trial.scenario,
    differs: headScenario ? differencesOf(headScenario, trial.scenario) : trial.scenario,
    trial: trial.index,
    attempt: trial.attempt ?? 0,
    seed: trial.seed,
    stratum: trial.stratum,
    phaseOffsetMs: trial.phaseOffsetMs,
    logFolder,
    datapath: options.environment.datapath,
    python: process.env.FAILOVER_LAB_PYTHON ?? defaultPython,
    mode: options.drive?.mode ?? 'run',
    keepLab,
    ...(options.terminal ? { terminal: options.terminal } : {}),
  };
}

/** First Ctrl-C asks the runner to end, with a limit; the second ends it at once. */
function endWhenTold(sandbox: Sandbox, options: LabOptions): () => void {
  let late: NodeJS.Timeout | undefined;
  const ask = () => {
    sandbox.send({ type: 'interrupt' });
    late = setTimeout(() => sandbox.kill(), graceMs);
  };
  const kill = () => sandbox.kill();
  if (options.interrupted.aborted) ask();
  options.interrupted.addEventListener('abort', ask, { once: true });
  options.killed.addEventListener('abort', kill, { once: true });
  return () => {
    clearTimeout(late);
    options.interrupted.removeEventListener('abort', ask);
    options.killed.removeEventListener('abort', kill);
  };
}

function appendQuietly(file: string, text: string): void {
  try {
    appendToFile(file, text);
  } catch (thrown) {
    process.emitWarning(messageOf(thrown));
  }
}
