/** What one change of a driven lab did so far, and why that is not a recovery yet. */
import type { DirectionResult, JudgedRun, NetworkResult } from '../model/result.js';
import { secondsText } from './units.js';

/** What the runner saw: whether the sustained window passed, and when it stopped waiting. */
export interface SeenRecovery {
  stepId: string;
  recovered: boolean;
  /** CLOCK_MONOTONIC. */
  askedNs: number;
}

export interface RecoverySoFar {
  stepId: string;
  recovered: boolean;
  unrecovered: string[];
  networks: NetworkResult[];
  reasons: string[];
}

/**
 * The recovery as of the moment asked about. `covered` = the meters have reported up to it; without
 * that nothing is proven. Recovered is what runner and record agree on.
 */
export function recoverySoFar(
  judged: JudgedRun,
  { stepId, recovered }: SeenRecovery,
  covered: boolean,
): RecoverySoFar {
  const trial = judged.result.trials.at(-1);
  const networks = trial?.episodes.find((episode) => episode.stepId === stepId)?.networks ?? [];
  const unrecovered = unrecoveredWords(networks);
  if (!recovered && unrecovered.length === 0) {
    unrecovered.push(
      'not everything that is measured, TCP included, was good for the sustained window before the time was over',
    );
  }
  const reasons = trial?.fidelity?.reasons ?? [];
  return {
    stepId,
    recovered: recovered && unrecovered.length === 0,
    unrecovered,
    networks,
    reasons: covered
      ? reasons
      : [...reasons, 'the meter has not reported up to the moment that was asked about'],
  };
}

/** Why pairs have not recovered, a sentence for each direction that has not. */
export function unrecoveredWords(networks: readonly NetworkResult[]): string[] {
  return networks.flatMap(({ from, to, forward, reverse }) => [
    ...directionWords(`${from} → ${to}`, forward),
    ...directionWords(`${to} → ${from}`, reverse),
  ]);
}

function directionWords(name: string, result: DirectionResult): string[] {
  if (result.recovered) return [];
  const lastedText = secondsText(result.outageAtLeastMs);
  if (result.outageMs !== null) {
    return [
      `${name}: packets arrive again after ${lastedText}, but only for the last ` +
        `${secondsText(result.sustainedMs)}, which is less than the sustained window`,
    ];
  }
  if (result.outageEnding === 'heal') {
    return [`${name}: dark for ${lastedText}, until the heal; it did not recover by itself`];
  }
  return [`${name}: dark for more than ${lastedText}`];
}
