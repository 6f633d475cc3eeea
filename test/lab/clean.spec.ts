/** `failover-lab clean` beside a living lab and other people's things: removes what is ours and dead. */
import { expect, test } from '@playwright/test';
import { QuietMachine } from '../../harness/bench/quiet-machine.js';

test.skip(process.getuid?.() !== 0, 'A machine of its own, to count on, needs root.');

let machine: QuietMachine;
test.beforeEach(async () => {
  machine = await QuietMachine.open();
});
test.afterEach(() => machine.close());

/** Runs on without holding the pipes of the shell that started it. */
const detached = '> /dev/null 2>&1 < /dev/null &';

/** What a lab would leave if the kernel did not take it: its owner started at tick 1, and is gone. */
function leaveALab(): void {
  machine.shell(`
    export FAILOVER_LAB_RUN=dead-run FAILOVER_LAB_OWNER=1
    unshare --net sh -c 'ip link add s1-eth1 type veth peer name s1-eth2; exec sleep 5001' ${detached}
    sleep 5002 ${detached}
    mount -n -t tmpfs failover-lab-run /mnt
    mkdir /tmp/failover-lab-test-aB3dE6 && touch -d '2 hours ago' /tmp/failover-lab-test-aB3dE6`);
}

/** Names and programs like a lab's, and not a lab's. */
function bringWitnesses(): void {
  machine.shell(`
    mkdir /tmp/failover-lab-results /tmp/failover-lab-test-fresh1
    touch -d '2 hours ago' /tmp/failover-lab-results
    echo mine > /tmp/ovs.log
    ip link add s1-eth1 type veth peer name fabric0
    nft add table netdev failover_switch
    ping -n -i 1 127.0.0.1 ${detached}
    unshare --net sleep 5003 ${detached}
    FAILOVER_LAB_RUN=somebody sleep 5004 ${detached}`);
}

async function settled(): Promise<string[]> {
  let seen = machine.census();
  await expect
    .poll(() => {
      const before = seen;
      seen = machine.census();
      return seen.join() === before.join();
    })
    .toBe(true);
  return seen;
}

test('nothing to do: says so and asks nothing', async () => {
  const command = machine.start(['clean']);
  expect(await command.ended, command.stderr).toBe(0);
  expect(command.stdout).toBe('No leftovers of labs on this host.\n');
});

test('lists first; without an answer nothing is removed; --yes removes ours alone', async () => {
  bringWitnesses();
  const before = await settled();
  leaveALab();
  await settled();
  const full = machine.census();

  const asked = machine.start(['clean']);
  expect(await asked.ended).toBe(64);
  expect(asked.stderr).toContain(
    'Standard input is not a terminal, so there was no confirmation and nothing was removed.',
  );
  expect(asked.stdout).toMatch(/process \d+: sleep, of run dead-run\n/);
  expect(asked.stdout).toMatch(
    /namespace net:\[\d+\]: with its interfaces; disappears with its last/,
  );
  expect(asked.stdout).toContain('mount /mnt: of a sandbox\n');
  expect(asked.stdout).toContain('folder /tmp/failover-lab-test-aB3dE6: of a bench or a test\n');
  const [, untouched = ''] = asked.stdout.split('Not touched:\n');
  expect(untouched).toContain('run somebody: has no known owner; processes: 1\n');
  expect(untouched).toContain('folder /tmp/failover-lab-test-fresh1: changed within the last hour');
  expect(untouched).toContain('interface fabric0: has a name that labs use');
  expect(machine.census()).toEqual(full);

  const done = machine.start(['clean', '--yes']);
  expect(await done.ended, done.stderr).toBe(0);
  expect(done.stdout).toContain('Removed all 5.\n');
  expect(machine.census()).toEqual(before);
  expect(machine.shell('nft list tables netdev')).toContain('failover_switch');
});

test('a lab that is going on is none of its business', async () => {
  const out = test.info().outputPath('runs');
  const run = machine.start(['run', 'relay-failover-fast', '--seed', '1', '--out', out]);
  await expect.poll(() => run.stderr, { timeout: 60_000 }).toContain('s traffic');
  leaveALab();
  const clean = machine.start(['clean', '--yes']);
  expect(await clean.ended, clean.stderr).toBe(0);
  expect(clean.stdout).toContain('Removed all 5.\n');
  expect(clean.stdout).toMatch(/run \S+: is going on; processes: \d+\n/);
  expect([0, 2], run.stderr).toContain(await run.ended);
  expect(run.stderr).not.toContain('trial failed');
});
