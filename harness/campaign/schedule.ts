/** The one scheduler: runs the trials that a strategy chooses, k at a time, and replaces some. */
import type { RecordedRun } from './store/read-run.js';
import type { BegunTrial, RecordSoFar, Strategy, TrialOrder } from './strategy.js';
import type { TrialOutcome, TrialPlan } from './trial-plan.js';

/** A record while trials go into it. */
export interface OpenRecord {
  /** Run one trial; with `keepLab` the next one may use its lab. */
  trial(plan: TrialPlan, keepLab: boolean): Promise<TrialOutcome>;
  /** Called before a trial is run again; `left` further ones may be. */
  onReplace(plan: TrialPlan, left: number): void;
  judged: RecordSoFar['judged'];
  /** Write its end and its reports. */
  end(): Promise<RecordedRun>;
}

/** One record that trials are run for; a comparison has one a side. */
export interface Lane {
  /** Trials that may be run again at the most. */
  replacements: number;
  /** Open it with its first trial only: it may not be needed. */
  late?: boolean;
  open(): OpenRecord;
}

export interface ScheduleOptions {
  /** Trials that run at the same time; left out: one. */
  parallel?: number;
  /** Keep a lab for the next trial, as long as there is one. */
  keepLabs?: boolean;
}

/** Up to half of the trials may be replaced, and two of a few. */
export function defaultReplacements(trials: number): number {
  return Math.max(2, Math.floor(trials / 2));
}

/**
 * Run the trials that `strategy` chooses, and end all records. A trial that the machine disturbed
 * counts as not begun while its lane has replacements left, and is run again as a further attempt. An
 * interruption ends the campaign. Throws what a lane throws, when all trials have ended.
 */
export async function runCampaign<Outcome>(
  strategy: Strategy<Outcome>,
  lanes: readonly Lane[],
  { parallel = 1, keepLabs = false }: ScheduleOptions = {},
): Promise<Outcome> {
  const work = new Work(lanes, strategy, keepLabs);
  await work.runAll(parallel);
  return strategy.outcome(work.runs());
}

class Work {
  readonly #lanes: readonly Lane[];
  readonly #strategy: Strategy<unknown>;
  readonly #keepLabs: boolean;
  readonly #records: (OpenRecord | null)[];
  readonly #runs: (RecordedRun | null)[];
  readonly #left: number[];
  readonly #replaced = new Map<string, number>();
  #begun: BegunTrial[] = [];
  #running = 0;
  #stopped = false;
  /** Called when a trial that was under way has ended. */
  #waiting: (() => void)[] = [];

  constructor(lanes: readonly Lane[], strategy: Strategy<unknown>, keepLabs: boolean) {
    this.#lanes = lanes;
    this.#strategy = strategy;
    this.#keepLabs = keepLabs;
    this.#records = lanes.map((lane) => (lane.late ? null : lane.open()));
    this.#runs = lanes.map(() => null);
    this.#left = lanes.map(({ replacements }) => replacements);
  }

  async runAll(parallel: number): Promise<void> {
    do {
      const ends = await Promise.allSettled(
        Array.from({ length: parallel }, () => this.#takeTurns()),
      );
      const broken = ends.find((end) => end.status === 'rejected');
      if (broken) throw broken.reason;
      await this.#endRecords();
    } while (this.#next().length > 0);
  }

  runs(): RecordedRun[] {
    return this.#runs.filter((run) => run !== null);
  }

  async #takeTurns(): Promise<void> {
    for (;;) {
      const [order, ...later] = this.#next();
      if (order) await this.#run(order, this.#keepLabs && later.length > 0);
      else if (this.#running === 0 || this.#stopped) return;
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #next(): readonly TrialOrder[] {
    if (this.#stopped) return [];
    return this.#strategy.next({ begun: this.#begun, records: this.#soFar() });
  }

  #soFar(): (RecordSoFar | null)[] {
    return this.#records.map((record, at) => {
      const run = this.#runs[at];
      if (run) return { ended: run, judged: () => run.judged };
      return record && { ended: null, judged: record.judged };
    });
  }

  async #run({ record: at, plan: first }: TrialOrder, keepLab: boolean): Promise<void> {
    const times = this.#replaced.get(keyOf(at, first)) ?? 0;
    const plan = times > 0 ? { ...first, attempt: (first.attempt ?? 0) + times } : first;
    const begun: BegunTrial = { record: at, plan, outcome: null };
    this.#begun.push(begun);
    this.#running += 1;
    try {
      const record = this.#recordAt(at);
      const outcome = await record.trial(plan, keepLab);
      begun.outcome = outcome;
      if (outcome.reason === 'interrupted') this.#stopped = true;
      else if (outcome.replaceable) this.#replace(begun, record);
    } catch (thrown) {
      this.#stopped = true;
      throw thrown;
    } finally {
      this.#running -= 1;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  #replace(begun: BegunTrial, record: OpenRecord): void {
    const { record: at, plan } = begun;
    const left = this.#left[at] ?? 0;
    if (left === 0) return;
    this.#left[at] = left - 1;
    this.#begun = this.#begun.filter((one) => one !== begun);
    this.#replaced.set(keyOf(at, plan), (this.#replaced.get(keyOf(at, plan)) ?? 0) + 1);
    record.onReplace(plan, left - 1);
  }

  #recordAt(at: number): OpenRecord {
    const lane = this.#lanes[at];
    if (!lane) throw new RangeError(`The campaign has no record ${at}.`);
    const record = this.#records[at] ?? lane.open();
    this.#records[at] = record;
    return record;
  }

  async #endRecords(): Promise<void> {
    const ends = this.#records.map(async (record, at) => {
      if (record && !this.#runs[at]) this.#runs[at] = await record.end();
    });
    await Promise.all(ends);
  }
}

function keyOf(record: number, { index }: TrialPlan): string {
  return `${record}/${index}`;
}
