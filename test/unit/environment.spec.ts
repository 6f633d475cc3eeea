import { expect, test } from '@playwright/test';
import { collectEnvironment } from '../../harness/doctor/environment.js';
import { environmentSchema } from '../../harness/model/history/events.js';

test('the environment of a run: what was measured, and what the run chose', async () => {
  const chosen = {
    datapath: 'user',
    sandbox: 'root',
    substitutions: ['userspace datapath: the openvswitch kernel module is missing'],
  } as const;
  const environment = await collectEnvironment({
    ...chosen,
    substitutions: [...chosen.substitutions],
  });
  expect(environmentSchema.parse(environment)).toEqual(environment);
  expect(environment).toMatchObject({ ...chosen, node: process.versions.node });
  expect(environment.cores).toBeGreaterThan(0);
  expect(environment.commit ?? 'none').toMatch(/^(none|[0-9a-f]{40}(-dirty)?)$/);
});
