/** What one change of a driven lab did so far, and why that is not a recovery yet. */
import { type Reason, reason } from '../model/reason.js';
import type { DirectionResult, JudgedRun, NetworkResult } from '../model/result.js';

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
  unrecovered: Reason[];
  networks: NetworkResult[];
  reasons: Reason[];
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
  const unrecovered = unrecoveredOf(networks);
  if (!recovered && unrecovered.length === 0) {
    unrecovered.push(reason('not-all-recovered', {}));
  }
  const reasons = trial?.fidelity?.reasons ?? [];
  return {
    stepId,
    recovered: recovered && unrecovered.length === 0,
    unrecovered,
    networks,
    reasons: covered ? reasons : [...reasons, reason('meter-behind', {})],
  };
}

/** Why pairs have not recovered, a reason for each direction that has not. */
export function unrecoveredOf(networks: readonly NetworkResult[]): Reason[] {
  return networks.flatMap(({ from, to, forward, reverse }) => [
    ...unrecoveredDirection(from, to, forward),
    ...unrecoveredDirection(to, from, reverse),
  ]);
}

function unrecoveredDirection(from: string, to: string, result: DirectionResult): Reason[] {
  if (result.recovered) return [];
  const { outageAtLeastMs, sustainedMs } = result;
  if (result.outageMs !== null) {
    return [reason('not-sustained-yet', { from, to, outageMs: outageAtLeastMs, sustainedMs })];
  }
  const untilHeal = result.outageEnding === 'heal';
  return [reason('dark-so-far', { from, to, atLeastMs: outageAtLeastMs, untilHeal })];
}
