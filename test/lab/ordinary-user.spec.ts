/** Labs without root: the same job in a user namespace, or the exact line that makes it possible. */
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';
import { asOrdinaryUser, startWithSudo, userId } from './ordinary-user.js';

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
    'This user cannot open /dev/net/tun, which the userspace datapath needs: it must have mode 0666.',
  );
  expect(done.stderr).toContain(
    `sudo chmod 0666 /dev/net/tun; permanently: echo 'KERNEL=="tun", MODE="0666"' | sudo tee /etc/udev/rules.d/60-tun.rules`,
  );
  expect(done.stderr).toContain('Or allow `sudo -n true` for this user');
  expect(done.stderr).not.toContain('opening the sandbox');
  expect(statSync('/dev/net/tun').mode).toBe(mode);
});

test('/dev/net/tun is missing: the remedy is another one', () => {
  const done = asOrdinaryUser('missing', ['run', fast, '--seed', '1']);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain('/dev/net/tun does not exist, which the userspace datapath needs.');
  expect(done.stderr).toMatch(/sudo modprobe tun|docker run --device/);
});

test('--sandbox root is root’s: said, not tried', () => {
  const done = asOrdinaryUser('0666', ['run', fast, '--sandbox', 'root']);
  expect(done.status, done.stderr).toBe(69);
  expect(done.stderr).toContain('--sandbox root needs root; this is user 61234.');
});

test('sudo without a password: the sandbox alone is root’s, the record is the user’s', () => {
  const out = test.info().outputPath('runs');
  mkdirSync(out, { recursive: true });
  chownSync(out, userId, userId);
  const seen = join('/mnt/clone', relative(packageRoot(), out));
  const words = ['run', fast, '--seed', '1', '--json', '--out', seen];
  const done = asOrdinaryUser('0600', words, 'yes');
  expect(done.status, done.stderr).toBe(0);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  expect(result.verdict).toBe('pass');
  expect(result.environment.sandbox).toBe('sudo');
  expect(result.cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
  expect(files.filter((name) => name.endsWith('.log')).length).toBeGreaterThan(5);
  expect(files.filter((name) => statSync(join(out, name)).uid !== userId)).toEqual([]);
});

/** Processes of labs whose program is the user's clone, whoever runs them. */
function processesOfClone(): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes('/mnt/clone/harness') || line.includes('/mnt/clone/dist'));
}

for (const [name, end] of [
  ['kill -9 of the command', ['SIGKILL']],
  ['Ctrl-C twice', ['SIGINT', 'SIGINT']],
] as const) {
  test(`through sudo, ${name}: the sandbox goes at once`, async () => {
    const command = startWithSudo(['run', fast, '--seed', '1']);
    let said = '';
    command.stderr?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    await expect.poll(() => said, { timeout: 60_000 }).toContain('s traffic');
    expect(processesOfClone().join('\n')).toContain('bridge/main.py');
    for (const signal of end) {
      command.kill(signal);
      if (signal === 'SIGINT') await expect.poll(() => said).toContain('healing and cleaning up');
    }
    await expect.poll(processesOfClone, { timeout: 1500 }).toEqual([]);
  });
}
