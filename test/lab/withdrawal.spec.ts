/** A prefix that is withdrawn, by FRR and by BIRD, as the kernel's table of the other router has it. */
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { DrivenLab } from './driven-lab.js';

const installed = existsSync('/usr/lib/frr/zebra') && existsSync('/usr/sbin/bird');
test.skip(!installed, 'the packages frr and bird2 are not installed');

let lab: DrivenLab;
test.beforeAll(async () => {
  lab = new DrivenLab('test/fixtures/labs/two-suites.ts');
  await lab.ready();
});
test.afterAll(() => lab.close());

const routes = (router: string) => lab.inside(router, 'ip', '-4', 'route').stdout;

for (const [router, other, prefix] of [
  ['r1', 'r2', '10.0.1.0/24'],
  ['r2', 'r1', '10.0.2.0/24'],
] as const) {
  test(`withdraw of ${router}: ${other} has no route until the heal`, async () => {
    const target = { kind: 'node', node: router };
    await expect.poll(() => routes(other)).toContain(prefix);
    const injected = await lab.inject('withdraw', target, { prefix });
    expect(injected, JSON.stringify(injected)).toMatchObject({ type: 'done' });
    try {
      await expect.poll(() => routes(other), { timeout: 8000 }).not.toContain(prefix);
      // Its loopback is announced as before, so the sessions are up.
      expect(routes(other)).toContain('10.255.0.');
    } finally {
      const healed = await lab.heal();
      expect(healed, JSON.stringify(healed)).toMatchObject({ type: 'done' });
    }
    await expect.poll(() => routes(other), { timeout: 15_000 }).toContain(prefix);
  });
}
