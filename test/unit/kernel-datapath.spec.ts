/** What a report states of a fault that stops ovs-vswitchd alone, by the datapath. */
import { expect, test } from '@playwright/test';
import type { RunResult } from '../../harness/model/result.js';
import { kernelDatapathText } from '../../reports/kernel-datapath.js';
import { judgedRun } from './judged-runs.js';

function runWith(kind: string, datapath: 'kernel' | 'user'): RunResult {
  const { result } = judgedRun([{ outageMs: 0, verdict: 'pass' }]);
  const trials = result.trials.map((trial) => ({
    ...trial,
    episodes: trial.episodes.map((episode) => ({ ...episode, kind })),
  }));
  return { ...result, trials, environment: { ...result.environment, datapath } };
}

test("with the kernel's datapath known flows may outlive ovs-vswitchd, and the report states it", () => {
  for (const kind of ['vswitchd-crash', 'vswitchd-hang']) {
    expect(kernelDatapathText(runWith(kind, 'kernel'))).toContain('flows that it knew');
    expect(kernelDatapathText(runWith(kind, 'user'))).toBeNull();
  }
  expect(kernelDatapathText(runWith('power-off', 'kernel'))).toBeNull();
  expect(kernelDatapathText(runWith('unknown-to-this-version', 'kernel'))).toBeNull();
});
