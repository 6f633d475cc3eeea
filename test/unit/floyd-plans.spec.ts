/**
 * The flow checker. Random networks lose and regain links and switches in random orders; the
 * planner's changes are applied one at a time in a random order that its plan allows, sometimes
 * cut off half-way by the next failure. After every single change an independent judge follows
 * packets from every switch to every host.
 */
import { expect, test } from '@playwright/test';
import { type Random, randomFrom } from '../../harness/model/seed.js';
import {
  follow,
  type Host,
  type Link,
  leastPrices,
  priceOf,
  type Tables,
  Wiring,
} from './floyd-oracle.js';
import { type Operation, type Place, type Plan, Replay } from './floyd-replay.js';

const casesPerKind = 300;
const eventsPerCase = 6;

let replay: Replay;
test.beforeAll(() => {
  replay = new Replay();
});
test.afterAll(async () => {
  await replay.stop();
});

for (const backups of [false, true]) {
  const kind = backups ? 'fast-failover groups' : 'plain flows';
  test(`${kind}: ${casesPerKind} random networks and failure orders`, async () => {
    test.setTimeout(60_000);
    const seen = { states: 0, packets: 0 };
    for (let seed = 1; seed <= casesPerKind; seed += 1) {
      const trial = new Trial(randomFrom(seed), backups, `${kind}, seed ${seed}`);
      await trial.run();
      seen.states += trial.states;
      seen.packets += trial.packets;
    }
    // A checker that looked at nothing would pass too.
    expect(seen.states).toBeGreaterThan(casesPerKind * eventsPerCase);
    expect(seen.packets).toBeGreaterThan(seen.states);
  });
}

test('the judge sees a loop, a drop and a packet sent back by its ingress port', () => {
  const link: Link = { a: 's1', aPort: 1, b: 's2', bPort: 1, costUs: 5 };
  const host: Host = { mac: 'h', switch: 's2', port: 9 };
  const out = (port: number, bounce = false) => ({
    kind: 'forward' as const,
    buckets: [{ port, rewrite: null, bounce }],
  });
  const wiring = new Wiring([link]);
  const fate = (first: ReturnType<typeof out>, second: ReturnType<typeof out>, dead: Link[] = []) =>
    follow(
      new Map([
        ['s1', new Map([['h', first]])],
        ['s2', new Map([['h', second]])],
      ]),
      wiring,
      new Set(dead),
      's1',
      host,
    ).kind;
  expect(fate(out(1), out(9))).toBe('delivered');
  expect(fate(out(1), out(9), [link])).toBe('dropped');
  expect(fate(out(1), out(1))).toBe('dropped');
  expect(fate(out(1, true), out(1, true))).toBe('loop');
});

/** One network with its life of failures and repairs. */
class Trial {
  states = 0;
  packets = 0;
  readonly #switches: string[];
  readonly #links: Link[] = [];
  readonly #hosts: Host[] = [];
  readonly #wiring: Wiring;
  readonly #tables: Tables = new Map();
  readonly #dead = new Set<Link>();
  readonly #off = new Set<string>();

  readonly #random: Random;
  readonly #backups: boolean;
  readonly #label: string;

  constructor(random: Random, backups: boolean, label: string) {
    this.#random = random;
    this.#backups = backups;
    this.#label = label;
    const size = 3 + this.#below(6);
    this.#switches = Array.from({ length: size }, (_, i) => `s${i + 1}`);
    const ports = new Map<string, number>();
    const port = (name: string) => {
      const number = (ports.get(name) ?? 0) + 1;
      ports.set(name, number);
      return number;
    };
    const join = (a: string, b: string) =>
      this.#links.push({ a, aPort: port(a), b, bPort: port(b), costUs: this.#below(4) * 1000 });
    for (let i = 1; i < size; i += 1) join(this.#pick(this.#switches.slice(0, i)), this.#name(i));
    for (let extra = this.#below(2 * size); extra > 0; extra -= 1) {
      const [a, b] = [this.#pick(this.#switches), this.#pick(this.#switches)];
      if (a !== b) join(a, b);
    }
    for (let i = 0; i < 3; i += 1) {
      const home = this.#pick(this.#switches);
      this.#hosts.push({ mac: `02:00:00:00:00:0${i + 1}`, switch: home, port: port(home) });
    }
    for (const name of this.#switches) this.#tables.set(name, new Map());
    this.#wiring = new Wiring(this.#links);
  }

  async run(): Promise<void> {
    await replay.start(this.#switches, this.#links, this.#hosts, this.#backups);
    await this.#update(false);
    for (let event = 0; event < eventsPerCase; event += 1) {
      await this.#strike();
      // The next failure may come before the answer to this one is complete.
      await this.#update(event < eventsPerCase - 1 && this.#random() < 0.3);
    }
  }

  /** A link or a switch dies or comes back. A switch that was off comes back with no flows. */
  async #strike(): Promise<void> {
    const victim = this.#pick(this.#switches);
    if (this.#random() < 0.3) {
      if (this.#off.delete(victim)) return;
      this.#off.add(victim);
      this.#tables.set(victim, new Map());
      await replay.emptied([victim]);
      return;
    }
    const link = this.#pick(this.#links);
    if (!this.#dead.delete(link)) this.#dead.add(link);
  }

  #deadNow(): Set<Link> {
    const dead = this.#links.filter(
      (link) => this.#dead.has(link) || this.#off.has(link.a) || this.#off.has(link.b),
    );
    return new Set(dead);
  }

  async #update(cutOff: boolean): Promise<void> {
    const dead = this.#deadNow();
    const usable = this.#links.flatMap((link, index) => (dead.has(link) ? [] : [index]));
    const plan = await replay.plan(usable, [...this.#off]);
    const working = this.#check(dead, new Set());
    const order = this.#anyOrder(plan, cutOff);
    for (const operation of order) {
      this.#install(operation);
      this.#check(dead, working);
    }
    await replay.applied(order.map((operation): Place => [operation.switch, operation.key]));
    if (cutOff) return;
    for (const [name, key] of plan.removals) {
      this.#tables.get(name)?.delete(key);
      this.#check(dead, working);
    }
    await replay.applied(plan.removals);
    this.#checkShortest(dead);
    if (this.#backups) this.#checkBackups(dead);
  }

  /** A random order of the operations that the plan allows; a part of it when cut off. */
  #anyOrder(plan: Plan, cutOff: boolean): Operation[] {
    const waiting = [...plan.operations];
    const done = new Set<string>();
    const order: Operation[] = [];
    const stopAt = cutOff ? this.#below(waiting.length + 1) : waiting.length;
    while (order.length < stopAt) {
      const ready = waiting.filter((one) => one.needs.every((need) => done.has(need.join())));
      if (ready.length === 0) throw new Error(`${this.#label}: the plan waits for itself`);
      const next = this.#pick(ready);
      waiting.splice(waiting.indexOf(next), 1);
      done.add(`${next.switch},${next.key}`);
      order.push(next);
    }
    return order;
  }

  #install(operation: Operation): void {
    if (operation.rule === null) this.#tables.get(operation.switch)?.delete(operation.key);
    else this.#tables.get(operation.switch)?.set(operation.key, operation.rule);
  }

  /** No loop anywhere, and whoever was `working` still is. Returns who is working now. */
  #check(dead: Set<Link>, working: ReadonlySet<string>): Set<string> {
    this.states += 1;
    const now = new Set<string>();
    this.#eachPacket((source, host) => {
      const fate = follow(this.#tables, this.#wiring, dead, source, host);
      const pair = `${source} to ${host.mac}`;
      if (fate.kind === 'loop') throw new Error(`${this.#label}: loop, ${pair}: ${fate.path}`);
      if (fate.kind === 'delivered') now.add(pair);
      else if (working.has(pair)) throw new Error(`${this.#label}: cut off, ${pair} at ${fate.at}`);
    });
    return now;
  }

  /** All is calm: every packet that can arrive does, by a shortest path. */
  #checkShortest(dead: Set<Link>): void {
    for (const host of this.#hosts) {
      if (this.#off.has(host.switch)) continue;
      const prices = leastPrices(this.#links, dead, host.switch);
      for (const [source, price] of prices) {
        const fate = follow(this.#tables, this.#wiring, dead, source, host);
        const found = fate.kind === 'delivered' ? priceOf(fate.hops) : fate.kind;
        if (found !== price) {
          throw new Error(`${this.#label}: ${source} to ${host.mac}: ${found} instead of ${price}`);
        }
      }
    }
  }

  /** One more failure, of any link or switch: the switches alone must find every way there is. */
  #checkBackups(dead: Set<Link>): void {
    const failures = [
      ...this.#links.map((link) => [link]),
      ...this.#switches.map((name) => this.#links.filter((l) => l.a === name || l.b === name)),
    ];
    for (const failure of failures) {
      const worse = new Set([...dead, ...failure]);
      this.#check(worse, this.#reachable(worse, failure));
      // And with a second failure at the same time there may be a drop, but never a loop.
      this.#check(new Set([...worse, ...this.#pick(failures)]), new Set());
    }
  }

  #reachable(dead: Set<Link>, failure: readonly Link[]): Set<string> {
    const pairs = new Set<string>();
    for (const host of this.#hosts) {
      if (this.#off.has(host.switch)) continue;
      const lostSwitch = failure.length > 1;
      for (const source of leastPrices(this.#links, dead, host.switch).keys()) {
        if (!(lostSwitch && failure.every((link) => [link.a, link.b].includes(source)))) {
          pairs.add(`${source} to ${host.mac}`);
        }
      }
    }
    return pairs;
  }

  #eachPacket(visit: (source: string, host: Host) => void): void {
    for (const host of this.#hosts) {
      for (const source of this.#switches) {
        this.packets += 1;
        visit(source, host);
      }
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #name(index: number): string {
    return this.#switches[index] ?? '';
  }

  #pick<T>(from: readonly T[]): T {
    const one = from[this.#below(from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }
}
