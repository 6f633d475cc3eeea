/** Sentences on why a gate came to its verdict. */
import type { z } from 'zod';
import type { boundShape, gateShapes } from '../../harness/model/reasons/gate.js';
import { busyMachineAdvice } from '../advice/busy-machine.js';
import { formatMs } from '../format.js';
import type { Sentences } from './sentences.js';

const samePlan = 'The baseline and the run must have the same seed and number of planned trials.';

const sameSeed = 'the trial with the same seed in the baseline';

type SlowerThanSeed = z.infer<(typeof gateShapes)['slower-in-all']>;

function slowerWhere({ shiftMs, direction, mean }: SlowerThanSeed): string {
  const from = direction === undefined ? '' : ` from ${direction.replace(' → ', ' to ')}`;
  return `slower by ${shiftText(shiftMs)}${mean ? ' in the mean of both directions' : from}`;
}

export const gateSentences: Sentences<keyof typeof gateShapes> = {
  'trials-censored': ({ censored, trials }) =>
    `${censored} of ${trials} trials did not recover before the deadline`,
  'bound-exceeded': ({ longestMs, bound }) =>
    `the longest, ${formatMs(longestMs)}, is over ${formatMs(bound.limitMs)} (${boundText(bound)})`,
  'no-bound': () => 'no absolute bound is defined for this metric',
  'too-few-pairs': ({ pairs, needed, significance }) =>
    `${pairs} pairs are too few for a result at p < ${significance}; at least ${needed} are needed. ${samePlan}`,
  slower: ({ shiftMs, p }) => `slower by ${shiftText(shiftMs)}, p = ${digits(p)}`,
  'looks-slower': ({ shiftMs, p }) =>
    `apparently slower by ${shiftText(shiftMs)}, but p = ${digits(p)} is not significant`,
  'slowdown-possible': ({ shiftMs, trials }) =>
    `a slowdown of ${shiftText(shiftMs)} cannot be ruled out with ${trials} trials per arm`,
  'slower-within-tolerance': ({ shiftMs, toleranceMs }) =>
    `slower by ${shiftText(shiftMs)}, within the tolerance of ${shiftText(toleranceMs)}`,
  faster: ({ byMs }) =>
    `faster by ${shiftText(byMs)}; run with --update to make this the new baseline`,
  'slower-in-all': (data) =>
    `${slowerWhere(data)}: each of the ${data.pairs} trials is slower than ${sameSeed}`,
  'slower-in-most': (data) =>
    `${slowerWhere(data)}: ${data.slower} of the ${data.pairs} trials are slower than ${sameSeed}, and none is faster`,
  'some-moved': ({ slower, faster, pairs, needed }) =>
    `${slower} of ${pairs} trials are slower and ${faster} faster than ${sameSeed}: ` +
    `the change made the lab draw other random numbers, or only some trials meet it. Judging that takes ${needed} trials; make a baseline of 10 or more with --update`,
  'seeds-agree': ({ pairs, toleranceMs }) =>
    `each of the ${pairs} trials is within ${formatMs(toleranceMs)} of ${sameSeed}`,
  'seeds-differ': () => `no trial has the same seed as a trial of the baseline. ${samePlan}`,
  'not-measured-now': () => 'no valid trial of this run has this metric',
  'not-in-baseline': () => 'the baseline does not have this metric',
  'phases-differ': ({ periodMs }) =>
    `no trial has the same phase within the ${periodMs} ms period as a trial of the baseline. ${samePlan}`,
  'too-few-trials': ({ valid, needed }) => `${valid} valid trials, at least ${needed} are needed`,
  'too-many-invalid': ({ invalid, trials }) =>
    `${invalid} of ${trials} trials are invalid, more than a tenth`,
  'baseline-elsewhere': ({ differences }) =>
    `the baseline is from another environment (${differences.join(', ')}); nothing was compared`,
  'make-a-baseline': () =>
    'make a baseline on this machine with --update, or judge by absolute bounds with --across-environments',
  'environment-differs': ({ differences }) =>
    `another environment (${differences.join(', ')}): judged by absolute bounds only`,
  'controller-changed': ({ before, now }) => `the controller changed: ${before} → ${now}`,
  'seed-changed': ({ before, now }) => `the seed changed: ${before} → ${now}`,
  'machine-busy': ({ busy, trials, replaced, processors }) => {
    const after =
      replaced === 0 ? '' : ` after ${replaced} ${replaced === 1 ? 'was' : 'were'} replaced`;
    return (
      `${busy} of ${trials} trials ${busy === 1 ? 'is' : 'are'} invalid${after} because this ` +
      `machine was too busy; ${busyMachineAdvice(processors)}`
    );
  },
};

/** Where a bound comes from, with the sum written out. */
export function boundText({ origin }: z.infer<typeof boundShape>): string {
  switch (origin.from) {
    case 'bfd':
      return `BFD ${origin.multiplier} × ${origin.intervalMs} ms + ${origin.allowanceMs} ms`;
    case 'probes':
      return `${origin.multiplier} missed probes + ${origin.allowanceMs} ms`;
    case 'decisions':
      return `decision every ${origin.everyMs} ms and ${origin.multiplier} missed probes + ${origin.allowanceMs} ms`;
    case 'expectation':
      return `the scenario expects: ${origin.text}`;
  }
}

/** A shift; unbounded when one arm no longer recovers. */
export function shiftText(ms: number | null): string {
  return ms !== null && Number.isFinite(ms) ? formatMs(ms) : 'an unbounded time';
}

function digits(p: number): string {
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}
