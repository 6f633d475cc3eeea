/** Who used the machine's processors while a trial ran. */
import type { ProcessorUse } from '../model/processor-use.js';
import { eventsOf, type TrialRecord } from './trial-record.js';

/** Null where nobody counted: in virtual time, and in older records. */
export function processorUseOf({ events }: Pick<TrialRecord, 'events'>): ProcessorUse | null {
  const counted = eventsOf(events, 'observe.processors').at(-1);
  if (counted === undefined) return null;
  const { processors, busyPercent, ownPercent, stolenPercent, others } = counted;
  return { processors, busyPercent, ownPercent, stolenPercent, others };
}

/** What others than the labs used, the hypervisor included, in percent of one processor. */
export function usedByOthers({ busyPercent, ownPercent, stolenPercent }: ProcessorUse): number {
  return Math.max(0, busyPercent - ownPercent) + stolenPercent;
}
