/** Which trial is run next: the one scheduler of `run`, `compare` and `gate`. */
import type { RunEnd } from './lost-runner.js';
import type { TrialPlan } from './supervised-lab.js';

export interface TrialOutcome extends RunEnd {
  /** Invalid for the machine's sake: run again, it may be valid. */
  replaceable: boolean;
}

/** One record that trials are run for; a comparison has one a side. */
export interface Lane {
  plans: readonly TrialPlan[];
  /** Trials that may be run again at the most. */
  replacements: number;
  trial(plan: TrialPlan, keepLab: boolean): Promise<TrialOutcome>;
  /** Called before a trial is run again; `left` replacements remain. */
  onReplace(plan: TrialPlan, left: number): void;
}

export interface ScheduleOptions {
  /** Trials that run at the same time; left out: one. */
  parallel?: number;
  /** Keep a lab for the next trial, as long as there is one. */
  keepLabs?: boolean;
  /** Asked before each trial: no further one is needed. */
  isDone?: () => boolean;
}

interface Job {
  lane: Lane;
  plan: TrialPlan;
}

/** Up to half of the trials may be replaced, and two of a few. */
export function defaultReplacements(trials: number): number {
  return Math.max(2, Math.floor(trials / 2));
}

/**
 * Run the plans of all lanes, every lane in turn (A B C A B C), so that the machine's drift hits all
 * alike. A trial that the machine disturbed is run again at once, with the same plan, as a further
 * attempt, while its lane has replacements left. Throws what a lane throws, when all have ended.
 */
export async function runTrials(lanes: readonly Lane[], options: ScheduleOptions = {}) {
  const { parallel = 1, keepLabs = false, isDone = () => false } = options;
  const waiting = turnByTurn(lanes);
  const left = new Map(lanes.map((lane) => [lane, lane.replacements]));
  let stopped = false;
  const takeTurns = async () => {
    for (let job = waiting.shift(); job && !stopped; job = waiting.shift()) {
      if (isDone()) stopped = true;
      else stopped = await runJob(job);
    }
  };
  const runJob = async ({ lane, plan }: Job): Promise<boolean> => {
    const outcome = await lane.trial(plan, keepLabs && waiting.length > 0).catch((thrown) => {
      stopped = true;
      throw thrown;
    });
    if (outcome.reason === 'interrupted') return true;
    const remaining = left.get(lane) ?? 0;
    if (!outcome.replaceable || remaining === 0) return stopped;
    left.set(lane, remaining - 1);
    lane.onReplace(plan, remaining - 1);
    waiting.unshift({ lane, plan: { ...plan, attempt: (plan.attempt ?? 0) + 1 } });
    return stopped;
  };
  const ends = await Promise.allSettled(Array.from({ length: parallel }, takeTurns));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
}

function turnByTurn(lanes: readonly Lane[]): Job[] {
  const longest = Math.max(0, ...lanes.map(({ plans }) => plans.length));
  return Array.from({ length: longest }, (_, at) => at).flatMap((at) =>
    lanes.flatMap((lane) => {
      const plan = lane.plans[at];
      return plan ? [{ lane, plan }] : [];
    }),
  );
}
