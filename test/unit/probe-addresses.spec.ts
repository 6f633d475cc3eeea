/** Probes run between the hosts' own addresses, and whoever waits for them can see which. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import type { Lab } from '../../harness/lab/lab.js';
import type { Traffic } from '../../harness/lab/planned-traffic.js';
import { readinessOf } from '../../harness/lab/readiness/conditions.js';
import { probeWay } from '../../harness/lab/readiness/probe-way.js';
import { meterArgv } from '../../harness/lab/traffic/meter.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import type { Meter } from '../../harness/language/written/traffic.js';
import { sureMtuBytes } from '../../harness/model/network/mtu.js';
import { readinessText } from '../../reports/recorded/readiness.js';

const written = (traffic: Meter[] = [], address: `${string}/${number}` = '10.0.0.1/24') =>
  lab.scenario({
    question: 'Between which addresses?',
    topology: [
      ...[lab.switches('s1', 's2'), lab.link('s1', 's2', { mtu: '9000B' })],
      lab.host('h1', { address }),
      lab.host('h2'),
      ...[lab.link('h1', 's1', { mtu: '9000B' }), lab.link('h2', 's2', { mtu: '9000B' })],
      lab.host('h3', { on: 's1' }),
    ],
    traffic: [lab.iperf3('h1', 'h2'), ...traffic],
    timeline: [lab.at('3s', lab.linkDown(lab.linkOf('s1', 's2')))],
  });
const planOf = (scenario: ReturnType<typeof written>) =>
  resolveScenario(scenario, { name: 'any', seed: 1 });
const hostsOf = (plan: ReturnType<typeof planOf>) =>
  plan.topology.nodes.filter((node) => node.kind === 'host');

test("the meter binds the hosts' own addresses, and no others are made", () => {
  const plan = planOf(written());
  const [meter] = plan.meters;
  if (!meter) throw new Error('no meter');
  const words = meterArgv(meter, hostsOf(plan)).join(' ');
  expect(words).toContain('--from-address 10.0.0.1 --to-address 10.0.0.2 --port 7001');
  expect(hostsOf(plan).map(({ meterAddress }) => meterAddress)).toEqual(Array(3).fill(undefined));
});

test("addresses of the meter's own where they are asked for", () => {
  const plan = planOf(written([lab.meter('h1', 'h2', { addresses: 'own' })]));
  const [meter] = plan.meters;
  if (!meter) throw new Error('no meter');
  const words = meterArgv(meter, hostsOf(plan)).join(' ');
  expect(words).toContain('--from-address 198.18.0.1 --to-address 198.18.0.2');
});

test('hosts may have addresses of 198.18.0.0/15, unless the meter is to have them', () => {
  const options = { name: 'any', seed: 1 };
  expect(examineScenario(written([], '198.18.0.1/24'), options).problems).toEqual([]);
  const own = lab.meter('h1', 'h2', { addresses: 'own' });
  const [problem] = examineScenario(written([own], '198.18.0.1/24'), options).problems;
  expect(problem).toMatchObject({ path: 'traffic[1].addresses' });
  expect(problem?.message).toContain('198.18.0.1/24 of h1');
});

test('a record made before there was a choice has addresses of its own', () => {
  const host = { kind: 'host' as const, mac: '', address: '10.0.0.1/24' };
  const hosts = [
    { ...host, name: 'a', meterAddress: '198.18.0.1/15' },
    { ...host, name: 'b', meterAddress: '198.18.0.2/15' },
  ];
  const meter = { id: 'm', from: 'a', to: 'b', rateHz: 1000, payloadBytes: 64, port: 7001 };
  expect(meterArgv(meter, hosts).join(' ')).toContain('--from-address 198.18.0.1');
});

test('messages name the addresses and the port that are probed', () => {
  const ways = probeWay(planOf(written()), 'h1-h2', 'forward');
  const text = 'clean: h1 10.0.0.1 → h2 10.0.0.2, UDP port 7001';
  expect(readinessText({ code: 'probes', data: { clean: true, ways } })).toBe(text);
});

test('the largest packet that must fit: by the wires of the pair, not those of other hosts', () => {
  const { topology } = planOf(written());
  expect(sureMtuBytes(topology, 'h1', 'h2')).toBe(9000);
  expect(sureMtuBytes(topology, 'h1', 'h3')).toBe(1500);
});

/** A lab that is asked for nothing but its plan, its clock of paths and its pings. */
function conditionsOf(complete: boolean, cleanForMs: number | null) {
  const plan = planOf(written());
  const pings: string[][] = [];
  const live = {
    plan: { scenario: plan },
    topology: plan.topology,
    controller: { ports: [] },
    monitors: [],
    path: async () => ({ nodes: ['h1', 's1'], links: [], complete }),
    bridge: {
      run: async (_: string, argv: string[]) => {
        pings.push(argv);
        return { status: 0, stdout: '', stderr: '', beforeNs: 0, afterNs: 0 };
      },
    },
  };
  const since = () =>
    cleanForMs === null ? null : Number(process.hrtime.bigint()) - cleanForMs * 1e6;
  const meters = [{ id: 'h1-h2', intervalNs: 1e6, cleanSinceNs: since }];
  const conditions = readinessOf(live as unknown as Lab, { meters } as unknown as Traffic);
  return { conditions, pings };
}

test('clean probes make the network ready, though the tracer cannot follow them', async () => {
  const { conditions } = conditionsOf(false, 5000);
  const path = conditions.find(({ name }) => name.startsWith('a path installed'));
  const traced = await path?.check();
  expect(traced?.ok).toBe(false);
  expect(readinessText(traced?.detail ?? '')).toBe('the flow tables end at s1');
  await expect
    .poll(async () => (await path?.check())?.ok, { timeout: 6000, intervals: [500] })
    .toBe(true);
  expect(readinessText((await path?.check())?.detail ?? '')).toBe(
    'the flow tables end at s1; probes are clean',
  );
});

test('a path that the tracer can follow does not make dirty probes clean', async () => {
  const { conditions } = conditionsOf(true, null);
  expect(conditions[0]?.name).toBe('clean probes in both directions');
  const seen = await conditions[0]?.check();
  expect(seen?.ok).toBe(false);
  expect(readinessText(seen?.detail ?? '')).toContain('h2 10.0.0.2 → h1 10.0.0.1, UDP port 7001');
});

test('jumbo wires are pinged at full size with DF, both ways', async () => {
  const { conditions, pings } = conditionsOf(true, 5000);
  for (const one of conditions.filter(({ name }) => name.startsWith('a ping'))) await one.check();
  const words = pings.map((argv) => argv.join(' '));
  expect(words).toHaveLength(2);
  for (const each of words) expect(each).toContain('-M do -s 8972');
  expect(words.map((each) => each.split(' ').at(-1))).toEqual(['10.0.0.2', '10.0.0.1']);
});
