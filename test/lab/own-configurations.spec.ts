/** Routers on the user's own files: what is in them runs, and a mistake is named by its line. */
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { DrivenLab } from './driven-lab.js';

const installed = existsSync('/usr/lib/frr/zebra') && existsSync('/usr/sbin/bird');
test.skip(!installed, 'the packages frr and bird2 are not installed');

const fixture = (name: string) => `test/fixtures/labs/routers/${name}.ts`;

test('FRR and BIRD run on their files, also after a crash', async () => {
  const lab = new DrivenLab(fixture('own-files'));
  try {
    await lab.ready();
    expect(lab.ping('h1', '10.0.2.10')).toBe(1);
    const addresses = lab.inside('r1', 'ip', '-4', '-br', 'address').stdout;
    expect(addresses).toContain('192.0.2.1/32');
    expect(addresses).toContain('10.9.0.1/30');
    const target = { kind: 'node', node: 'r1' };
    const crashed = await lab.inject('daemon-crash', target, { daemon: 'ospfd' });
    expect(crashed, JSON.stringify(crashed)).toMatchObject({ type: 'done' });
    const routes = () => lab.inside('r2', 'ip', '-4', 'route').stdout;
    await expect.poll(routes, { timeout: 10_000 }).not.toContain('10.0.1.0/24');
    expect(await lab.heal()).toMatchObject({ type: 'done' });
    await expect.poll(routes, { timeout: 20_000 }).toContain('10.0.1.0/24');
    // The lab does not change what it did not write.
    const refused = await lab.inject('withdraw', target, { prefix: '10.0.1.0/24' });
    expect(refused).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
  } finally {
    await lab.close();
  }
});

for (const [name, message] of [
  [
    'mistake-frr',
    'FRR of r1 refuses ./mistake-frr.conf: line 12: % Unknown command[17]:  ip ospf helo-interval 1',
  ],
  [
    'mistake-bird',
    'bird of r2 ended with status 1 at its start: bird: ./mistake-bird.conf:7:27 syntax error',
  ],
] as const) {
  test(`${name}: the line and the message are the daemon's own`, async () => {
    const lab = new DrivenLab(fixture(name));
    try {
      await expect(lab.ready()).rejects.toThrow(message);
    } finally {
      await lab.close();
    }
  });
}
