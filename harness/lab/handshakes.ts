/** Which switches have shaken hands with which instances of the controller, as the wire tells. */
import type { NewEvent } from '../model/history/emit.js';

export class Handshakes {
  readonly #instances = new Map<string, Set<number>>();

  note(event: NewEvent): void {
    if (event.kind !== 'observe.openflow' || event.message !== 'handshake') return;
    const known = this.#instances.get(event.node) ?? new Set();
    this.#instances.set(event.node, known.add(event.instance ?? 0));
  }

  /** Connections are made anew. */
  forget(): void {
    this.#instances.clear();
  }

  /** Of these switches, how many have done so with this many instances. */
  among(switches: readonly string[], instances: number): number {
    return switches.filter((name) => (this.#instances.get(name)?.size ?? 0) >= instances).length;
  }
}
