/** A scenario is recorded once, in the head; each trial records only what differs for it. Pure. */
import type { ResolvedScenario } from '../resolved.js';
import type { EventOf } from './events.js';

type Key = keyof ResolvedScenario;

/** The fields of a trial's scenario that are not as in the head's. */
export function differencesOf(
  head: ResolvedScenario,
  own: ResolvedScenario,
): Partial<ResolvedScenario> {
  const keys = Object.keys(own) as Key[];
  const differing = keys.filter((key) => JSON.stringify(own[key]) !== JSON.stringify(head[key]));
  return Object.fromEntries(differing.map((key) => [key, own[key]]));
}

/** The scenario as a trial executed it. Records before 0.2 repeat it whole in each trial. */
export function scenarioOfTrial(
  header: Pick<EventOf<'run.header'>, 'scenario'>,
  start: Pick<EventOf<'trial.start'>, 'scenario' | 'differs'>,
): ResolvedScenario {
  return start.scenario ?? ({ ...header.scenario, ...start.differs } as ResolvedScenario);
}
