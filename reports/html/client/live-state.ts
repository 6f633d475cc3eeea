/** What is known of a run that is under way, built up event by event. */
import type { EventOf, HistoryEvent } from '../../../harness/model/history/events.js';
import { warningText } from '../../recorded/warning.js';
import { nextWait, type Wait, waitsAfter } from '../../waits.js';
import type { Drawing } from '../data.js';
import type { Moment, PathStretch } from '../view/moment.js';
import { drawingOf } from '../view/topology-layout.js';

interface Sample {
  atNs: number;
  rxBytes: number;
}

export interface News {
  atNs: number;
  text: string;
}

/** The meter reports a few times a second; a silence below this says nothing. */
const silentAfterMs = 400;

/** Seconds of throughput that the live chart shows. */
export const windowS = 60;

/** Sequence numbers of one direction: how many are missing below the highest seen. */
class Arrivals {
  highest = -1;
  missing = 0;
  lastTxNs = 0;
  #from = 0;

  /** From here on holes count; the meter sends before the network is ready as well. */
  begin(): void {
    this.#from = this.highest + 1;
    this.missing = 0;
  }

  take({ ranges }: EventOf<'meter.received'>): void {
    for (const [first, count, , lastTxNs] of ranges) {
      if (first > this.highest) {
        if (this.highest >= 0) this.missing += first - this.highest - 1;
        this.highest = first + count - 1;
      } else if (first >= this.#from) {
        this.missing = Math.max(0, this.missing - count);
      }
      this.lastTxNs = Math.max(this.lastTxNs, lastTxNs);
    }
  }
}

export class LiveState {
  header: EventOf<'run.header'> | null = null;
  drawing: Drawing | null = null;
  trial = 0;
  trafficNs: number | null = null;
  newestNs = 0;
  phase = '';
  ended: EventOf<'run.end'> | null = null;
  news: News[] = [];
  /** Time after traffic start in seconds, and bits per second arriving at the receiving host. */
  rates: Array<[number, number]> = [];
  readonly #samples = new Map<string, Sample>();
  readonly #arrivals = new Map<string, Arrivals>();
  readonly #paths = new Map<string, PathStretch>();
  #before: PathStretch[] = [];
  readonly #faults = new Map<string, string>();
  #faultNs: number | null = null;
  #trafficEndNs: number | null = null;
  #waits: readonly Wait[] = [];

  /** What the run waits for; empty when it waits for nothing. */
  get waiting(): string {
    return nextWait(this.#waits)?.what ?? '';
  }

  get receiver(): string | null {
    const flow = this.header?.scenario.flows[0];
    if (!flow) return this.header?.scenario.meters[0]?.to ?? null;
    return flow.reverse ? flow.from : flow.to;
  }

  get missing(): number {
    return [...this.#arrivals.values()].reduce((sum, each) => sum + each.missing, 0);
  }

  /** Time since a packet that was sent in this direction has arrived; null before the first. */
  silenceOf(direction: 'forward' | 'reverse'): number | null {
    const stamps = [...this.#arrivals]
      .filter(([key]) => key.endsWith(`\n${direction}`))
      .map(([, each]) => each.lastTxNs);
    if (stamps.length === 0) return null;
    // When the meter has stopped sending, nothing arrives, and nothing is lost.
    const untilNs = Math.min(this.newestNs, this.#trafficEndNs ?? Number.POSITIVE_INFINITY);
    return Math.max(0, untilNs - Math.min(...stamps)) / 1e6;
  }

  /** Directions from which nothing has arrived for longer than reports take to come in. */
  get silent(): Array<'forward' | 'reverse'> {
    return (['forward', 'reverse'] as const).filter(
      (direction) => (this.silenceOf(direction) ?? 0) > silentAfterMs,
    );
  }

  get moment(): Moment {
    const past = this.#faultNs !== null;
    const { silent } = this;
    return {
      atMs: 0,
      era: !past ? 'before' : silent.length > 0 ? 'during' : 'after',
      paths: [...this.#paths.values()],
      pathsBefore: this.#before,
      faults: this.#faults,
      losing: silent,
      sinceFaultMs: this.#faultNs === null ? null : (this.newestNs - this.#faultNs) / 1e6,
    };
  }

  take(event: HistoryEvent): void {
    if (event.kind !== 'run.end') this.newestNs = Math.max(this.newestNs, event.atNs);
    this.#waits = waitsAfter(this.#waits, event);
    switch (event.kind) {
      case 'run.header':
        this.header = event;
        this.drawing = drawingOf(event.scenario);
        break;
      case 'trial.start':
        this.#beginTrial(event.trial);
        break;
      case 'phase':
        this.phase = event.phase;
        if (event.phase === 'traffic') this.#beginTraffic(event.atNs);
        if (event.phase === 'stop' || event.phase === 'clean') this.#trafficEndNs ??= event.atNs;
        this.#tell(event.atNs, `phase: ${event.phase}`);
        break;
      case 'fault.injected':
        this.#faultNs ??= event.afterNs;
        if (this.#faults.size === 0) this.#before = [...this.#paths.values()];
        for (const target of event.targets) this.#faults.set(target, event.faultKind);
        this.#tell(event.afterNs, `${event.faultKind} on ${event.targets.join(', ')}`);
        break;
      case 'fault.healed':
        for (const target of event.targets) this.#faults.delete(target);
        this.#tell(event.afterNs, `healed: ${event.faultKind} on ${event.targets.join(', ')}`);
        break;
      case 'path':
        this.#paths.set(`${event.from}\n${event.to}`, {
          ...event,
          startMs: 0,
          era: this.#faultNs === null ? 'before' : 'after',
        });
        break;
      case 'traffic.sample':
        this.#sample(event);
        break;
      case 'meter.received':
        this.#arrived(event);
        break;
      case 'recovery.seen':
        this.#tell(event.atNs, event.recovered ? 'recovered' : 'no recovery before the deadline');
        break;
      case 'observe.bfd':
        this.#tell(event.atNs, `BFD on ${event.node} ${event.port}: ${event.state}`);
        break;
      case 'warning':
        this.#tell(event.atNs, warningText(event.warning));
        break;
      case 'run.end':
        this.ended = event;
        break;
    }
  }

  #beginTrial(trial: number): void {
    this.trial = trial;
    this.trafficNs = null;
    this.rates = [];
    this.#samples.clear();
    this.#arrivals.clear();
    this.#paths.clear();
    this.#faults.clear();
    this.#before = [];
    this.#faultNs = null;
    this.#trafficEndNs = null;
  }

  #beginTraffic(atNs: number): void {
    this.trafficNs = atNs;
    for (const arrivals of this.#arrivals.values()) arrivals.begin();
  }

  #tell(atNs: number, text: string): void {
    this.news.unshift({ atNs, text });
    this.news.length = Math.min(this.news.length, 60);
  }

  #sample({ atNs, host, rxBytes }: EventOf<'traffic.sample'>): void {
    const last = this.#samples.get(host);
    this.#samples.set(host, { atNs, rxBytes });
    const { trafficNs } = this;
    if (!last || trafficNs === null || host !== this.receiver || atNs <= last.atNs) return;
    const bps = (Math.max(0, rxBytes - last.rxBytes) * 8e9) / (atNs - last.atNs);
    const atS = (atNs - trafficNs) / 1e9;
    this.rates.push([atS, bps]);
    while ((this.rates[0]?.[0] ?? atS) < atS - windowS) this.rates.shift();
  }

  #arrived(event: EventOf<'meter.received'>): void {
    const key = `${event.meter}\n${event.direction}`;
    const arrivals = this.#arrivals.get(key) ?? new Arrivals();
    this.#arrivals.set(key, arrivals);
    arrivals.take(event);
  }
}
