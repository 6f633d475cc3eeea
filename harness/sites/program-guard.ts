/** Starts a program behind a guard: when this process is gone, the guard ends the conversation. */
import { spawn } from 'node:child_process';
import type { PlacedProgram } from './program-place.js';

/** Sends the farewell when its input ends: also when this process was killed. */
const guard = '{ cat; printf "%s\\n" "$1"; } | { shift; "$@"; }';
/** What a program prints on standard error is kept up to here, its end. */
const stderrCharacters = 16_000;

/** Start the program of `words`; `farewell` is the last line that it reads. */
export function spawnGuarded(words: readonly string[], farewell: string): PlacedProgram {
  // A session of its own: Ctrl-C reaches this process alone, and the guard outlives it.
  const child = spawn('sh', ['-c', guard, 'sh', farewell, ...words], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
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
