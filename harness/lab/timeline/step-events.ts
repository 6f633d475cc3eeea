import { abortable } from '../../abortable.js';

/** What steps wait for each other by: events of steps, reached once. */
type Milestone = 'injected' | 'recovered' | 'healed' | 'reverted';

export class StepEvents {
  readonly #reached = new Set<string>();
  readonly #waiting = new Map<string, Array<() => void>>();

  reach(step: string, milestone: Milestone): void {
    const key = `${step} ${milestone}`;
    this.#reached.add(key);
    for (const resume of this.#waiting.get(key) ?? []) resume();
    this.#waiting.delete(key);
  }

  /** Resolves when, or as soon as, the step reaches the milestone; rejects when `signal` does. */
  reached(step: string, milestone: Milestone, signal: AbortSignal): Promise<void> {
    const key = `${step} ${milestone}`;
    if (this.#reached.has(key)) return Promise.resolve();
    return abortable(signal, (resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    });
  }
}
