/** The controller's planner as a child process: the same Python code that steers real switches. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Host, Link, Rule } from './floyd-oracle.js';

const replayPath = fileURLToPath(
  new URL('../../harness/lab/controllers/floyd/replay.py', import.meta.url),
);

export type Place = [switchName: string, key: string];

export interface Operation {
  switch: string;
  key: string;
  rule: Rule | null;
  needs: Place[];
}

export interface Plan {
  operations: Operation[];
  removals: Place[];
}

/** Spans of time in milliseconds; the end is not part of a span. */
interface Probes {
  intervalMs: number;
  multiplier: number;
  untilMs: number;
  lost: [from: number, to: number][];
  late: [from: number, to: number, byMs: number][];
  stalls: [from: number, to: number][];
}

/** Per instance of the controller: when it lives, and when it is stopped. */
interface Lives {
  alive: [from: number, to: number][][];
  held?: [from: number, to: number][][];
}

const everyProbeArrives: Probes = {
  intervalMs: 100,
  multiplier: 3,
  untilMs: 60_000,
  lost: [],
  late: [],
  stalls: [],
};

/** Requests are answered in order, a line each. */
export class Replay {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn('/usr/bin/python3', [replayPath]);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async start(switches: string[], links: Link[], hosts: Host[], backups: boolean): Promise<void> {
    await this.#ask({ op: 'new', switches, links, hosts, backups });
  }

  /** Plans for the links (by index) that may be used. */
  async plan(usable: number[], off: string[]): Promise<Plan> {
    return (await this.#ask({ op: 'plan', usable, off })) as Plan;
  }

  async applied(places: Place[]): Promise<void> {
    await this.#ask({ op: 'applied', places });
  }

  async emptied(switches: string[]): Promise<void> {
    await this.#ask({ op: 'emptied', switches });
  }

  /** The cost of a link in microseconds after each measuring round. */
  async costs(hysteresis: number, rounds: { delayMs: number; uncertaintyMs: number }[]) {
    const reply = await this.#ask({ op: 'costs', hysteresis, rounds });
    return (reply as { costsUs: number[] }).costsUs;
  }

  /** When probes sent at certain times are lost or late: when the link is declared dead. */
  async deadAtMs(probes: Partial<Probes>): Promise<number | null> {
    const reply = await this.#ask({ op: 'liveness', ...everyProbeArrives, ...probes });
    return (reply as { deadAtMs: number | null }).deadAtMs;
  }

  /** When a link with trouble during `bad` is taken out of use (false) and into it again (true). */
  async uses(holdMs: number, bad: [from: number, to: number][]): Promise<[number, boolean][]> {
    const reply = await this.#ask({ op: 'hold', holdMs, bad, untilMs: 60_000 });
    return (reply as { changes: [number, boolean][] }).changes;
  }

  /** Every change of role, if the instances live, and are held up, during these spans. */
  async roles(spans: Lives): Promise<[atMs: number, instance: number, role: string][]> {
    const request = { op: 'election', intervalMs: 100, multiplier: 3, untilMs: 60_000 };
    const reply = await this.#ask({ ...request, ...spans });
    return (reply as { changes: [number, number, string][] }).changes;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await ended;
  }

  async #ask(request: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`replay.py ended at ${JSON.stringify(request)}`);
    return JSON.parse(line.value);
  }
}
