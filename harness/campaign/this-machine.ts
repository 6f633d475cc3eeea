/** The worker that opens labs here, each in a site of its own. */
import type { RunTraces } from '../sites/site.js';
import type { RunEnd } from './lost-runner.js';
import { watchProcessors } from './processor-watch.js';
import { type LabOptions, SupervisedLab } from './supervised-lab.js';
import { placeOf, type TrialPlan } from './trial-plan.js';
import type { LabRecord, Worker } from './worker.js';

export class ThisMachine implements Worker {
  readonly #options: LabOptions;
  /** Stands, and waits for the next trial. */
  #kept: SupervisedLab | undefined;

  constructor(options: LabOptions) {
    this.#options = options;
  }

  nowNs(lastNs: number): number {
    return this.#options.site.clock.nowNs(lastNs);
  }

  watch(runId: string): RunTraces {
    return this.#options.site.watch(runId);
  }

  async run(runId: string, trial: TrialPlan, keepLab: boolean, record: LabRecord): Promise<RunEnd> {
    while (!this.#options.interrupted.aborted) {
      const kept = this.#kept;
      this.#kept = undefined;
      const lab = kept?.stands ? kept : new SupervisedLab(this.#options, runId, trial, record);
      const used = this.#options.site.clock.keepsPace ? watchProcessors() : null;
      const end = await lab.run(trial, keepLab);
      if (end === null) continue;
      const use = used?.() ?? null;
      if (use !== null) {
        const atNs = record.nowNs();
        record.write({ kind: 'observe.processors', atNs, ...placeOf(trial), ...use });
      }
      if (lab.stands) this.#kept = lab;
      return end;
    }
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted', error };
  }

  async close(): Promise<void> {
    await this.#kept?.close();
  }
}
