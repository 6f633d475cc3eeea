/** What the watch of the routers reads from packets, from the kernel and from daemons' logs. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRoutingLine } from '../../harness/lab/observe/routing-watch.js';
import { packageRoot } from '../../harness/package-root.js';

const folder = join(packageRoot(), 'harness/lab/observe/routing');

/** Evaluate an expression with the watch's modules, as JSON. */
function python(expression: string): unknown {
  const program = [
    'import json, sys, struct, socket',
    `sys.path.insert(0, ${JSON.stringify(folder)})`,
    'import packets, netlink, daemon_log',
    `print(json.dumps(${expression}))`,
  ].join('\n');
  const argv = ['-B', '-c', program];
  const env = { ...process.env, TZ: 'UTC' };
  return JSON.parse(execFileSync('/usr/bin/python3', argv, { encoding: 'utf8', env }));
}

/** An IPv4 frame around a body. */
const frame = (protocol: number, body: string) =>
  `bytes(12) + b"\\x08\\x00" + bytes([0x45, 0]) + struct.pack("!H", 20 + len(${body})) + ` +
  `bytes(5) + bytes([${protocol}]) + bytes(10) + ${body}`;

const bgp = (kind: number, extra: number) =>
  `b"\\xff" * 16 + struct.pack("!HB", ${19 + extra}, ${kind}) + bytes(${extra})`;
const tcp = (payload: string) => `bytes(12) + bytes([0x50]) + bytes(7) + ${payload}`;

test('the state of a BFD packet and why it is so', () => {
  const bfd = (state: number, diagnostic: number) =>
    `bytes(2) + struct.pack("!H", 3784) + bytes(4) + bytes([${0x20 + diagnostic}, ${state << 6}]) + bytes(22)`;
  const read = (state: number, diagnostic: number) =>
    python(`packets.read_packet(${frame(17, bfd(state, diagnostic))})`);
  expect(read(3, 0)).toEqual(['up', 'none']);
  expect(read(1, 1)).toEqual(['down', 'control detection time expired']);
  expect(read(0, 7)).toEqual(['admin-down', 'administratively down']);
});

test('messages that carry routes, and none that do not', () => {
  const read = (protocol: number, body: string) =>
    python(`packets.read_packet(${frame(protocol, body)})`);
  const hello = 'bytes([2, 1]) + bytes(40)';
  const update = 'bytes([2, 4]) + bytes(40)';
  expect(read(89, hello)).toBeNull();
  expect(read(89, update)).toEqual([['ospf-update']]);
  expect(read(6, tcp(bgp(4, 0)))).toBeNull();
  expect(read(6, tcp(`${bgp(4, 0)} + ${bgp(2, 30)} + ${bgp(3, 2)}`))).toEqual([
    ['bgp-update'],
    ['bgp-notification'],
  ]);
  const endOfTable = bgp(2, 4);
  expect(read(6, tcp(endOfTable))).toBeNull();
  expect(read(6, tcp('b"\\xff" * 16 + struct.pack("!HB", 5, 2)'))).toBeNull();
});

test('a link state packet of IS-IS, which has no IP header', () => {
  const isis = (kind: number) =>
    `bytes(12) + struct.pack("!H", 60) + b"\\xfe\\xfe\\x03\\x83" + bytes([27, 1, 0, ${kind}]) + bytes(40)`;
  expect(python(`packets.read_packet(${isis(20)})`)).toEqual([['isis-lsp']]);
  expect(python(`packets.read_packet(${isis(17)})`)).toBeNull();
});

test('frames that are cut off say nothing', () => {
  const short = [0, 13, 14, 20, 34, 36];
  const read = `[packets.read_packet((bytes(12) + b"\\x08\\x00" + bytes([0x4f]) + bytes(60))[:n]) for n in ${JSON.stringify(short)}]`;
  expect(python(read)).toEqual(short.map(() => null));
});

test('routes of daemons in the main table, with their next hops; not those of the kernel', () => {
  const route = (protocol: number, table: number, flags = 0, kind = 24) =>
    '[list(one) for one in netlink.read_messages(' +
    `(lambda body: struct.pack("=IHHII", 16 + len(body), ${kind}, ${flags}, 0, 0) + body)` +
    `(struct.pack("=BBBBBBBBI", 2, 24, 0, 0, ${table}, ${protocol}, 0, 1, 0)` +
    ' + struct.pack("=HH4s", 8, 1, socket.inet_aton("10.0.2.0"))' +
    ' + struct.pack("=HH4s", 8, 5, socket.inet_aton("10.253.0.2"))))]';
  expect(python(route(188, 254))).toEqual([['added', '10.0.2.0/24', ['10.253.0.2'], 'ospf']]);
  expect(python(route(12, 254, 0x100))).toEqual([
    ['replaced', '10.0.2.0/24', ['10.253.0.2'], 'bird'],
  ]);
  expect(python(route(186, 254, 0, 25))).toEqual([
    ['removed', '10.0.2.0/24', ['10.253.0.2'], 'bgp'],
  ]);
  expect(python(route(2, 254))).toEqual([]);
  expect(python(route(188, 255))).toEqual([]);
});

test('adjacencies in the logs of FRR and BIRD, by their own stamps', () => {
  const lines = [
    '2026/11/28 22:10:01.123456 OSPF: [QH9AB-Y4XMZ] AdjChg: Nbr 10.255.0.3, NbrIP 10.253.0.2 (default) on e1-eth2:10.253.0.1: Full -> Deleted (KillNbr)',
    '2026/11/28 22:10:02.000001 OSPF: [QH9AB-Y4XMZ] AdjChg: Nbr 10.255.0.3, NbrIP 10.253.0.2 (default) on e1-eth2:10.253.0.1: Init -> 2-Way (2-WayReceived)',
    '2026/11/28 22:10:03.000002 BGP: [M59KS-A3ZXZ] bgp_update_receive: rcvd End-of-RIB',
    '2026/11/28 22:10:04.000003 BGP: [HZN6M-XRM1G] %ADJCHANGE: neighbor 10.253.0.2(r1) in vrf default Down BFD down received',
    '2026-11-28 22:10:05.000004 <TRACE> ospf: Neighbor 10.255.0.3 on e1-eth2 changed state from Loading to Full',
  ].join('\\n');
  const read = python(`[list(one) for one in daemon_log.read_lines("${lines}")]`);
  const second = Date.UTC(2026, 10, 28, 22, 10, 1) * 1e6;
  expect(read).toEqual([
    [second + 123_456_000, 'ospf', '10.255.0.3', false, 'Full -> Deleted (KillNbr)'],
    [second + 3e9 + 3000, 'bgp', '10.253.0.2', false, 'Down BFD down received'],
    [second + 4e9 + 4000, 'ospf', '10.255.0.3', true, 'Loading to Full'],
  ]);
});

test('a line of the watch is an event without its trial; any other is none', () => {
  const line = {
    kind: 'observe.routing',
    atNs: 5,
    node: 'e1',
    port: 'e1-eth2',
    message: 'bgp-update',
  };
  expect(readRoutingLine(JSON.stringify(line))).toEqual(line);
  expect(readRoutingLine('{"ready":true}')).toEqual({ ready: true });
  for (const bad of [
    '',
    '{',
    'null',
    '{"kind":"trial.end","atNs":1}',
    '{"kind":"observe.routing"}',
  ]) {
    expect(readRoutingLine(bad)).toBeNull();
  }
});
