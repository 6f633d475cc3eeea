/**
 * The runner's end of the bridge: starts the Python child, matches replies to calls, and rejects
 * every pending call when the child ends or a call's time runs out.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import { z } from 'zod';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import { hostTablePrefix } from '../../model/network/root-names.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { openToAppend } from '../../safe-files.js';
import {
  type ChangeResult,
  type CommandResult,
  changeResult,
  commandResult,
  helloSchema,
  type LiveNode,
  type NetworkDescription,
  networkDescription,
  protocolVersion,
  replySchema,
  type SignalResult,
  signalResult,
} from './protocol.js';

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

/** A running bridge. Build one with `BridgeClient.start`. */
export class BridgeClient {
  readonly #child: ResultPromise;
  readonly #pending = new Map<number, Pending>();
  readonly #nodes = new Map<string, LiveNode>();
  #nextId = 1;
  #ended: LabError | undefined;
  #closing = false;
  #onHost = false;
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
          hint: 'bridge.log in the run folder has its last words.',
        }),
      );
      options.onExit({ exitCode, signal, expected: this.#closing, cause: this.#endedBecause });
    });
  }

  /** Start the child and wait for its hello. Throws BRIDGE_FAILED or TIMED_OUT. */
  static async start(options: BridgeOptions): Promise<BridgeClient> {
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
    const client = new BridgeClient(child, options);
    const hello = await new Promise<z.infer<typeof helloSchema> | LabError>((resolve) => {
      client.#hello = resolve;
      setTimeout(() => resolve(noHello()), helloTimeoutMs).unref();
    });
    if (!(hello instanceof LabError) && hello.protocol === protocolVersion) return client;
    const reason =
      hello instanceof LabError
        ? hello
        : new LabError('BRIDGE_FAILED', `The bridge speaks protocol ${hello.protocol}.`);
    client.#kill(reason);
    throw reason;
  }

  /** Build the topology; afterwards nodes are known by name. */
  async build(
    topology: ResolvedTopology,
    datapath: 'kernel' | 'user',
    runFolder: string,
    logFolder: string,
  ): Promise<NetworkDescription> {
    // Building grows with the network: 100 switches take about 15 s in Mininet.
    const timeoutMs = 30_000 + 500 * (topology.nodes.length + topology.links.length);
    const arguments_ = { topology, datapath, runFolder, logFolder };
    this.#onHost = topology.rootPrefix !== undefined;
    const built = await this.call('build', arguments_, networkDescription, timeoutMs);
    for (const node of built.nodes) this.#nodes.set(node.name, node);
    return built;
  }

  /** Before the names of nftables' tables: among the host's own, they say whose they are. */
  get tablePrefix(): string {
    return this.#onHost ? hostTablePrefix : '';
  }

  /** The live node of that name. Throws INTERNAL when the name is unknown: names are bound before. */
  node(name: string): LiveNode {
    const node = this.#nodes.get(name);
    if (!node) throw new LabError('INTERNAL', `${name} is no node of the live network.`);
    return node;
  }

  /** argv prefix that runs a program in a node's namespaces. */
  enter(name: string): string[] {
    const { pid } = this.node(name);
    return pid === null ? [] : ['mnexec', '-a', String(pid)];
  }

  /** Read the nodes again: daemons get new process ids when they are restarted. */
  async refresh(): Promise<NetworkDescription> {
    const seen = await this.call('describe', {}, networkDescription);
    for (const node of seen.nodes) this.#nodes.set(node.name, node);
    return seen;
  }

  /** Run a program in a node's namespaces (null: the lab's root namespace). */
  run(
    node: string | null,
    argv: string[],
    timeoutMs = 5000,
    stdin?: string,
  ): Promise<CommandResult> {
    return this.call('run', { node, argv, timeoutMs, stdin }, commandResult, timeoutMs + 3000);
  }

  /** Like `run`, but a failure is BUILD_FAILED with what the program said. */
  async check(
    node: string | null,
    argv: string[],
    timeoutMs = 5000,
    stdin?: string,
  ): Promise<string> {
    const done = await this.run(node, argv, timeoutMs, stdin);
    if (done.status === 0) return done.stdout;
    const where = node ?? 'the lab';
    const how =
      done.status === null ? `did not end within ${timeoutMs} ms` : `failed (${done.status})`;
    throw new LabError(
      'BUILD_FAILED',
      `In ${where}, \`${argv.join(' ')}\` ${how}: ${done.stderr.trim()}`,
    );
  }

  vsctl(node: string, arguments_: string[]): Promise<string> {
    return this.call('vsctl', { node, arguments: arguments_ }, z.string(), 15_000);
  }

  /** A change the bridge makes and reads back by itself. */
  change(
    verb: 'powerOff' | 'powerOn' | 'crashVswitchd' | 'restartVswitchd',
    node: string,
  ): Promise<ChangeResult> {
    return this.call(verb, { node }, changeResult, 30_000);
  }

  signal(pids: number[], number: number): Promise<SignalResult> {
    return this.call('signal', { pids, number }, signalResult);
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
    if (!this.#ended) await this.signal([], 0).catch(() => {});
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
