/** Programs in Python that read files of Mininet's: one process for each, within bounds. */
import { join } from 'node:path';
import { printable } from '../../model/units.js';
import { packageRoot } from '../../package-root.js';

// The bridge's interpreter: another python3 may come first on PATH and lack Mininet.
const python = '/usr/bin/python3';
export const timeLimitMs = 20_000;
/** What a process that the file left behind may hold open of our pipes. */
const streamsEndMs = 500;
/** Longer than the description of a network of ten thousand nodes. */
export const answerLimits = { characters: 64 * 1024 * 1024, depth: 16 };
/** Of what the file prints, the end is kept: it may print for as long as it runs. */
const printedCharactersMax = 4000;

export interface PythonEnd {
  answer: string;
  /** The last lines of what Mininet and the file printed. */
  printed: string[];
  exitCode: number | undefined;
  signal: string | undefined;
  timedOut: boolean;
}

/**
 * Run a program of the bridge on a file of somebody else's. Ends within the time limit, whatever the
 * file starts, prints or holds open.
 */
export async function runPython(program: string, given: readonly string[]): Promise<PythonEnd> {
  const script = join(packageRoot(), 'harness/lab/mininet/bridge', program);
  const words = ['-B', script, ...given];
  // Most scenarios name no such file.
  const { execa } = await import('execa');
  const child = execa(python, words, {
    ...{ reject: false, stdin: 'ignore', buffer: { stderr: false } },
    ...{ timeout: timeLimitMs, forceKillAfterDelay: 1000 },
    maxBuffer: answerLimits.characters,
  });
  let printed = '';
  child.stderr.on('data', (piece: Buffer) => {
    printed = (printed + piece.toString('utf8')).slice(-printedCharactersMax);
  });
  child.once('exit', () => {
    const end = () => [child.stdout, child.stderr].map((stream) => stream.destroy());
    setTimeout(end, streamsEndMs).unref();
  });
  const done = await child;
  const lines = printed
    .trim()
    .split('\n')
    .map((line) => printable(line, 200));
  return {
    answer: `${done.stdout ?? ''}`,
    printed: lines.filter((line) => line !== ''),
    exitCode: done.exitCode,
    signal: done.signal,
    timedOut: done.timedOut,
  };
}
