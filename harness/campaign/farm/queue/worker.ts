/**
 * A worker of a queue: takes trials, has each executed by a process of its own, and hands the record
 * in. It executes resolved data that its own copy of the package has checked, never code.
 */
import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import { messageOf } from '../../../errors.js';
import { type FarJob, type FarLine, farJob } from '../job.js';
import { packageName } from '../package.js';
import { factsHere, type PlaceWanted } from '../place.js';
import { startTrial, type TrialProcess } from './child.js';
import {
  campaignKey,
  cancelChannel,
  cancelledKey,
  prefix,
  queueOf,
  type Registered,
  recordKeptS,
  recordsKey,
  renewEveryMs,
  workerKey,
  workerSeenS,
} from './names.js';
import { connect, lastingConnection, parseQueue, queueLibraries } from './redis.js';

export type WorkerNews =
  | { state: 'ready'; name: string; queue: string; slots: number; environment: string }
  | { state: 'taken'; trial: number }
  | { state: 'done'; trial: number; tookMs: number }
  | { state: 'failed'; trial: number; message: string }
  | { state: 'trouble'; message: string };

export interface QueueWorkerOptions {
  queue: string;
  wanted: PlaceWanted;
  /** As campaigns call this machine. */
  name: string;
  /** Trials at a time; null: in virtual time the processors, else one. */
  slots: number | null;
  /** Take no more trials, and end when those that are taken are done. */
  leave: AbortSignal;
  /** Interrupt those that are taken as well: other workers execute them. */
  hurry: AbortSignal;
  onNews: (news: WorkerNews) => void;
}

/** A lock is renewed every half of it; a worker that was killed loses its trials after it, in ms. */
const lockMs = 30_000;

/** Work until `leave` is aborted. Throws MACHINE_LACKS, WRONG_USE before it takes anything. */
export async function workOnQueue(options: QueueWorkerOptions): Promise<void> {
  const redisOptions = parseQueue(options.queue, process.env);
  const libraries = await queueLibraries();
  const facts = await factsHere(options.wanted, packageName());
  const client = await connect(libraries, redisOptions, options.queue);
  const listener = client.duplicate();
  listener.on('error', () => {});
  const virtual = facts.environment.clock === 'virtual';
  const slots = options.slots ?? (virtual ? facts.processors : 1);
  const { name, onNews } = options;
  const registration: Registered = {
    ...{ id: `${name}-${randomUUID()}`, name, slots, sandbox: options.wanted.sandbox, facts },
  };
  const running = new Map<TrialProcess, FarJob>();
  const queue = queueOf(facts);
  const executor = new Executor(client, libraries.UnrecoverableError, options, running);
  const worker = new libraries.Worker(queue, (job) => executor.execute(job), {
    connection: lastingConnection(redisOptions),
    ...{ prefix, name, concurrency: slots, lockDuration: lockMs },
    ...{ stalledInterval: lockMs / 2, maxStalledCount: 3 },
  });
  worker.on('error', (error) => onNews({ state: 'trouble', message: messageOf(error) }));
  await listener.subscribe(cancelChannel);
  listener.on('message', (_channel, runId) => {
    for (const [process, job] of running) if (job.runId === runId) process.interrupt();
  });
  const renew = () =>
    client.set(workerKey(registration.id), JSON.stringify(registration), 'EX', workerSeenS);
  await renew();
  const timer = setInterval(() => void renew().catch(() => {}), renewEveryMs);
  const { kernel, ovs } = facts.environment;
  onNews({ state: 'ready', name, queue, slots, environment: `${kernel}, Open vSwitch ${ovs}` });
  await aborted(options.leave);
  const hurry = () => {
    for (const process of running.keys()) process.interrupt();
  };
  options.hurry.addEventListener('abort', hurry);
  await worker.close();
  clearInterval(timer);
  await Promise.race([client.del(workerKey(registration.id)), delay(2000)]);
  client.disconnect();
  listener.disconnect();
}

class Executor {
  readonly #client: Awaited<ReturnType<typeof connect>>;
  readonly #Unrecoverable: new (
    message: string,
  ) => Error;
  readonly #options: QueueWorkerOptions;
  readonly #running: Map<TrialProcess, FarJob>;

  constructor(
    client: Awaited<ReturnType<typeof connect>>,
    Unrecoverable: new (message: string) => Error,
    options: QueueWorkerOptions,
    running: Map<TrialProcess, FarJob>,
  ) {
    this.#client = client;
    this.#Unrecoverable = Unrecoverable;
    this.#options = options;
    this.#running = running;
  }

  /** Resolves when the record is handed in; rejects for BullMQ to have it executed elsewhere. */
  async execute(taken: Job): Promise<string> {
    const parsed = farJob.safeParse(taken.data);
    if (!parsed.success) throw new this.#Unrecoverable(trouble('WRONG_USE', 'It is not a job.'));
    const job = parsed.data;
    await this.#refuseOver(job);
    const trial = job.trial.index;
    this.#options.onNews({ state: 'taken', trial });
    let refused: FarLine | null = null;
    let handedIn: Promise<unknown> | null = null;
    let tookMs = 0;
    const process = startTrial(job, this.#options.name, (line) => {
      if (line.far === 'refused') refused = line;
      else if (line.far === 'record') {
        // A worker that leaves interrupts its trial: that record is not what was asked for.
        if (!this.#options.hurry.aborted) handedIn = this.#handIn(job, line);
      } else if (line.far !== 'alive') void taken.updateProgress(line).catch(() => {});
    });
    const began = performance.now();
    this.#running.set(process, job);
    const exitCode = await process.ended;
    this.#running.delete(process);
    tookMs = performance.now() - began;
    if (handedIn !== null) {
      await handedIn;
      this.#options.onNews({ state: 'done', trial, tookMs });
      return this.#options.name;
    }
    const message = messageFor(refused, exitCode, this.#options.name);
    this.#options.onNews({ state: 'failed', trial, message });
    if (/"SCENARIO_INVALID"/.test(message)) throw new this.#Unrecoverable(message);
    throw new Error(message);
  }

  /** A campaign that was cancelled, or is gone, wants no more records. */
  async #refuseOver({ runId }: FarJob): Promise<void> {
    const [cancelled, alive] = await this.#client.mget(cancelledKey(runId), campaignKey(runId));
    if (cancelled === null && alive !== null) return;
    const message = 'The campaign was cancelled or is gone.';
    throw new this.#Unrecoverable(trouble('INTERRUPTED', message));
  }

  async #handIn({ runId }: FarJob, line: FarLine): Promise<void> {
    if (line.far !== 'record') return;
    const { name } = this.#options;
    const text = JSON.stringify({ key: line.key, machine: name, packed: line.packed });
    await this.#client
      .multi()
      .rpush(recordsKey(runId), text)
      .expire(recordsKey(runId), recordKeptS)
      .exec();
  }
}

function messageFor(refused: FarLine | null, exitCode: number | null, machine: string): string {
  if (refused?.far === 'refused') return JSON.stringify(refused.trouble);
  const how = exitCode === null ? 'was killed' : `ended with status ${exitCode}`;
  return trouble('MACHINE_LOST', `The trial's process on ${machine} ${how} without a record.`);
}

/** As BullMQ keeps it as the reason of a failure. */
function trouble(code: string, message: string): string {
  return JSON.stringify({ code, message });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
