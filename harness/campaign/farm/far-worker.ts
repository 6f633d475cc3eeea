/** The worker that has trials executed by a farm, and records here what came back. */
import { mkdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { nowNs } from '../../clock.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { differencesOf } from '../../model/history/trial-scenario.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { replaceFile } from '../../safe-files.js';
import type { RunTraces } from '../../sites/site.js';
import { eventOfLine } from '../event-line.js';
import type { RunEnd } from '../lost-runner.js';
import { unwritable } from '../store/run-folder.js';
import { placeOf, type TrialPlan } from '../trial-plan.js';
import type { LabRecord, Worker } from '../worker.js';
import type { ComeBack, Farm, MachineNews } from './farm.js';
import { type FarTrouble, jobOf } from './job.js';

export interface FarWorkerOptions {
  farm: Farm;
  folder: string;
  headScenario: ResolvedScenario | undefined;
  interrupted: AbortSignal;
}

const interruptedEnd: RunEnd = {
  reason: 'interrupted',
  error: { code: 'INTERRUPTED', message: 'The run was interrupted.' },
};

export class FarWorker implements Worker {
  readonly #options: FarWorkerOptions;
  readonly #leftovers: string[] = [];
  #runId: string | undefined;
  #record: LabRecord | undefined;
  /** Of each job: its trial, for a record that comes after the first. */
  readonly #plans = new Map<string, TrialPlan>();

  constructor(options: FarWorkerOptions) {
    this.#options = options;
  }

  /** The labs' clocks are others: what is recorded here bears the latest stamp that came back. */
  nowNs(lastNs: number): number {
    if (lastNs > 0 || this.#options.farm.environment.clock === 'virtual') return lastNs;
    return nowNs();
  }

  watch(runId: string): RunTraces {
    this.#runId = runId;
    this.#options.farm.onSurplus(runId, (back) => this.#keepApart(back));
    return { processes: () => [], leftovers: () => this.#leftovers };
  }

  async run(
    runId: string,
    trial: TrialPlan,
    _keepLab: boolean,
    record: LabRecord,
  ): Promise<RunEnd> {
    this.#record = record;
    const { farm, headScenario = trial.scenario, interrupted } = this.#options;
    if (interrupted.aborted) return interruptedEnd;
    const key = `${runId}.${trial.index}.${trial.attempt ?? 0}`;
    this.#plans.set(key, trial);
    const { packageName, place } = farm;
    const job = jobOf(trial, { package: packageName, runId, key, place, head: headScenario });
    const outcome = await farm.run(job);
    this.#recordNews(trial, record);
    return 'done' in outcome
      ? this.#recordDone(outcome.done, trial, record)
      : recordFailed(outcome.failed, trial, headScenario, record);
  }

  async close(): Promise<void> {
    if (this.#runId !== undefined) await this.#options.farm.collect(this.#runId);
    const [first] = this.#plans.values();
    if (this.#record && first) this.#recordNews(first, this.#record);
  }

  #recordDone({ machine, record: far }: ComeBack, trial: TrialPlan, record: LabRecord): RunEnd {
    for (const event of eventsOf(far.lines, trial, record)) record.write(event);
    const { execution, tookMs } = far;
    const facts = { machine, execution, tookMs };
    const atNs = record.nowNs();
    record.write({ kind: 'trial.executed', atNs, ...placeOf(trial), ...facts });
    this.#leftovers.push(...far.leftovers.map((name) => `${machine}: ${name}`));
    this.#writeLogs(far.logs);
    return far.end;
  }

  /** The trial was executed twice: the first record counts, this one is kept beside it. */
  #keepApart({ key, machine, record: far }: ComeBack): void {
    const trial = this.#plans.get(key);
    const record = this.#record;
    if (!trial || !record) return;
    const { execution, tookMs } = far;
    const apart = join('again', `trial-${trial.index}-${execution}.ndjson`);
    const lines = eventsOf(far.lines, trial, record).map((event) => `${JSON.stringify(event)}\n`);
    this.#write(apart, lines.join(''));
    this.#leftovers.push(...far.leftovers.map((name) => `${machine}: ${name}`));
    const facts = { machine, execution, tookMs, apart };
    record.write({ kind: 'trial.executed', atNs: record.nowNs(), ...placeOf(trial), ...facts });
  }

  #recordNews(trial: TrialPlan, record: LabRecord): void {
    for (const news of this.#options.farm.unrecorded.splice(0)) {
      const event = eventOfNews(news);
      if (event) record.write({ ...event, atNs: record.nowNs(), ...placeOf(trial) });
    }
  }

  #writeLogs(logs: Record<string, string>): void {
    for (const [path, text] of Object.entries(logs)) {
      // The path came from another machine.
      const inside = normalize(path);
      if (!inside.startsWith('trial-') || inside.includes('..')) continue;
      this.#write(join('logs', inside), text);
    }
  }

  #write(path: string, text: string): void {
    const file = join(this.#options.folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
      replaceFile(file, text);
    } catch (cause) {
      throw unwritable(file, cause);
    }
  }
}

/** Events of the trial alone: what claims to be another's is recorded as unreadable. */
function eventsOf(lines: readonly string[], trial: TrialPlan, record: LabRecord): HistoryEvent[] {
  const place = placeOf(trial);
  return lines.map((line) => {
    const event = eventOfLine(line, place, record.nowNs());
    const own = event.trial === trial.index && (event.attempt ?? 0) === (trial.attempt ?? 0);
    return own && !event.kind.startsWith('run.')
      ? event
      : eventOfLine(`{"kind":"${event.kind}"}`, place, record.nowNs());
  });
}

/** A trial that began nowhere is recorded as one that failed, so that it can be replaced. */
function recordFailed(
  trouble: FarTrouble,
  trial: TrialPlan,
  head: ResolvedScenario,
  record: LabRecord,
): RunEnd {
  if (trouble.code === 'INTERRUPTED') return interruptedEnd;
  const { message, hint } = trouble;
  const error = { code: 'MACHINE_LOST', message, ...(hint ? { hint } : {}) };
  const end = { reason: 'failed' as const, error };
  const place = placeOf(trial);
  const { seed, stratum, phaseOffsetMs, scenario } = trial;
  const differs = differencesOf(head, scenario);
  const planned = { seed, stratum, phaseOffsetMs, differs };
  record.write({ kind: 'trial.start', atNs: record.nowNs(), ...place, ...planned });
  record.write({ kind: 'trial.end', atNs: record.nowNs(), ...place, ...end });
  return end;
}

/** What of it belongs into a record; null: nothing. */
function eventOfNews(news: MachineNews) {
  const { machine, state } = news;
  switch (state) {
    case 'left-out':
    case 'failed': {
      const { code, message } = news.trouble;
      return { kind: 'machine.news' as const, machine, state, trouble: { code, message } };
    }
    case 'kept-apart':
      return { kind: 'machine.news' as const, machine, state, differences: news.differences };
    case 'back':
      return { kind: 'machine.news' as const, machine, state };
    default:
      return null;
  }
}
