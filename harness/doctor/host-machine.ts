/** The machine this process runs on. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { CommandResult, Machine } from './machine.js';

/** A healthy program answers within a fraction of this, even on a busy machine. */
const commandLimitMs = 3000;
const outputLimit = 1_000_000;
/** Debian keeps ip, tc and nft where an ordinary user's PATH does not look. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

function runWithin(argv: readonly string[], limitMs: number): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, so that what it started ends with it.
      detached: true,
      env: { PATH: searchPath, LC_ALL: 'C.UTF-8', HOME: process.env.HOME ?? '/' },
    });
    let stdout = '';
    let stderr = '';
    const end = (outcome: CommandResult['outcome'], exitCode: number | null) => {
      clearTimeout(timer);
      resolve({ outcome, exitCode, stdout, stderr });
    };
    // A process in uninterruptible sleep outlives SIGKILL; it is left to the kernel, not waited for.
    const timer = setTimeout(() => {
      attempt(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), false);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      end('timed out', null);
    }, limitMs);
    child.stdout.on('data', (chunk) => {
      if (stdout.length < outputLimit) stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      if (stderr.length < outputLimit) stderr += chunk;
    });
    child.on('error', () => end('missing', null));
    child.on('close', (exitCode) => end('ended', exitCode));
  });
}

/** A new view of this machine; it remembers the answers of programs, so keep it for one look. */
export function hostMachine(limitMs = commandLimitMs): Machine {
  const answers = new Map<string, Promise<CommandResult>>();
  return {
    nodeVersion: process.versions.node,
    userId: process.getuid?.() ?? 0,
    read: (path) => attempt(() => readFileSync(path, 'utf8'), null),
    readBytes: (path) => attempt(() => readFileSync(path), null),
    exists: existsSync,
    list: (path) => attempt(() => readdirSync(path), []),
    openError: (path) => {
      try {
        closeSync(openSync(path, 'r+'));
        return null;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
      }
    },
    run: (argv) => {
      const key = argv.join('\0');
      const known = answers.get(key);
      if (known !== undefined) return known;
      const answer = runWithin(argv, limitMs);
      answers.set(key, answer);
      return answer;
    },
  };
}
