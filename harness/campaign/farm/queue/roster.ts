/** The workers of a queue, as they register: who is there, who came, who is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LabError } from '../../../errors.js';
import { guestSite } from '../../../sites/guest.js';
import { commonPlace } from '../common-place.js';
import type { MachineNews } from '../farm.js';
import { packageName } from '../package.js';
import type { MachineFacts, PlaceWanted } from '../place.js';
import { queueOf, type Registered, registered, workersPattern } from './names.js';

interface Wanted {
  queue: string;
  wanted: PlaceWanted;
  onNews: (news: MachineNews) => void;
}

/** Workers that were just started may take this long to register, in milliseconds. */
const patienceMs = 10_000;

/** The workers that share a record, once there is one. Throws MACHINE_LACKS. */
export async function firstWorkers(client: Redis, options: Wanted): Promise<Roster> {
  let workers: Registered[] = [];
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += 500) {
    workers = await readWorkers(client);
    if (workers.some((one) => isFit(one, options.wanted))) break;
    await sleep(500);
  }
  const fit = workers.filter((one) => isFit(one, options.wanted));
  if (fit.length === 0) throw noWorker(options.queue, workers);
  const { used } = commonPlace(fit.map((machine) => ({ machine, facts: machine.facts })));
  const [first] = used;
  if (!first) throw noWorker(options.queue, workers);
  const roster = new Roster(client, options, first.machine);
  roster.take(workers);
  return roster;
}

export class Roster {
  readonly facts: MachineFacts;
  readonly sandbox: string;
  readonly #client: Redis;
  readonly #options: Wanted;
  readonly #queue: string;
  #known = new Map<string, Registered>();
  #looking = false;

  constructor(client: Redis, options: Wanted, first: Registered) {
    this.#client = client;
    this.#options = options;
    this.facts = first.facts;
    this.sandbox = first.sandbox;
    this.#queue = queueOf(first.facts);
  }

  /** Trials at a time: of all workers that take part, and the most of one. */
  get slots(): { sum: number; most: number } {
    const slots = [...this.#known.values()]
      .filter((one) => queueOf(one.facts) === this.#queue)
      .map((one) => one.slots);
    return { sum: slots.reduce((sum, each) => sum + each, 0), most: Math.max(1, ...slots) };
  }

  /** Look who is there now. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      this.take(await readWorkers(this.#client));
    } catch {
      // Redis is away; the next look will do.
    } finally {
      this.#looking = false;
    }
  }

  /** Report who is new and who is gone. */
  take(workers: readonly Registered[]): void {
    const now = new Map(workers.map((one) => [one.id, one]));
    for (const [id, one] of now) if (!this.#known.has(id)) this.#options.onNews(this.#welcome(one));
    for (const [id, { name, facts }] of this.#known) {
      if (now.has(id) || queueOf(facts) !== this.#queue) continue;
      const message = `The worker ${name} is gone; what it had begun is executed elsewhere.`;
      const trouble = { code: 'MACHINE_LOST', message };
      this.#options.onNews({ state: 'failed', machine: name, trial: null, trouble });
    }
    this.#known = now;
  }

  #welcome({ name: machine, facts, slots }: Registered): MachineNews {
    if (queueOf(facts) === this.#queue) return { state: 'ready', machine, slots };
    if (facts.package !== packageName()) {
      const message = `The worker ${machine} has failover-lab ${facts.package}; this campaign has ${packageName()}.`;
      const trouble = { code: 'OTHER_VERSION', message, hint: 'Start the same version on both.' };
      return { state: 'left-out', machine, trouble };
    }
    const two = [this.facts, facts].map((each) => ({ machine, facts: each }));
    const [apart] = commonPlace(two).apart;
    return { state: 'kept-apart', machine, differences: apart?.differences ?? [] };
  }
}

function isFit({ facts }: Registered, { sandbox }: PlaceWanted): boolean {
  if (facts.package !== packageName()) return false;
  const virtual = facts.environment.clock === 'virtual';
  if (sandbox === 'auto') return !virtual;
  return sandbox === guestSite ? virtual : facts.environment.sandbox === sandbox;
}

async function readWorkers(client: Redis): Promise<Registered[]> {
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, some] = await client.scan(cursor, 'MATCH', workersPattern, 'COUNT', 200);
    cursor = next;
    keys.push(...some);
  } while (cursor !== '0' && keys.length < 10_000);
  const texts = keys.length === 0 ? [] : await client.mget(keys);
  return texts.flatMap((text) => {
    const parsed = registered.safeParse(parsedOrNull(text));
    return parsed.success ? [parsed.data] : [];
  });
}

function parsedOrNull(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function noWorker(queue: string, others: readonly Registered[]): LabError {
  const [other] = others;
  if (!other) {
    return new LabError('MACHINE_LACKS', `No worker takes trials from ${queue}.`, {
      hint: `Start one on a machine: failover-lab worker --queue ${queue}`,
    });
  }
  const { package: name, environment } = other.facts;
  const what = `${other.name} has failover-lab ${name}, sandbox ${environment.sandbox}`;
  const message = `No worker of ${queue} can execute these trials: ${what}; this campaign has ${packageName()}.`;
  const hint = 'Start workers of the same version, with the same --clock and --sandbox.';
  return new LabError('MACHINE_LACKS', message, { hint });
}
