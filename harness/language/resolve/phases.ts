/** Where in the controller's period each trial's faults fall. */
import {
  derivedSeed,
  type PhaseOfTrial,
  randomFrom,
  stratifiedPhases,
  trialSeed,
} from '../../model/seed.js';

/** One trial among those of a run. */
export interface TrialOfRun {
  seed: number;
  /** Which of how many trials, 0-based. Left out: the only one. */
  trial?: number;
  trials?: number;
}

/** The trial's own seed. */
export function seedOf({ seed, trial = 0 }: TrialOfRun): number {
  return trialSeed(seed, trial);
}

/** Where the trial's fault falls in the period, and its stratum; null without a period. */
export function phaseOfTrial(options: TrialOfRun, periodMs: number | null): PhaseOfTrial | null {
  if (periodMs === null) return null;
  const trial = options.trial ?? 0;
  const trials = Math.max(options.trials ?? 1, trial + 1);
  return stratifiedPhases(options.seed, trials, periodMs)[trial] ?? null;
}

/** The first seeded step of a trial is stratified over the trials; later ones are drawn. */
export function phaseOffsets(options: TrialOfRun, periodMs: number | null): (n: number) => number {
  const first = phaseOfTrial(options, periodMs);
  const random = randomFrom(derivedSeed(seedOf(options), 'later phases'));
  return (n) => {
    if (first === null || periodMs === null) return 0;
    return n === 0 ? first.offsetMs : Math.floor(random() * periodMs);
  };
}
