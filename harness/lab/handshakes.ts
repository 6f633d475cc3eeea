/** Completed OpenFlow handshakes of each switch with each controller instance, as the control tap sees them. */
import type { NewEvent } from '../model/history/emit.js';

export class Handshakes {
  readonly #instances = new Map<string, Set<number>>();

  note(event: NewEvent): void {
    if (event.kind !== 'observe.openflow' || event.message !== 'handshake') return;
    const known = this.#instances.get(event.node) ?? new Set();
    this.#instances.set(event.node, known.add(event.instance ?? 0));
  }

  /** Before switches connect again. */
  reset(): void {
    this.#instances.clear();
  }

  /** How many of these switches have completed it with that many instances. */
  count(switches: readonly string[], instances: number): number {
    return switches.filter((name) => (this.#instances.get(name)?.size ?? 0) >= instances).length;
  }
}
