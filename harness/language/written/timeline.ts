/** When things happen: moments on the traffic's clock, or events of other faults. */
import type { Duration } from '../../model/units.js';
import type { Fault } from './faults.js';
import type { ProgramPart } from './programs.js';

/** What a step may wait for. */
export interface EventReference {
  event: 'injected' | 'recovered' | 'healed' | 'reverted';
  /** Name of the fault; undefined = the one written last before this step. */
  fault?: string;
  /**
   * The same event of a fault given by its name.
   *
   * @example
   * after(recovered.from('first'), '2s', powerOff('r2'))
   */
  from(fault: string): EventReference;
}

function eventReference(event: EventReference['event']): EventReference {
  return { event, from: (fault) => ({ ...eventReference(event), fault }) };
}

/** The moment a fault is in place and read back. */
export const injected = eventReference('injected');

/** The moment traffic has run clean again for the sustained window after a fault. */
export const recovered = eventReference('recovered');

/** The moment a fault is taken back and the heal is read back. */
export const healed = eventReference('healed');

/** The moment traffic has run clean for the sustained window after a heal. */
export const reverted = eventReference('reverted');

export interface HealAction {
  kind: 'heal';
  /** Name of the fault; undefined = the one injected last. */
  fault?: string;
}

/**
 * Takes a fault back: the one named, or the one injected last. Faults that no step heals are
 * healed when the run ends.
 *
 * @example
 * after(recovered, '5s', heal())
 * after(recovered.from('first'), '5s', heal('first'))
 */
export const heal = (fault?: string): HealAction =>
  fault === undefined ? { kind: 'heal' } : { kind: 'heal', fault };

export interface StepOptions {
  /**
   * Where in the controller's period the step falls: `'seeded'` (spread evenly over the trials by
   * the seed), a fixed `Duration` after the controller's tick, or `'any'` (do not wait). Left out:
   * `'seeded'` for `at` steps that inject a fault when the controller decides periodically.
   */
  phase?: 'seeded' | 'any' | Duration;
}

export interface AtStep extends StepOptions {
  kind: 'at';
  time: Duration;
  action: Fault | HealAction | ProgramPart;
}

export interface AfterStep extends StepOptions {
  kind: 'after';
  event: EventReference['event'];
  fault?: string;
  delay: Duration;
  action: Fault | HealAction;
}

export interface EveryOptions {
  /** How many times, 1 to 50. */
  times: number;
  /** The first time; left out: after one interval. */
  from?: Duration;
  /** Each fault is healed after this long, less than the interval; left out: half of it. */
  healAfter?: Duration;
}

export interface EveryStep extends EveryOptions {
  kind: 'every';
  interval: Duration;
  action: Fault;
}

export type Step = AtStep | AfterStep | EveryStep;

/**
 * A step at a time after the start of traffic.
 *
 * @example
 * at('5s', powerOff('r1'))
 * at('5s', powerOff('r1'), { phase: '2s' }) // two seconds after the controller's next decision
 */
export const at = (
  time: Duration,
  action: Fault | HealAction | ProgramPart,
  options: StepOptions = {},
): AtStep => ({ ...options, kind: 'at', time, action });

/**
 * A step after an event of an earlier step.
 *
 * @example
 * after(recovered, '5s', heal())
 */
export const after = (
  reference: EventReference,
  delay: Duration,
  action: Fault | HealAction,
  options: StepOptions = {},
): AfterStep => ({
  ...options,
  kind: 'after',
  ...eventOf(reference),
  delay,
  action,
});

/** The event and its fault; what is not an event is passed on, for validation to name it. */
function eventOf(reference: EventReference): Pick<AfterStep, 'event' | 'fault'> {
  if (typeof reference !== 'object' || reference === null || !('event' in reference)) {
    return { event: { given: reference } as never };
  }
  const { event, fault } = reference;
  return fault === undefined ? { event } : { event, fault };
}

/**
 * The same fault several times, healed in between.
 *
 * @example
 * every('3s', vswitchdCrash('r1'), { times: 3, healAfter: '1s' })
 */
export const every = (interval: Duration, action: Fault, options: EveryOptions): EveryStep => ({
  ...options,
  kind: 'every',
  interval,
  action,
});
