/**
 * The supervisor: opens a sandbox per trial, writes the history while it arrives, and counts what
 * is left when the sandbox is gone. It holds no part of the lab itself.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs, wallTime } from '../clock.js';
import { messageOf } from '../errors.js';
import {
  type Environment,
  type EventOf,
  type HistoryEvent,
  historyEvent,
} from '../history/events.js';
import { packageRoot } from '../package-root.js';
import type { SandboxKind } from '../sandbox/command.js';
import {
  hostObjects,
  hostObjectWords,
  hostOvsFolder,
  removeHostObjects,
} from '../sandbox/host-objects.js';
import { findLeftovers, labInterfaces } from '../sandbox/leftovers.js';
import { openSandbox, type Sandbox } from '../sandbox/open.js';
import type { ResolvedScenario } from '../scenario/resolved.js';
import { type DriveNote, driveNote } from './drive.js';
import { programFolders } from './kept-folders.js';
import type { RunnerPlan } from './plan.js';
import { HistoryWriter, markLatest } from './run-folder.js';
import { silenceLimitMs, watchSilence } from './silence.js';

export interface TrialPlan {
  scenario: ResolvedScenario;
  /** Place among all trials of the run. */
  index: number;
  seed: number;
  stratum: number | null;
  phaseOffsetMs: number | null;
}

export interface SessionOptions {
  folder: string;
  /** Folders that the sandbox must be able to see, wherever they are. */
  keepFolders: string[];
  /** Trials of the whole run, of which this session may run a part. */
  trialCount: number;
  /** The part of the plan; left out: all of it. */
  indexes?: number[];
  /** The run may end early; as it was asked for. */
  untilPrecise?: string;
  /** Trials that may run at the same time, each in a sandbox of its own; left out: one. */
  parallel?: number;
  seed: number;
  /** Of the run that is gone on with, so that what its first part left is found too. */
  runId?: string;
  sandbox: SandboxKind;
  environment: Environment;
  command: string[];
  onEvent: (event: HistoryEvent) => void;
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

export type RunEnd = Pick<EventOf<'run.end'>, 'reason' | 'error'>;

/** A runner that was told to end has this long before it is killed. */
const graceMs = 25_000;
/** Debian's interpreter, named: another python3 on PATH would not see Mininet. */
const defaultPython = '/usr/bin/python3';

/**
 * One run while it is made: its folder, its history, its trials one by one. `compare` holds several
 * and takes turns.
 */
export class RunSession {
  readonly #options: SessionOptions;
  readonly #runId: string;
  readonly #writer: HistoryWriter;
  #end: RunEnd = { reason: 'completed', error: null };
  #first = 0;
  readonly #interfacesBefore = labInterfaces();

  /** Throws RUN_FOLDER_UNWRITABLE. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#runId = options.runId ?? randomUUID();
    this.#writer = new HistoryWriter(options.folder);
  }

  /** Write the head of the record. */
  begin(first: TrialPlan): void {
    this.#first = first.index;
    // A shell measures nothing that a report could show.
    if (!this.#options.terminal) markLatest(this.#options.folder);
    this.#record(header(this.#options, first, this.#runId));
  }

  /**
   * Run one trial in a sandbox of its own; several may run at once. Throws only when the record
   * cannot be written.
   */
  async runTrial(trial: TrialPlan): Promise<RunEnd> {
    const { interrupted } = this.#options;
    if (interrupted.aborted) return this.#end;
    const end = await superviseTrial(this.#options, trial, this.#runId, (event) =>
      this.#record(event),
    );
    // A neighbour that ended in order after Ctrl-C does not make the run complete.
    if (this.#end.reason !== 'interrupted') this.#end = end;
    return end;
  }

  /** Count what is left on the host and close the record. */
  async end(): Promise<RunEnd> {
    const leftovers = await countLeftovers(
      this.#runId,
      this.#options.sandbox,
      this.#interfacesBefore,
    );
    this.#record({ kind: 'run.end', atNs: nowNs(), trial: this.#first, ...this.#end, leftovers });
    this.#writer.close();
    return this.#end;
  }

  #record(event: HistoryEvent): void {
    this.#writer.write(event);
    this.#options.onEvent(event);
  }
}

function header(options: SessionOptions, first: TrialPlan, runId: string): HistoryEvent {
  return {
    kind: 'run.header',
    atNs: nowNs(),
    trial: first.index,
    schemaVersion: 1,
    runId,
    scenario: first.scenario,
    seed: options.seed,
    trials: options.trialCount,
    ...(options.indexes ? { indexes: options.indexes } : {}),
    ...(options.untilPrecise ? { untilPrecise: options.untilPrecise } : {}),
    ...(options.parallel ? { parallel: options.parallel } : {}),
    wallTime: wallTime().toISOString(),
    command: options.command,
    environment: options.environment,
  };
}

async function superviseTrial(
  options: SessionOptions,
  trial: TrialPlan,
  runId: string,
  record: (event: HistoryEvent) => void,
): Promise<RunEnd> {
  const logFolder = join(options.folder, 'logs', `trial-${trial.index}`);
  mkdirSync(logFolder, { recursive: true });
  let trialEnd: EventOf<'trial.end'> | undefined;
  let broken: unknown;
  let started = false;
  let sandbox: Sandbox | undefined;
  record({ kind: 'phase', atNs: nowNs(), trial: trial.index, phase: 'sandbox' });
  let silent = false;
  const watch = watchSilence(() => {
    silent = true;
    sandbox?.kill();
  });
  const onEventLine = (line: string) => {
    watch.heard();
    if (broken) return;
    try {
      const message: unknown = JSON.parse(line);
      const note = driveNote.safeParse(message);
      if (note.success) {
        if (note.data.note !== 'alive') options.drive?.onNote(note.data);
        return;
      }
      const event = historyEvent.parse(message);
      started = true;
      if (event.kind === 'trial.end') trialEnd = event;
      record(event);
    } catch (thrown) {
      // A full disk or a runner that speaks nonsense: nothing more can be recorded.
      broken = thrown;
      sandbox?.kill();
    }
  };
  sandbox = openSandbox({
    kind: options.sandbox,
    mark: runId,
    folder: options.folder,
    keepFolders: [
      ...programFolders(),
      options.folder,
      ...options.keepFolders,
      ...(options.sandbox === 'none' ? [hostOvsFolder] : []),
    ],
    runner: [process.execPath, join(packageRoot(), 'dist/harness/run/main.js')],
    onEventLine,
    onText: (text) => appendQuietly(join(logFolder, 'runner.log'), text),
  });
  sandbox.send({ type: 'plan', plan: planOf(options, trial, logFolder) });
  const { send } = sandbox;
  options.drive?.onOpen((order) => send({ type: 'order', order }));
  const settle = endWhenTold(sandbox, options);
  const exit = await Promise.race([sandbox.ended, sandbox.abandoned]).finally(() => {
    watch.end();
    settle();
  });
  if (options.sandbox === 'none') clearHost(trial.index, record);
  if (broken) throw broken;
  if (trialEnd) return { reason: trialEnd.reason, error: trialEnd.error };
  const end = silent ? silentRunner() : lostRunner(exit, options.interrupted.aborted, started);
  record({ kind: 'trial.end', atNs: nowNs(), trial: trial.index, ...end });
  return end;
}

/**
 * The kernel has taken the processes of a runner that was killed; what they had on the host itself
 * is removed here.
 */
function clearHost(trial: number, record: (event: HistoryEvent) => void): void {
  const objects = hostObjects();
  if (objects.length === 0) return;
  removeHostObjects(objects);
  const names = objects.map(hostObjectWords).join(', ');
  const text = `The runner ended without removing what it had on the host: ${names}. Removed now.`;
  record({ kind: 'warning', atNs: nowNs(), trial, text });
}

function planOf(options: SessionOptions, trial: TrialPlan, logFolder: string): RunnerPlan {
  return {
    scenario: trial.scenario,
    trial: trial.index,
    seed: trial.seed,
    stratum: trial.stratum,
    phaseOffsetMs: trial.phaseOffsetMs,
    logFolder,
    datapath: options.environment.datapath,
    python: process.env.FAILOVER_LAB_PYTHON ?? defaultPython,
    mode: options.drive?.mode ?? 'run',
    ...(options.terminal ? { terminal: options.terminal } : {}),
  };
}

/** First Ctrl-C asks the runner to end, with a limit; the second ends it at once. */
function endWhenTold(sandbox: Sandbox, options: SessionOptions): () => void {
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

function lostRunner(
  exit: { exitCode: number | null; signal: string | null },
  interrupted: boolean,
  started: boolean,
): RunEnd {
  if (interrupted) {
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted', error };
  }
  const how = exit.signal ?? `status ${exit.exitCode}`;
  const message = `The runner ended with ${how} before the trial did.`;
  const hint = 'runner.log in the run folder has its last words.';
  // A runner that never spoke was kept from starting: that is the machine's doing.
  const code = started ? 'RUNNER_FAILED' : 'SANDBOX_FAILED';
  return { reason: 'failed', error: { code, message, hint } };
}

function silentRunner(): RunEnd {
  const message = `The runner said nothing for ${silenceLimitMs / 1000} s and was ended.`;
  const hint = 'It was stopped, or waited for the kernel; runner.log has its last words.';
  return { reason: 'failed', error: { code: 'TIMED_OUT', message, hint } };
}

/** The kernel needs a moment to take a sandbox away; what is still there after it is a leftover. */
async function countLeftovers(
  runId: string,
  sandbox: SandboxKind,
  interfacesBefore: string[],
): Promise<string[]> {
  const deadline = nowNs() + 2e9;
  let leftovers = findLeftovers(runId, sandbox, interfacesBefore);
  while (leftovers.length > 0 && nowNs() < deadline) {
    await sleep(50);
    leftovers = findLeftovers(runId, sandbox, interfacesBefore);
  }
  return leftovers;
}

function appendQuietly(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (thrown) {
    process.emitWarning(messageOf(thrown));
  }
}
