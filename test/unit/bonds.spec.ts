/** Bonds: what is written, what is refused, and how their state is read. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { checkCapabilities } from '../../harness/language/validate/capabilities.js';
import { segmentsOf } from '../../harness/model/network/segments.js';
import { packageRoot } from '../../harness/package-root.js';
import { seenText } from '../../reports/evidence.js';
import { renderPlan } from '../../reports/terminal/plan.js';

interface Wishes {
  to: string[];
  options: lab.BondOptions;
  more: lab.Topology;
  controller: lab.Controller;
  target: lab.Target;
  fault: (target: lab.Target) => lab.Fault;
}

function examined({
  to = ['s1', 's2'],
  options = {},
  more = [],
  controller,
  target = 'h1-s1',
  fault = lab.linkDown,
}: Partial<Wishes> = {}) {
  const written = lab.scenario({
    question: 'How long is a bond dark?',
    topology: [
      lab.switches('s1', 's2', 's3'),
      lab.host('h1'),
      lab.bond('h1', to, options),
      lab.link('s1', 's3'),
      lab.link('s2', 's3'),
      lab.host('h2', { on: 's3' }),
      more,
    ],
    ...(controller ? { controller } : {}),
    traffic: [lab.iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
    timeline: [lab.at('2s', fault(target))],
  });
  return examineScenario(written, { name: 'bonded', seed: 1 });
}

const complaints = (wishes: Partial<Wishes>) =>
  examined(wishes).problems.map(({ path, message }) => `${path}: ${message}`);

test('the links of a bond are links, and one interface of the host', () => {
  const { resolved, problems } = examined({ options: { primary: 's2', miimon: '50ms' } });
  expect(problems).toEqual([]);
  expect(resolved?.topology.bonds).toEqual([
    {
      id: 'bond-h1',
      node: 'h1',
      port: 'h1-bond',
      mode: 'active-backup',
      members: [
        { link: 'h1-s1', port: 'h1-eth0' },
        { link: 'h1-s2', port: 'h1-eth1' },
      ],
      primary: 'h1-s2',
      monitor: { by: 'carrier', everyMs: 50 },
      downDelayMs: 0,
      upDelayMs: 0,
      lacpRate: null,
    },
  ]);
  expect(resolved?.topology.links[0]?.a).toEqual({ node: 's1', port: 's1-eth1' });
  const [segment] = resolved ? segmentsOf(resolved.topology) : [];
  expect(segment?.ends.map(({ node, port }) => `${node} ${port}`)).toEqual([
    'h1 h1-eth0',
    'h2 h2-eth0',
  ]);
  const layout = { columns: 100, styles: { bold: String, green: String, dim: String } };
  const plan = resolved ? renderPlan(resolved, layout as never) : '';
  expect(plan).toContain('h1-s2 (primary)');
});

test('LACP to one switch, with ids for both links', () => {
  const { resolved, problems } = examined({
    to: ['s1', 's1'],
    options: { mode: 'lacp', rate: 'fast' },
  });
  expect(problems).toEqual([]);
  const [bond] = resolved?.topology.bonds ?? [];
  expect(bond?.members.map(({ link }) => link)).toEqual(['h1-s1', 'h1-s1-2']);
  expect(bond).toMatchObject({ mode: 'lacp', lacpRate: 'fast', primary: null });
});

test('what a bond cannot be is refused with field, value and what to do', () => {
  const path = 'topology[2]';
  const cases: Array<[Partial<Wishes>, string]> = [
    [
      { options: { mode: 'lacp' } },
      `${path}.to: LACP joins a host to one system, and s1, s2 are several (no MLAG)`,
    ],
    [{ to: ['s1'] }, `${path}.to: a bond has 2 to 8 members, got 1`],
    [
      { to: ['s1', 'h2'] },
      `${path}.to[1]: a bond leads to switches, bridges or relays; 'h2' is a host`,
    ],
    [
      { to: ['s1', 's4'] },
      `${path}.to[1]: there is no node 's4'; did you mean 's1'? (nodes: s1, s2, s3, h1, h2)`,
    ],
    [
      { options: { primary: 's3' } },
      `${path}.primary: 's3' is not a member; did you mean 's1'? (members: h1-s1, h1-s2)`,
    ],
    [{ options: { rate: 'fast' } as never }, `${path}.rate: is an option of LACP`],
    [
      { options: { carrier: 'hidden' } },
      `${path}.carrier: with hidden carrier the bond would never see that a member has gone`,
    ],
    [
      { options: { downDelay: '150ms' } },
      `${path}.downDelay: must be a multiple of miimon (100 ms), got 150 ms`,
    ],
    [
      { options: { miimon: '100ms', arp: { target: 'h2', every: '100ms' } } },
      `${path}.miimon: belongs to watching the carrier, and arp watches by requests`,
    ],
    [
      { options: { arp: { target: '192.0.2.1', every: '100ms' } } },
      `${path}.arp.target: '192.0.2.1' is neither a host, a router nor an address in the subnet of 'h1'`,
    ],
    [{ more: [lab.link('h1', 's3')] }, `${path}: 'h1' has the link 'h1-s3' beside its bond`],
    [
      { more: [lab.bond('h1', ['s1', 's2'], { id: 'b2' })] },
      "topology[6][0]: 'h1' has a bond already; a host has one",
    ],
    [{ target: 'bond-h1' }, "timeline[0].action.target: 'bond-h1' is a bond"],
    [
      {
        to: ['s1', 's1'],
        options: { mode: 'lacp' },
        controller: lab.floyd(),
        target: 's2-s3',
      },
      `${path}: flows of a controller name single ports, so that 's1' would not use its bond`,
    ],
  ];
  for (const [wishes, said] of cases) expect(complaints(wishes)).toContain(said);
});

test('watching by ARP needs the bonding of Linux', () => {
  const { resolved, problems } = examined({
    options: { carrier: 'hidden', arp: { target: 'h2', every: '100ms' } },
    fault: lab.cableCut,
  });
  expect(problems).toEqual([]);
  expect(resolved?.topology.bonds?.[0]?.monitor).toEqual({
    by: 'arp',
    everyMs: 100,
    targets: ['10.0.0.2'],
  });
  const machine = { ovsVersion: '3.1.0', iperf3Version: '3.12', nftEgress: true };
  const lacking = (bonding: boolean) =>
    resolved ? checkCapabilities(resolved, { ...machine, bonding } as never) : [];
  expect(lacking(true)).toEqual([]);
  expect(lacking(false)).toEqual([
    {
      path: 'topology.bonds[0].arp',
      message: 'watching bond-h1 by ARP needs Linux bonding, which this machine lacks',
      hint: 'use miimon, or run with --clock virtual',
    },
  ]);
});

function python(folder: string, module: string, expression: string): unknown {
  const place = JSON.stringify(join(packageRoot(), folder));
  const program = `import sys, json\nsys.path.insert(0, ${place})\nimport ${module}\nprint(json.dumps(${expression}))`;
  return JSON.parse(execFileSync('/usr/bin/python3', ['-B', '-c', program], { encoding: 'utf8' }));
}

test('the active member by the log of Open vSwitch, with its own stamp', () => {
  const lines = [
    '2026-11-28 22:10:01.123000 bond: bond h1-bond-members: active member is now h1-eth1, skipping remaining 90 ms updelay (since no member was enabled)',
    '2026-11-28 22:10:02.000000 bond: bond h1-bond-members: all members disabled',
    '2026-11-28 22:10:02.000000 bond: member h1-eth0: link state down',
  ].join('\\n');
  const expression = `[list(one) for one in daemon_log.read_lines("${lines}")]`;
  const second = Date.UTC(2026, 10, 28, 22, 10, 1) * 1e6;
  expect(python('harness/lab/observe/routing', 'daemon_log', expression)).toEqual([
    [second + 123e6, 'h1-bond', 'h1-eth1'],
    [second + 1e9, 'h1-bond', null],
  ]);
  const seen = { by: 'active-member', node: 'h1', bond: 'h1-bond', active: 'h1-eth1' } as const;
  expect(seenText(seen)).toBe('h1-bond of h1 sends by h1-eth1');
});

test('the active member by the kernel: of active-backup alone, and none is none', () => {
  const attribute =
    '(lambda kind, data: struct.pack("=HH", 4 + len(data), kind) + data + b"\\0" * (-len(data) % 4))';
  const info = (mode: number, active: number) =>
    `netlink.active_member({18: ${attribute}(1, b"bond\\0") + ${attribute}(2, ` +
    `${attribute}(1, bytes([${mode}])) + ${active > 0 ? `${attribute}(2, struct.pack("=I", ${active}))` : 'b""'})})`;
  const read = (expression: string) =>
    python('harness/lab/observe/routing', 'struct, netlink', expression);
  expect(read(info(1, 7))).toBe(7);
  expect(read(info(1, 0))).toBe(0);
  expect(read(info(4, 0))).toBeNull();
  expect(read('netlink.active_member({})')).toBeNull();
});

test('what Open vSwitch shows of a bond: who is active, and who is usable', () => {
  const shown = (status: string) =>
    [
      '---- h1-bond-members ----',
      'bond_mode: active-backup',
      `lacp_status: ${status}`,
      'active-backup primary: h1-eth0',
      'active member mac: 02:00:01:00:00:01(h1-eth1)',
      '',
      'member h1-eth0: disabled',
      '  may_enable: false',
      '',
      'member h1-eth1: enabled',
      '  active member',
      '  may_enable: true',
    ].join('\\n');
  const members = '[{"link": "l0", "port": "h1-eth0"}, {"link": "l1", "port": "h1-eth1"}]';
  const read = (mode: string, status: string) =>
    python(
      'harness/lab/mininet/bridge',
      'bond_show',
      `bond_show.read("${shown(status)}", {"mode": "${mode}", "members": ${members}})`,
    );
  expect(read('active-backup', 'off')).toEqual({
    active: 'h1-eth1',
    members: [
      { link: 'l0', port: 'h1-eth0', usable: false },
      { link: 'l1', port: 'h1-eth1', usable: true },
    ],
  });
  expect(read('lacp', 'configured')).toMatchObject({
    active: null,
    members: [{ usable: false }, { usable: false }],
  });
  expect(read('lacp', 'negotiated')).toMatchObject({
    members: [{ usable: false }, { usable: true }],
  });
});
