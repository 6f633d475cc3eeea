/** Programs of the user's on nodes: they run, what they print is kept, and an early end is named. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { failoverLab } from './program.js';

const fixture = (name: string) => `test/fixtures/labs/programs/${name}.ts`;

function run(name: string) {
  const out = test.info().outputPath('runs');
  const words = ['run', fixture(name), '--seed', '1', '--json', '--replace', '0', '--out', out];
  const done = failoverLab(words);
  const folder = join(out, name, 'latest');
  const logs = readdirSync(folder, { recursive: true }).map(String);
  const logOf = (program: string) => {
    const file = logs.find((one) => one.endsWith(`program-${program}.log`));
    return file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
  };
  expect(existsSync(join(folder, 'history.ndjson')), done.stderr).toBe(true);
  const history = readFileSync(join(folder, 'history.ndjson'), 'utf8');
  const events = history
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { done, logOf, events };
}

test('a server from the start and a client in the timeline; an end with a status is reported', () => {
  const { done, logOf, events } = run('web');
  expect(logOf('client')).toContain('fetched');
  expect(logOf('web')).toContain('"GET / HTTP/1.1" 200');
  expect(logOf('loser')).toBe('gives up\n');
  const ended = events.filter(
    ({ kind, process }) => kind === 'process.exit' && process.role === 'program',
  );
  const ends = ended.map(({ process, exitCode, expected }) => [
    process.program,
    exitCode,
    expected,
  ]);
  expect(ends).toContainEqual(['client', 0, true]);
  expect(ends).toContainEqual(['loser', 3, false]);
  // The server was asked to end by its own signal, after the traffic.
  expect(ends.find(([name]) => name === 'web')?.[2]).toBe(true);
  runResultSchema.parse(JSON.parse(done.stdout));
  const warnings = events.filter(({ kind }) => kind === 'warning').map(({ warning }) => warning);
  expect(warnings).toContainEqual({
    code: 'program-ended',
    data: { program: 'loser', node: 'h2', exitCode: 3, signal: null, lastLines: ['gives up'] },
  });
});

test('a program that ends before it is ready ends the trial, with its last lines', () => {
  const { done } = run('dies');
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('Program server on h1 ended before it was ready.');
  expect(done.stderr).toContain('no licence');
});
