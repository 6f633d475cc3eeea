/** Starts the command line for a test, and says what went wrong in words a test can show. */
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { packageRoot } from '../package-root.js';
import type { SiteOption } from '../sites/names.js';

/** Program and first arguments of failover-lab's command line. */
export interface LabCommand {
  program: string;
  args: readonly string[];
}

export function installedCommand(): LabCommand {
  return { program: process.execPath, args: [join(packageRoot(), 'harness/setup/start.mjs')] };
}

/** Options that `run` and `drive` share, as the command line knows them. */
export interface LabOptions {
  seed?: number;
  /** Another controller, as `--controller` takes it. */
  controller?: string;
  datapath?: 'auto' | 'kernel' | 'user';
  sandbox?: SiteOption;
}

export function flagsOf(options: LabOptions & { trials?: number }): string[] {
  const { seed, trials, controller, datapath, sandbox } = options;
  const flags = { seed, trials, controller, datapath, sandbox };
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
}

/** How long a lab may take to heal and tear down after it was asked to end. */
const graceMs = 30_000;

/**
 * What every child of a test has: no terminal colours, an end with the test, and time to clean up
 * before it is killed.
 */
export const childOptions = {
  reject: false,
  cleanup: true,
  forceKillAfterDelay: graceMs,
  env: { NO_COLOR: '1', COLUMNS: '100' },
  maxBuffer: 64 * 1024 * 1024,
} as const satisfies Options;

/** Runs a command to its end; null exit code = killed. */
export async function runToEnd(command: LabCommand, args: readonly string[], timeoutMs: number) {
  const child = await execa(command.program, [...command.args, ...args], {
    ...childOptions,
    stdin: 'ignore',
    timeout: timeoutMs,
  });
  const { stdout, stderr, timedOut, exitCode } = child;
  return { stdout, stderr, timedOut, exitCode: exitCode ?? null };
}

/** The last lines of what a program said, for a message. */
export function lastLines(text: string, count = 15): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
