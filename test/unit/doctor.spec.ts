/**
 * The doctor on recorded machines: what it says there, word for word. Each text is what a person
 * with that machine reads, so a change of it is a change of the product.
 */
import { expect, test } from '@playwright/test';
import { conclude } from '../../harness/doctor/conclusion.js';
import { diagnose } from '../../harness/doctor/doctor.js';
import { hostMachine } from '../../harness/doctor/host-machine.js';
import { renderDoctor } from '../../harness/doctor/render.js';
import type { Need, NeedCondition } from '../../harness/kinds/fault-needs.js';
import { needsOfKind } from '../../harness/kinds/fault-tables.js';
import { faultDescriptors } from '../../harness/kinds/generated/fault-descriptors.js';
import type { Capabilities } from '../../harness/model/capabilities.js';
import { atLeast } from '../../harness/model/version.js';
import { type Changes, recordedMachine } from '../recorded-machine.js';

const allIds = [
  'node',
  'python',
  'mininet',
  'os-ken',
  'ovs',
  'ovs-mtu',
  'ovs-module',
  'ovs-host',
  'tun',
  'iperf3',
  'routers',
  'namespaces',
  'veth',
  'netem',
  'tbf',
  'htb',
  'nft-ingress',
  'nft-egress',
  'bonding',
  'cgroups',
  'cores',
  'clock',
];

/** The kinds of faults of which none can run without a capability, in the order of all lists. */
const alwaysNeeding = (need: Need): string[] =>
  faultDescriptors
    .map(({ kind }) => kind)
    .filter((kind) => needsOfKind(kind).always.includes(need));

/** Those of which some can, with the words for the others. */
const sometimesNeeding = (need: Need): string[] =>
  faultDescriptors.flatMap(({ kind }) =>
    needsOfKind(kind)
      .sometimes.filter((conditional) => conditional.need === need)
      .map(({ when }) => `${kind} ${conditionWords(when)}`),
  );

function conditionWords(when: NeedCondition): string {
  if (when === 'controller') return 'where there is a controller';
  if (when === 'hidden-carrier') return 'where the carrier is hidden';
  return when === 'across-fabric' ? 'across the fabric' : when.replace(/^by-/, 'by ');
}

const debian12Report = `ok    node         Node 20.20.2.
ok    python       Python 3.11.2 at /usr/bin/python3.
ok    mininet      Mininet 2.3.0.
ok    os-ken       os-ken 2.5.0.
ok    ovs          Open vSwitch 3.1.0.
ok    ovs-mtu      An MTU is set with: ovs-vsctl set interface NAME
                   mtu_request=BYTES (mtu is read-only).
ok    ovs-module   The openvswitch kernel module fits this kernel and is loaded
                   when a lab needs it.
ok    ovs-host     The host's own Open vSwitch does not run; labs start theirs.
ok    tun          /dev/net/tun can be opened.
ok    iperf3       iperf3 3.12: older than 3.17, so its intervals are read from
                   its text while it runs.
ok    routers      FRR is not installed (package frr); BIRD is not installed
                   (package bird2); keepalived is not installed (package
                   keepalived); scenarios with routers need them.
ok    namespaces   Labs run in their own namespaces, as root.
ok    veth         veth pairs, the cables of a lab.
ok    netem        netem: links can have delay and jitter.
ok    tbf          tbf: links can have a rate.
ok    htb          htb: labs do not need it; your own shaping may.
ok    nft-ingress  nftables at ingress: packets can be dropped on arrival.
ok    nft-egress   nftables at egress: packets can be dropped on departure.
ok    bonding      This kernel has no bonding: bonds of hosts are Open
                   vSwitch's, and cannot watch by ARP.
ok    cgroups      Control groups, version 2.
ok    cores        4 processor cores.
ok    clock        Clock source tsc.

This machine can run every scenario, on Open vSwitch's userspace datapath.
`;

/** What is not in order, as `ok id: sentence → remedy`, and the conclusion last. */
async function complaints(name: string, changes?: Changes): Promise<string[]> {
  const { findings, conclusion } = await diagnose(recordedMachine(name, changes));
  const lines = findings
    .filter(({ ok }) => ok !== 'yes')
    .map(({ id, ok, sentence, remedy }) =>
      remedy === undefined ? `${ok} ${id}: ${sentence}` : `${ok} ${id}: ${sentence} → ${remedy}`,
    );
  return [...lines, conclusion.sentence];
}

async function complaint(id: string, name: string, changes?: Changes): Promise<string> {
  const all = await complaints(name, changes);
  return all.find((line) => line.includes(` ${id}: `)) ?? 'nothing to say';
}

test('debian-7', async () => {
  expect(await complaints('debian-7')).toEqual([
    'no mininet: /usr/bin/python3 cannot import Mininet. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    'warning os-ken: /usr/bin/python3 cannot import os_ken: the bundled controller does not start. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    `warning ovs-mtu: Open vSwitch 2.3.1 has no mtu_request (introduced in 2.6.0) and sets internal ports back to the smallest MTU of their bridge: set every port's MTU with ip link, after adding it. → ip link set dev NAME mtu BYTES`,
    'warning ovs-module: The openvswitch module is installed for 3.2.0-4-amd64, but this kernel is 3.2.0-6-amd64. → Boot that kernel, or build the module for this one: sudo apt-get install linux-headers-3.2.0-6-amd64 (/lib/modules/3.2.0-6-amd64/build is a dangling link), then sudo dkms autoinstall',
    'no iperf3: iperf3 is not installed. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    'no namespaces: This kernel lacks namespaces that a lab needs: pid, mnt. → Boot Linux 3.8 or newer, with namespaces.',
    'warning veth: veth could not be tried because namespaces are not available.',
    'warning tbf: tbf could not be tried because namespaces are not available.',
    'warning htb: htb could not be tried because namespaces are not available.',
    'warning nft-ingress: nft-ingress could not be tried because namespaces are not available.',
    'warning nft-egress: nft-egress could not be tried because namespaces are not available.',
    'This machine cannot run a lab yet: see mininet, iperf3, namespaces.',
  ]);
});

test('debian-8', async () => {
  expect(await complaints('debian-8')).toEqual([
    'no mininet: /usr/bin/python3 cannot import Mininet. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    'warning os-ken: /usr/bin/python3 cannot import os_ken: the bundled controller does not start. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    `warning ovs-mtu: Open vSwitch 2.3.0 has no mtu_request (introduced in 2.6.0) and sets internal ports back to the smallest MTU of their bridge: set every port's MTU with ip link, after adding it. → ip link set dev NAME mtu BYTES`,
    'warning ovs-module: /lib/modules/3.16.0-6-amd64/updates/dkms/openvswitch.ko was built for kernel 3.16.0-4-amd64 and does not load into 3.16.0-6-amd64. → sudo apt-get install linux-headers-3.16.0-6-amd64 (/lib/modules/3.16.0-6-amd64/build is a dangling link), then sudo dkms autoinstall',
    `no namespaces: unshare is too old: unrecognized option '--kill-child=KILL' → Install util-linux 2.32 or newer.`,
    'warning veth: veth could not be tried because namespaces are not available.',
    'warning tbf: tbf could not be tried because namespaces are not available.',
    'warning htb: htb could not be tried because namespaces are not available.',
    'warning nft-ingress: nft-ingress could not be tried because namespaces are not available.',
    'warning nft-egress: nft-egress could not be tried because namespaces are not available.',
    'This machine cannot run a lab yet: see mininet, namespaces.',
  ]);
});

test('debian-9', async () => {
  expect(await complaints('debian-9')).toEqual([
    'no mininet: /usr/bin/python3 cannot import Mininet. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    'warning os-ken: /usr/bin/python3 cannot import os_ken: the bundled controller does not start. → Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    `warning ovs-module: /lib/modules/4.9.0-19-amd64/extra/openvswitch.ko was built against other headers than this kernel's: the version of symbol module_layout differs. → Rebuild it; or remove it for the kernel's own: sudo rm /lib/modules/4.9.0-19-amd64/extra/openvswitch.ko && sudo depmod -a`,
    'warning nft-egress: No nftables at egress: faults that drop selected packets cannot run. → Boot Linux 5.16 or newer with nf_tables.',
    'This machine cannot run a lab yet: see mininet.',
  ]);
});

test('debian-12', async () => {
  expect(await complaints('debian-12')).toEqual([
    `This machine can run every scenario, on Open vSwitch's userspace datapath.`,
  ]);
});

test('ubuntu-22.04', async () => {
  expect(await complaints('ubuntu-22.04')).toEqual([
    'warning nft-egress: No nftables at egress: faults that drop selected packets cannot run. → Boot Linux 5.16 or newer with nf_tables.',
    `This machine can run scenarios on Open vSwitch's userspace datapath, without these faults: ${[...alwaysNeeding('nftEgress'), ...sometimesNeeding('nftEgress')].join(', ')} (needs nftables' egress hook), and without loss on links, a bandwidth limit on tunnels (needs nftables' egress hook).`,
  ]);
});

test('ubuntu-24.04', async () => {
  expect(await complaints('ubuntu-24.04')).toEqual([
    'warning ovs-module: The openvswitch kernel module fits this kernel, but only root can load it. → sudo modprobe openvswitch; permanently: echo openvswitch | sudo tee /etc/modules-load.d/openvswitch.conf',
    'no namespaces: AppArmor restricts user namespaces of ordinary users. → sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run as root',
    'This machine cannot run a lab yet: see namespaces.',
  ]);
});

test('without-module', async () => {
  expect(await complaints('without-module')).toEqual([
    'warning ovs-module: Kernel 6.18.44 has no modules on this machine (/lib/modules/6.18.44 is missing). → Install the modules of exactly this kernel, or boot a kernel of the distribution.',
    `warning tun: This user cannot open /dev/net/tun, which the userspace datapath needs: it must have mode 0666. → sudo chmod 0666 /dev/net/tun; permanently: echo 'KERNEL=="tun", MODE="0666"' | sudo tee /etc/udev/rules.d/60-tun.rules`,
    `warning netem: This kernel has no netem: no delay or jitter on links. → Boot the distribution's full kernel (Debian: linux-image-amd64).`,
    'This machine cannot run a lab yet: see ovs-module, tun.',
  ]);
});

test('container', async () => {
  expect(await complaints('container')).toEqual([
    'warning os-ken: /usr/bin/python3 cannot import os_ken: the bundled controller does not start. → sudo apt-get install --no-install-recommends python3-os-ken',
    'no ovs: Open vSwitch is not installed: ovs-vsctl does not run. → sudo apt-get install --no-install-recommends openvswitch-switch',
    'warning ovs-mtu: The MTU syntax is unknown without Open vSwitch.',
    'warning ovs-module: The openvswitch module is not loaded, and a container cannot load one. → On the host: sudo modprobe openvswitch',
    'warning tun: /dev/net/tun does not exist, which the userspace datapath needs. → Start the container with: docker run --device /dev/net/tun --cap-add NET_ADMIN',
    'no namespaces: This container cannot create namespaces: unshare failed: Operation not permitted → Start the container with: docker run --privileged',
    'warning veth: veth could not be tried because namespaces are not available.',
    'warning netem: netem could not be tried because namespaces are not available.',
    'warning tbf: tbf could not be tried because namespaces are not available.',
    'warning htb: htb could not be tried because namespaces are not available.',
    'warning nft-ingress: nft-ingress could not be tried because namespaces are not available.',
    'warning nft-egress: nft-egress could not be tried because namespaces are not available.',
    'warning cores: A limit allows this container 1.5 of 8 processor cores: probes are late, and such trials are flagged. → Start the container with: docker run --cpus 2',
    'This machine cannot run a lab yet: see ovs, namespaces, ovs-module, tun.',
  ]);
});

const debian9Module = '/lib/modules/4.9.0-19-amd64/extra/openvswitch.ko';

test('a module from outside the kernel fits when nothing disagrees', async () => {
  const dmesg = { dmesg: { stdout: '' } };
  expect(await complaint('ovs-module', 'debian-9', { commands: dmesg })).toBe('nothing to say');
});

test('a module from outside the kernel and ip_gre want the same protocol', async () => {
  const changes = {
    commands: { dmesg: { stdout: '' } },
    files: { '/proc/modules': 'ip_gre 24576 0 - Live 0x0\ngre 16384 1 ip_gre, Live 0x0\n' },
  };
  expect(await complaint('ovs-module', 'debian-9', changes)).toBe(
    `warning ovs-module: ${debian9Module} is not part of the kernel and brings its own GRE, ` +
      'but ip_gre is loaded and occupies that protocol. → sudo modprobe --remove ip_gre gre && ' +
      'sudo modprobe openvswitch',
  );
});

test('the kernel log of an earlier boot tells of symbols too', async () => {
  const changes = {
    commands: { dmesg: { exitCode: 1, stderr: 'Operation not permitted' } },
    files: {
      '/var/log/kern.log':
        'Jan  1 00:00:00 stretch kernel: openvswitch: disagrees about version of symbol gre_add_protocol\n',
    },
  };
  expect(await complaint('ovs-module', 'debian-9', changes)).toContain(
    'the version of symbol gre_add_protocol differs',
  );
});

test('a module file that modules.dep does not list', async () => {
  const changes = { files: { '/lib/modules/4.9.0-19-amd64/modules.dep': '' } };
  expect(await complaint('ovs-module', 'debian-9', changes)).toBe(
    `warning ovs-module: ${debian9Module} exists, but modules.dep does not list it. → sudo depmod -a`,
  );
});

test('a kernel that loads no modules any more', async () => {
  const changes = { files: { '/proc/sys/kernel/modules_disabled': '1\n' } };
  expect(await complaint('ovs-module', 'debian-12', changes)).toBe(
    'warning ovs-module: The openvswitch module is installed, but this kernel no longer loads ' +
      'modules (kernel.modules_disabled is 1). → Load openvswitch at boot, before modules are disabled: ' +
      'echo openvswitch | sudo tee /etc/modules-load.d/openvswitch.conf, then reboot.',
  );
});

test('an ordinary user on Debian 12 gets the userspace datapath', async () => {
  const changes = {
    facts: { userId: 1000 },
    commands: { unshare: { stdout: 'entered\nveth\n' } },
  };
  const { conclusion, capabilities } = await diagnose(recordedMachine('debian-12', changes));
  expect(capabilities).toMatchObject({ ovsKernelDatapath: false, tunDevice: true, netem: true });
  expect(conclusion.datapath).toBe('user');
  expect(conclusion.sentence).toBe(
    "This machine can run every scenario, on Open vSwitch's userspace datapath.",
  );
});

test('user namespaces forbidden by each of the switches that do so', async () => {
  const unshare = { exitCode: 1, stderr: 'unshare: unshare failed: Operation not permitted\n' };
  const refused = { facts: { userId: 1000 }, commands: { unshare } };
  const withFile = (path: string, text: string) =>
    complaint('namespaces', 'debian-12', { ...refused, files: { [path]: text } });
  expect(await withFile('/proc/sys/kernel/unprivileged_userns_clone', '0\n')).toBe(
    'no namespaces: User namespaces are only for root on this machine. → ' +
      'sudo sysctl kernel.unprivileged_userns_clone=1',
  );
  expect(await withFile('/proc/sys/user/max_user_namespaces', '0\n')).toBe(
    'no namespaces: This kernel allows no user namespaces, so only root can run labs. → ' +
      'Run as root, or: sudo sysctl user.max_user_namespaces=10000',
  );
});

test('faults that a machine cannot do are named with what they need', async () => {
  const changes = { facts: { openErrors: {} } };
  const { conclusion } = await diagnose(recordedMachine('without-module', changes));
  expect(conclusion.missingFaults).toEqual([{ kind: 'delay', needs: 'netem' }]);
  expect(conclusion.sentence).toBe(
    "This machine can run scenarios on Open vSwitch's userspace datapath, without these faults: " +
      'delay (needs netem), and without delay or jitter on links (needs netem).',
  );
});

/** The conclusion for a machine that has everything but these. */
async function concludedWithout(lacks: Partial<Capabilities>) {
  const { findings, capabilities } = await diagnose(recordedMachine('debian-12', ableUser));
  return conclude(findings, { ...capabilities, ...lacks });
}
const ableUser = { facts: { userId: 1000 }, commands: { unshare: { stdout: 'entered\nveth\n' } } };

test('every scenario is promised only where nothing is lacking', async () => {
  expect((await concludedWithout({})).sentence).toMatch(/^This machine can run every scenario, /);
  expect((await concludedWithout({ htb: false })).sentence).toMatch(/every scenario/);
  for (const lacks of ['netem', 'tbf', 'nftIngress', 'nftEgress'] as const) {
    const { sentence } = await concludedWithout({ [lacks]: false });
    expect(sentence, lacks).not.toMatch(/every scenario/);
  }
});

test('each fault that needs a hook of nftables is named when the hook is not there', async () => {
  const ingress = await concludedWithout({ nftIngress: false });
  expect(ingress.missingFaults.map(({ kind }) => kind)).toEqual(alwaysNeeding('nftIngress'));
  expect(alwaysNeeding('nftIngress')).toContain('control-channel-loss');
  expect(alwaysNeeding('nftIngress')).not.toContain('blackhole');
  const egress = await concludedWithout({ nftEgress: false });
  const always = egress.missingFaults.filter(({ when }) => when === undefined);
  expect(always.map(({ kind }) => kind)).toEqual(alwaysNeeding('nftEgress'));
  expect(alwaysNeeding('nftEgress')).toEqual(expect.arrayContaining(['blackhole', 'partition']));
  expect(alwaysNeeding('nftEgress')).not.toContain('power-off');
  const sometimes = egress.missingFaults.filter(({ when }) => when !== undefined);
  expect(sometimes.map(({ kind }) => kind)).toEqual(
    sometimesNeeding('nftEgress').map((words) => words.split(' ')[0]),
  );
  expect(sometimesNeeding('nftEgress')).toEqual(
    expect.arrayContaining(['link-down where there is a controller', 'flap by blackhole']),
  );
  expect(egress.faults).toContain('link-down');
  expect(egress.sentence).toContain('link-down where there is a controller');
});

test('a module for filters is of no use without the program that makes them', async () => {
  const files = { '/usr/sbin/nft': null, '/sbin/nft': null };
  const { capabilities } = await diagnose(recordedMachine('debian-12', { ...ableUser, files }));
  expect(capabilities).toMatchObject({ nftIngress: false, nftEgress: false });
});

test('a program that hangs is told apart from one that is missing', async () => {
  const changes = { commands: { 'ovs-vsctl --version': { outcome: 'timed out' as const } } };
  expect(await complaint('ovs', 'debian-12', changes)).toBe(
    'no ovs: ovs-vsctl is installed, but did not answer within 3 s. → Check its state ' +
      '(D means that it waits for the kernel): ps -o pid,stat,wchan,args -C ovs-vsctl',
  );
});

/** Debian 12 with an Open vSwitch of its own, whose daemons are in these states; null = not there. */
function withHostOvs(database: string | null, vswitchd: string | null, answer = {}): Changes {
  const daemon = (name: string, pid: number, state: string | null) => ({
    [`/run/openvswitch/${name}.pid`]: `${pid}\n`,
    [`/proc/${pid}/comm`]: state === null ? null : `${name}\n`,
    [`/proc/${pid}/stat`]: `${pid} (${name}) ${state} 1 1 1`,
  });
  return {
    files: {
      '/run/openvswitch/db.sock': '',
      ...daemon('ovsdb-server', 11, database),
      ...daemon('ovs-vswitchd', 12, vswitchd),
    },
    commands: { 'ovs-vsctl --timeout=1': answer },
  };
}

test("the host's Open vSwitch: each way in which it does not answer has its own remedy", async () => {
  const said = (...states: Parameters<typeof withHostOvs>) =>
    complaint('ovs-host', 'debian-12', withHostOvs(...states));
  const restart = '→ sudo systemctl restart openvswitch-switch';
  expect(await said('S', 'S')).toBe('nothing to say');
  expect(await said('S', 'S', { exitCode: 1, stderr: 'db.sock: Permission denied' })).toBe(
    'nothing to say',
  );
  expect(await said(null, null)).toBe(
    'warning ovs-host: /run/openvswitch/db.sock exists, but no ovsdb-server answers on it: it was left by a daemon that died. ' +
      `Labs are not affected. ${restart}`,
  );
  expect(await said('S', null)).toBe(
    "warning ovs-host: The host's ovsdb-server runs and ovs-vswitchd does not: ovs-vsctl waits for it forever. " +
      `Labs are not affected. ${restart}`,
  );
  expect(await said('T', 'S')).toBe(
    "warning ovs-host: The host's ovsdb-server (process 11) is stopped. Labs are not affected. → sudo kill -CONT 11",
  );
  expect(await said('S', 'D')).toBe(
    "warning ovs-host: The host's ovs-vswitchd (process 12) is blocked in the kernel and cannot be killed. " +
      'Labs are not affected. → To see what blocks it: sudo cat /proc/12/stack; if it does not recover, reboot.',
  );
  expect(await said('S', 'S', { outcome: 'timed out' })).toBe(
    "warning ovs-host: The host's ovsdb-server runs, but did not answer within a second. " +
      `Labs are not affected. ${restart}`,
  );
});

test('no question waits longer than its limit', async () => {
  const machine = hostMachine(100);
  expect(await machine.run(['sleep', '30'])).toMatchObject({ outcome: 'timed out' });
  // A grandchild that holds the pipes open must not hold the answer.
  expect(await machine.run(['sh', '-c', 'sleep 3 & sleep 30'])).toMatchObject({
    outcome: 'timed out',
  });
  expect(await machine.run(['no-such-program'])).toMatchObject({ outcome: 'missing' });
});

test('this machine can be looked at', async () => {
  const { findings } = await diagnose(hostMachine());
  expect(findings.map(({ id }) => id)).toEqual(allIds);
  expect(findings.find(({ id }) => id === 'node')).toEqual({
    id: 'node',
    ok: 'yes',
    sentence: `Node ${process.versions.node}.`,
  });
});

test('the report of Debian 12 as it stands in a terminal of 80 columns', async () => {
  const { findings, conclusion } = await diagnose(recordedMachine('debian-12'));
  expect(renderDoctor(findings, 80, conclusion)).toBe(debian12Report);
});

test('remedies stand below their finding', async () => {
  const { findings } = await diagnose(recordedMachine('ubuntu-22.04'));
  const egress = findings.filter(({ id }) => id === 'nft-egress');
  expect(renderDoctor(egress, 60)).toBe(
    [
      'note  nft-egress   No nftables at egress: faults that drop',
      '                   selected packets cannot run.',
      '                   → Boot Linux 5.16 or newer with',
      '                   nf_tables.',
      '',
    ].join('\n'),
  );
});

test('versions are compared by number', () => {
  expect(atLeast('3.1.0-2+deb12u1', 2, 6)).toBe(true);
  expect(atLeast('3.12', 3, 17)).toBe(false);
  expect(atLeast('2.6', 2, 6, 0)).toBe(true);
  expect(atLeast('not a version', 0, 1)).toBe(false);
});
