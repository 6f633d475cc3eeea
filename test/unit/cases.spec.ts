/** `npm run cases` cannot pass by accident: an exit code, a missing word and a stack trace differ. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { type ExpectedCase, expectedCases } from '../cases/expected.js';
import { judgeCase } from '../cases/judge-case.js';

const expected: ExpectedCase = {
  ...{
    file: 'x.ts',
    command: 'run',
    exit: [0],
    shows: [/only after the heal/],
    hides: [/at f:\d/],
  },
  right: 'passes',
};

test('as expected, however the lines are broken', () => {
  expect(judgeCase(expected, { exit: 0, output: 'PASS\n  only after\n   the heal' })).toEqual([]);
});

test('whatever differs is named', () => {
  expect(judgeCase(expected, { exit: 70, output: 'Error\n at f:3' })).toEqual([
    'exit 70',
    'does not show /only after the heal/',
    'shows /at f:\\d/',
  ]);
  expect(judgeCase(expected, { exit: null, output: 'only after the heal' })).toEqual([
    'exit by the time limit',
  ]);
});

test('every case has its input in the repository', () => {
  for (const { file } of expectedCases) {
    expect(existsSync(join(packageRoot(), 'test/cases/inputs', file)), file).toBe(true);
  }
});
