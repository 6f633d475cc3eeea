/** Which of the past runs can stand in one series, and why the others cannot. */

import { type Fingerprint, fingerprintOf } from '../harness/judge/gate/baseline.js';
import type { RunResult } from '../harness/model/result.js';

/** What must be equal for two runs to be of one series, beside the scenario. */
export type Likeness = Fingerprint & { controller: string };

/** Runs that are left out for the same reason. */
export interface LeftOut {
  runs: number;
  /** What differs from the series, with these runs' values. */
  differs: Array<{ part: keyof Likeness; value: string }>;
}

type Described = Pick<RunResult, 'controller' | 'environment'>;

export function likenessOf({ controller, environment }: Described): Likeness {
  return { controller, ...fingerprintOf(environment) };
}

/** The runs that are like `model`, in their order; the others are counted by what differs. */
export function likeRuns<Run extends Described>(
  runs: readonly Run[],
  model: Described,
): { like: Run[]; leftOut: LeftOut[] } {
  const wanted = likenessOf(model);
  const like: Run[] = [];
  const leftOut = new Map<string, LeftOut>();
  for (const run of runs) {
    const differs = differencesFrom(wanted, likenessOf(run));
    if (differs.length === 0) {
      like.push(run);
      continue;
    }
    const key = JSON.stringify(differs);
    const group = leftOut.get(key) ?? { runs: 0, differs };
    group.runs += 1;
    leftOut.set(key, group);
  }
  return { like, leftOut: [...leftOut.values()].sort((a, b) => b.runs - a.runs) };
}

const parts = ['controller', 'datapath', 'kernel', 'cores', 'ovs', 'labs'] as const;

function differencesFrom(wanted: Likeness, found: Likeness): LeftOut['differs'] {
  return parts
    .filter((part) => wanted[part] !== found[part])
    .map((part) => ({ part, value: String(found[part] ?? 'fresh') }));
}
