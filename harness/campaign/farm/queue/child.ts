/** One trial in a process of its own, so that nothing that it does starves the worker's event loop. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { LineCutter } from '../../../line-reader.js';
import { packageRoot } from '../../../package-root.js';
import { machineVariable } from '../far-end.js';
import { type FarJob, type FarLine, farLine } from '../job.js';
import { packedCharactersMax } from '../packed.js';

export interface TrialProcess {
  /** Resolves with its exit code; null: it was killed. */
  ended: Promise<number | null>;
  /** Ask it to heal and to end. */
  interrupt(): void;
}

/** Start the far end for one job. @param machine The name that its lines bear. */
export function startTrial(
  job: FarJob,
  machine: string,
  onLine: (line: FarLine) => void,
): TrialProcess {
  const program = join(packageRoot(), 'harness/setup/start.mjs');
  const words = ['--pdeathsig', 'TERM', '--', process.execPath, program, 'far', 'trial'];
  const child = spawn('setpriv', words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // The terminal's Ctrl-C is for the worker, which decides what becomes of its trials.
    detached: true,
    env: { ...process.env, [machineVariable]: machine },
  });
  const cutter = new LineCutter({
    charactersMax: packedCharactersMax,
    onTooLong: () => {},
    onLine: (text) => {
      const line = farLine.safeParse(parsedOrNull(text));
      if (line.success) onLine(line.data);
    },
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => cutter.add(text));
  child.stdin.on('error', () => {});
  child.stdin.end(`${JSON.stringify(job)}\n`);
  return {
    ended: new Promise((resolve) => {
      child.on('error', () => resolve(null));
      child.on('close', (exitCode) => resolve(exitCode));
    }),
    interrupt: () => child.kill('SIGTERM'),
  };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
