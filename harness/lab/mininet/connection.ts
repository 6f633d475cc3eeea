/**
 * The line to the bridge: starts the Python child, matches replies to calls, and rejects every
 * pending call when the child ends or a call's time runs out.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import * as z from 'zod';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import { packageRoot } from '../../package-root.js';
import { openToAppend } from '../../safe-files.js';
import { helloSchema, protocolVersion, replySchema } from './protocol.js';

export interface BridgeOptions {
  /** Python that can import Mininet; Debian's, since only that one sees the package. */
  python: string;
  logFolder: string;
  environment: Record<string, string>;
  /** Called once when the child ends. `expected` is true after `close`. */
  onExit: (exit: BridgeExit) => void;
}

interface BridgeExit {
  exitCode: number | null;
  signal: string | null;
  expected: boolean;
  /** Why it was ended from here, when it was: a call without an answer, or a broken protocol. */
  cause: string | null;
}

interface Pending {
  verb: string;
  resolve: (value: unknown) => void;
  reject: (error: LabError) => void;
  timer: NodeJS.Timeout | undefined;
}

const helloTimeoutMs = 15_000;
/** Between the last word of a child and its exit. */
const exitTimeoutMs = 5_000;
/** Longer than any answer: a program's whole output fits. */
const lineCharactersMax = 64 * 1024 * 1024;

/** The child and the calls that wait for its replies. Make one with `BridgeConnection.start`. */
export class BridgeConnection {
  readonly #child: ResultPromise;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: LabError | undefined;
  #closing = false;
  #endedBecause: string | null = null;
  #hello: ((outcome: z.infer<typeof helloSchema> | LabError) => void) | undefined;

  private constructor(child: ResultPromise, options: BridgeOptions) {
    this.#child = child;
    if (child.stdout) {
      readLines(child.stdout, {
        charactersMax: lineCharactersMax,
        onLine: (line) => this.#read(line),
        onTooLong: () => this.#break(`The bridge wrote a line over ${lineCharactersMax} bytes.`),
      });
    }
    child.stderr?.pipe(logStream(options.logFolder));
    child.stdin?.on('error', () => {
      // The exit below rejects every call; a broken pipe says nothing more.
    });
    void child.then((result) => {
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      this.#end(
        new LabError('BRIDGE_FAILED', `The bridge ended with ${signal ?? `status ${exitCode}`}.`, {
          hint: 'bridge.log in the run folder has its last output.',
        }),
      );
      options.onExit({ exitCode, signal, expected: this.#closing, cause: this.#endedBecause });
    });
  }

  /** Start the child and wait for its hello. Throws BRIDGE_FAILED or TIMED_OUT. */
  static async start(options: BridgeOptions): Promise<BridgeConnection> {
    const program = join(packageRoot(), 'harness/lab/mininet/bridge/main.py');
    const child = execa(options.python, ['-B', program], {
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      buffer: false,
      reject: false,
      extendEnv: false,
      env: options.environment,
    });
    const connection = new BridgeConnection(child, options);
    const hello = await new Promise<z.infer<typeof helloSchema> | LabError>((resolve) => {
      connection.#hello = resolve;
      setTimeout(() => resolve(noHello()), helloTimeoutMs).unref();
    });
    if (!(hello instanceof LabError) && hello.protocol === protocolVersion) return connection;
    const reason =
      hello instanceof LabError
        ? hello
        : new LabError('BRIDGE_FAILED', `The bridge uses protocol ${hello.protocol}.`);
    connection.#kill(reason);
    throw reason;
  }

  /**
   * One call. Rejects with TIMED_OUT after `timeoutMs` (null: never, for what a person ends),
   * BRIDGE_FAILED when the child is gone. Every program the bridge starts has a shorter limit of
   * its own, so a bridge that leaves a call unanswered hangs itself: it is ended, and every other
   * call fails at once instead of waiting in turn.
   */
  call<T>(
    verb: string,
    arguments_: object,
    shape: z.ZodType<T>,
    timeoutMs: number | null = 10_000,
  ): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise<unknown>((resolve, reject) => {
      const late = () => {
        const message = `The bridge did not answer \`${verb}\` within ${timeoutMs} ms.`;
        this.#kill(new LabError('TIMED_OUT', message));
      };
      const timer = timeoutMs === null ? undefined : setTimeout(late, timeoutMs);
      this.#pending.set(id, { verb, resolve, reject, timer });
      this.#child.stdin?.write(`${JSON.stringify({ id, verb, arguments: arguments_ })}\n`);
    }).then((result) => {
      const parsed = shape.safeParse(result);
      if (parsed.success) return parsed.data;
      const what = z.prettifyError(parsed.error);
      throw new LabError(
        'BRIDGE_FAILED',
        `The bridge's answer to \`${verb}\` is malformed:\n${what}`,
      );
    });
  }

  /**
   * Settles when it is certain whether the child goes on: it answered, or its exit was reported. A
   * child that is ending has let go of its nodes before its exit can be seen.
   */
  async settled(): Promise<void> {
    if (!this.#ended)
      await this.call('signal', { pids: [], number: 0 }, z.unknown()).catch(() => {});
    if (!this.#ended) return;
    const late = new AbortController();
    await Promise.race([this.#child, sleep(exitTimeoutMs, undefined, { signal: late.signal })]);
    late.abort();
  }

  /** Stop the network and end the child; waits at most `timeoutMs` for each. */
  async close(timeoutMs = 20_000): Promise<void> {
    this.#closing = true;
    if (this.#ended) {
      // It is gone already, or was just killed: nothing of it is left when this returns.
      await this.#child;
      return;
    }
    try {
      await this.call('stop', {}, z.unknown(), timeoutMs);
    } finally {
      this.#child.stdin?.end();
      const late = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
      await this.#child;
      clearTimeout(late);
    }
  }

  #read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch (cause) {
      this.#break(`The bridge wrote invalid JSON: ${line.slice(0, 200)}`, cause);
      return;
    }
    const hello = helloSchema.safeParse(message);
    if (hello.success) {
      this.#hello?.(hello.data);
      return;
    }
    const reply = replySchema.safeParse(message);
    if (!reply.success) {
      this.#break(`The bridge wrote a line that is not a reply:\n${z.prettifyError(reply.error)}`);
      return;
    }
    const pending = this.#pending.get(reply.data.id);
    if (!pending) return;
    this.#pending.delete(reply.data.id);
    clearTimeout(pending.timer);
    if (reply.data.ok) pending.resolve(reply.data.result);
    else pending.reject(refusal(pending.verb, reply.data.error));
  }

  /** What follows a broken protocol means nothing: the child is ended with every call. */
  #break(message: string, cause?: unknown): void {
    this.#kill(new LabError('BRIDGE_FAILED', message, { cause }));
  }

  #kill(reason: LabError): void {
    if (!this.#ended) this.#endedBecause = reason.message;
    this.#end(reason);
    this.#child.kill('SIGKILL');
  }

  #end(reason: LabError): void {
    this.#ended ??= reason;
    this.#hello?.(reason);
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(reason);
    }
    this.#pending.clear();
  }
}

function logStream(folder: string): WriteStream {
  const path = join(folder, 'bridge.log');
  return createWriteStream(path, { fd: openToAppend(path) });
}

function noHello(): LabError {
  return new LabError('TIMED_OUT', `The bridge wrote nothing for ${helloTimeoutMs / 1000} s.`);
}

function refusal(verb: string, error: z.infer<typeof replySchema>['error']): LabError {
  const applied = error?.details.code !== 'FAULT_NOT_APPLIED';
  const failed = verb === 'build' ? 'BUILD_FAILED' : 'BRIDGE_FAILED';
  const code = applied ? failed : 'FAULT_NOT_APPLIED';
  const options = error?.hint ? { hint: error.hint } : {};
  return new LabError(code, error?.message ?? `\`${verb}\` failed without a reason.`, options);
}
