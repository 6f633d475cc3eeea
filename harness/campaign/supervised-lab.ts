/**
 * One lab as the supervisor sees it: trials go in, one at a time, and what happens comes out.
 * It holds no part of the lab itself.
 */
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { watchSilence } from '../lab/heartbeat.js';
import type { DriveNote } from '../lab/modes/drive.js';
import { lastLinesOf } from '../lab/traffic/last-lines.js';
import type { Environment, HistoryEvent } from '../model/history/events.js';
import { differencesOf } from '../model/history/trial-scenario.js';
import type { RunnerPlan } from '../model/plan.js';
import type { ResolvedScenario } from '../model/resolved.js';
import { appendToFile, makeFolder } from '../safe-files.js';
import type { LabChannel, RunnerExit, Site } from '../sites/site.js';
import { eventOfLine, noteOfLine } from './event-line.js';
import { lostRunner, type RunEnd, silentRunner } from './lost-runner.js';
import { placeOf, type TrialPlan } from './trial-plan.js';
import type { LabRecord } from './worker.js';

export interface LabOptions {
  folder: string;
  /** The scenario in the head of the record; trials record what differs from it. */
  headScenario: ResolvedScenario | undefined;
  /** Folders that the runner must be able to read, wherever they are. */
  keepFolders: string[];
  site: Site;
  environment: Environment;
  /** Set when orders drive the lab instead of the timeline. */
  drive?: LabOperator;
  /** Set beside `drive` when a person drives the lab at this terminal. */
  terminal?: { device: string; type: string };
  interrupted: AbortSignal;
  /** Aborted by a second Ctrl-C: no more patience. */
  killed: AbortSignal;
}

/** Where orders come from and answers go. */
export interface LabOperator {
  mode: Exclude<RunnerPlan['mode'], 'run'>;
  /** Called once, when the lab is open: hands out the way to give orders. */
  onOpen: (order: (order: object) => void) => void;
  onNote: (note: DriveNote) => void;
}

/** A runner that was asked to end has this long before it is killed. */
const graceMs = 25_000;
/** Of the log of a runner that did not end in order. */
const lastLinesShown = 3;
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
  readonly #record: LabRecord;
  readonly #channel: LabChannel;
  readonly #exit: Promise<RunnerExit>;
  #turn: Turn;
  #turns = 0;
  #gone = false;
  #silent = false;
  /** Why nothing more can be recorded: a full disk, say. */
  #broken: unknown;

  /** Opens the lab for its first trial. */
  constructor(options: LabOptions, runId: string, first: TrialPlan, record: LabRecord) {
    this.#options = options;
    this.#record = record;
    this.#turn = this.#turnOf(first, () => {});
    record.write({ kind: 'phase', atNs: record.nowNs(), ...placeOf(first), phase: 'sandbox' });
    const { site } = options;
    const watch = site.clock.keepsPace ? watchSilence(() => this.#endSilent()) : null;
    this.#channel = site.open({
      runId,
      folder: options.folder,
      keepFolders: options.keepFolders,
      onEventLine: (line) => {
        watch?.heard();
        this.#hear(line);
      },
      onText: (text) => appendQuietly(join(this.#turn.logFolder, 'runner.log'), text),
    });
    const settle = endWhenTold(this.#channel, options);
    this.#exit = Promise.race([this.#channel.ended, this.#channel.abandoned]).finally(() => {
      this.#gone = true;
      watch?.end();
      settle();
      this.#clear();
    });
    // A trial that waits for it gets the reason; between two trials none waits.
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
    this.#channel.send({ type: 'plan', plan: planOf(this.#options, turn, keepLab) });
    this.#options.drive?.onOpen((order) => this.#channel.send({ type: 'order', order }));
    const exit = await Promise.race([kept, this.#exit]);
    if (this.#broken) throw this.#broken;
    if (turn.end) return turn.end;
    if (!turn.begun && this.#turns > 1) return null;
    const end = this.#silent
      ? silentRunner()
      : lostRunner({
          exit,
          interrupted: this.#options.interrupted.aborted,
          started: turn.begun,
          lastLines: lastLinesOf(join(turn.logFolder, 'runner.log'), lastLinesShown),
        });
    this.#record.write({
      kind: 'trial.end',
      atNs: this.#record.nowNs(),
      ...placeOf(trial),
      ...end,
    });
    return end;
  }

  /** Have the lab taken down, and wait until it is gone. Throws as `run` does. */
  async close(): Promise<void> {
    if (this.stands) this.#channel.send({ type: 'close' });
    await this.#exit;
    if (this.#broken) throw this.#broken;
  }

  #endSilent(): void {
    this.#silent = true;
    this.#channel.kill();
  }

  /** Remove what a runner that was killed had on the machine itself, if its site has such things. */
  #clear(): void {
    const names = this.#options.site.clear();
    if (names.length === 0) return;
    const warning = { code: 'host-objects-removed' as const, data: { objects: names } };
    const atNs = this.#record.nowNs();
    this.#record.write({ kind: 'warning', atNs, ...placeOf(this.#turn.trial), warning });
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
      else this.#hearEvent(eventOfLine(line, placeOf(this.#turn.trial), this.#record.nowNs()));
    } catch (thrown) {
      this.#broken = thrown;
      this.#channel.kill();
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
    this.#record.write(event);
  }
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
    datapath: options.environment.datapath === 'kernel' ? 'kernel' : 'user',
    python: process.env.FAILOVER_LAB_PYTHON ?? defaultPython,
    mode: options.drive?.mode ?? 'run',
    keepLab,
    ...(options.terminal ? { terminal: options.terminal } : {}),
  };
}

/** First Ctrl-C asks the runner to end, with a limit; the second ends it at once. */
function endWhenTold(channel: LabChannel, options: LabOptions): () => void {
  let late: NodeJS.Timeout | undefined;
  const ask = () => {
    channel.send({ type: 'interrupt' });
    late = setTimeout(() => channel.kill(), graceMs);
  };
  const kill = () => channel.kill();
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
