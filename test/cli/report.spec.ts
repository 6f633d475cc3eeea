/** Goal: `report` on a recorded run, as people call it. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { failoverLab } from '../lab/program.js';

const recorded = 'test/fixtures/histories/ends-soon-after-recovery.ndjson';

test('--png and --svg write the chart as a picture, and say where they cannot', () => {
  const file = test.info().outputPath('throughput.png');
  const done = failoverLab(['report', recorded, '--png', file]);
  // The exit code is that of the run, whose traffic ended too soon to prove anything.
  expect(done.status, done.stderr).toBe(2);
  expect(done.stdout).toBe('');
  expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
  const drawing = test.info().outputPath('throughput.svg');
  const both = failoverLab(['report', recorded, '--svg', drawing, '--png', file]);
  expect(both.status, both.stderr).toBe(2);
  expect(both.stderr).toContain(`${drawing}\n${file}\n`);
  expect(readFileSync(drawing, 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  const refused = failoverLab(['report', recorded, '--png', '/dev/null/no.png']);
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain('--png /dev/null/no.png cannot be written');
});
