/** The `lab` fixture: whole scenarios, or a lab driven step by step. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { sentencesOf } from '../../reports/reasons/index.js';
import { messageOf } from '../errors.js';
import type {
  DriveChange,
  DrivePath,
  DriveRecovery,
  DriveRequest,
} from '../model/drive-protocol.js';
import { type RunResult, runResultSchema } from '../model/result.js';
import { type Duration, parseDuration } from '../model/units.js';
import { makeFolder } from '../safe-files.js';
import { attachRun } from './attachments.js';
import { flagsOf, type LabCommand, type LabOptions, lastLines, runToEnd } from './command.js';
import { DriveSession } from './drive-session.js';

export interface RunScenarioOptions extends LabOptions {
  trials?: number;
  /** Bound on the whole command (default 15 minutes). */
  timeoutMs?: number;
  /** Hand an inconclusive result back instead of failing the test with its reasons. */
  allowInconclusive?: boolean;
}

export interface DriveOptions extends LabOptions {
  /** Bound on building the lab and on each step (default 2 minutes). */
  timeoutMs?: number;
}

export type Kill = Extract<DriveRequest, { verb: 'kill' }>['how'];
export type InjectedFault = Extract<DriveRequest, { verb: 'inject' }>['fault'];

const minuteMs = 60_000;

/**
 * One test's labs. While a lab works the test's own timeout is paused: what a lab takes is bounded
 * by the lab's timeouts.
 */
export class Lab {
  readonly #command: LabCommand;
  readonly #testInfo: TestInfo;
  #runs = 0;
  #driven: { session: DriveSession; timeoutMs: number } | null = null;

  constructor(command: LabCommand, testInfo: TestInfo) {
    this.#command = command;
    this.#testInfo = testInfo;
  }

  /**
   * Runs a scenario (a name in scenarios/, or a file) and hands its result back, whatever its
   * expectations say. Throws with the reasons when the run proves nothing.
   */
  async run(scenario: string, options: RunScenarioOptions = {}): Promise<RunResult> {
    const { timeoutMs = 15 * minuteMs, allowInconclusive = false, ...flags } = options;
    const out = this.#newFolder();
    const args = ['run', scenario, '--json', '--out', out, ...flagsOf(flags)];
    const end = await this.#untimed(() => runToEnd(this.#command, args, timeoutMs));
    if (end.timedOut) throw new Error(`${scenario} took longer than ${timeoutMs} ms`);
    const result = readResult(scenario, end);
    const folder = newestRun(out) ?? out;
    await this.#untimed(() => attachRun(this.#testInfo, folder, result));
    if (result.verdict === 'inconclusive' && !allowInconclusive) throw inconclusive(result);
    return result;
  }

  /** Builds the scenario's lab and its traffic, without its timeline; resolves when it is ready. */
  async start(scenario: string, options: DriveOptions = {}): Promise<void> {
    if (this.#driven) throw new Error('a lab is already driven; stop it first');
    const { timeoutMs = 2 * minuteMs, ...flags } = options;
    const args = [scenario, '--out', this.#newFolder(), ...flagsOf(flags)];
    const session = new DriveSession(this.#command, args);
    this.#driven = { session, timeoutMs };
    await this.#untimed(() => session.ready(timeoutMs));
  }

  /** Kills a node: silently powered off unless `how` says otherwise. Resolves when that was seen. */
  kill(node: string, how: Kill = 'power-off'): Promise<DriveChange> {
    return this.#step((session, timeoutMs) => session.call({ verb: 'kill', node, how }, timeoutMs));
  }

  /** Injects any fault in its resolved form. Resolves when it was read back. */
  inject(fault: InjectedFault): Promise<DriveChange> {
    return this.#step((session, timeoutMs) => session.call({ verb: 'inject', fault }, timeoutMs));
  }

  /** Heals one fault, or all that stand. */
  async heal(faultId?: string): Promise<DriveChange[]> {
    const order = { verb: 'heal', faultId: faultId ?? null } as const;
    return (await this.#step((session, timeoutMs) => session.call(order, timeoutMs))).healed;
  }

  /**
   * Waits for the recovery from the newest change, at most `within` (default: the scenario's own
   * deadline). No recovery is a result, not an error; numbers that prove nothing are an error.
   */
  async recovered(within?: Duration): Promise<DriveRecovery> {
    const waitMs = within === undefined ? null : durationMs(within);
    const recovery = await this.#step((session, timeoutMs) =>
      session.call({ verb: 'recovered', timeoutMs: waitMs }, timeoutMs + (waitMs ?? 0)),
    );
    if (recovery.reasons.length > 0) {
      throw new Error(`inconclusive: ${sentencesOf(recovery.reasons).join('; ')}`);
    }
    return recovery;
  }

  /** The way a packet takes now, host to host. */
  path(from: string, to: string): Promise<DrivePath> {
    return this.#step((session, timeoutMs) => session.call({ verb: 'path', from, to }, timeoutMs));
  }

  /** Heals, tears down, judges, and attaches what was recorded. */
  async stop(): Promise<RunResult> {
    const { folder, result } = await this.#step((session, timeoutMs) =>
      session.call({ verb: 'stop' }, timeoutMs),
    );
    const session = this.#driven?.session;
    this.#driven = null;
    await this.#untimed(async () => {
      await session?.end();
      await attachRun(this.#testInfo, folder, result);
    });
    return result;
  }

  /** Ends what a test left running; its record is attached even when the test failed. */
  async close(): Promise<void> {
    const driven = this.#driven;
    if (!driven) return;
    try {
      await this.stop();
    } catch {
      // The test has failed by this very reason already, or did not care.
      await this.#untimed(() => driven.session.end());
    }
  }

  #step<T>(call: (session: DriveSession, timeoutMs: number) => Promise<T>): Promise<T> {
    const driven = this.#driven;
    if (!driven) return Promise.reject(new Error('no lab is driven; call lab.start() first'));
    return this.#untimed(() => call(driven.session, driven.timeoutMs));
  }

  /** A folder of its own for every run of every attempt. */
  #newFolder(): string {
    this.#runs += 1;
    const folder = this.#testInfo.outputPath(
      `attempt-${this.#testInfo.retry + 1}-run-${this.#runs}`,
    );
    makeFolder(folder);
    return folder;
  }

  /** Gives the time that `work` takes back to the test. */
  async #untimed<T>(work: () => Promise<T>): Promise<T> {
    const allowedMs = this.#testInfo.timeout;
    const startMs = performance.now();
    this.#testInfo.setTimeout(0);
    try {
      return await work();
    } finally {
      const tookMs = Math.ceil(performance.now() - startMs);
      this.#testInfo.setTimeout(allowedMs === 0 ? 0 : allowedMs + tookMs);
    }
  }
}

/** Milliseconds of `'500ms'`; throws with what is wrong with it. */
export function durationMs(duration: Duration): number {
  const parsed = parseDuration(duration);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.value;
}

function inconclusive(result: RunResult): Error {
  return new Error(
    `${result.scenario} is inconclusive: ${sentencesOf(result.reasons).join('; ') || 'no reason'}`,
  );
}

interface CommandEnd {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

function readResult(scenario: string, { stdout, stderr, exitCode }: CommandEnd): RunResult {
  try {
    return runResultSchema.parse(JSON.parse(stdout));
  } catch (thrown) {
    const said = lastLines(stderr) || messageOf(thrown);
    throw new Error(`${scenario} gave no result (status ${exitCode}):\n${said}`);
  }
}

/** The one run below a folder: `<out>/<scenario>/<time>`. */
function newestRun(out: string): string | null {
  const folders = readdirSync(out).map((scenario) => join(out, scenario, 'latest'));
  return (
    folders.find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory()) ?? null
  );
}
