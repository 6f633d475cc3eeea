/** Which of several machines can share one record. Pure. */
import { fingerprintDifferences, fingerprintOf } from '../../judge/gate/baseline.js';
import type { MachineFacts } from './place.js';

export interface Placed<Machine> {
  machine: Machine;
  facts: MachineFacts;
}

export interface Common<Machine> {
  /** Alike in everything that milliseconds depend on. */
  used: Placed<Machine>[];
  /** How each of the others differs from the first of them. */
  apart: { machine: Machine; differences: string[] }[];
}

/**
 * The largest group of machines whose figures are comparable; of equally large ones the first. In
 * virtual time processors and kernels of the machines do not matter, and are not in the fingerprint.
 */
export function commonPlace<Machine>(placed: readonly Placed<Machine>[]): Common<Machine> {
  const groups = new Map<string, Placed<Machine>[]>();
  for (const one of placed) {
    const fingerprint = JSON.stringify(fingerprintOf(one.facts.environment));
    groups.set(fingerprint, [...(groups.get(fingerprint) ?? []), one]);
  }
  const [used = []] = [...groups.values()].toSorted((a, b) => b.length - a.length);
  const [first] = used;
  const apart = placed
    .filter((one) => !used.includes(one))
    .map(({ machine, facts }) => ({
      machine,
      differences: first
        ? fingerprintDifferences(
            fingerprintOf(first.facts.environment),
            fingerprintOf(facts.environment),
          )
        : [],
    }));
  return { used, apart };
}
