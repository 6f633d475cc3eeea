/** Flows with an idle timeout, which the meter's own probes keep alive. */
import { type Reason, reason } from '../model/reason.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

/**
 * A remark where the controller wrote flows that expire without packets and a meter sends more
 * often than that: traffic that would have moved when they expired does not.
 */
export function idleFlowRemarks({ events, scenario }: TrialRecord): Reason[] {
  const idle = eventsOf(events, 'observe.openflow').flatMap(
    ({ idleTimeoutS }) => idleTimeoutS ?? [],
  );
  if (idle.length === 0) return [];
  const longestS = idle.reduce((longest, seconds) => Math.max(longest, seconds), 0);
  const keeping = scenario.meters.filter(({ rateHz }) => rateHz * longestS > 1);
  const [first] = keeping;
  if (!first) return [];
  return [
    reason('flows-kept-alive', {
      shortestS: idle.reduce((shortest, seconds) => Math.min(shortest, seconds), longestS),
      longestS,
      meters: keeping.map(({ id, rateHz }) => ({ id, rateHz })),
      from: first.from,
      to: first.to,
      sparseRateHz: sparseRateHz(longestS),
    }),
  ];
}

/** Slower than the timeout by a fifth, and no slower than a meter can be. */
function sparseRateHz(idleS: number): number {
  return Math.max(0.1, Math.floor(100 / (1.2 * idleS)) / 100);
}
