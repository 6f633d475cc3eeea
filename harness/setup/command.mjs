/** Runs a program with its output on standard error, and keeps the end of that output. */
import { spawn } from 'node:child_process';

const keptLength = 20_000;

/**
 * @returns {Promise<{exitCode: number | null, output: string}>} `exitCode` is null when the
 * program was ended by a signal or could not be started.
 */
export function runAloud(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-keptLength);
      process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ exitCode: null, output: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
