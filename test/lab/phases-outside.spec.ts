/** The reaction of a controller that tells us nothing is seen from outside it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { seenText } from '../../reports/evidence.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

test("a ring under os-ken's spanning tree: flow changes and packets again", () => {
  const out = test.info().outputPath('runs');
  const scenario = 'test/fixtures/labs/silent-controller.ts';
  const done = failoverLab(['run', scenario, '--seed', '1', '--json', '--out', out]);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  expect([0, 2], done.stderr).toContain(done.status);
  const [trial] = result.trials;
  const fidelity = sentencesOf(trial?.fidelity?.reasons ?? []);
  test.info().annotations.push({ type: 'phases', description: JSON.stringify(trial?.phases) });
  // On a busy machine the millisecond is in doubt, the order of the phases is not.
  if (result.verdict !== 'pass')
    expect(fidelity, sentencesOf(result.reasons).join('; ')).not.toEqual([]);

  const history = readFileSync(join(out, 'silent-controller/latest/history.ndjson'), 'utf8');
  expect(history).not.toContain('"kind":"controller.log"');

  const [episode] = trial?.episodes ?? [];
  const { phases, phaseEvidence } = episode ?? {};
  // Packets vanish and no port changes. The neighbour is missed when its last word is too old, and
  // what the controller then does to a port is the first that anybody sees of it.
  expect(phases?.detectedMs).toBeGreaterThan(1000);
  expect(seenText(phaseEvidence?.detectedMs)).toMatch(/^port-mod to s\d: port \d/);
  expect(phases?.controllerToldMs).toBe(phases?.detectedMs);
  expect(phases?.firstFlowChangeMs).toBeGreaterThanOrEqual(phases?.detectedMs ?? Infinity);
  expect(phases?.lastFlowChangeMs).toBeGreaterThanOrEqual(phases?.firstFlowChangeMs ?? Infinity);
  expect(seenText(phaseEvidence?.firstFlowChangeMs)).toMatch(/^flow-mod to s\d/);
  // Learning takes a forward delay of four seconds, after the neighbour was missed.
  expect(phases?.firstPacketForwardMs).toBeGreaterThan(4000);
  expect(phases?.firstPacketReverseMs).toBeGreaterThan(4000);
});
