/** A lab that obeys orders instead of its timeline: built, held for as long as they come, taken down. */

import { type LiveRun, openRun } from '../campaign/live-run.js';
import type { RunEnd } from '../campaign/lost-runner.js';
import { prepareRun } from '../campaign/prepare.js';
import type { LabOperator } from '../campaign/supervised-lab.js';
import type { TrialPlan } from '../campaign/trial-plan.js';
import { LabError } from '../errors.js';
import { type Run, runOf } from './judge.js';
import { type LabRequest, listenersOf, rootOf, runOptionsOf } from './options.js';
import { writeReports } from './write-reports.js';

export type { RunEnd } from '../campaign/lost-runner.js';
export type { LabOperator } from '../campaign/supervised-lab.js';
export type { TrialPlan } from '../campaign/trial-plan.js';

export interface HeldLab {
  /** Where orders come from and answers go. */
  operator: LabOperator;
  /** The terminal of a person who drives it; such a lab measures nothing and gets no report. */
  terminal?: { device: string; type: string };
  /** Change the plan before the lab is built. */
  adjust?: (plan: TrialPlan) => void;
  /** Called with the record before the lab is built. */
  onOpen?: (live: LiveRun) => void;
}

/** Build the scenario's lab and hold it until its orders end. Throws as `run` does. */
export async function holdLab(
  scenario: string,
  request: LabRequest,
  { operator, terminal, adjust, onOpen }: HeldLab,
): Promise<{ run: Run; end: RunEnd }> {
  const options = runOptionsOf(scenario, { ...request, trials: 1 });
  const prepared = await prepareRun(rootOf(request), options);
  const [plan] = prepared.trials;
  if (!plan) throw new LabError('INTERNAL', 'A lab without a trial.');
  adjust?.(plan);
  const live = openRun(prepared, options, {
    ...listenersOf(request),
    write: terminal ? async () => {} : writeReports,
    drive: operator,
    ...(terminal ? { terminal } : {}),
  });
  onOpen?.(live);
  const end = await live.trial(plan, false);
  return { run: runOf(await live.end()), end };
}
