/** Which of several ends took the others along: by what holds what, never by which was seen first. */
import type { LabError } from '../errors.js';
import type { ProcessId, ProcessRole } from '../model/process-id.js';

/**
 * From what holds others to what they hold: by the bridge Mininet holds the nodes' shells, by the
 * shells everything else enters a node, the switches call the controllers, and the instruments only
 * look at what runs.
 */
const holders: readonly ProcessRole[] = [
  'bridge',
  'shell',
  'switch',
  'controller',
  'watch',
  'meter',
];

/** A process that ended unasked, and the error that reports it. */
export interface Failure {
  process: Pick<ProcessId, 'role'>;
  error: LabError;
}

/** Position among `holders`; behind all of them for a process that nothing depends on. */
function rankOf({ process }: Failure): number {
  const rank = holders.indexOf(process.role);
  return rank < 0 ? holders.length : rank;
}

/** The failure that the others follow from; of several that hold as much, the first seen. */
export function rootCause(failures: readonly Failure[]): LabError | null {
  const first = failures.reduce<Failure | null>(
    (cause, failure) => (cause === null || rankOf(failure) < rankOf(cause) ? failure : cause),
    null,
  );
  return first?.error ?? null;
}

/** Collects what ends unasked while a lab is used. */
export class Failures {
  readonly #failures: Failure[] = [];
  readonly #looks: Array<() => unknown> = [];

  /** `broken` is aborted by the first. */
  constructor(readonly broken: AbortController) {}

  add(failure: Failure): void {
    this.#failures.push(failure);
    this.broken.abort(failure.error);
  }

  /**
   * `look` adds, by the time it has settled, whatever it can see to have ended. What holds more is
   * looked at last, so that a holder that ends first has its end seen as well.
   */
  lookBy(look: () => unknown): void {
    this.#looks.push(look);
  }

  /**
   * Why a trial really failed, given what was thrown in it: the failure of a program may be seen
   * before the end of what held it. The state of each holder is looked at, however long that takes.
   */
  async causeOf(thrown: unknown): Promise<unknown> {
    for (const look of [...this.#looks].reverse()) await look();
    const { aborted, reason } = this.broken.signal;
    return rootCause(this.#failures) ?? (aborted ? reason : thrown);
  }
}
