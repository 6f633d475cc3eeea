/** Segments that do not fit through a tunnel: refused with the sum, or reproduced when asked for. */

import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

test('mss left out: refused before anything starts, with the arithmetic', () => {
  const out = test.info().outputPath('runs');
  const done = failoverLab(['run', 'test/fixtures/broken/mss-left-out.ts', '--out', out]);
  expect(done.status).toBe(64);
  expect(done.stderr).toContain('1500 - 20 (outer IPv4) - 4 (GRE) - 14 (inner Ethernet) = 1462');
  expect(done.stderr).toContain("at most '1422B'");
  expect(done.stderr).not.toContain('opening the sandbox');
});

test('allowOversize: small packets pass, TCP stands still, and the report says so', () => {
  const out = test.info().outputPath('runs');
  const argv = ['run', 'test/fixtures/labs/oversize.ts', '--seed', '1', '--json', '--out', out];
  const done = failoverLab(argv);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  const busy = sentencesOf(result.trials[0]?.fidelity?.reasons ?? []).length ?? 0;
  expect(
    busy > 0 ? [0, 2] : [0],
    `${sentencesOf(result.reasons).join('; ')}\n${done.stderr}`,
  ).toContain(done.status);
  expect(sentencesOf(result.reasons).join()).toContain('oversize stall reproduced');
  const [trial] = result.trials;
  expect(trial?.expectations).toMatchObject([{ verdict: 'pass' }]);
  // The probes of the meter are small, and pass.
  for (const direction of [trial?.network?.forward, trial?.network?.reverse]) {
    expect(direction?.recovered).toBe(true);
    expect(direction?.outageMs ?? Number.NaN).toBeLessThan(100);
  }
  const shown = failoverLab(['report', `${out}/oversize/latest`]).stdout;
  expect(shown.replace(/\s+/g, ' ')).toContain('oversize stall reproduced');
  expect(shown).toContain('0.00 bits/sec');
});
