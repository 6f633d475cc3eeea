/** From a scenario's name to a search: its space, and how a schedule becomes a trial. */
import { LabError } from '../errors.js';
import { faultDescriptors } from '../kinds/generated/fault-descriptors.js';
import { invalidScenario } from '../language/problems.js';
import { ScenarioVariants } from '../language/resolve.js';
import type { Scenario } from '../language/written/scenario.js';
import type { SearchPlan } from '../model/failure-case.js';
import type { ResolvedScenario } from '../model/resolved.js';
import {
  groundwork,
  type PreparedRun,
  prepared,
  type RunOptions,
  resolvingOf,
  trialPlanOf,
} from './prepare.js';
import { expectationsOfSchedule, faultMomentMs } from './space/case-scenario.js';
import { ScheduleSpace } from './space/draw.js';
import { pairsCutBy, spaceOf } from './space/elements.js';
import {
  failureOptions,
  keyOfSchedule,
  type Schedule,
  timelineOfSchedule,
} from './space/schedule.js';
import { chosenElements } from './space/sweep-plan.js';
import { Search } from './strategies/search.js';
import type { SearchTrial } from './strategies/search-trial.js';
import type { TrialPlan } from './trial-plan.js';

export interface PreparedSearch extends PreparedRun {
  campaign: SearchPlan;
  search: Search;
  base: ResolvedScenario;
  written: Scenario;
  /** What a trial is held to, as it is written. */
  expectOf(schedule: Schedule): object[];
  timelineOf(schedule: Schedule): object[];
  planOf(trial: SearchTrial): TrialPlan;
}

/**
 * Load a scenario and open its space of failures. All trials have the seed of the search, so that a
 * finding is run again by its file and that seed.
 * @throws LabError SCENARIO_INVALID, MACHINE_LACKS, WRONG_USE where nothing can fail.
 */
export async function prepareSearch(
  root: string,
  options: RunOptions,
  plan: SearchPlan,
): Promise<PreparedSearch> {
  const ground = await groundwork(root, options);
  const { loaded, capabilities, by } = ground;
  const site = 'site' in by && !('thrown' in by.site) ? by.site : null;
  const resolving = { ...resolvingOf(loaded.name, options), capabilities };
  const variants = new ScenarioVariants(loaded.written, resolving);
  const base = variants.own();
  const baseMs = faultMomentMs(base);
  const expectOf = (schedule: Schedule) =>
    expectationsOfSchedule(loaded.written.expect, schedule.length);
  const timelineOf = (schedule: Schedule) => timelineOfSchedule(schedule, baseMs);
  const examined = new Map<string, ReturnType<ScenarioVariants['examine']>>();
  const examine = (schedule: Schedule) => {
    const key = keyOfSchedule(schedule);
    const known =
      examined.get(key) ??
      variants.examine(
        { timeline: timelineOf(schedule), expect: expectOf(schedule), allowNoEffect: true },
        0,
      );
    examined.set(key, known);
    return known;
  };
  const search = new Search(openSpace(base, plan, examine), {
    seed: options.seed,
    budget: plan.budget,
    simplifyMost: plan.simplifyMost,
  });
  const planOf = ({ schedule, index }: SearchTrial): TrialPlan => {
    const { resolved, problems } = examine(schedule);
    if (!resolved || problems.length > 0) throw invalidScenario(loaded.name, problems);
    const trial = trialPlanOf(resolved, index, options, 0);
    return site ? { ...trial, scenario: site.adapt(resolved).scenario } : trial;
  };
  const first = search.trials.slice(0, 1).map(planOf);
  const run = await prepared(ground, options, first);
  return {
    ...run,
    ...{ name: `search-${run.name}`, campaign: plan, search, base, written: loaded.written },
    ...{ expectOf, timelineOf, planOf },
  };
}

function openSpace(
  base: ResolvedScenario,
  { asked, atOnce, horizonMs }: SearchPlan,
  examine: (schedule: Schedule) => ReturnType<ScenarioVariants['examine']>,
): ScheduleSpace {
  const known: readonly string[] = faultDescriptors.map(({ kind }) => kind);
  const wrong = asked.faults?.find((kind) => !known.includes(kind));
  if (wrong !== undefined) {
    throw new LabError('WRONG_USE', `--faults: ${wrong} is not a kind of fault.`, {
      hint: `Allowed: ${known.join(', ')}.`,
    });
  }
  const space = spaceOf(base);
  const isValid = (schedule: Schedule) => {
    const { resolved, problems } = examine(schedule);
    return resolved !== undefined && problems.length === 0;
  };
  const options = failureOptions(space, chosenElements(space, asked.elements), asked.faults);
  // Alone and from the beginning: what this scenario or machine refuses is not drawn at all.
  const usable = options.filter((option) => {
    if (pairsCutBy(space, [option]).length > 0) return false;
    return isValid([{ ...option, startMs: 0, lastsMs: null }]);
  });
  if (usable.length === 0) {
    throw new LabError('WRONG_USE', `${base.name} has no element whose failure leaves a path.`, {
      hint: '`failover-lab sweep` prints the cuts. Add a second path, or allow other --elements or --faults.',
    });
  }
  return new ScheduleSpace(space, usable, { atOnce, horizonMs }, isValid);
}
