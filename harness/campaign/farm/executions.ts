/** What is known of every job that was handed out: who executes it, its record, records beyond it. */
import type { ComeBack, MachineNews } from './farm.js';
import type { FarJob, FarLine, FarTrouble } from './job.js';
import { unpack } from './packed.js';

interface Known {
  trial: number;
  runId: string;
  /** Executions that began and have not ended as far as is known, with their machines. */
  running: Map<string, string>;
  /** The record that counts: the first that came. */
  done: ComeBack | null;
  onDone: (record: ComeBack) => void;
  trouble: FarTrouble | null;
}

export class Executions {
  readonly #onNews: (news: MachineNews) => void;
  readonly #jobs = new Map<string, Known>();
  /** Executions whose record came, by run. */
  readonly #received = new Map<string, Set<string>>();
  readonly #surplus = new Map<string, (record: ComeBack) => void>();

  constructor(onNews: (news: MachineNews) => void) {
    this.#onNews = onNews;
  }

  /** A job is handed out; `onDone` is called once, with its first record. */
  expect(job: FarJob, onDone: (record: ComeBack) => void): void {
    this.#jobs.set(job.key, {
      ...{
        trial: job.trial.index,
        runId: job.runId,
        running: new Map(),
        done: null,
        trouble: null,
      },
      onDone,
    });
  }

  onSurplus(runId: string, take: (record: ComeBack) => void): void {
    this.#surplus.set(runId, take);
  }

  /** Executions of the run whose records are here. */
  received(runId: string): string[] {
    return [...(this.#received.get(runId) ?? [])];
  }

  /** Whether the record that counts is here. */
  isDone({ key }: FarJob): boolean {
    return (this.#jobs.get(key)?.done ?? null) !== null;
  }

  /** Why the job was not executed where it was tried last; null: not reported. */
  troubleOf({ key }: FarJob): FarTrouble | null {
    return this.#jobs.get(key)?.trouble ?? null;
  }

  /** Throws RECORD_UNREADABLE for a record that is none. */
  hear(line: FarLine): void {
    const job = this.#jobs.get(line.key);
    if (!job) return;
    const { trial } = job;
    const machine = job.running.get(line.execution);
    switch (line.far) {
      case 'begun':
        this.#loseOthers(job);
        job.running.set(line.execution, line.machine);
        this.#onNews({ state: 'begun', machine: line.machine, trial });
        break;
      case 'phase':
        if (machine) this.#onNews({ state: 'phase', machine, trial, phase: line.phase });
        break;
      case 'refused':
        job.running.delete(line.execution);
        job.trouble = line.trouble;
        this.#onNews({ state: 'failed', machine: line.machine, trial, trouble: line.trouble });
        break;
      case 'record': {
        const record = unpack(line.packed);
        this.take({ key: line.key, machine: machine ?? record.machine, record });
      }
    }
  }

  /** A record came. One that is here already is not taken twice. */
  take(back: ComeBack): void {
    const job = this.#jobs.get(back.key);
    if (!job) return;
    const { execution } = back.record;
    const received = this.#received.get(job.runId) ?? new Set();
    if (received.has(execution)) return;
    this.#received.set(job.runId, received.add(execution));
    job.running.delete(execution);
    const { machine, record } = back;
    this.#onNews({ state: 'done', machine, trial: job.trial, tookMs: record.tookMs });
    if (job.done) {
      this.#surplus.get(job.runId)?.(back);
      return;
    }
    job.done = back;
    job.onDone(back);
  }

  /** The job is executed anew: nothing more is expected of those that had it before. */
  #loseOthers(job: Known): void {
    for (const [execution, machine] of job.running) {
      job.running.delete(execution);
      const message = `${machine} was lost while it executed trial ${job.trial + 1}.`;
      const trouble = { code: 'MACHINE_LOST', message };
      this.#onNews({ state: 'failed', machine, trial: job.trial, trouble });
    }
  }
}
