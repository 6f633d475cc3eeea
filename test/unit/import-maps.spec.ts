/**
 * Goal: a map becomes a scenario that resolves, with every node and link of the file, delays of their
 * lengths, and a list of what was not taken; whatever a map holds, it is imported or refused.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { LabError } from '../../harness/errors.js';
import { importFile, scenarioName } from '../../harness/language/import/import-file.js';
import { distanceKm } from '../../harness/language/import/map-network.js';
import { NodeNames } from '../../harness/language/import/node-names.js';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { nodeNameProblem } from '../../harness/model/network/names.js';
import { packageRoot } from '../../harness/package-root.js';
import { tornText } from '../hostile.js';

const fixture = (name: string) => join(packageRoot(), 'test/fixtures/import', name);

function write(name: string, text: string): string {
  const path = test.info().outputPath(name);
  writeFileSync(path, text);
  return path;
}

/** A map of GML whose nodes are numbers from 0. */
function mapOf(nodes: readonly string[], edges: ReadonlyArray<[number, number, string?]>): string {
  const fields = nodes.map((text, id) => `node [ id ${id} ${text} ]`);
  const lines = edges.map(([a, b, more = '']) => `edge [ source ${a} target ${b} ${more} ]`);
  return `graph [\n${[...fields, ...lines].join('\n')}\n]\n`;
}

for (const name of ['abilene.graphml', 'abilene.gml']) {
  test(`${name}: eleven routers, fourteen links, and their delays`, async () => {
    const { network, resolved, problems } = await importFile(fixture(name), {});
    expect(problems).toEqual([]);
    expect(network.title).toBe('Abilene');
    expect(network.nodes.map(({ label, name: own }) => [label, own])).toContainEqual([
      ...['Indianapolis', 'indianapol'],
    ]);
    const { nodes, links } = resolved?.topology ?? { nodes: [], links: [] };
    expect(nodes.filter(({ kind }) => kind === 'router')).toHaveLength(11);
    expect(links.filter(({ hidesCarrier }) => hidesCarrier)).toHaveLength(14);
    // Los Angeles and Houston are 2206 km apart.
    const [farthest] = links.toSorted((one, other) => other.delayMs - one.delayMs);
    expect(farthest).toMatchObject({ id: 'losangeles-houston', delayMs: 11.03, metric: 1103 });
    expect(network.notes).toContainEqual({
      code: 'fields-not-needed',
      names: ['Country'],
    });
  });
}

for (const as of ['routers', 'switches', 'relays'] as const) {
  test(`as ${as}, with and without delays: the file that is written loads and resolves`, async () => {
    for (const delays of [true, false]) {
      const { text, resolved } = await importFile(fixture('abilene.graphml'), { as, delays });
      const { written } = await loadScenario(write(`${as}.ts`, text), packageRoot());
      const plan = resolveScenario(written, { name: 'abilene', seed: 0 });
      expect(plan).toEqual(resolved);
      expect(plan.topology.links.some(({ delayMs }) => delayMs > 0)).toBe(delays);
    }
  });
}

test('the scenario abilene is what the import writes', async () => {
  const { text } = await importFile(fixture('abilene.graphml'), { delays: false });
  expect(text).toBe(readFileSync(join(packageRoot(), 'scenarios/abilene.ts'), 'utf8'));
});

test('speeds, one-way pairs, loops, and parts that are apart', async () => {
  const edges: Array<[number, number, string?]> = [
    [0, 1, 'LinkSpeedRaw 100000000'],
    [1, 2, 'LinkSpeedRaw 10000000000'],
    [2, 0, 'LinkSpeedRaw 10'],
    [2, 2],
    [3, 4],
    [0, 1],
  ];
  const path = write('parts.gml', mapOf(['', '', '', '', ''], edges));
  const { network, resolved, plan } = await importFile(path, {});
  expect(network.nodes).toHaveLength(3);
  expect(plan.way.spare).toBe('link');
  const rates = resolved?.topology.links.map(({ id, bandwidthBps }) => [id, bandwidthBps]);
  expect(rates).toEqual(
    expect.arrayContaining([
      ['n0-n1', 100e6],
      ['n1-n2', null],
      ['n2-n0', null],
      ['n0-n1-2', null],
    ]),
  );
  expect(network.notes.map(({ code, names }) => [code, names])).toEqual([
    ['link-to-itself', ['2']],
    ['apart', ['3', '4']],
    ['no-coordinates', ['0', '1', '2']],
    ['too-fast', ['n1-n2']],
    ['too-slow', ['n2-n0']],
  ]);
  const directed = mapOf(
    ['', '', ''],
    [
      [0, 1],
      [1, 0],
      [1, 2],
      [0, 2],
    ],
  ).replace('[', '[ directed 1');
  const both = await importFile(write('directed.gml', directed), {});
  expect(both.network.links).toHaveLength(3);
  expect(both.network.notes[0]).toEqual({ code: 'both-directions', names: ['0-1'] });
});

test('a chain has no second path: the link is healed, and nothing is expected', async () => {
  const path = write(
    'chain.gml',
    mapOf(
      ['', '', '', ''],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    ),
  );
  const { plan, problems } = await importFile(path, {});
  expect(problems).toEqual([]);
  expect(plan.way).toEqual({ ends: ['n0', 'n3'], path: ['n0', 'n1', 'n2', 'n3'], spare: null });
  expect(plan.fields.expect).toBeUndefined();
});

test('the largest map that is imported is a valid scenario', async () => {
  const nodes = Array.from({ length: 1000 }, () => '');
  const edges = nodes.flatMap((_, id) =>
    Array.from({ length: 18 }, (_one, step): [number, number] => [id, (id + step + 1) % 1000]),
  );
  const { problems } = await importFile(write('dense.gml', mapOf(nodes, edges)), {
    as: 'switches',
  });
  expect(problems).toEqual([]);
});

test('a map of 200 nodes is imported within seconds, one of 1001 refused with the limit', async () => {
  const ring = (size: number) =>
    mapOf(
      Array.from({ length: size }, () => ''),
      Array.from({ length: size }, (_, id): [number, number] => [id, (id + 1) % size]),
    );
  const { network, plan, problems } = await importFile(write('ring.gml', ring(200)), {});
  expect(problems).toEqual([]);
  expect(network.nodes).toHaveLength(200);
  expect(plan.way.spare).toBe('node');
  const refused = importFile(write('large.gml', ring(1001)), {});
  await expect(refused).rejects.toThrow('the map has 1001 nodes; at most 1000 are imported');
});

test('distances on the great circle', () => {
  const [newYork, london] = [
    { lat: 40.71427, lon: -74.00597 },
    { lat: 51.50853, lon: -0.12574 },
  ];
  expect(distanceKm(newYork, london)).toBeGreaterThan(5560);
  expect(distanceKm(newYork, london)).toBeLessThan(5580);
  expect(distanceKm(newYork, newYork)).toBe(0);
  expect(distanceKm({ lat: 0, lon: -179 }, { lat: 0, lon: 179 })).toBeCloseTo(222.4, 0);
});

test('whatever nodes are called, their names are possible, short enough and their own', () => {
  const labels = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('lo', 'Zürich', 'root')),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(labels, fc.nat(300), (given, links) => {
      const names = new NodeNames();
      const made = given.map((label) => names.name(label, links));
      expect(new Set(made).size).toBe(made.length);
      for (const name of made) {
        expect(nodeNameProblem(name)).toBeUndefined();
        expect(`${name}-eth${links}`.length).toBeLessThanOrEqual(15);
      }
    }),
  );
  const names = new NodeNames();
  const given = ['Zürich', 'ZURICH', 'Łódź', '東京', 'leaf-1', '10 GbE', 'lo'];
  expect(given.map((label) => names.name(label, 3))).toEqual([
    ...['zurich', 'zurich2', 'lodz', 'n1', 'leaf-1', 'n10gbe', 'lo2'],
  ]);
});

test('names of scenarios', () => {
  expect(
    ['Abilene.graphml', '/a/My Lab (2).gml', 'frr.clab.yml', '東京.gml'].map(scenarioName),
  ).toEqual(['abilene', 'my-lab-2', 'frr', 'imported']);
});

for (const name of ['abilene.graphml', 'abilene.gml']) {
  test(`${name}, torn anywhere: imported, or refused with the place`, async () => {
    const whole = readFileSync(fixture(name), 'utf8');
    await fc.assert(
      fc.asyncProperty(tornText(whole), async (text) => {
        const path = write(name, text);
        try {
          const { text: source } = await importFile(path, {});
          expect(source).toContain('export default scenario(');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(LabError);
          expect((thrown as LabError).code).toBe('IMPORT_REFUSED');
          expect((thrown as LabError).message).toContain(`${path}:`);
        }
      }),
      { numRuns: 150 },
    );
  });
}
