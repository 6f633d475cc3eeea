/**
 * From the written form to the resolved one: names bound, units turned into numbers, defaults
 * filled in, and everything that can be known to be wrong said before anything starts.
 */
import type { Capabilities } from '../model/capabilities.js';
import type { ResolvedScenario } from '../model/resolved.js';
import { invalidScenario, type Problem, Problems } from './problems.js';
import { type BoundScenario, bindScenario } from './resolve/bind.js';
import type { TrialOfRun } from './resolve/phases.js';
import { planTrial } from './resolve/plan.js';
import { checkCapabilities } from './validate/capabilities.js';
import { checkPrograms } from './validate/programs.js';

/** What is the same for all trials of a run. */
export interface RunResolveOptions {
  /** Name of the scenario in reports and in `runs/`. */
  name: string;
  /** What chance decides: moments within the controller's period, and relays picked by the seed. */
  seed: number;
  /** How many trials the run has. Left out: one. */
  trials?: number;
  /** Another controller than the one written; see {@link parseController}. */
  controller?: string;
  /** Other routing than the routers' own; see `routingPresets`. */
  routing?: string;
  /** What the machine can do; left out: not judged. */
  capabilities?: Capabilities;
}

export interface ResolveOptions extends RunResolveOptions {
  /** Which of the trials, 0-based. Left out: the first. */
  trial?: number;
}

/**
 * The plan of one trial. Same scenario, same options: the same plan.
 *
 * @throws LabError SCENARIO_INVALID with `details.problems`, each `{ path, message, hint? }`.
 */
export function resolveScenario(written: unknown, options: ResolveOptions): ResolvedScenario {
  const { resolved, problems } = examineScenario(written, options);
  if (resolved === undefined || problems.length > 0) throw invalidScenario(options.name, problems);
  return resolved;
}

/**
 * The plans of several trials of one run, by their indexes. What they share is bound once, and is
 * the same object in all of them.
 *
 * @throws LabError as {@link resolveScenario} does, for the first trial that has a problem.
 */
export function resolveTrials(
  written: unknown,
  options: RunResolveOptions,
  indexes: readonly number[],
): ResolvedScenario[] {
  const shared = new Problems();
  const bound = bindScenario(written, options, shared);
  return indexes.map((trial) => {
    const { resolved, problems } = examine(bound, shared, { ...options, trial });
    if (resolved && problems.length === 0) return resolved;
    throw invalidScenario(options.name, problems);
  });
}

/**
 * A scenario of which the timeline and other fields may be replaced, trial by trial. What stays the
 * same is bound once.
 */
export class ScenarioVariants {
  readonly #written: unknown;
  readonly #options: RunResolveOptions;
  readonly #shared = new Problems();
  readonly #bound: BoundScenario | undefined;

  constructor(written: unknown, options: RunResolveOptions) {
    this.#written = written;
    this.#options = options;
    this.#bound = bindScenario(written, options, this.#shared);
  }

  /** As it is written. @throws LabError as {@link resolveScenario} does. */
  own(): ResolvedScenario {
    return resolveScenario(this.#written, this.#options);
  }

  /** With other fields; the problems are values. @param trial 0-based: decides the seed. */
  examine(
    fields: { timeline: unknown; expect?: unknown; allowNoEffect?: boolean },
    trial: number,
  ): { resolved: ResolvedScenario | undefined; problems: Problem[] } {
    const bound = this.#bound;
    const changed = bound && { ...bound, frame: { ...bound.frame, ...fields } };
    return examine(changed, this.#shared, { ...this.#options, trial });
  }
}

/** What {@link resolveScenario} does, with the problems as a value. */
export function examineScenario(
  written: unknown,
  options: ResolveOptions,
): { resolved: ResolvedScenario | undefined; problems: Problem[] } {
  const problems = new Problems();
  return examine(bindScenario(written, options, problems), problems, options);
}

function examine(
  bound: BoundScenario | undefined,
  shared: Problems,
  options: ResolveOptions & TrialOfRun,
): { resolved: ResolvedScenario | undefined; problems: Problem[] } {
  const problems = new Problems(shared.list);
  const resolved = bound && planTrial(options.name, bound, options, problems);
  if (resolved && options.capabilities !== undefined && problems.list.length === 0) {
    problems.list.push(
      ...checkCapabilities(resolved, options.capabilities),
      ...checkPrograms(resolved),
    );
  }
  return { resolved, problems: problems.list };
}
