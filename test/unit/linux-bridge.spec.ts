/** Linux bridges as a kind of node: what is written, what is refused, and which faults can hit them. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { portsOfAddress, unsettledPorts } from '../../harness/lab/nodes/linux-bridge.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { checkCapabilities } from '../../harness/language/validate/capabilities.js';
import type { Controller } from '../../harness/language/written/controllers.js';
import type { Fault } from '../../harness/language/written/faults.js';
import type { Capabilities } from '../../harness/model/capabilities.js';
import { topologySvg } from '../../reports/html/view/topology.js';
import { drawingOf } from '../../reports/html/view/topology-layout.js';
import { renderPlan } from '../../reports/terminal/plan.js';

const tree = { stp: true, forwardDelay: '2s' } as const;

interface Wishes {
  options: lab.LinuxBridgeOptions;
  fault: Fault;
  controller: Controller;
}

function examined({
  options = tree,
  fault = lab.powerOff('b3'),
  controller,
}: Partial<Wishes> = {}) {
  const bridges = ['b1', 'b2', 'b3'];
  const written = lab.scenario({
    question: 'What does a triangle do?',
    topology: [
      ...bridges.map((name) => lab.linuxBridge(name, options)),
      lab.host('h1', { on: 'b1' }),
      lab.host('h2', { on: 'b2' }),
      lab.link('b1', 'b2'),
      lab.link('b2', 'b3'),
      lab.link('b3', 'b1'),
    ],
    controller: controller ?? lab.noController(),
    traffic: [lab.iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
    timeline: [lab.at('2s', fault)],
  });
  return examineScenario(written, { name: 'triangle', seed: 1 });
}

const complaints = (wishes: Partial<Wishes>) =>
  examined(wishes).problems.map(({ path, message, hint }) => ({ path, message, hint }));

test('a triangle with a spanning tree resolves, with the delays of the kernel where none is stated', () => {
  const { problems, resolved } = examined({ options: { stp: true } });
  expect(problems).toEqual([]);
  expect(resolved?.topology.nodes[0]).toEqual({
    kind: 'linux-bridge',
    name: 'b1',
    stp: true,
    priority: 32_768,
    forwardDelayMs: 15_000,
    maxAgeMs: 20_000,
    ageingMs: 300_000,
  });
  expect(resolved?.topology.links.map(({ a }) => a.port)).toContain('b1-eth2');
});

test('without a spanning tree the loop is refused, with what to write', () => {
  const [loop, ...others] = complaints({ options: {} });
  expect(others).toEqual([]);
  expect(loop?.message).toMatch(/is a loop, and b1, b2, b3 learn by themselves without a spanning/);
  expect(loop?.hint).toBe('give them stp: true');
});

test('the tree that the scenario asks of every switch is the bridges own as well', () => {
  expect(
    complaints({ options: {}, controller: lab.noController({ spanningTree: 'stp' }) }),
  ).toEqual([]);
});

test('what has no effect and what the kernel cannot do is refused, by name', () => {
  expect(complaints({ options: { stp: false, forwardDelay: '4s' } })).toContainEqual({
    path: 'topology[0].forwardDelay',
    message: 'forwardDelay has no effect without stp',
    hint: 'add stp: true',
  });
  const [short] = complaints({ options: { stp: true, forwardDelay: '1s' } });
  expect(short?.path).toBe('topology[0].forwardDelay');
  expect(short?.message).toMatch(/must be at least 2 s, got 1 s/);
  const [long] = complaints({ options: { stp: true, ageing: '1001s' } });
  expect(long?.path).toBe('topology[0].ageing');
  expect(
    examined({ options: { stp: true, ageing: '2s' } }).resolved?.topology.nodes[0],
  ).toMatchObject({
    ageingMs: 2000,
  });
  const misspelt = { stp: true, priorities: 3 } as lab.LinuxBridgeOptions;
  const [unknown] = complaints({ options: misspelt });
  expect(unknown?.message).toMatch(/a Linux bridge has no 'priorities'.*'priority'/);
});

test('its power and its links can be hit, its Open vSwitch and its controller cannot', () => {
  for (const fault of [
    lab.powerOff('b3'),
    lab.powerOff(lab.anyRelay()),
    lab.linkDown(lab.linkOf('b1', 'b3')),
    lab.blackhole(lab.linkOf('b1', 'b2')),
  ]) {
    expect(complaints({ fault }), fault.kind).toEqual([]);
  }
  for (const fault of [lab.vswitchdCrash('b3'), lab.controlChannelLoss('b3')]) {
    const [wrong] = complaints({ fault });
    expect(wrong?.message).toMatch(
      new RegExp(`^${fault.kind} hits a relay.*'b3' is a Linux bridge$`),
    );
    expect(wrong?.hint).toContain('use powerOff(…), or hit its links');
  }
  const [host] = complaints({ fault: lab.powerOff('h1') });
  expect(host?.message).toMatch(/^power-off hits a .*\bLinux bridge.*, but 'h1' is a host$/);
});

test('a controller without a switch to control is refused', () => {
  const [useless] = complaints({ controller: lab.floyd() });
  expect(useless?.message).toMatch(/has no switch to control: b1, b2, b3 call no controller/);
  expect(useless?.hint).toBe('use noController()');
});

test('no Open vSwitch is needed, and a tunnel cannot end there', () => {
  const { resolved } = examined();
  if (!resolved) throw new Error('not resolved');
  const nothing = { ovsVersion: null, iperf3Version: '3.12' } as Capabilities;
  expect(checkCapabilities(resolved, nothing)).toEqual([]);
  const tunnelled = lab.scenario({
    question: 'Does a tunnel end at a bridge?',
    topology: [lab.linuxBridge('b1'), lab.relay('r1'), lab.gre('b1', 'r1')],
    traffic: [],
    timeline: [],
  });
  const { problems } = examineScenario(tunnelled, { name: 'tunnelled', seed: 1 });
  expect(problems.map(({ message }) => message)).toContain(
    "a tunnel needs an underlay, which only relays have; 'b1' is a Linux bridge",
  );
});

test('the plan counts it and the page draws it', () => {
  const { resolved } = examined();
  if (!resolved) throw new Error('not resolved');
  const plain = (text: string) => text;
  const styles = { bold: plain, dim: plain, green: plain } as never;
  expect(renderPlan(resolved, { columns: 80, styles } as never)).toContain(
    '2 hosts, 3 Linux bridges',
  );
  const drawing = drawingOf(resolved);
  if (!drawing) throw new Error('not drawn');
  const moment = { paths: [], pathsBefore: [], faults: new Map(), losing: [] };
  const svg = topologySvg(drawing, { ...moment, era: 'before', sinceFaultMs: null } as never);
  expect(svg.text).toContain('<title>b1, Linux bridge</title>');
});

/** As iproute2 6.1 prints them, without fields that nobody reads; {} is a link left out by others. */
const fdb = `[{"mac":"33:33:00:00:00:01","ifname":"br0","flags":["self"],"state":"permanent"},
  {"mac":"66:63:70:b6:0a:62","ifname":"b1-eth1","flags":[],"master":"br0","state":"permanent"},
  {"mac":"02:00:00:00:00:02","ifname":"b1-eth3","flags":[],"master":"br0","state":""}]`;
const links = `[{},{"ifindex":4,"ifname":"b1-eth1","linkinfo":{"info_kind":"veth",
  "info_slave_kind":"bridge","info_slave_data":{"state":"listening","priority":32}}},
  {"ifindex":5,"ifname":"b1-eth2","linkinfo":{"info_slave_data":{"state":"blocking"}}}]`;

test('where an address was learnt, and not where the kernel put its own', () => {
  expect(portsOfAddress(fdb, '02:00:00:00:00:02')).toEqual(['b1-eth3']);
  expect(portsOfAddress(fdb, '66:63:70:B6:0A:62')).toEqual([]);
  expect(portsOfAddress('[{"mac":', '02:00:00:00:00:02')).toBeNull();
});

test('a port that is blocked has settled, one that listens has not', () => {
  expect(unsettledPorts(links)).toEqual([{ port: 'b1-eth1', state: 'listening' }]);
  expect(unsettledPorts('[]')).toEqual([]);
  expect(unsettledPorts('no json')).toBeNull();
});
