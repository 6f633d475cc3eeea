/** `diff`: two recorded runs, in every format, with what changed in environment and scenario. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { differences } from '../../harness/judge/diff.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from '../lab/program.js';

/** A run's folder with a recorded history, after `change` of its first line, the header. */
function record(name: string, source: string, change: (line: string) => string = (line) => line) {
  const folder = test.info().outputPath(name);
  mkdirSync(folder, { recursive: true });
  const packed = readFileSync(join(packageRoot(), 'test/fixtures/recorded', `${source}.ndjson.gz`));
  const [header = '', ...events] = gunzipSync(packed).toString('utf8').split('\n');
  writeFileSync(join(folder, 'history.ndjson'), [change(header), ...events].join('\n'));
  return folder;
}

test('numbers, environment and scenario of two runs', () => {
  const a = record('a', 'one-direction-only');
  const b = record('b', 'one-direction-only', (line) => {
    const header = JSON.parse(line);
    header.environment.kernel = '9.9.9 x64';
    header.scenario.question = 'Another question?';
    return JSON.stringify(header);
  });
  const done = failoverLab(['diff', a, b]);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/^── Environment ─+\n[^─]*kernel\n? .*9\.9\.9 x64/ms);
  expect(done.stdout).toContain('Another question?');
  // No recovery is never a number, nor left out.
  expect(done.stdout).toMatch(/^network outage +not recovered +not recovered$/m);
  expect(done.stdout).toContain('One valid trial each.');
  for (const line of done.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(80);
  const facts = JSON.parse(failoverLab(['diff', a, b, '--format', 'json']).stdout);
  expect(facts.environment).toHaveLength(1);
  expect(facts.scenario).toHaveLength(1);
  expect(facts.numbers[0].a).toBe(facts.numbers[0].b);
});

test('40 columns stack the tables, and no line is wider', () => {
  const folders = [record('a', 'one-direction-only'), record('b', 'fails-again')];
  const env = { ...process.env, COLUMNS: '40' };
  const done = failoverLab(['diff', ...folders], { env });
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/^network outage\n {2}A /m);
  for (const line of done.stdout.split('\n')) expect([...line].length).toBeLessThanOrEqual(40);
});

test('Markdown and HTML say the same; a file is written where it is named', () => {
  const folders = [record('a', 'one-direction-only'), record('b', 'fails-again')];
  const markdown = failoverLab(['diff', ...folders, '--format', 'markdown']).stdout;
  const [, outage = ''] = /\| network outage \| ([^|]*) \|/.exec(markdown) ?? [];
  expect(outage).not.toBe('');
  const file = test.info().outputPath('diff.html');
  const done = failoverLab(['diff', ...folders, '--format', 'html', '--out', file]);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toBe('');
  const page = readFileSync(file, 'utf8');
  expect(page).toContain(`>${outage.replace('>', '&gt;')}<`);
  expect(page).toContain('class="side-a"');
  expect(page).toContain('class="side-b"');
});

test('a folder that is not a run is named', () => {
  const done = failoverLab(['diff', record('a', 'fails-again'), 'nowhere']);
  expect(done.status).toBe(64);
  expect(done.stderr).toContain('/nowhere does not exist.');
});

test('differences: every value by its path, what is missing on one side too', () => {
  const [a, b] = [
    { same: 1, list: [1, { x: 'a' }], gone: true },
    { same: 1, list: [1, { x: 'b' }, 3] },
  ];
  expect(differences(a, b)).toEqual([
    { path: 'list[1].x', a: 'a', b: 'b' },
    { path: 'list[2]', a: undefined, b: 3 },
    { path: 'gone', a: true, b: undefined },
  ]);
  expect(differences(a, a)).toEqual([]);
});
