/**
 * For people whose tests live in Playwright Test:
 *
 *     import { expect, test } from 'failover-lab/playwright';
 *
 *     test('the overlay survives a dead relay', async ({ lab }) => {
 *       expect(await lab.run('relay-failover-fast')).toRecoverWithin('500ms');
 *     });
 *
 * Charts and reports are attached to the test, so retries, shards and merged reports work as ever.
 */
import { test as baseTest } from '@playwright/test';
import { installedCommand, type LabCommand } from './command.js';
import { Lab } from './lab.js';

export type { DriveChange, DrivePath, DriveRecovery } from '../model/drive-protocol.js';
export type { RunResult } from '../model/result.js';
export type { LabCommand, LabOptions } from './command.js';
export type { DriveOptions, InjectedFault, Kill, Lab, RunScenarioOptions } from './lab.js';
export { expect, type Recoverable } from './matchers.js';

export interface LabFixtures {
  /** Runs scenarios and drives labs; what it started ends with the test. */
  lab: Lab;
  /** Program and first arguments of the command line, for instance with `sudo` in front. */
  labCommand: LabCommand;
}

export const test = baseTest.extend<LabFixtures>({
  labCommand: [installedCommand(), { option: true }],
  lab: async ({ labCommand }, use, testInfo) => {
    const lab = new Lab(labCommand, testInfo);
    await use(lab);
    await lab.close();
  },
});
