/** How bad a trial was, for a search that is weighted towards what is bad. Pure. */
import type { SearchObjective } from '../model/failure-case.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
import { worstDirection } from './outage.js';
import { eventsOf } from './trial-record.js';

/** What never ended is worse than everything that did. */
const never = 1e9;

/** More is worse; 0: nothing happened. */
export function scoreOf(
  objective: SearchObjective,
  trial: TrialResult,
  events: readonly HistoryEvent[],
): number {
  const { network, tcp } = trial;
  const directions = network === null ? [] : [network.forward, network.reverse];
  switch (objective) {
    case 'outage': {
      const worst = worstDirection(directions);
      // What a heal ended first may have been about to end by itself.
      const open = worst?.outageMs === null && worst.outageEnding !== 'heal';
      return (worst?.outageAtLeastMs ?? 0) + (open ? never : 0);
    }
    case 'loss':
      return directions.reduce((sum, { packetsLost }) => sum + packetsLost, 0);
    case 'tcp-stall':
      if (tcp === null) return 0;
      return tcp.stallAtLeastMs + (tcp.stallEnding === 'open' ? never : 0);
    case 'never-recovers': {
      const darkMs = trial.darkAtEnd.reduce((sum, { forMs }) => sum + forMs, 0);
      // What took longest to recover is next to what never does.
      return darkMs > 0 ? never + darkMs : (worstDirection(directions)?.outageAtLeastMs ?? 0);
    }
    case 'flow-changes':
      return eventsOf(events, 'observe.openflow').filter(
        ({ message }) => message === 'flow-mod' || message === 'group-mod',
      ).length;
  }
}
