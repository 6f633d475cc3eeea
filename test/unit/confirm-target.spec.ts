/** A role is bound to what carries its traffic at the fault, by counters that move. Constructed. */
import { expect, test } from '@playwright/test';
import { confirmTarget } from '../../harness/lab/timeline/confirm-target.js';
import type { ResolvedMeter, ResolvedTopology } from '../../harness/model/resolved.js';
import { constructedScenario } from '../fixtures/constructed-scenario.js';

const { topology, meters } = constructedScenario('carrying', {
  ...{ rateHz: 1000, intervalMs: 500, fault: null, faultAtMs: 0, healed: false },
  ...{ expectations: [], allowOversize: false, durationMs: 10_000 },
});
const bfd = { intervalMs: 10, multiplier: 3 };

/** Packets that each node received within 100 ms. */
type Received = Record<string, number>;

async function confirmed(
  received: Received,
  changes: { topology?: Partial<ResolvedTopology>; meters?: ResolvedMeter[] } = {},
  kind: 'relayOnPath' | 'linkOnPath' = 'relayOnPath',
) {
  // A switch's end of a host's link receives what the host sends.
  const fromHosts = topology.links.map(({ b }) => [b.node, b.port, 100] as const);
  const fromFabric = Object.entries(received).map(
    ([node, packets]) => [node, `${node}-nic`, packets - (node.startsWith('e') ? 100 : 0)] as const,
  );
  const ports = (scale: number) =>
    [...fromHosts, ...fromFabric].map(([node, port, packets]) => ({
      ...{ node, port, txPackets: 0, rxBytes: 0, txBytes: 0 },
      rxPackets: 5000 + Math.max(0, packets) * scale,
    }));
  const whole = { ...topology, bfd, ...changes.topology };
  const tunnels = whole.tunnels.filter(({ a, b }) => [a.node, b.node].includes('r1'));
  const links = ['h3-e3', ...tunnels.map(({ id }) => id), 'h4-e4'].filter((id) =>
    [...whole.links, ...whole.tunnels].some((one) => one.id === id),
  );
  const bound = { nodes: ['r1'], link: null, controllerInstance: null, names: ['r1'] };
  const link = tunnels[0];
  if (!link) throw new Error('no tunnel');
  const target = kind === 'relayOnPath' ? bound : { ...bound, nodes: [], link, names: [link.id] };
  const role = { kind, from: 'h3', to: 'h4', hop: 0 } as Parameters<typeof confirmTarget>[1];
  const path = { nodes: ['h3', 'e3', 'r1', 'e4', 'h4'], links, complete: true };
  return confirmTarget(
    { topology: whole, meters: changes.meters ?? meters },
    role,
    { target, path },
    { first: ports(0), second: ports(1), overMs: 100 },
  );
}

// Two BFD sessions of a relay, three of an edge, bring about ten packets each in 100 ms.
const idle = 22;
const busy = 220;

test('the traced relay still carries: it stays, with its packets', async () => {
  const { target, carried, movedTo } = await confirmed({ e3: busy, e4: busy, r1: busy, r2: idle });
  expect(target.names).toEqual(['r1']);
  expect(carried).toMatchObject({ packets: busy, overMs: 100, decided: true });
  expect(carried.atLeast).toBeGreaterThan(idle);
  expect(carried.atLeast).toBeLessThan(busy / 2);
  expect(movedTo).toBeNull();
});

test('traffic moved to the other relay: that one is hit', async () => {
  const { target, carried, movedTo } = await confirmed({ e3: busy, e4: busy, r1: idle, r2: busy });
  expect(target).toMatchObject({ nodes: ['r2'], names: ['r2'] });
  expect(carried).toMatchObject({ packets: busy, decided: true, boundBefore: ['r1'] });
  expect(movedTo?.nodes).toEqual(['h3', 'e3', 'r2', 'e4', 'h4']);
});

test('a link on the path moves with the path', async () => {
  const { target, carried } = await confirmed(
    { e3: busy, e4: busy, r1: idle, r2: busy },
    {},
    'linkOnPath',
  );
  expect(target.names).toEqual(['e3-r2']);
  expect(carried.boundBefore).toEqual(['e3-r1']);
});

test('both relays carry, as where the ways there and back differ: the traced one stays', async () => {
  const half = 120;
  const { target, carried } = await confirmed({ e3: busy, e4: busy, r1: half, r2: half });
  expect(target.names).toEqual(['r1']);
  expect(carried).toMatchObject({ packets: half, decided: true });
});

test('nothing moves at all: the traced target, which carried nothing', async () => {
  const { target, carried } = await confirmed({ e3: 30, e4: 30, r1: idle, r2: idle });
  expect(target.names).toEqual(['r1']);
  expect(carried.decided).toBe(false);
  expect(carried.packets).toBeLessThan(carried.atLeast);
});

test('several other ways carry: undecided, and never a guess', async () => {
  const [wire] = topology.tunnels.filter(({ id }) => id === 'e3-r2');
  const third = topology.nodes.find(({ name }) => name === 'r2');
  if (!wire || !third) throw new Error('no r2');
  const tunnels = [
    ...topology.tunnels,
    { ...wire, id: 'e3-r3', b: { ...wire.b, node: 'r3' } },
    { ...wire, id: 'r3-e4', a: { ...wire.a, node: 'r3' }, b: { ...wire.b, node: 'e4' } },
  ];
  const nodes = [...topology.nodes, { ...third, name: 'r3' }];
  const { target, carried } = await confirmed(
    { e3: busy, e4: busy, r1: idle, r2: busy, r3: busy },
    { topology: { tunnels, nodes } },
  );
  expect(target.names).toEqual(['r1']);
  expect(carried).toMatchObject({ decided: false, packets: idle });
});

test('too few probes to stand out from BFD do not put the target in doubt', async () => {
  const slow = meters.map((meter) => ({ ...meter, rateHz: 50 }));
  const { target, carried } = await confirmed({ e3: 40, e4: 40, r1: 30, r2: 22 }, { meters: slow });
  expect(target.names).toEqual(['r1']);
  expect(carried).toMatchObject({ atLeast: 1, decided: true });
});
