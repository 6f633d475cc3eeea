/** Runs a program to its end, within a limit of time and of output. */
import { spawn } from 'node:child_process';
import type { ExecLimits, ProgramEnd } from './program-place.js';

/** More than the record of any trial; what is beyond it is dropped. */
const outputBytesMax = 256 * 1024 * 1024;
/** Of standard error only the end is kept. */
const stderrCharacters = 20_000;

/** Never rejects: a program that cannot be started has its reason on standard error. */
export function runToEnd(
  [program = '', ...words]: readonly string[],
  { limitMs, input = '' }: ExecLimits,
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
      // A shared connection that ssh left in the background holds them open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, limitMs);
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= outputBytesMax) pieces.push(piece);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-stderrCharacters);
    });
    child.stdin.on('error', () => {
      // It ended without reading all of its input.
    });
    child.stdin.end(input);
    const end = (exitCode: number | null) => {
      clearTimeout(timer);
      resolve({ exitCode, timedOut, stdout: Buffer.concat(pieces).toString(), stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      end(null);
    });
    // A connection that stays in the background keeps standard error open: it is not waited for.
    const printedAll = new Promise<void>((all) => child.stdout.on('close', () => all()));
    child.on('exit', (exitCode) => void printedAll.then(() => setImmediate(() => end(exitCode))));
  });
}
