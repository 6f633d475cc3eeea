/** Where a lab may live, on recorded machines: chosen, or refused with the line that mends it. */
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { chooseSite } from '../../harness/sites/choose.js';
import { type Changes, recordedMachine } from '../recorded-machine.js';

const user: Changes = { facts: { userId: 1000 } };

/** The name of the site that is chosen. */
async function chosen(...asked: Parameters<typeof chooseSite>): Promise<string> {
  return (await chooseSite(...asked)).name;
}

async function refusal(...asked: Parameters<typeof chooseSite>): Promise<LabError> {
  const outcome = await chooseSite(...asked).catch((thrown) => thrown);
  if (outcome instanceof LabError) return outcome;
  throw new Error(`not refused: ${outcome}`);
}

test('auto: root for root, a user namespace for anybody else', async () => {
  expect(await chosen('auto', 'user', recordedMachine('debian-12'))).toBe('root');
  expect(await chosen('auto', 'user', recordedMachine('debian-12', user))).toBe('user');
  expect(await chosen('user', 'user', recordedMachine('debian-12'))).toBe('user');
});

test('AppArmor forbids it: the sysctl is named', async () => {
  const refused = await refusal('auto', 'user', recordedMachine('ubuntu-24.04'));
  expect(refused).toMatchObject({
    code: 'MACHINE_LACKS',
    message: 'AppArmor restricts user namespaces of ordinary users.',
    hint:
      'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root\n' +
      'Or allow `sudo -n true` for this user; then only the sandbox runs as root.',
    details: { finding: 'namespaces' },
  });
});

test('a closed /dev/net/tun matters to the userspace datapath alone', async () => {
  const changes: Changes = {
    facts: { userId: 1000, openErrors: { '/dev/net/tun': 'EACCES' } },
  };
  const refused = await refusal('auto', 'user', recordedMachine('debian-12', changes));
  expect(refused.message).toContain('This user cannot open /dev/net/tun');
  expect(refused.hint).toContain('sudo chmod 0666 /dev/net/tun');
  expect(await chosen('auto', 'kernel', recordedMachine('debian-12', changes))).toBe('user');
});

test('--sandbox root as an ordinary user', async () => {
  const refused = await refusal('root', 'user', recordedMachine('debian-12', user));
  expect(refused.message).toBe('--sandbox root needs root; this is user 1000.');
});

test('--sandbox none: for root, where the host’s Open vSwitch answers', async () => {
  const refused = await refusal('none', 'user', recordedMachine('debian-12', user));
  expect(refused.message).toBe('--sandbox none needs root; this is user 1000.');
  const without = await refusal('none', 'user', recordedMachine('debian-12'));
  expect(without).toMatchObject({
    code: 'MACHINE_LACKS',
    message: "The host's own Open vSwitch does not run. --sandbox none requires it.",
    hint:
      'sudo systemctl start openvswitch-switch (without systemd: ' +
      'sudo /usr/share/openvswitch/scripts/ovs-ctl start --system-id=random)',
    details: { finding: 'ovs-host' },
  });
  const dead = { files: { '/run/openvswitch/db.sock': '' } };
  const left = await refusal('none', 'user', recordedMachine('debian-12', dead));
  expect(left.hint).toBe('sudo systemctl restart openvswitch-switch');
});

test('sudo without a password: the sandbox alone is root’s, where a user namespace cannot be', async () => {
  const closed: Changes = {
    facts: { userId: 1000, openErrors: { '/dev/net/tun': 'EACCES' } },
    commands: { 'sudo -n true': { exitCode: 0 }, 'sudo -n -- unshare': { stdout: 'entered\n' } },
  };
  expect(await chosen('auto', 'user', recordedMachine('debian-12', closed))).toBe('sudo');
  const asked = await refusal('user', 'user', recordedMachine('debian-12', closed));
  expect(asked.hint).not.toContain('sudo -n');
  const password = { ...closed, commands: { 'sudo -n true': { exitCode: 1 } } };
  const refused = await refusal('auto', 'user', recordedMachine('debian-12', password));
  expect(refused.hint).toContain('Or allow `sudo -n true` for this user');
});
