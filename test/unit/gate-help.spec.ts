import { expect, test } from '@playwright/test';
import { trialsHelp } from '../../harness/cli/program/gate.js';
import {
  baselineTrials,
  minimumSeeds,
  virtualBaselineTrials,
} from '../../harness/judge/gate/trial-counts.js';

test('the help of --trials states the numbers that a gate takes', () => {
  const virtual = `in virtual time ${minimumSeeds} and ${virtualBaselineTrials}`;
  expect(trialsHelp).toBe(`10; ${baselineTrials} for a baseline; ${virtual}`);
});
