/** Who runs a trial: this machine, or another one. */
import type { HistoryEvent } from '../model/history/events.js';
import type { RunTraces } from '../sites/site.js';
import type { RunEnd } from './lost-runner.js';
import type { TrialPlan } from './trial-plan.js';

/** The record, as a worker writes it. */
export interface LabRecord {
  /** Now, by the clock of the worker's labs, in nanoseconds. */
  nowNs(): number;
  /** Throws RUN_FOLDER_UNWRITABLE, RECORD_TOO_LARGE. */
  write(event: HistoryEvent): void;
}

export interface Worker {
  /** Now, by the clock of its labs. @param lastNs The latest stamp of the record; 0 before the first. */
  nowNs(lastNs: number): number;
  /** Begin to watch for what the run leaves where its labs are. */
  watch(runId: string): RunTraces;
  /**
   * Run one trial in a lab of its own, or in one that was kept; several may run at once. With
   * `keepLab` its lab is kept for the next trial, if there is anything left of it to keep. Throws
   * only when the record cannot be written.
   */
  run(runId: string, trial: TrialPlan, keepLab: boolean, record: LabRecord): Promise<RunEnd>;
  /** Take down what was kept. */
  close(): Promise<void>;
}
