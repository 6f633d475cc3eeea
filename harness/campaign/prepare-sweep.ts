/** From a scenario's name to the trials of a sweep over everything in it that can fail. */
import { isDeepStrictEqual } from 'node:util';
import { LabError } from '../errors.js';
import { invalidScenario } from '../language/problems.js';
import { ScenarioVariants } from '../language/resolve.js';
import { caseOfTrial, type SweepPlan } from '../model/failure-case.js';
import type { ResolvedScenario } from '../model/resolved.js';
import {
  groundwork,
  type PreparedRun,
  prepared,
  type RunOptions,
  resolvingOf,
  trialPlanOf,
} from './prepare.js';
import { expectationsOf, faultMomentMs, leftOut, timelineOf } from './space/case-scenario.js';
import { spaceOf } from './space/elements.js';
import { planSweep, type SweepRequest } from './space/sweep-plan.js';
import type { TrialPlan } from './trial-plan.js';

export interface SweepOptions extends RunOptions, SweepRequest {
  /** The plan that a record was begun with; left out: it is planned anew. */
  planned?: SweepPlan;
}

export interface PreparedSweep extends PreparedRun {
  campaign: SweepPlan;
}

/**
 * Load a scenario and plan one trial a case and round. `trials` are the rounds.
 * @throws LabError SCENARIO_INVALID, WRONG_USE for elements and faults that do not exist and for
 *   traffic with one path only, MACHINE_LACKS.
 */
export async function prepareSweep(root: string, options: SweepOptions): Promise<PreparedSweep> {
  const ground = await groundwork(root, options);
  const { loaded, capabilities } = ground;
  const resolving = { ...resolvingOf(loaded.name, options), capabilities };
  const variants = new ScenarioVariants(loaded.written, resolving);
  const base = variants.own();
  const campaign = planOf(base, loaded.written.expect, options);
  const atMs = faultMomentMs(base);
  const count = campaign.cases.length * campaign.rounds;
  const indexes = options.indexes ?? Array.from({ length: count }, (_, index) => index);
  const plans = indexes.map((index): TrialPlan => {
    const { place, round } = caseOfTrial(campaign, index);
    const one = campaign.cases[place] ?? { failures: [] };
    const { resolved, problems } = variants.examine(
      {
        timeline: timelineOf(one, atMs),
        expect: expectationsOf(loaded.written.expect, one.failures.length),
        allowNoEffect: true,
      },
      round,
    );
    if (!resolved || problems.length > 0) throw invalidScenario(loaded.name, problems);
    return trialPlanOf(resolved, index, options, round);
  });
  const run = await prepared(ground, options, plans);
  return { ...run, name: `sweep-${run.name}`, campaign };
}

function planOf(base: ResolvedScenario, written: unknown, options: SweepOptions): SweepPlan {
  const planned = planSweep(spaceOf(base), options, options.trials, options.seed);
  const expectationsLeftOut = leftOut(written).flatMap(
    (place) => base.expectations[place]?.text ?? [],
  );
  const campaign = { ...planned, expectationsLeftOut };
  // What fails decides; the words for what does not may be those of another version.
  if (options.planned === undefined) return campaign;
  if (isDeepStrictEqual(options.planned.cases, campaign.cases)) return options.planned;
  throw new LabError(
    'WRONG_USE',
    `The elements of ${base.name} have changed since the sweep began.`,
    {
      hint: 'Start a new sweep.',
    },
  );
}
