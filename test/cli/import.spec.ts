/** `failover-lab import`: what it prints, where it writes, and what it does not overwrite. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from '../lab/program.js';

const map = join(packageRoot(), 'test/fixtures/import/abilene.graphml');

function project(): string {
  const cwd = test.info().outputPath('project');
  mkdirSync(join(cwd, 'scenarios'), { recursive: true });
  return cwd;
}

test('what was imported, what was added, what was not taken, and what to do next', () => {
  const cwd = project();
  const done = failoverLab(['import', map, '--no-delays'], { cwd });
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toContain('GraphML map, 11 nodes, 14 links');
  expect(done.stdout).toContain("'Kansas City' is\n             kansascity");
  expect(done.stdout).toContain('Added      hosts h1 at newyork and h2 at seattle');
  expect(done.stdout).toContain("'OC-192c' states no speed in bit/s");
  expect(done.stdout).toContain('written  scenarios/abilene.ts');
  expect(done.stdout).toContain('failover-lab run ./scenarios/abilene.ts');
  const checked = failoverLab(['validate', './scenarios/abilene.ts'], { cwd });
  expect(checked.stdout, checked.stderr).toContain('abilene: valid');
});

test('a scenario that exists is kept, unless --force says otherwise', () => {
  const cwd = project();
  writeFileSync(join(cwd, 'scenarios/abilene.ts'), '// own');
  const refused = failoverLab(['import', map], { cwd });
  expect(refused.status).toBe(64);
  expect(refused.stderr).toBe(
    'scenarios/abilene.ts exists; nothing was written.\n' +
      'Name another file with --out, or overwrite it with --force.\n',
  );
  expect(readFileSync(join(cwd, 'scenarios/abilene.ts'), 'utf8')).toBe('// own');
  expect(failoverLab(['import', map, '--force'], { cwd }).status).toBe(0);
  expect(readFileSync(join(cwd, 'scenarios/abilene.ts'), 'utf8')).toContain("delay: '5.73ms'");
});

test('--json has the same as data, and --out a folder of its own', () => {
  const cwd = project();
  const words = ['import', map, '--as', 'switches', '--out', 'labs/map.ts', '--json'];
  const done = failoverLab(words, { cwd });
  expect(done.status, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    written: join(cwd, 'labs/map.ts'),
    format: 'GraphML map',
    links: 14,
    hosts: ['h1', 'h2'],
    addedAt: ['newyork', 'seattle'],
    problems: [],
    notTaken: expect.arrayContaining([
      expect.objectContaining({ code: 'fields-not-needed', names: ['Country'] }),
    ]),
  });
  expect(readFileSync(join(cwd, 'labs/map.ts'), 'utf8')).toContain('switches(');
});

test('a map of 200 nodes: what its routers need, and how far a spanning tree reaches', () => {
  const cwd = project();
  const lines = Array.from({ length: 200 }, (_, id) => [
    `node [ id ${id} ]`,
    `edge [ source ${id} target ${(id + 1) % 200} ]`,
  ]);
  writeFileSync(join(cwd, 'ring.gml'), `graph [\n${lines.flat().join('\n')}\n]\n`);
  const routers = failoverLab(['import', 'ring.gml', '--json'], { cwd });
  expect(routers.status, routers.stderr).toBe(0);
  expect(JSON.parse(routers.stdout).advice).toEqual([
    '200 routers take about 2.9 GiB of memory; --as switches needs far less',
  ]);
  expect(readFileSync(join(cwd, 'scenarios/ring.ts'), 'utf8')).toContain("readyWithin: '400s'");
  const words = ['import', 'ring.gml', '--as', 'switches', '--force', '--json'];
  expect(JSON.parse(failoverLab(words, { cwd }).stdout).advice).toEqual([
    'the path has 101 switches, and a spanning tree with its default timers reaches 20; use --as routers or --as relays',
  ]);
});

test('another ending for the scenario, or a file that no format is for', () => {
  const cwd = project();
  const ending = failoverLab(['import', map, '--out', 'map.json'], { cwd });
  expect(ending.status).toBe(64);
  expect(ending.stderr).toContain('--out names map.json; a scenario is a file that ends with .ts.');
  writeFileSync(join(cwd, 'map.xml'), '<x/>');
  const format = failoverLab(['import', 'map.xml', '--json'], { cwd });
  expect(format.status).toBe(64);
  expect(JSON.parse(format.stdout).error.code).toBe('IMPORT_REFUSED');
});
