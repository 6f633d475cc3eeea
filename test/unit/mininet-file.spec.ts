/**
 * Goal: Mininet's topology files are described by Mininet itself, with its names and ports, and
 * what the lab cannot build the same is said. Needs Mininet, but no network and no privileges.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { describeMininetFiles, parseTcDelay } from '../../harness/language/import/mininet-file.js';
import { loadScenario } from '../../harness/language/load.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import { mininetTopology } from '../../harness/language/topology/parts.js';
import { noController } from '../../harness/language/written/controllers.js';
import { linkDown } from '../../harness/language/written/faults.js';
import { linkOf, linkOnPath } from '../../harness/language/written/targets.js';
import { at } from '../../harness/language/written/timeline.js';
import { iperf3 } from '../../harness/language/written/traffic.js';
import { fileOf } from '../fixtures/mininet/written-file.js';

const fixtures = new URL('../fixtures/mininet/', import.meta.url).pathname;
const shipped = '/usr/lib/python3/dist-packages/mininet';

test.skip(!existsSync(shipped), 'Mininet is not installed');

async function examine(
  file: string,
  name: string,
  parameters: unknown[],
  ends: [string, string],
  cut = linkDown(linkOnPath(...ends)),
) {
  const topology = [mininetTopology(file, name, ...parameters)];
  const written = {
    question: 'Does it load?',
    topology: await describeMininetFiles(topology, fixtures),
    controller: noController({ spanningTree: 'stp' }),
    traffic: [iperf3(...ends)],
    timeline: [at('5s', cut)],
  };
  return examineScenario(written, { name: 'shipped', seed: 1 });
}

async function refused(file: string, name: string): Promise<LabError> {
  try {
    await describeMininetFiles([mininetTopology(file, name)], fixtures);
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error('accepted');
}

test('a file of the mn --custom convention keeps its names, ports, addresses and options', async () => {
  const file = join(fixtures, 'campus-core-link.ts');
  const { written } = await loadScenario(file, fixtures);
  const { topology, timeline } = resolveScenario(written, { name: 'campus', seed: 1 });
  expect(topology.nodes).toHaveLength(5 + 6);
  expect(topology.nodes).toContainEqual({
    kind: 'switch',
    name: 'core1',
    dpid: '00000000000000c1',
    spanningTree: 'rstp',
    failMode: 'standalone',
  });
  const host = topology.nodes.find(({ name }) => name === 'b2h1');
  expect(host).toMatchObject({ kind: 'host', address: '10.20.2.1/16' });
  const link = topology.links.find(({ id }) => id === 'access1-core1');
  expect(link).toMatchObject({
    a: { node: 'access1', port: 'access1-eth1' },
    b: { node: 'core1', port: 'core1-eth1' },
    bandwidthBps: 100e6,
  });
  expect(topology.mininetFile).toEqual({
    path: join(fixtures, 'campus.py'),
    topology: 'campus',
    arguments: [3],
    notes: [
      {
        code: 'shaped-without-tclink',
        names: [
          'access1-core1',
          'access1-core2',
          'access2-core1',
          'access2-core2',
          'access3-core1',
          'access3-core2',
        ],
        setting: 'bw',
      },
    ],
  });
  expect(timeline[0]?.action).toMatchObject({
    fault: { target: { kind: 'link', link: 'access1-core1' } },
  });
});

for (const [file, name, parameters, ends, switches] of [
  ['topolib.py', 'TreeTopo', [2, 2], ['h1', 'h4'], 3],
  ['topolib.py', 'TorusTopo', [3, 3], ['h1x1', 'h2x2'], 9],
  ['topo.py', 'LinearTopo', [3], ['h1', 'h3'], 3],
  ['examples/linearbandwidth.py', 'LinearTestTopo', [3], ['h1', 'h3'], 2],
] as const) {
  test(`Mininet's own ${name} resolves`, async () => {
    const { resolved, problems } = await examine(
      join(shipped, file),
      name,
      [...parameters],
      [...ends],
    );
    expect(problems).toEqual([]);
    const count = resolved?.topology.nodes.filter(({ kind }) => kind === 'switch').length;
    expect(count).toBe(switches);
  });
}

test("Mininet's own linuxrouter.py: its router has the addresses of its links", async () => {
  const file = join(shipped, 'examples/linuxrouter.py');
  const { resolved, problems } = await examine(file, 'NetworkTopo', [], ['h1', 'h3']);
  expect(problems).toEqual([]);
  const router = resolved?.topology.nodes.find(({ name }) => name === 'r0');
  expect(router).toMatchObject({
    ...{ kind: 'router', suite: 'kernel' },
    interfaces: [
      { port: 'r0-eth1', address: '192.168.1.1/24' },
      { port: 'r0-eth2', address: '172.16.0.1/12' },
      { port: 'r0-eth3', address: '10.0.0.1/8' },
    ],
  });
});

test("Mininet's own vlanhost.py: its hosts tag", async () => {
  const file = join(shipped, 'examples/vlanhost.py');
  const ends: [string, string] = ['h1-101', 'h2-101'];
  const cut = linkDown(linkOf('s1', 'h2-101'));
  const { resolved, problems } = await examine(file, 'VLANStarTopo', [], ends, cut);
  expect(problems).toEqual([]);
  const vlans = resolved?.topology.links.map(({ vlan }) => vlan?.mode === 'tagged' && vlan.id);
  expect(vlans).toEqual([100, 100, 101, 101, false, false]);
});

test('what the lab does not build the same is a problem, not ignored', async () => {
  const file = fileOf(
    [
      'from mininet.topo import Topo',
      'from mininet.nodelib import NAT',
      'class Way(NAT): pass',
      'class T(Topo):',
      "    def build(self): self.addLink(self.addHost('h1'), self.addNode('r0', cls=Way))",
      "topos = {'t': T}",
      '',
    ].join('\n'),
  );
  const { problems } = await examine(file, 't', [], ['h1', 'r0']);
  expect(problems).toContainEqual({
    path: 'topology[0]',
    message: "the host 'r0' uses what the lab does not support: cls=Way",
    hint: "remove cls=, or use one of Mininet's own classes: Host, Node",
  });
});

test('an unknown topology is refused with those that there are', async () => {
  const error = await refused('./campus.py', 'camp');
  expect(error.code).toBe('SCENARIO_UNREADABLE');
  expect(error.message).toBe(
    `${fixtures}campus.py: there is no topology 'camp' (topologies: Campus, broken, campus)`,
  );
});

test('an exception in the file is told with its line', async () => {
  const error = await refused('./campus.py', 'broken');
  expect(error.message).toBe(
    `${fixtures}campus.py:20: ZeroDivisionError: division by zero\n` +
      "  20 | topos = {'campus': Campus, 'broken': lambda: Campus(buildings=1 / 0)}",
  );
});

test('a file that prints, exits or does not parse is told too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mininet-file-'));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const exits = await refused(write('exits.py', "print('hello')\nimport sys\nsys.exit(3)\n"), 'x');
  const reason = 'the file exits Python while it is loaded, with sys.exit(3)';
  expect(exits.message).toBe(
    `${folder}/exits.py:3: ${reason}\n  3 | sys.exit(3)\n  it printed: hello`,
  );
  const typo = await refused(write('typo.py', 'topos = {\n  "a": 1\nx = 2\n'), 'a');
  expect(typo.message).toContain(`${folder}/typo.py:1: SyntaxError: '{' was never closed`);
  const missing = await refused(join(folder, 'none.py'), 'a');
  expect(missing.message).toBe(`there is no file ${folder}/none.py`);
  rmSync(folder, { recursive: true });
});

test('delays are read as tc reads them', () => {
  expect(['5ms', '100us', '1s', '250', '2msec'].map(parseTcDelay)).toEqual([5, 0.1, 1000, 0.25, 2]);
  expect(['5 ms', 'fast', '-1ms', '5msms'].map(parseTcDelay)).toEqual(Array(4).fill(undefined));
});
