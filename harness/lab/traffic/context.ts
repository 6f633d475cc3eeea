/** What traffic needs from the run that starts it. */
import type { HistoryEvent } from '../../model/history/events.js';

type WithoutTrial<E> = E extends unknown ? Omit<E, 'trial'> : never;

/** A history event as its maker knows it; the runner adds the trial. */
export type TrafficEvent = WithoutTrial<HistoryEvent>;

export interface TrafficContext {
  /**
   * The words that run a program in a node's network namespace, such as
   * `['nsenter', '-t', '123', '-n', '--']`. The program must keep the process id of the first word
   * and must be in the process namespace of the caller.
   */
  enter(node: string): string[];
  /** The host's interface that carries its addresses. */
  interfaceOf(host: string): string;
  emit(event: TrafficEvent): void;
  /** CLOCK_MONOTONIC. */
  nowNs(): number;
  /** Folder in which raw outputs are kept. */
  logDir: string;
  /** Aborted when the run is over; only waiting for a start listens to it. */
  signal: AbortSignal;
}
