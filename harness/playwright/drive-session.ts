/** The test's end of `failover-lab drive`: requests out, replies in. */
import { execa } from 'execa';
import { LabError, messageOf } from '../errors.js';
import { readLines } from '../line-reader.js';
import {
  type DriveMessage,
  type DriveRequest,
  type DriveResult,
  type DriveVerb,
  driveMessage,
  driveResults,
} from '../model/drive-protocol.js';
import { childOptions, type LabCommand, lastLines } from './command.js';

type Greeting = Extract<DriveMessage, { type: 'greeting' }>;
type Reply = Extract<DriveMessage, { type: 'done' | 'refused' }>;
/** A request without its id, for every verb alike. */
export type DriveOrder = DriveRequest extends infer R
  ? R extends unknown
    ? Omit<R, 'id'>
    : never
  : never;

/** The longest answer is the result of a whole run. */
const answerCharactersMax = 64 * 1024 * 1024;

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/** One driven lab. Its end, expected or not, rejects every call that still waits. */
export class DriveSession {
  readonly #child;
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeting: {
    promise: Promise<Greeting>;
    resolve(greeting: Greeting): void;
    reject(error: Error): void;
  };
  #nextId = 1;
  #said = '';
  #ended: Error | null = null;
  /** Resolves when the process is gone. */
  readonly closed: Promise<void>;

  /** Starts the command; `ready` resolves when the lab is ready. */
  constructor(command: LabCommand, args: readonly string[]) {
    this.#child = execa(command.program, [...command.args, 'drive', ...args], {
      ...childOptions,
      stdin: 'pipe',
      buffer: false,
    });
    this.#greeting = deferred<Greeting>();
    // A lab that dies before its greeting is awaited is reported by the next call.
    this.#greeting.promise.catch(() => {});
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-20_000);
    });
    readLines(this.#child.stdout, {
      charactersMax: answerCharactersMax,
      onLine: (line) => this.#read(line),
      onTooLong: () => this.#read(`(a line of more than ${answerCharactersMax} characters)`),
    });
    this.#child.stdin.on('error', () => {}); // Its end is reported by the exit.
    this.closed = this.#child.then(({ exitCode, signal }) => {
      const how = signal ? `by ${signal}` : `with status ${exitCode}`;
      this.#end(
        new LabError('CONTROLLER_FAILED', `the driven lab ended ${how}\n${lastLines(this.#said)}`),
      );
    });
  }

  /** Resolves when the lab is ready and its traffic clean; rejects with the reason why not. */
  async ready(timeoutMs: number): Promise<Greeting> {
    const timer = setTimeout(() => {
      this.#greeting.reject(
        new LabError('TIMED_OUT', `the lab was not ready within ${timeoutMs} ms`),
      );
    }, timeoutMs);
    try {
      return await this.#greeting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends one request and waits for its answer; rejects with the lab's own error. */
  async call<V extends DriveVerb>(
    order: Extract<DriveOrder, { verb: V }>,
    timeoutMs: number,
  ): Promise<DriveResult<V>> {
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const reply = await new Promise<Reply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new LabError('TIMED_OUT', `no answer to '${order.verb}' within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#child.stdin.write(`${JSON.stringify({ id, ...order })}\n`);
    });
    if (reply.type === 'refused') throw errorOf(order.verb, reply.error);
    // The schema of the verb is what the type says; TypeScript cannot follow the lookup.
    return driveResults[order.verb].parse(reply.result) as DriveResult<V>;
  }

  /** Ends the lab without an answer: end of input first, then the signals. */
  async end(): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGTERM'), 30_000);
    await this.closed;
    clearTimeout(timer);
  }

  #read(line: string): void {
    let message: DriveMessage;
    try {
      message = driveMessage.parse(JSON.parse(line));
    } catch (thrown) {
      const what = `the driven lab printed '${line.slice(0, 200)}'`;
      this.#end(new LabError('INTERNAL', `${what}: ${messageOf(thrown)}`));
      this.#child.kill('SIGTERM');
      return;
    }
    if (message.type === 'greeting') this.#greeting.resolve(message);
    else if (message.type === 'farewell') this.#end(errorOf('drive', message.error));
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      clearTimeout(waiting?.timer);
      waiting?.resolve(message);
    }
  }

  /** The first reason stands; later ones are its consequences. */
  #end(reason: Error): void {
    this.#ended ??= reason;
    this.#greeting.reject(this.#ended);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#ended);
    }
    this.#waiting.clear();
  }
}

function errorOf(
  verb: string,
  error: { code: string; message: string; hint?: string | undefined },
) {
  const hint = error.hint ? `\n${error.hint}` : '';
  return new Error(`${verb}: ${error.message} (${error.code})${hint}`);
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
