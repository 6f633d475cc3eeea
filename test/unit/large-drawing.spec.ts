/** Large networks: planned within a second, and drawn so that neighbours can be told apart. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { resolveTrials } from '../../harness/language/resolve.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import type { Drawing } from '../../reports/html/data.js';
import { drawingOf } from '../../reports/html/view/topology-layout.js';

type Parts = ReturnType<typeof lab.line>;

function planned(parts: Parts, to: string): ResolvedScenario {
  const written = lab.scenario({
    question: 'How long is it dark?',
    topology: parts,
    controller: lab.floyd(),
    traffic: [lab.iperf3('h1', to, { mss: '1400B', bitrate: '5Mbit/s' })],
    timeline: [lab.at('3s', lab.cableCut(lab.linkOnPath('h1', to)))],
    expect: [lab.networkOutage.atMost('10s')],
  });
  const [plan] = resolveTrials(written, { name: 'large', seed: 1 }, [0]);
  if (!plan) throw new Error('no plan');
  return plan;
}

function drawn(plan: ResolvedScenario): Drawing {
  const drawing = drawingOf(plan);
  if (!drawing) throw new Error('no drawing');
  return drawing;
}

/** Processor seconds, which other work on the machine does not stretch. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const shapes: ReadonlyArray<
  readonly [name: string, parts: () => Parts, to: string, seconds: number]
> = [
  ['fatTree(4)', () => lab.fatTree(4), 'h16', 1],
  ['leafSpine(16, 4)', () => lab.leafSpine({ leaves: 16, spines: 4 }), 'h16', 1],
  ['randomRegular(100)', () => lab.randomRegular(100, { of: 'relays' }), 'h50', 2],
  ['torus(15, 20)', () => lab.torus(15, 20), 'h155', 4],
];

for (const [name, parts, to, seconds] of shapes) {
  test(`${name}: no node upon another, the way from left to right, the same every time`, () => {
    const plan = planned(parts(), to);
    let drawing = drawn(plan);
    expect(secondsOf(() => (drawing = drawn(plan)))).toBeLessThan(seconds);
    expect(drawn(plan)).toEqual(drawing);

    const { nodes, width, height } = drawing;
    const at = new Map(nodes.map((node) => [node.name, node]));
    expect(nodes.filter(({ x, y }) => x < 0 || y < 0 || x > width || y > height)).toEqual([]);
    const close = nodes.flatMap((one, place) =>
      nodes
        .slice(place + 1)
        .filter((other) => Math.hypot(one.x - other.x, one.y - other.y) < 30)
        .map((other) => `${one.name} ${other.name}`),
    );
    expect(close).toEqual([]);
    expect((at.get(to)?.x ?? 0) - (at.get('h1')?.x ?? 0)).toBeGreaterThan(width / 3);
    // A page carries it.
    expect(JSON.stringify(drawing).length).toBeLessThan(200 * nodes.length);
  });
}

test('a dozen switches are drawn in columns, one more is not', () => {
  const columns = (leaves: number) => {
    const plan = planned(lab.leafSpine({ leaves, spines: 4 }), 'h8');
    return new Set(drawn(plan).nodes.map(({ x }) => x)).size;
  };
  expect(columns(8)).toBeLessThan(8);
  expect(columns(9)).toBeGreaterThan(16);
});

test('300 switches with hosts are checked and planned within a second', () => {
  planned(lab.line(3), 'h3');
  const parts = lab.torus(15, 20);
  expect(secondsOf(() => planned(parts, 'h155'))).toBeLessThan(1);
});
