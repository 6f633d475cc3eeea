/**
 * `--sandbox none`: a lab on a host that belongs to others. The host is a machine of its own here,
 * with an Open vSwitch, interfaces, files and processes that look like a lab's and are not.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type Command, QuietMachine } from '../../harness/bench/quiet-machine.js';
import { bringWitnesses, hearWitnesses } from '../../harness/bench/soak/witnesses.js';
import { runResultSchema } from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';

test.skip(process.getuid?.() !== 0, 'A machine of its own, to count on, needs root.');

const scenario = join(packageRoot(), 'test/fixtures/labs/on-host.ts');
const supervisor = /^\S*node \S*start\.mjs run /;

let machine: QuietMachine;
test.beforeEach(async () => {
  machine = await QuietMachine.open();
});
test.afterEach(() => machine.close());

/** Besides the soak's witnesses, things that bear the lab's prefix and lack its mark. */
function bringNeighbours(): void {
  bringWitnesses(machine);
  machine.shell(`
    echo mine > /tmp/foo.log
    ip link add x-eth1 type veth peer name fl-mine
    ovs-vsctl --timeout=5 add-br fl-other -- set Bridge fl-other datapath_type=netdev
    ovs-vsctl --timeout=5 add-port fl-other x-eth1
    ip link add fl-bridge type bridge
    nft add table netdev lab_mine`);
}

/** Everything that the neighbours would notice. */
function neighbours(): string {
  const own = machine.shell(`
    ip -o link show x-eth1 | cut -d : -f 2
    ip -o link show fl-mine | cut -d : -f 2
    ip -o link show fl-bridge | cut -d : -f 2
    ovs-vsctl --timeout=5 list-ports fl-other
    cat /tmp/foo.log
    nft list tables netdev
    sysctl -a 2> /dev/null | grep -E '^net\\.(core|ipv4\\.(neigh|route|tcp_[rw]mem))' |
      grep -vE 'random|netdev_rss_key'`);
  return `${hearWitnesses(machine)}\n${own}`;
}

function start(...words: string[]): Command {
  const out = test.info().outputPath('runs');
  return machine.start([
    'run',
    scenario,
    '--sandbox',
    'none',
    '--seed',
    '1',
    '--out',
    out,
    ...words,
  ]);
}

async function inTraffic(command: Command): Promise<void> {
  await expect.poll(() => command.stderr, { timeout: 60_000 }).toContain('s traffic');
}

test('a scenario passes; nobody else’s thing is touched, and nothing is left', async () => {
  bringNeighbours();
  const heard = neighbours();
  const before = machine.census();

  const command = start('--json');
  await inTraffic(command);
  expect(machine.shell('ovs-vsctl list-ports fl-s2')).toBe('fl-s2-eth1\nfl-s2-eth2\n');
  expect(machine.shell('ip -br link show fl-control0')).toContain('fl-control0');
  expect(machine.shell('ip -br link show fl-e1-fab')).toContain('fl-e1-fab');
  const second = start();
  const clean = machine.start(['clean', '--yes']);
  expect(await second.ended).toBe(69);
  expect(second.stderr).toContain(
    'Another lab with --sandbox none is running, and the host can run one at a time.',
  );
  expect(await clean.ended, clean.stderr).toBe(0);
  expect(clean.stdout).toContain('bridge fl-s1: of a running lab on the host');

  expect(await command.ended, command.stderr).toBe(0);
  const result = runResultSchema.parse(JSON.parse(command.stdout));
  expect(result.verdict).toBe('pass');
  expect(result.environment.sandbox).toBe('none');
  expect(result.cleanup).toEqual({ leftovers: [], mnCleanExitCode: 0 });
  expect(neighbours()).toBe(heard);
  expect(machine.census()).toEqual(before);
});

test('kill -9 of the command: `clean` removes what is left, and nothing else', async () => {
  bringNeighbours();
  const heard = neighbours();
  const before = machine.census();
  const command = start();
  // The heal comes a second later, and the filter must still stand.
  const often = { timeout: 60_000, intervals: [20] };
  await expect.poll(() => command.stderr, often).toContain('fault: blackhole');
  machine.signal(supervisor, 'SIGKILL');
  await command.ended;
  await sleep(1000);
  const processes = (lines: string[]) => lines.filter((line) => line.startsWith('process'));
  expect(processes(machine.census())).toEqual(processes(before));

  const next = start();
  expect(await next.ended).toBe(69);
  expect(next.stderr).toMatch(
    /A lab on this host was killed and left objects behind: .*bridge fl-s1, /,
  );
  expect(next.stderr).toContain('failover-lab clean');

  const clean = machine.start(['clean', '--yes']);
  expect(await clean.ended, clean.stderr + clean.stdout).toBe(0);
  expect(clean.stdout).toContain('filter failover_lab_');
  expect(clean.stdout).toContain('interface fl-control0: of a lab on the host itself\n');
  expect(neighbours()).toBe(heard);
  expect(machine.census()).toEqual(before);
});

test('Ctrl-C twice: what the runner could not remove, the command removes', async () => {
  bringNeighbours();
  const heard = neighbours();
  const before = machine.census();
  const command = start();
  await inTraffic(command);
  machine.signal(supervisor, 'SIGINT');
  await expect.poll(() => command.stderr).toContain('healing and cleaning up');
  machine.signal(supervisor, 'SIGINT');
  expect(await command.ended).toBe(130);
  expect(neighbours()).toBe(heard);
  expect(machine.census()).toEqual(before);
});

test('what is in the way is named, and nothing starts', async () => {
  const without = start();
  expect(await without.ended).toBe(69);
  expect(without.stderr).toContain(
    "The host's own Open vSwitch does not run. --sandbox none requires it.\n" +
      'sudo systemctl start openvswitch-switch (without systemd: ' +
      'sudo /usr/share/openvswitch/scripts/ovs-ctl start --system-id=random)\n',
  );
  bringNeighbours();
  const refused = async (obstacle: string, words: string, undo: string) => {
    machine.shell(obstacle);
    const command = start();
    expect(await command.ended, command.stderr).toBe(69);
    expect(command.stderr).toContain(words);
    expect(command.stderr).not.toContain('opening the sandbox');
    machine.shell(undo);
  };
  await refused(
    'ip link add fl-s1-eth1 type veth peer name other',
    'This host already has interfaces that the lab needs to create: fl-s1-eth1.',
    'ip link del fl-s1-eth1',
  );
  await refused(
    'ip link add vpn type veth peer name other; ip link set vpn up; ip route add 10.0.0.0/8 dev vpn',
    "This host has a route to 10.0.0.0/8, which overlaps the lab's control network 10.254.0.0/16.",
    'ip link del vpn',
  );
  await refused(
    `python3 -c '
import socket, time
s = socket.create_server(("", 6653)); open("/tmp/listens", "w"); time.sleep(60)' > /dev/null 2>&1 &
    echo $! > /tmp/listener; until [ -e /tmp/listens ]; do sleep 0.05; done`,
    "A program on this host listens on port 6653, which the lab's controller needs.",
    'kill $(cat /tmp/listener)',
  );
  const parallel = start('--parallel', '2', '--trials', '2');
  expect(await parallel.ended).toBe(64);
  expect(parallel.stderr).toContain(
    'The host can run one lab at a time; --parallel needs sandboxes.',
  );
});
