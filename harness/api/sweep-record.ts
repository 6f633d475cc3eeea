/** What the record of a sweep has in its head. */
import { LabError } from '../errors.js';
import type { SweepPlan } from '../model/failure-case.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { ResolvedScenario } from '../model/resolved.js';

interface Recorded {
  events: readonly HistoryEvent[];
}

/** The plan of a sweep; null: it is the record of something else. */
export function sweepPlanIn({ events }: Recorded): SweepPlan | null {
  const header = events.find((event) => event.kind === 'run.header');
  const campaign = header?.kind === 'run.header' ? header.campaign : undefined;
  return campaign?.kind === 'sweep' ? campaign : null;
}

/** The scenario in the head of a record: its network is that of all trials. */
export function scenarioIn({ events }: Recorded): ResolvedScenario {
  const header = events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') throw new LabError('INTERNAL', 'The record has no head.');
  return header.scenario;
}
