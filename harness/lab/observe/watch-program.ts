/** A Python program that watches the lab: started, read line by line, ended with its input. */
import { join } from 'node:path';
import { execa } from 'execa';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import type { Emit } from '../../model/history/emit.js';
import { type ProcessId, processName } from '../../model/process-id.js';
import { packageRoot } from '../../package-root.js';

export interface WatchProgram {
  python: string;
  /** Below harness/lab/observe. */
  program: string;
  /** What it is to watch: words on its command line, or its first line of input. */
  words?: readonly string[];
  plan?: object;
  process: ProcessId;
  logFile: string;
  charactersMax: number;
  emit: Emit;
  /** Returns true for the line by which the program states that it watches. */
  onLine(text: string): boolean;
}

/** Start it; resolves once it watches. Throws WATCH_FAILED. Its end is recorded, asked for or not. */
export async function startWatch(watch: WatchProgram): Promise<{ stop(): Promise<void> }> {
  const { python, words = [], plan, process, logFile, charactersMax, emit, onLine } = watch;
  const program = join(packageRoot(), 'harness/lab/observe', watch.program);
  const child = execa(python, ['-B', program, ...words], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: { file: logFile },
    buffer: false,
    reject: false,
  });
  child.stdin.on('error', () => {
    // Its end is reported below.
  });
  let stopping = false;
  const started = new Promise<void>((resolve, reject) => {
    readLines(child.stdout, {
      charactersMax,
      onLine: (text) => void (onLine(text) && resolve()),
      // Like every line that cannot be read: the last one of a process that was killed, say.
      onTooLong: () => {},
    });
    void child.then((result) => {
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      const text = `The ${processName(process)} ended at start with ${signal ?? `status ${exitCode}`}.`;
      reject(new LabError('WATCH_FAILED', text, { hint: `Its output is in ${logFile}.` }));
      emit({
        ...{ kind: 'process.exit', atNs: nowNs(), process, node: null },
        ...{ exitCode, signal, expected: stopping, lastLines: [] },
      });
    });
  });
  if (plan !== undefined) child.stdin.write(`${JSON.stringify(plan)}\n`);
  await started;
  return {
    async stop() {
      stopping = true;
      child.stdin.end();
      await child;
    },
  };
}
