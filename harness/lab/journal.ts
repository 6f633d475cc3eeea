/**
 * The runner's own view of the history: passes every event on to the supervisor and keeps the few
 * facts that the run waits for (controller ticks, exits, bytes per host).
 */
import { writeSync } from 'node:fs';
import { nowNs } from '../clock.js';
import type { Emit, NewEvent } from '../model/history/emit.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { Warning } from '../model/recorded/warning.js';

type Listener = (event: NewEvent) => void;

export class Journal {
  #trial: number;
  #attempt: number;
  readonly #descriptor: number;
  readonly #listeners = new Set<Listener>();
  /** When a router last changed a route, or received what may change one; null = not yet. */
  #routedNs: number | null = null;
  /** The last word on each link and BFD session: true until the next. */
  readonly #standing = new Map<string, NewEvent>();

  constructor(trial: number, descriptor: number, attempt = 0) {
    this.#trial = trial;
    this.#attempt = attempt;
    this.#descriptor = descriptor;
  }

  /** Record one event: a line to the supervisor, then the listeners. */
  readonly emit: Emit = (event) => {
    const attempt = this.#attempt > 0 ? { attempt: this.#attempt } : {};
    const line = { ...event, trial: this.#trial, ...attempt } as HistoryEvent;
    writeAll(this.#descriptor, `${JSON.stringify(line)}\n`);
    if (event.kind === 'observe.link' || event.kind === 'observe.bfd') {
      this.#standing.set(`${event.kind} ${event.node} ${event.port}`, event);
    }
    if (changesRoutes(event)) this.#routedNs = event.atNs;
    for (const listener of this.#listeners) listener(event);
  };

  /** When a router last changed a route, or received what may change one; null = not yet. */
  get routedNs(): number | null {
    return this.#routedNs;
  }

  /** Record what went wrong beside the measurement. */
  readonly warn = (warning: Warning): void => {
    this.emit({ kind: 'warning', atNs: nowNs(), warning });
  };

  /** From here on events are of another trial, or of another attempt at it. */
  turnTo(trial: number, attempt = 0): void {
    this.#trial = trial;
    this.#attempt = attempt;
  }

  /** Say once more how links and sessions are, since each trial is judged by its own events. */
  restate(): void {
    for (const event of [...this.#standing.values()]) this.emit({ ...event, atNs: nowNs() });
  }

  /** Tell the supervisor something that is not history. */
  note(message: object): void {
    writeAll(this.#descriptor, `${JSON.stringify(message)}\n`);
  }

  /** Listen until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function changesRoutes(event: NewEvent): boolean {
  if (event.kind === 'observe.routing') return event.message !== 'vrrp-advertisement';
  return event.kind === 'observe.route' && event.protocol !== 'arp';
}

const nothing = new Int32Array(new SharedArrayBuffer(4));

/** The pipe may be full for a moment: writing must not lose half a line. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EAGAIN') throw thrown;
      // A supervisor that is stopped (Ctrl-Z) reads nothing: wait for it without spinning.
      Atomics.wait(nothing, 0, 0, 1);
    }
  }
}
