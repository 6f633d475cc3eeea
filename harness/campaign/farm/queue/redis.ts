/** The connection to a queue's Redis. Its libraries are optional and loaded here, when a queue is used. */
import type { ConnectionOptions, Queue, QueueEvents, UnrecoverableError, Worker } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { LabError, messageOf } from '../../../errors.js';

/** Holds the password, which has no place in a command line: others see it, and records keep it. */
export const passwordVariable = 'FAILOVER_LAB_REDIS_PASSWORD';

const install = 'npm install bullmq ioredis';

/** What is used of BullMQ and ioredis. */
export interface QueueLibraries {
  Queue: typeof Queue;
  QueueEvents: typeof QueueEvents;
  Worker: typeof Worker;
  UnrecoverableError: typeof UnrecoverableError;
  Redis: typeof Redis;
}

/** Throws MACHINE_LACKS with the command that installs them. */
export async function queueLibraries(): Promise<QueueLibraries> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    const { Queue, QueueEvents, Worker, UnrecoverableError } = bullmq;
    return { Queue, QueueEvents, Worker, UnrecoverableError, Redis: ioredis.Redis };
  } catch (cause) {
    const message = '--queue needs the npm packages bullmq and ioredis, which are not installed.';
    throw new LabError('MACHINE_LACKS', message, { hint: `Install them: ${install}`, cause });
  }
}

/** `redis://farm`, `rediss://user@farm:6380/2`. Throws WRONG_USE. */
export function parseQueue(text: string, environment: NodeJS.ProcessEnv): RedisOptions {
  const wrong = (why: string, hint: string) =>
    new LabError('WRONG_USE', `--queue ${why}.`, { hint });
  const shape = 'Write redis://host, redis://host:6379/0, or rediss://host:6380 for TLS.';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw wrong('is not the address of a Redis server', shape);
  }
  if (url.password !== '') {
    const why = 'has a password, which the process list would show and records would keep';
    throw wrong(why, `Set the environment variable ${passwordVariable} instead.`);
  }
  const database = url.pathname.replace(/^\//, '');
  if (!/^\d{0,3}$/.test(database)) throw wrong(`names the database '${database}'`, shape);
  const password = environment[passwordVariable];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    db: database === '' ? 0 : Number(database),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(password === undefined || password === '' ? {} : { password }),
    ...(url.protocol === 'rediss:' ? { tls: { servername: url.hostname } } : {}),
  };
}

/** Of every connection that lasts: it waits for a Redis that is started again. */
const lasting = { maxRetriesPerRequest: null } as const;

/** A lasting connection, as BullMQ takes it; its types know several libraries. */
export function lastingConnection(options: RedisOptions): ConnectionOptions {
  return { ...options, ...lasting } as unknown as ConnectionOptions;
}

/** A connection that was tried. Throws MACHINE_LACKS with what is in the way. */
export async function connect(
  { Redis: Client }: Pick<QueueLibraries, 'Redis'>,
  options: RedisOptions,
  name: string,
): Promise<Redis> {
  const once = { lazyConnect: true, connectTimeout: 5000, retryStrategy: () => null };
  const trial = new Client({ ...options, ...once });
  let seen: unknown;
  trial.on('error', (error) => {
    seen = error;
  });
  try {
    await trial.connect();
    await trial.ping();
  } catch (thrown) {
    throw unreachable(name, seen ?? thrown);
  } finally {
    trial.disconnect();
  }
  const client = new Client({ ...options, ...lasting });
  // It reconnects by itself; whoever waits for an answer waits on.
  client.on('error', () => {});
  return client;
}

function unreachable(name: string, thrown: unknown): LabError {
  const text = messageOf(thrown);
  const refused = (why: string, hint: string) =>
    new LabError('MACHINE_LACKS', `${name} ${why}.`, { hint, cause: thrown });
  if (/NOAUTH|WRONGPASS|invalid password|without any password/i.test(text)) {
    return refused('refuses the password, or needs one', `Set ${passwordVariable}.`);
  }
  if (/ECONNREFUSED/.test(text)) {
    return refused('refuses the connection', 'Start Redis there, or name its port.');
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) {
    return refused('has a name that cannot be resolved', 'Check the name.');
  }
  if (/certificate|self.signed|SSL|TLS/i.test(text)) {
    const hint = 'Name the authority that signed its certificate: NODE_EXTRA_CA_CERTS=ca.pem.';
    return refused(`has no TLS certificate that is trusted here: ${text}`, hint);
  }
  return refused(`cannot be reached: ${text}`, 'Check the address and that Redis runs there.');
}
