/** Packets that this machine drops are counted where they are dropped, and when. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { readDropLine } from '../../harness/lab/observe/drop-line.js';
import { dropPlan } from '../../harness/lab/observe/drop-watch.js';
import { historyEvent } from '../../harness/model/history/events.js';
import { constructedScenario } from '../fixtures/constructed-scenario.js';

const fixture = fileURLToPath(new URL('../fixtures/drop_packets.py', import.meta.url));
const watch = fileURLToPath(
  new URL('../../harness/lab/observe/drops/watch_drops.py', import.meta.url),
);

interface Dropped {
  truth: { beforeNs: number; afterNs: number; switch: number; meter: number };
  lines: unknown[];
  status: number;
}

/** In a network namespace of its own, as an ordinary user may have one. */
function dropPackets(): Dropped {
  const inside = ['unshare', '--user', '--map-root-user', '--net', '/usr/bin/python3', '-B'];
  const [program = '', ...argv] =
    process.getuid?.() === 0 ? ['unshare', '--net', ...inside.slice(4)] : inside;
  const text = execFileSync(program, [...argv, fixture, watch], { encoding: 'utf8' });
  return JSON.parse(text) as Dropped;
}

test('every packet that a socket had no room for is counted, once, in the span of its drop', () => {
  const { truth, lines, status } = dropPackets();
  expect(truth.switch, 'the kernel dropped at the packet socket').toBeGreaterThan(10);
  expect(truth.meter, 'the kernel dropped at the UDP socket').toBeGreaterThan(10);
  const spans = lines
    .map((line) => readDropLine(JSON.stringify(line)))
    .flatMap((line) => (line && 'drops' in line ? [line] : []));
  const counted = (where: string, what: string) =>
    spans
      .flatMap(({ drops }) => drops)
      .filter((drop) => drop.where === where && drop.what === what)
      .reduce((sum, { packets }) => sum + packets, 0);
  expect(counted('r1', 'switch')).toBe(truth.switch);
  expect(counted('h1', 'meter')).toBe(truth.meter);
  expect(counted('s1', 'switch'), 'the interface lo is not its').toBe(0);
  expect(spans.flatMap(({ drops }) => drops).find(({ where }) => where === 'r1')).toMatchObject({
    interface: 'lo',
  });
  for (const { sinceNs, atNs, drops } of spans) {
    if (!drops.some(({ what }) => what !== 'backlog')) continue;
    expect(sinceNs).toBeLessThan(truth.afterNs);
    expect(atNs).toBeGreaterThan(truth.beforeNs);
  }
  expect(lines[0]).toMatchObject({ ready: true, problem: null });
  expect(
    spans.filter(({ drops }) => drops.length === 0),
    'counted up to here',
  ).not.toEqual([]);
  expect(status).toBe(0);
});

test('the line of a span is an event of a history', () => {
  const drop = { where: 'r1', what: 'switch', interface: 'r1-nic', packets: 4 };
  const line = readDropLine(JSON.stringify({ sinceNs: 5, atNs: 9, drops: [drop] }));
  const event = historyEvent.parse({ kind: 'observe.drops', trial: 0, ...line });
  expect(event).toEqual({ kind: 'observe.drops', trial: 0, sinceNs: 5, atNs: 9, drops: [drop] });
  expect(readDropLine('{"sinceNs":5,"atNs":9,"drops":[{"packets":-1}]}')).toBeNull();
  expect(readDropLine('{"sinceNs":5,"at')).toBeNull();
});

test('sockets are counted in every relay, at the ports of plain switches and on every host', () => {
  const scenario = constructedScenario('drops', {
    ...{ rateHz: 1000, intervalMs: 500, fault: null, faultAtMs: 0, healed: false },
    ...{ expectations: [], allowOversize: false, durationMs: 1000 },
  });
  const { nodes } = scenario.topology;
  const pids = new Map(nodes.map(({ name }, index) => [name, 100 + index]));
  const plan = dropPlan(scenario, (node) => pids.get(node) ?? null);
  const named = (kind: string) => nodes.filter((node) => node.kind === kind).map((n) => n.name);
  expect(plan.places.slice(1).map(({ where }) => where)).toEqual(named('relay'));
  expect(plan.places.slice(1).every(({ pid, owners }) => pid !== null && owners === null)).toBe(
    true,
  );
  expect(plan.hosts.map(({ where }) => where)).toEqual(named('host'));
  expect(plan.hosts.flatMap(({ meterPorts }) => meterPorts)).toContain(scenario.meters[0]?.port);
  expect(plan.places[0]).toMatchObject({ pid: null, owners: { control0: ['controllers', 'tap'] } });
});
