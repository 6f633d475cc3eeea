/** Labs without root: the same job in a user namespace, or the exact line that makes it possible. */
import { statSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/analysis/result.js';
import { asOrdinaryUser } from './ordinary-user.js';

test.skip(process.getuid?.() !== 0, 'Making a user and a device needs root.');

const fast = 'relay-failover-fast';

test('an ordinary user: the job passes, in a user namespace', () => {
  const done = asOrdinaryUser('0666', ['run', fast, '--seed', '1', '--json']);
  expect(done.status, done.stderr).toBe(0);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  expect(result.verdict).toBe('pass');
  expect(result.environment.sandbox).toBe('user');
  expect(result.trials[0]?.fault).toMatchObject({ kind: 'power-off', verified: true });
  expect(result.cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
});

test('/dev/net/tun is closed to the user: the remedy, and nothing starts', () => {
  const mode = statSync('/dev/net/tun').mode;
  const done = asOrdinaryUser('0600', ['run', fast, '--seed', '1']);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stdout).toBe('');
  expect(done.stderr).toContain(
    'This user may not open /dev/net/tun, which the userspace datapath needs: it must have mode 0666.',
  );
  expect(done.stderr).toContain(
    `sudo chmod 0666 /dev/net/tun; for good: echo 'KERNEL=="tun", MODE="0666"' | sudo tee /etc/udev/rules.d/60-tun.rules`,
  );
  expect(done.stderr).not.toContain('opening the sandbox');
  expect(statSync('/dev/net/tun').mode).toBe(mode);
});

test('/dev/net/tun is missing: the remedy is another one', () => {
  const done = asOrdinaryUser('missing', ['run', fast, '--seed', '1']);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain('There is no /dev/net/tun, which the userspace datapath needs.');
  expect(done.stderr).toMatch(/sudo modprobe tun|docker run --device/);
});

test('--sandbox root is root’s: said, not tried', () => {
  const done = asOrdinaryUser('0666', ['run', fast, '--sandbox', 'root']);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain('--sandbox root needs root; this is user 61234.');
});
