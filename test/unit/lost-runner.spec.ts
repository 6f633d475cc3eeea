import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { lostRunner } from '../../harness/campaign/lost-runner.js';
import { lastLinesOf } from '../../harness/lab/traffic/last-lines.js';

const exit = { exitCode: 127, signal: null };
const lost = { exit, interrupted: false, started: false };

test('the last output of a runner that ended before its trial is part of the error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lost-runner-'));
  const log = join(folder, 'runner.log');
  writeFileSync(log, 'one\ntwo\n\ninside.sh: 27: mount: not found\n');
  const { error } = lostRunner({ ...lost, lastLines: lastLinesOf(log, 2) });
  rmSync(folder, { recursive: true });
  expect(error?.code).toBe('SANDBOX_FAILED');
  expect(error?.hint).toBe(
    'Its last output (runner.log in the run folder):\ntwo\ninside.sh: 27: mount: not found',
  );
});

test('a runner without any output: the error states it', () => {
  const { error } = lostRunner({ ...lost, lastLines: lastLinesOf('/nowhere/runner.log', 2) });
  expect(error?.hint).toBe('It wrote nothing to runner.log in the run folder.');
});

test('every program that the first script of a sandbox calls is looked for by the set-up', () => {
  const places = 'harness/sites/namespaces/inside.sh';
  const called = new Set(
    [...readFileSync(places, 'utf8').matchAll(/^\s*(?:\[.*\|\| )?([a-z]+) /gm)].map(
      ([, word]) => word,
    ),
  );
  const lookedFor = readFileSync('harness/setup/system-packages.mjs', 'utf8');
  // coreutils is in every Debian; the rest are words of the shell itself.
  const always = ['mkdir', 'readlink', 'set', 'exec', 'unset', 'if', 'for', 'case', 'continue'];
  const outside = [...called].filter((word) => word && !always.includes(word));
  expect(outside).toEqual(expect.arrayContaining(['mount', 'hostname', 'ip']));
  expect(outside.filter((word) => !lookedFor.includes(`program('${word}')`))).toEqual([]);
});
