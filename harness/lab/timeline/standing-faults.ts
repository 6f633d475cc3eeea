/**
 * The faults that stand, each registered before its first change: undo comes before do. A fault
 * stays registered until its heal was read back, so that whatever failed is tried again.
 */
import type { Change, PreparedFault } from '../faults/fault.js';

interface Entry<Label> {
  label: Label;
  prepared: PreparedFault;
  /** The change or heal that is being made; never rejects. */
  busy: Promise<unknown>;
  healBegun: boolean;
}

export class StandingFaults<Label> {
  readonly #entries = new Map<string, Entry<Label>>();

  /**
   * Register a fault, then make it. When it throws, it is undone at once as far as it was made;
   * what cannot be undone then stays registered.
   */
  async inject(id: string, label: Label, prepared: PreparedFault): Promise<Change> {
    const injecting = prepared.inject();
    const busy = injecting.catch(() => {});
    this.#entries.set(id, { label, prepared, busy, healBegun: false });
    try {
      return await injecting;
    } catch (thrown) {
      await this.heal(id).catch(() => {});
      throw thrown;
    }
  }

  /**
   * Undo a fault, once the change that is being made to it has ended. It stays registered when the
   * undo throws or was not verified. Null = it does not stand (any more).
   */
  async heal(id: string): Promise<Change | null> {
    const entry = this.#entries.get(id);
    if (!entry) return null;
    entry.healBegun = true;
    const before = entry.busy;
    const healing = before.then(() => {
      // Somebody else may have healed it meanwhile.
      return this.#entries.get(id) === entry ? entry.prepared.heal() : null;
    });
    entry.busy = healing.catch(() => {});
    const healed = await healing;
    if (healed?.verified && this.#entries.get(id) === entry) this.#entries.delete(id);
    return healed;
  }

  /** Whether a fault stands and its heal has not begun. */
  untouched(id: string): boolean {
    return this.#entries.get(id)?.healBegun === false;
  }

  labelOf(id: string): Label | undefined {
    return this.#entries.get(id)?.label;
  }

  /** Labels of all that stand, newest first. */
  get labels(): Label[] {
    return [...this.#entries.values()].reverse().map(({ label }) => label);
  }

  get size(): number {
    return this.#entries.size;
  }
}
