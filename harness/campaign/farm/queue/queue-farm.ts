/** The farm of `--queue`: workers that come and go, jobs handed out by BullMQ on Redis. */
import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { LabError } from '../../../errors.js';
import type { Capabilities } from '../../../model/capabilities.js';
import type { Environment } from '../../../model/history/events.js';
import { Executions } from '../executions.js';
import type { ComeBack, Farm, FarmListeners, FarOutcome, MachineNews } from '../farm.js';
import { type FarJob, type FarPlace, type FarTrouble, farLine, farTrouble } from '../job.js';
import { packageName } from '../package.js';
import { unpack } from '../packed.js';
import type { PlaceWanted } from '../place.js';
import {
  campaignKey,
  campaignSeenS,
  cancelChannel,
  cancelledKey,
  prefix,
  queueOf,
  recordsKey,
} from './names.js';
import { connect, lastingConnection, parseQueue, queueLibraries } from './redis.js';
import { firstWorkers, type Roster } from './roster.js';

export interface QueueFarmOptions extends FarmListeners {
  queue: string;
  wanted: PlaceWanted;
}

/** Times that a trial is tried, by different workers as they take it. */
const tries = 3;
const recordsEveryMs = 200;
const rosterEveryMs = 3000;
/** What Redis lost when it was started again is handed out again after this long. */
const lookAfterMs = 5000;

/** Throws WRONG_USE, and MACHINE_LACKS when Redis or every worker is missing. */
export async function openQueueFarm(options: QueueFarmOptions): Promise<Farm> {
  const redisOptions = parseQueue(options.queue, process.env);
  const libraries = await queueLibraries();
  const client = await connect(libraries, redisOptions, options.queue);
  try {
    const roster = await firstWorkers(client, options);
    const connection = lastingConnection(redisOptions);
    const name = queueOf(roster.facts);
    const queue = new libraries.Queue(name, { connection, prefix });
    const events = new libraries.QueueEvents(name, { connection, prefix });
    // They reconnect by themselves.
    queue.on('error', () => {});
    events.on('error', () => {});
    await events.waitUntilReady();
    return new QueueFarm(options, { client, queue, events, roster });
  } catch (thrown) {
    client.disconnect();
    throw thrown;
  }
}

interface Parts {
  client: Redis;
  queue: Queue;
  events: QueueEvents;
  roster: Roster;
}

interface Outstanding {
  job: FarJob;
  resolve: (outcome: FarOutcome) => void;
}

class QueueFarm implements Farm {
  readonly capabilities: Capabilities;
  readonly environment: Environment;
  readonly place: FarPlace;
  readonly packageName = packageName();
  readonly slots: number;
  readonly unrecorded: MachineNews[];
  readonly #options: QueueFarmOptions;
  readonly #parts: Parts;
  readonly #executions: Executions;
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #runIds = new Set<string>();
  readonly #timers: NodeJS.Timeout[];
  #reading = false;
  #looking = false;

  constructor(options: QueueFarmOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.unrecorded = options.unrecorded;
    const { facts, sandbox, slots } = parts.roster;
    this.environment = facts.environment;
    this.capabilities = facts.capabilities;
    const { datapath } = facts.environment;
    this.place = { sandbox, datapath: datapath === 'kernel' ? 'kernel' : 'user' };
    this.slots = slots.most;
    this.#executions = new Executions(options.onNews);
    parts.events.on('progress', ({ data }) => this.#hear(data));
    parts.events.on('failed', ({ jobId, failedReason }) => this.#fail(jobId, failedReason));
    this.#timers = [
      setInterval(() => void this.#readRecords(), recordsEveryMs),
      setInterval(() => void parts.roster.look(), rosterEveryMs),
      setInterval(() => void this.#lookAfter(), lookAfterMs),
    ];
    options.interrupted.addEventListener('abort', this.#cancel);
  }

  width(open: boolean): number {
    return open ? Math.max(1, this.#parts.roster.slots.sum) : 1000;
  }

  run(job: FarJob): Promise<FarOutcome> {
    const known = this.#runIds.has(job.runId);
    this.#runIds.add(job.runId);
    return new Promise((resolve) => {
      const end = (outcome: FarOutcome) => {
        this.#outstanding.delete(job.key);
        resolve(outcome);
      };
      this.#outstanding.set(job.key, { job, resolve: end });
      this.#executions.expect(job, (done) => end({ done }));
      void this.#handOut(job, known).catch((thrown: unknown) => {
        end({
          failed: { code: 'MACHINE_LOST', message: `Redis: ${String(thrown).slice(0, 500)}` },
        });
      });
    });
  }

  onSurplus(runId: string, take: (record: ComeBack) => void): void {
    this.#executions.onSurplus(runId, take);
  }

  async collect(runId: string): Promise<void> {
    await this.#readRecords();
    await this.#parts.client.del(campaignKey(runId));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.interrupted.removeEventListener('abort', this.#cancel);
    const { client, queue, events } = this.#parts;
    // A Redis that is gone must not hold the command.
    const closed = Promise.allSettled([events.close(), queue.close()]);
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3000))]);
    client.disconnect();
  }

  async #handOut(job: FarJob, known: boolean): Promise<void> {
    if (!known) await this.#renew(job.runId);
    await this.#parts.queue.add('trial', job, {
      ...{ jobId: job.key, attempts: tries, backoff: 500 },
      ...{ removeOnComplete: { age: 3600 }, removeOnFail: { age: 3600 } },
    });
  }

  async #renew(runId: string): Promise<void> {
    await this.#parts.client.set(campaignKey(runId), 'here', 'EX', campaignSeenS);
  }

  #hear(data: unknown): void {
    const line = farLine.safeParse(data);
    if (line.success && line.data.far !== 'record') this.#executions.hear(line.data);
  }

  #fail(key: string, reason: string): void {
    this.#outstanding.get(key)?.resolve({ failed: troubleIn(reason) });
  }

  async #readRecords(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (const runId of this.#runIds) {
        for (;;) {
          const texts = await this.#parts.client.lpop(recordsKey(runId), 20);
          if (!texts || texts.length === 0) break;
          for (const text of texts) this.#take(text);
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  #take(text: string): void {
    try {
      const { key, machine, packed } = JSON.parse(text) as Record<string, string>;
      if (key && machine && packed) {
        this.#executions.take({ key, machine, record: unpack(packed) });
      }
    } catch (thrown) {
      if (!(thrown instanceof LabError || thrown instanceof SyntaxError)) throw thrown;
    }
  }

  /** Redis may have lost the last second when it was started again: a job, a record, an event. */
  async #lookAfter(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const runId of this.#runIds) await this.#renew(runId);
      for (const [key, { job }] of [...this.#outstanding]) {
        const inQueue = await this.#parts.queue.getJob(key);
        if (inQueue === undefined) await this.#handOut(job, true);
        else if (await inQueue.isFailed()) this.#fail(key, inQueue.failedReason);
        else if (await inQueue.isCompleted()) await this.#againIfLost(key, inQueue.finishedOn);
      }
    } finally {
      this.#looking = false;
    }
  }

  /** Completed, and yet its record did not come. */
  async #againIfLost(key: string, finishedOn: number | undefined): Promise<void> {
    await this.#readRecords();
    const outstanding = this.#outstanding.get(key);
    if (!outstanding || Date.now() - (finishedOn ?? 0) < lookAfterMs) return;
    await this.#parts.queue.remove(key);
    await this.#handOut(outstanding.job, true);
  }

  /** Workers heal and end the trials that run; the others are taken out of the queue. */
  readonly #cancel = () => {
    void this.#cancelAll().catch(() => {});
  };

  async #cancelAll(): Promise<void> {
    const { client, queue } = this.#parts;
    for (const runId of this.#runIds) {
      await client.set(cancelledKey(runId), 'yes', 'EX', 3600);
      await client.publish(cancelChannel, runId);
    }
    for (const [key, { resolve }] of [...this.#outstanding]) {
      const job = await queue.getJob(key);
      if (job && (await job.isActive())) continue;
      await queue.remove(key);
      resolve({ failed: { code: 'INTERRUPTED', message: 'The run was interrupted.' } });
    }
  }
}

function troubleIn(reason: string): FarTrouble {
  try {
    const trouble = farTrouble.safeParse(JSON.parse(reason));
    if (trouble.success) return trouble.data;
  } catch {
    // BullMQ's own words, such as `job stalled more than allowable limit`.
  }
  return {
    code: 'MACHINE_LOST',
    message: `No worker has executed the trial: ${reason.slice(0, 500)}.`,
  };
}
