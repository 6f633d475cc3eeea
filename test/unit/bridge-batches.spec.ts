/** What the bridge does in batches, without a network of Mininet's: in a namespace of its own. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';

const program = join(packageRoot(), 'test/fixtures/bridge_batches.py');

function done(what: string) {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const words = [...user, '--net', '--', '/usr/bin/python3', '-B', program, what];
  return JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', timeout: 50_000 }));
}

test('interfaces are set by netlink and ioctl as `ip` and `ethtool` set them', () => {
  expect(done('interfaces')).toEqual({
    mtu: 1400,
    up: true,
    running: [false, true],
    group: '1718378850',
    address: [['10.1.2.3', 24]],
    behind: [['veth-a', 'wire', 'static']],
    refused: 'the kernel refused to give veth-x an address: No such device',
    sameAsEthtool: true,
    noInterface: expect.stringMatching(
      /^veth-z: its offloads cannot be set or read: .*No such dev/,
    ),
    left: [],
  });
});

test('bridges are one transaction, and a name that is taken is refused', () => {
  expect(done('bridges')).toEqual({
    number: 1,
    reached: 0,
    bridges: ['s1', 's2'],
    ports: ['s2-eth1', 's2-eth2'],
    dpid: '"0000000000000001"',
    rstp: 'true',
    again: expect.stringMatching(/refused a change: constraint violation: .*s1/),
    nobody: expect.stringMatching(/cannot be asked: .*No such file/),
  });
});

test('processes with many packet sockets end, also one that is stopped', () => {
  const { threads, ...rest } = done('end');
  expect(rest).toEqual({ held: 120, left: 0, ended: [-9, -9, -9] });
  // As an ordinary user a sandbox may be refused to look into them; then they end one by one.
  expect([0, 32]).toContain(threads);
});

test('what a daemon started in its session ends with it, also when the daemon has ended before', () => {
  expect(done('sessions')).toEqual({ found: true, ended: [-9, 0], left: [] });
});
