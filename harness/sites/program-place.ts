/**
 * Where a program runs: on this machine, or on another one that ssh reaches. Whoever starts it need
 * not know which; nothing may assume that both share a clock, files or a process table.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { execa } from 'execa';

export interface ProgramPlace {
  /** As people call it. */
  readonly name: string;
  /** Run a program to its end. `exitCode` null: it outlived the limit, or a signal ended it. */
  exec(words: readonly string[], timeoutMs: number): Promise<ProgramEnd>;
  /** Start a program that reads and writes lines. */
  spawn(words: readonly string[], farewell: string): PlacedProgram;
}

export interface ProgramEnd {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface PlacedProgram {
  readonly stdout: Readable;
  /** Dropped when the program has ended. */
  send(text: string): void;
  /** Close its input, after the farewell. */
  close(): void;
  /** End what runs on this machine for it at once, without the farewell. */
  kill(): void;
  /** When nothing of it is left on this machine. */
  readonly ended: Promise<{ exitCode: number | null; stderr: string }>;
}

/** This machine. */
export const thisMachine: ProgramPlace = placeBehind('this machine', [], (words) => [...words]);

/**
 * Another machine.
 * @param via An ssh-like program and its options: what follows is the destination, then one command
 *   for that machine's shell.
 */
export function placeBySsh(via: readonly string[], destination: string): ProgramPlace {
  const prefix = [...via, ...(isSsh(via) ? sshOptions : []), destination];
  return placeBehind(destination, prefix, (words) => [words.map(quoted).join(' ')]);
}

/**
 * No question can be answered here, a way that is dead for 6 s is given up, and another session's
 * connection is not used, so that it is known when this one breaks.
 */
const sshOptions = [
  ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'ControlPath=none'],
  ...['-o', 'ServerAliveInterval=2', '-o', 'ServerAliveCountMax=3'],
];

function isSsh([program = '']: readonly string[]): boolean {
  return program === 'ssh' || program.endsWith('/ssh');
}

/** As one word of a POSIX shell. Pure. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Says the farewell when its input ends: also when this process was killed. */
const guard = '{ cat; printf "%s\\n" "$1"; } | { shift; "$@"; }';
/** What a program prints on standard error is kept up to here, its end. */
const stderrCharacters = 16_000;

function placeBehind(
  name: string,
  prefix: readonly string[],
  commandOf: (words: readonly string[]) => string[],
): ProgramPlace {
  return {
    name,
    async exec(words, timeoutMs) {
      const [program = '', ...rest] = [...prefix, ...commandOf(words)];
      const limits = { timeout: timeoutMs, killSignal: 'SIGKILL' } as const;
      const end = await execa(program, rest, { stdin: 'ignore', reject: false, ...limits });
      return { exitCode: end.exitCode ?? null, stdout: end.stdout, stderr: end.stderr };
    },
    spawn: (words, farewell) =>
      guarded(['-c', guard, 'sh', farewell, ...prefix, ...commandOf(words)]),
  };
}

function guarded(words: readonly string[]): PlacedProgram {
  // A session of its own: Ctrl-C reaches this process alone, and the guard outlives it.
  const child = spawn('sh', [...words], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrCharacters);
  });
  child.stdin.on('error', () => {
    // Its end is reported by `ended`.
  });
  // The guard would wait for more to send.
  child.stdout.once('end', () => child.stdin.end());
  const ended = new Promise<{ exitCode: number | null; stderr: string }>((resolve) => {
    child.once('error', (thrown) => resolve({ exitCode: null, stderr: thrown.message }));
    child.once('close', (exitCode) => resolve({ exitCode, stderr }));
  });
  return {
    stdout: child.stdout,
    send: (text) => void (child.stdin.writable && child.stdin.write(text)),
    close: () => void child.stdin.end(),
    kill() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    },
    ended,
  };
}
