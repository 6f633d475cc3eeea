/** The master of two controllers is killed: the slave takes over, and no packet is lost. */

import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

test('controller-failover: roles seen from outside, before and after', () => {
  const out = test.info().outputPath('runs');
  const done = failoverLab(['run', 'controller-failover', '--seed', '1', '--json', '--out', out]);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  const [trial] = result.trials;
  const told = JSON.stringify(trial?.controller);
  test.info().annotations.push({ type: 'controller', description: told });

  expect(trial?.controller, done.stderr).toMatchObject({ instance: 0, wasMaster: true });
  const { failover, restart, outageMs } = trial?.controller ?? {};
  // Three heartbeats of 100 ms, of which the first may have been due at once; a busy machine is
  // later, never sooner.
  expect(failover?.to).toBe(1);
  expect(failover?.roleRequestMs).toBeGreaterThan(150);
  expect(outageMs).toBeGreaterThanOrEqual(failover?.roleRequestMs ?? Infinity);
  expect(failover?.firstFlowChangeMs).toBeGreaterThanOrEqual(failover?.roleRequestMs ?? Infinity);
  // The dead one comes back after five seconds, and every switch connects to it.
  expect(restart?.processMs).toBeGreaterThan(5000);
  expect(restart?.connectedMs).toBeGreaterThan(restart?.processMs ?? Infinity);
  expect(restart).toMatchObject({ switches: 4, switchesConnected: 4 });
  // It asks to be a slave: it does not take the mastership back.
  expect(restart?.firstFlowChangeMs).toBeNull();

  const measuredBadly = sentencesOf(trial?.fidelity?.reasons ?? []).length > 0;
  if (!measuredBadly) {
    expect(result.verdict, sentencesOf(result.reasons).join('; ')).toBe('pass');
    expect(trial?.network?.forward.packetsLost).toBe(0);
    expect(trial?.network?.reverse.packetsLost).toBe(0);
  }
  const report = failoverLab(['report', join(out, 'controller-failover/latest')]);
  expect(report.stdout).toContain('instance 1 requested the master role');
});
