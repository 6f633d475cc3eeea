/**
 * One run while it is made: its folder, its record, its trials one by one. It writes the history
 * while it arrives and counts what is left when the labs are gone.
 */
import { randomUUID } from 'node:crypto';
import { wallTime } from '../clock.js';
import type { CampaignPlan } from '../model/failure-case.js';
import { type Environment, type HistoryEvent, historyVersion } from '../model/history/events.js';
import type { RunTraces } from '../sites/site.js';
import { countLeftovers } from './leftovers.js';
import type { RunEnd } from './lost-runner.js';
import { HistoryWriter } from './store/history-writer.js';
import { markLatest } from './store/run-folder.js';
import type { TrialPlan } from './trial-plan.js';
import type { Worker } from './worker.js';

export interface SessionOptions {
  folder: string;
  worker: Worker;
  /** Trials of the whole run, of which this session may run a part. */
  trialCount: number;
  /** The part of the plan; left out: all of it. */
  indexes?: number[];
  /** The run may end early; as it was asked for. */
  untilPrecise?: string;
  /** Trials that may be run again because the machine disturbed them. */
  replace?: number;
  /** Trials that may run at the same time, each in a lab of its own; left out: one. */
  parallel?: number;
  /** What sweep or search the trials belong to. */
  campaign?: CampaignPlan;
  seed: number;
  environment: Environment;
  /** Of the run that is resumed, so that what its first part left is found too. */
  runId?: string;
  command: string[];
  /** It measures nothing that a report could show: `latest` stays what it is. */
  withoutReport?: boolean;
  onEvent: (event: HistoryEvent) => void;
}

export class RunSession {
  readonly #options: SessionOptions;
  readonly #runId: string;
  readonly #writer: HistoryWriter;
  readonly #traces: RunTraces;
  #end: RunEnd = { reason: 'completed', error: null };
  #first = 0;
  /** The latest stamp of the record. */
  #lastNs = 0;

  /** Throws RUN_FOLDER_UNWRITABLE. */
  constructor(options: SessionOptions) {
    this.#options = options;
    this.#runId = options.runId ?? randomUUID();
    this.#traces = options.worker.watch(this.#runId);
    this.#writer = new HistoryWriter(options.folder);
  }

  /** Write the head of the record. */
  begin(first: TrialPlan): void {
    this.#first = first.index;
    if (!this.#options.withoutReport) markLatest(this.#options.folder);
    this.#record(header(this.#options, first, this.#runId, this.#nowNs()));
  }

  /** Go on with a record that has its head: what is there stays, even a line that was cut off. */
  resume(firstIndex: number): void {
    this.#first = firstIndex;
    markLatest(this.#options.folder);
    const { command } = this.#options;
    this.#record({
      kind: 'run.resumed',
      atNs: this.#nowNs(),
      trial: firstIndex,
      schemaVersion: historyVersion,
      command,
    });
  }

  /** Run one trial; several may run at once. Throws only when the record cannot be written. */
  async runTrial(trial: TrialPlan, { keepLab = false } = {}): Promise<RunEnd> {
    const end = await this.#options.worker.run(this.#runId, trial, keepLab, {
      nowNs: () => this.#nowNs(),
      write: (event) => this.#record(event),
    });
    // A trial that failed is a trial's business: how the run ends does not depend on which came last.
    if (end.reason === 'interrupted') this.#end = end;
    return end;
  }

  /** Take down what was kept, count what is left and close the record. */
  async end(): Promise<RunEnd> {
    await this.#options.worker.close();
    const leftovers = await countLeftovers(this.#traces);
    const atNs = this.#nowNs();
    this.#record({ kind: 'run.end', atNs, trial: this.#first, ...this.#end, leftovers });
    this.#writer.close();
    return this.#end;
  }

  /** By the clock of the labs, which need not be this process's. */
  #nowNs(): number {
    return this.#options.worker.nowNs(this.#lastNs);
  }

  #record(event: HistoryEvent): void {
    this.#writer.write(event);
    this.#lastNs = Math.max(this.#lastNs, event.atNs);
    this.#options.onEvent(event);
  }
}

function header(
  options: SessionOptions,
  first: TrialPlan,
  runId: string,
  atNs: number,
): HistoryEvent {
  return {
    kind: 'run.header',
    atNs,
    trial: first.index,
    schemaVersion: historyVersion,
    runId,
    scenario: first.scenario,
    seed: options.seed,
    trials: options.trialCount,
    ...(options.indexes ? { indexes: options.indexes } : {}),
    ...(options.untilPrecise ? { untilPrecise: options.untilPrecise } : {}),
    ...(options.replace ? { replace: options.replace } : {}),
    ...(options.parallel ? { parallel: options.parallel } : {}),
    ...(options.campaign ? { campaign: options.campaign } : {}),
    wallTime: wallTime().toISOString(),
    command: options.command,
    environment: options.environment,
  };
}
