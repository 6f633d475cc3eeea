/** One controller process: started, watched, ended; its output kept, its JSON lines recorded. */
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type ResultPromise } from 'execa';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import type { Emit } from '../../model/history/emit.js';
import { processName } from '../../model/process-id.js';
import { anyoneListens } from './listening.js';
import { logLineLimits, readControllerLine } from './log-line.js';
import { RotatingLog } from './rotating-log.js';

export interface InstanceOptions {
  /** Which of how many, from 0. */
  instance: number;
  instances: number;
  label: string;
  argv: string[];
  environment: Record<string, string>;
  logFolder: string;
  port: number;
  /** Output that means ready; null = the port accepts connections. */
  readyWhen: RegExp | null;
  readyTimeoutMs: number;
  /** It writes flows and may end with status 0 when it has; nothing connects to it. */
  writesFlows: boolean;
  emit: Emit;
}

const linesKept = 15;
const endTimeoutMs = 3000;
const connectTimeoutMs = 1000;
/** More than this in one second is spew: counted, not recorded. */
const jsonLinesPerSecond = 500;

export class ControllerInstance {
  readonly #options: InstanceOptions;
  #child: ResultPromise | undefined;
  #expectedEnd = false;
  #ended: { exitCode: number | null; signal: string | null } | undefined;
  #sawReadyOutput = false;
  #lastLines: string[] = [];
  #second = 0;
  #linesThisSecond = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child?.pid;
  }

  start(): void {
    const { argv, environment, logFolder, instance, instances, emit } = this.#options;
    const self = { role: 'controller', instance, instances } as const;
    const [program = '', ...words] = argv;
    this.#ended = undefined;
    this.#expectedEnd = false;
    this.#sawReadyOutput = false;
    const log = new RotatingLog(join(logFolder, `${processName(self)}.log`));
    const child = execa(program, words, {
      stdin: 'ignore',
      buffer: false,
      reject: false,
      extendEnv: false,
      env: environment,
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) {
      emit({ kind: 'controller.start', atNs: nowNs(), instance, pid: child.pid });
    }
    const keep = (line: string) => {
      log.write(`${line}\n`);
      this.#lastLines = [...this.#lastLines.slice(1 - linesKept), line.slice(0, 400)];
      if (this.#options.readyWhen?.test(line)) this.#sawReadyOutput = true;
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      const read = (line: string) => {
        keep(line);
        if (stream === child.stdout) this.#record(line);
      };
      const tooLong = () => keep(`(a line of more than ${logLineLimits.characters} characters)`);
      const charactersMax = logLineLimits.characters;
      readLines(stream, { charactersMax, onLine: read, onTooLong: tooLong, cutOffEnd: 'read' });
    }
    child.then((result) => {
      log.close();
      if (this.#child !== child) return;
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      this.#ended = { exitCode, signal };
      if (result.code === 'ENOENT') this.#lastLines = [`${program}: no such program`];
      emit({
        kind: 'process.exit',
        atNs: nowNs(),
        process: self,
        node: null,
        exitCode,
        signal,
        expected: this.#expectedEnd || this.#hasWritten(),
        lastLines: this.#lastLines,
      });
    });
  }

  /** Wait until ready. Throws CONTROLLER_FAILED with its last lines when it ended, or TIMED_OUT. */
  async ready(): Promise<void> {
    const { label, readyTimeoutMs, readyWhen } = this.#options;
    const deadlineNs = nowNs() + readyTimeoutMs * 1e6;
    while (nowNs() < deadlineNs) {
      if (readyWhen === null && this.#hasWritten()) return;
      if (this.#ended && !(this.#sawReadyOutput && this.#hasWritten())) {
        const { exitCode, signal } = this.#ended;
        throw new LabError(
          'CONTROLLER_FAILED',
          `The controller ${label} ended at start with ${signal ?? `status ${exitCode}`}.`,
          { hint: `Its last lines:\n${this.#lastLines.join('\n')}` },
        );
      }
      if (await this.#isReady()) return;
      await sleep(50);
    }
    if (readyWhen && this.#sawReadyOutput) throw this.#notAController();
    throw new LabError(
      'CONTROLLER_FAILED',
      `The controller ${label} was not ready within ${readyTimeoutMs} ms: ${this.#missing()}.`,
      { hint: `Its last lines:\n${this.#lastLines.join('\n')}` },
    );
  }

  async #isReady(): Promise<boolean> {
    const { port, readyWhen, writesFlows } = this.#options;
    if (writesFlows) return this.#sawReadyOutput;
    if (readyWhen === null) return listens(port);
    return this.#sawReadyOutput && anyoneListens(port);
  }

  /** It has done what it was started for. */
  #hasWritten(): boolean {
    return this.#options.writesFlows && this.#ended?.exitCode === 0;
  }

  #missing(): string {
    const { port, readyWhen, writesFlows } = this.#options;
    if (readyWhen) return `no line matched ${readyWhen}`;
    return writesFlows ? 'it did not end with status 0' : `port ${port} does not listen`;
  }

  #notAController(): LabError {
    const { argv, label, port, readyTimeoutMs, readyWhen } = this.#options;
    const what = `The controller ${label} printed a line that matches readyWhen (${readyWhen}), but nothing listened on port ${port} within ${readyTimeoutMs} ms`;
    const words = argv.filter((word) => word !== String(port)).map((word) => `'${word}'`);
    return new LabError('CONTROLLER_FAILED', `${what}: switches would lose their flows.`, {
      hint: `For a program that writes flows and is not an OpenFlow controller, use staticFlows([${words.join(', ')}]).`,
    });
  }

  /** SIGKILL, as a fault. Throws when it is not running. */
  crash(): number {
    const pid = this.pid;
    if (pid === undefined)
      throw new LabError('FAULT_NOT_APPLIED', 'The controller is not running.');
    this.#expectedEnd = true;
    process.kill(-pid, 'SIGKILL');
    return pid;
  }

  /** TERM to the whole process group, then KILL; also when it is stopped or refuses to end. */
  async stop(): Promise<void> {
    const pid = this.pid;
    if (pid === undefined || !this.#child) return;
    this.#expectedEnd = true;
    signalGroup(pid, 'SIGTERM');
    signalGroup(pid, 'SIGCONT');
    const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), endTimeoutMs);
    await this.#child;
    clearTimeout(late);
  }

  #record(line: string): void {
    if (!line.startsWith('{')) return;
    const second = Math.floor(nowNs() / 1e9);
    if (second !== this.#second) {
      this.#second = second;
      this.#linesThisSecond = 0;
    }
    if (++this.#linesThisSecond > jsonLinesPerSecond) return;
    const entry = readControllerLine(line);
    if (!entry) return;
    this.#options.emit({
      kind: 'controller.log',
      controller: this.#options.label,
      instance: this.#options.instance,
      ...entry,
    });
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1', timeout: connectTimeoutMs });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    // The backlog of a program that hangs fills up, and then connections are not answered at all.
    socket.on('timeout', () => {
      socket.destroy();
      resolve(false);
    });
  });
}
