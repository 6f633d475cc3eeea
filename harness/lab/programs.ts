/** Programs of the user's on nodes: started, awaited, watched and ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { LabError, messageOf } from '../errors.js';
import type { ResolvedProgram } from '../model/resolved.js';
import { readRegularEnd } from '../safe-files.js';
import type { CleanupStack } from './cleanup-stack.js';
import { childEnvironment, type Lab } from './lab.js';
import { killAfterMs, settlesWithin } from './traffic/child.js';
import { lastLinesOf } from './traffic/last-lines.js';

const lastLinesShown = 5;
const outputReadBytes = 1024 * 1024;

/** Start all that run from the beginning, and wait until each is ready. */
export async function startPrograms(
  lab: Lab,
  cleanup: CleanupStack,
  signal: AbortSignal,
): Promise<RunningProgram[]> {
  const { programs = [] } = lab.plan.scenario;
  const first = programs.filter(({ startMs }) => startMs === null);
  const running = first.map((program) => start(lab, program, cleanup));
  await Promise.all(running.map((one) => one.ready(signal)));
  return running;
}

/** Start and stop programs at their moments after `startNs`; rejects with the reason of `signal`. */
export async function followPrograms(
  lab: Lab,
  running: readonly RunningProgram[],
  startNs: number,
  cleanup: CleanupStack,
  signal: AbortSignal,
): Promise<void> {
  const { programs = [] } = lab.plan.scenario;
  const until = async (ms: number) => {
    const waitMs = ms - (nowNs() - startNs) / 1e6;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    signal.throwIfAborted();
  };
  await Promise.all(
    programs.map(async (program) => {
      let one = running.find(({ id }) => id === program.id);
      if (program.startMs !== null) {
        await until(program.startMs);
        one = start(lab, program, cleanup);
        await one.ready(signal);
      }
      if (program.stopMs === null) return;
      await until(program.stopMs);
      await one?.stop();
    }),
  );
}

function start(lab: Lab, program: ResolvedProgram, cleanup: CleanupStack): RunningProgram {
  const running = new RunningProgram(lab, program);
  cleanup.defer(`ending program ${program.id}`, () => running.stop());
  running.start();
  return running;
}

export class RunningProgram {
  readonly #lab: Lab;
  readonly #program: ResolvedProgram;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #end: Promise<Ended> = Promise.resolve({});
  #ended = false;
  /** Nobody needs it any more. */
  #over = false;

  constructor(lab: Lab, program: ResolvedProgram) {
    this.#lab = lab;
    this.#program = program;
    this.#log = join(lab.plan.logFolder, `program-${program.id}.log`);
  }

  get id(): string {
    return this.#program.id;
  }

  start(): void {
    const { node, argv } = this.#program;
    const log = openSync(this.#log, 'a', 0o644);
    const [file = '', ...words] = [...this.#lab.bridge.enter(node), ...argv];
    // A group of its own, so that what it starts is ended with it.
    const child = spawn(file, words, {
      stdio: ['ignore', log, log],
      detached: true,
      env: childEnvironment(),
    });
    closeSync(log);
    this.#child = child;
    const end = new Promise<Ended>((resolve) => {
      child.once('error', (thrown) => resolve({ message: messageOf(thrown) }));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    this.#end = end.then((done) => {
      this.#seeEnd(done);
      return done;
    });
  }

  #seeEnd({ exitCode, signal, message }: Ended): void {
    this.#ended = true;
    const { id, node, readyWhen } = this.#program;
    const lastLines = lastLinesOf(this.#log, lastLinesShown);
    const said = message === undefined ? lastLines : [message];
    const how = { exitCode: exitCode ?? null, signal: signal ?? null };
    const expected = this.#over || (readyWhen === null && exitCode === 0);
    this.#lab.journal.emit({
      kind: 'process.exit',
      atNs: nowNs(),
      process: { role: 'program', program: id, node },
      node,
      ...how,
      expected,
      lastLines: said,
    });
    if (expected) return;
    this.#lab.journal.warn({
      code: 'program-ended',
      data: { program: id, node, ...how, lastLines: said },
    });
  }

  /** @throws LabError PROGRAM_FAILED when it ends before it is ready, or is not in time. */
  async ready(signal: AbortSignal): Promise<void> {
    const { readyWhen, id, node, argv } = this.#program;
    if (readyWhen === null) return;
    const { readyTimeoutMs } = this.#lab.plan.scenario.limits;
    const deadlineNs = nowNs() + readyTimeoutMs * 1e6;
    while (!(await this.#isReady())) {
      signal.throwIfAborted();
      const what = `Program ${id} on ${node}`;
      if (this.#ended) {
        const hint =
          lastLinesOf(this.#log, lastLinesShown).join('\n') ||
          `It printed nothing: ${argv.join(' ')}`;
        throw new LabError('PROGRAM_FAILED', `${what} ended before it was ready.`, { hint });
      }
      if (nowNs() > deadlineNs) {
        const sign =
          readyWhen.kind === 'port'
            ? `nothing listens on TCP port ${readyWhen.port}`
            : `its output does not have '${readyWhen.text}'`;
        const message = `${what} was not ready within ${readyTimeoutMs / 1000} s: ${sign}.`;
        throw new LabError('PROGRAM_FAILED', message, {
          hint: `What it prints is in logs/program-${id}.log of the run's folder.`,
        });
      }
      await sleep(50);
    }
  }

  async #isReady(): Promise<boolean> {
    const { readyWhen, node } = this.#program;
    if (readyWhen === null) return true;
    if (readyWhen.kind === 'output') {
      return outputOf(this.#log).includes(readyWhen.text);
    }
    const words = [
      'ss',
      '--no-header',
      '--listening',
      '--tcp',
      '--numeric',
      'sport',
      '=',
      `:${readyWhen.port}`,
    ];
    const { status, stdout } = await this.#lab.bridge.run(node, words);
    return status === 0 && stdout.trim() !== '';
  }

  /** The signal, and after 3 s SIGKILL, to it and all that it started. Never throws. */
  async stop(): Promise<void> {
    this.#over = true;
    const child = this.#child;
    const { pid } = child ?? {};
    if (child === undefined || pid === undefined) return;
    const send = (name: NodeJS.Signals) => {
      try {
        process.kill(-pid, name);
      } catch {
        // The group has ended.
      }
    };
    if (!this.#ended) send(this.#program.stopSignal);
    await settlesWithin(this.#end, killAfterMs);
    send('SIGKILL');
    await settlesWithin(this.#end, killAfterMs);
  }
}

interface Ended {
  exitCode?: number | null;
  signal?: string | null;
  /** Why it could not be started. */
  message?: string;
}

function outputOf(file: string): string {
  try {
    return readRegularEnd(file, outputReadBytes);
  } catch {
    return '';
  }
}
