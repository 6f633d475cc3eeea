/** What a trial is worth: asked here, and nowhere else. */
import * as z from 'zod';
import type { Reason } from './reason.js';

/**
 * `valid`: it was measured well, and takes part in every figure. `invalid`: it says nothing about the
 * network. `interrupted`: it was ended from outside, or its record was cut off.
 */
export const trialStatusSchema = z.enum(['valid', 'invalid', 'interrupted']);

export type TrialStatus = z.infer<typeof trialStatusSchema>;

/** Takes part in every figure of a run. */
export function isValid(trial: { status: TrialStatus }): boolean {
  return trial.status === 'valid';
}

/** The trials that figures are taken over. */
export function validTrials<T extends { status: TrialStatus }>(trials: readonly T[]): T[] {
  return trials.filter(isValid);
}

/** It was ended from outside, or its record was cut off: it can be done again. */
export function wasCutShort(trial: { status: TrialStatus }): boolean {
  return trial.status === 'interrupted';
}

/** From why a trial proves nothing to one word. */
export function statusOf(invalid: readonly Reason[]): TrialStatus {
  if (invalid.some((reason) => reason.cause === 'interrupted')) return 'interrupted';
  return invalid.length > 0 ? 'invalid' : 'valid';
}

/** Run again on a quieter machine, the trial may be valid. */
export function isReplaceable(trial: { status: TrialStatus; invalid: readonly Reason[] }): boolean {
  return trial.status === 'invalid' && trial.invalid.some((reason) => reason.cause === 'machine');
}
