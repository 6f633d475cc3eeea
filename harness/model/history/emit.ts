/** How parts of the runner report what happens. The runner adds `trial`. */
import type { HistoryEvent } from './events.js';

type WithoutTrial<E> = E extends HistoryEvent ? Omit<E, 'trial'> : never;

/** An event before the runner stamped the trial's number on it. */
export type NewEvent = WithoutTrial<HistoryEvent>;

export type Emit = (event: NewEvent) => void;
