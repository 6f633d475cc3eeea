/**
 * The supervisor's run: its folder, its history, its trials. It writes the history while it arrives
 * and counts what is left when the sandboxes are gone.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs, wallTime } from '../clock.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { SandboxKind } from '../sites/command.js';
import { findLeftovers, labInterfaces } from '../sites/leftovers.js';
import { HistoryWriter } from './history-writer.js';
import type { RunEnd } from './lost-runner.js';
import { markLatest } from './run-folder.js';
import { type LabOptions, SupervisedLab, type TrialPlan } from './supervised-lab.js';

export interface SessionOptions extends LabOptions {
  /** Trials of the whole run, of which this session may run a part. */
  trialCount: number;
  /** The part of the plan; left out: all of it. */
  indexes?: number[];
  /** The run may end early; as it was asked for. */
  untilPrecise?: string;
  /** Trials that may be run again because the machine disturbed them. */
  replace?: number;
  /** Trials that may run at the same time, each in a sandbox of its own; left out: one. */
  parallel?: number;
  seed: number;
  /** Of the run that is gone on with, so that what its first part left is found too. */
  runId?: string;
  command: string[];
  onEvent: (event: HistoryEvent) => void;
}

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
  /** Stands, and waits for the next trial. */
  #kept: SupervisedLab | undefined;
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

  /** Go on with a record that has its head: what is there stays, even a line that was cut off. */
  resume(firstIndex: number): void {
    this.#first = firstIndex;
    markLatest(this.#options.folder);
    const { command } = this.#options;
    this.#record({ kind: 'run.resumed', atNs: nowNs(), trial: firstIndex, command });
  }

  /**
   * Run one trial in a sandbox of its own; several may run at once. With `keepLab` its lab is kept
   * for the next trial, if there is anything left of it to keep. Throws only when the record cannot
   * be written.
   */
  async runTrial(trial: TrialPlan, { keepLab = false } = {}): Promise<RunEnd> {
    const end = await this.#runInLab(trial, keepLab);
    // A trial that failed is a trial's business: how the run ends does not depend on which came last.
    if (end.reason === 'interrupted') this.#end = end;
    return end;
  }

  async #runInLab(trial: TrialPlan, keepLab: boolean): Promise<RunEnd> {
    while (!this.#options.interrupted.aborted) {
      const kept = this.#kept;
      this.#kept = undefined;
      const lab = kept?.stands ? kept : this.#openLab(trial);
      const end = await lab.run(trial, keepLab);
      if (end === null) continue;
      if (lab.stands) this.#kept = lab;
      return end;
    }
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted', error };
  }

  #openLab(first: TrialPlan): SupervisedLab {
    return new SupervisedLab(this.#options, this.#runId, first, (event) => this.#record(event));
  }

  /** Take down what was kept, count what is left on the host and close the record. */
  async end(): Promise<RunEnd> {
    await this.#kept?.close();
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
    ...(options.replace ? { replace: options.replace } : {}),
    ...(options.parallel ? { parallel: options.parallel } : {}),
    wallTime: wallTime().toISOString(),
    command: options.command,
    environment: options.environment,
  };
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
