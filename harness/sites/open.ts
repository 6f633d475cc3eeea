/** Opens a sandbox and speaks with the runner in it: a line each way, events on a pipe of its own. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { LabError } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { type SandboxKind, sandboxCommand } from './command.js';
import { startOf } from './owner.js';

/** Descriptor on which the runner writes history events, a line each. */
export const eventDescriptor = 3;

export interface SandboxOptions {
  kind: SandboxKind;
  mark: string;
  /** The run's folder; what root writes into it on behalf of an ordinary user, is given back. */
  folder: string;
  /** Folders that the runner must see although they may lie below /tmp or /run. */
  keepFolders: string[];
  /** Program and arguments that become the runner. */
  runner: string[];
  onEventLine: (line: string) => void;
  /** What the runner and its children print for people; goes to the run's log. */
  onText: (text: string) => void;
}

export interface Sandbox {
  /** Send one message to the runner's standard input. */
  send(message: object): void;
  /** Close the runner's standard input; it ends by itself. */
  closeInput(): void;
  /** End everything inside at once. */
  kill(): void;
  /** Resolves when nothing of the sandbox is left running. */
  ended: Promise<{ exitCode: number | null; signal: string | null }>;
  /**
   * Resolves some seconds after `kill` when even that did not end it: a process in uninterruptible
   * sleep is left to the kernel, and counted as left over.
   */
  abandoned: Promise<{ exitCode: null; signal: null }>;
  pid: number | undefined;
}

const killLimitMs = 5_000;

/** Open a sandbox. Throws SANDBOX_FAILED when the programs for it are missing. */
export function openSandbox(options: SandboxOptions): Sandbox {
  const { argv, environment } = sandboxCommand({
    ...options,
    owner: startOf('self') ?? '',
    insideScript: join(packageRoot(), 'harness/sites/inside.sh'),
    guardProgram: join(packageRoot(), 'harness/sites/guard.py'),
  });
  const [program = '', ...words] = argv;
  // sudo closes every descriptor but the first three; guard.py puts the events onto theirs.
  const bySudo = options.kind === 'sudo';
  const child = execa(program, words, {
    stdio: ['pipe', 'pipe', 'pipe', ...(bySudo ? [] : ['pipe' as const])],
    // A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which decides.
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    extendEnv: false,
    env: environment,
  });
  const events = child.stdio[bySudo ? 1 : eventDescriptor] as Readable;
  createInterface({ input: events }).on('line', options.onEventLine);
  for (const stream of bySudo ? [child.stderr] : [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', options.onText);
  }
  child.stdin?.on('error', () => {
    // The runner is gone; `ended` tells how.
  });
  let giveUp = () => {};
  const abandoned = new Promise<{ exitCode: null; signal: null }>((resolve) => {
    giveUp = () => resolve({ exitCode: null, signal: null });
  });
  return {
    send: (message) => child.stdin?.write(`${JSON.stringify(message)}\n`),
    closeInput: () => child.stdin?.end(),
    kill: () => {
      // Root's processes are not this user's to signal: the guard ends them when nobody listens.
      if (bySudo) events.destroy();
      else child.kill('SIGKILL');
      setTimeout(giveUp, killLimitMs).unref();
    },
    abandoned,
    pid: child.pid,
    ended: child.then((result) => {
      if (result.code === 'ENOENT') {
        throw new LabError('SANDBOX_FAILED', `${program} is not installed.`, {
          hint: 'Run `failover-lab doctor` to see what this machine lacks.',
        });
      }
      return { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
    }),
  };
}
