/**
 * What a command loads before it does its work, counted by V8 itself: time differs from machine to
 * machine, files and bytes do not. And what the build makes of the sources and of packages from npm.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { BenchStartResult } from '../../harness/bench/start.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from '../lab/program.js';

const root = packageRoot();
let folder = '';

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-lab-start-'));
});

test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command; its output, and the files that it loaded as JavaScript. */
function load(...words: string[]) {
  const coverage = mkdtempSync(join(folder, 'loaded-'));
  const env = { ...process.env, NODE_V8_COVERAGE: coverage };
  const done = failoverLab(words, { cwd: root, env });
  expect(done.status, done.stderr).toBe(0);
  const files = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
      result: Array<{ url: string }>;
    };
    return result
      .filter(({ url }) => url.startsWith('file://'))
      .map(({ url }) => fileURLToPath(url));
  });
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { files, bytes, stdout: done.stdout };
}

/** A scenario in a file of its own, which no command has loaded before. */
function writeScenario(question: string): string {
  const file = join(folder, 'own.ts');
  const source = readFileSync(join(root, 'scenarios/relay-failover.ts'), 'utf8');
  writeFileSync(file, source.replace(/question:\s*(['"]).*\1,/, `question: '${question}',`));
  return file;
}

const compiler = join(root, 'node_modules/jiti/dist/babel.cjs');

for (const words of [['--help'], ['run', '--help'], ['bench', 'gate', '--help']]) {
  test(`${words.join(' ')} loads the words of the commands alone`, () => {
    const { files, bytes } = load(...words);
    expect(files.filter((file) => file.includes('node_modules'))).toEqual([]);
    expect(files.length).toBeLessThan(20);
    expect(bytes).toBeLessThan(400_000);
  });
}

test('validate loads what it needs, and a compiler only for a file that has changed', () => {
  const first = load('validate', writeScenario('First?'));
  expect(first.stdout).toContain('First?');
  expect(first.files).toContain(compiler);
  const second = load('validate', join(folder, 'own.ts'));
  expect(second.stdout).toBe(first.stdout);
  expect(second.files).not.toContain(compiler);
  expect(second.files.length).toBeLessThan(60);
  expect(second.bytes).toBeLessThan(1_200_000);
  const changed = load('validate', writeScenario('Second?'));
  expect(changed.stdout).toContain('Second?');
  expect(changed.files).toContain(compiler);
});

test('list loads no machinery of a run, and no compiler for files it has seen', () => {
  const first = load('list');
  const second = load('list');
  expect(second.stdout).toBe(first.stdout);
  expect(second.files).not.toContain(compiler);
  const program = second.files.filter((file) => !file.startsWith(join(root, 'scenarios')));
  expect(program.length).toBeLessThan(50);
});

/** The JavaScript of the last build, with the sources that esbuild's maps name for it. */
function built(): Array<{ file: string; sources: string[] }> {
  const dist = join(root, 'dist');
  const { files } = JSON.parse(readFileSync(join(dist, '.sources'), 'utf8')) as { files: string[] };
  return files
    .filter((path) => path.endsWith('.js'))
    .map((file) => {
      const map = readFileSync(join(dist, `${file}.map`), 'utf8');
      const { sources } = JSON.parse(map) as { sources: string[] };
      // The maps were written one folder deeper, in .cache, and moved to dist/ as they were.
      const named = sources.map((source) => source.replace(/^(\.\.\/)+/, ''));
      return { file, sources: named.filter((source) => /\.[cm]?[jt]s$/.test(source)) };
    });
}

test('every module stands in one file of dist/, so that there is one of each class', () => {
  failoverLab(['--build']);
  const places = new Map<string, string[]>();
  for (const { file, sources } of built()) {
    for (const source of sources) places.set(source, [...(places.get(source) ?? []), file]);
  }
  expect(places.get('harness/errors.ts')).toHaveLength(1);
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
});

test('packages whose code is in dist/ bring their licences', () => {
  const paths = built().flatMap(({ sources }) => sources);
  const packages = new Set(
    paths.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  expect([...packages]).toContain('node_modules/zod');
  const licences = readFileSync(join(root, 'dist/third-party-licenses.txt'), 'utf8');
  for (const path of packages) {
    const own = readFileSync(join(root, path, 'package.json'), 'utf8');
    const { name, version, license, repository } = JSON.parse(own);
    expect(licences).toContain(`${name} ${version} (${license})\n`);
    const file = readdirSync(join(root, path)).find((each) => /^licen[cs]e/i.test(each));
    // One package has no such file: where its text and its source are stands there instead.
    if (file === undefined) expect(licences).toContain(`/${license}.html\nSource: ${repository}`);
    else expect(licences).toContain(readFileSync(join(root, path, file), 'utf8').trim());
  }
});

test('bench start: every command beside an empty program', () => {
  const done = failoverLab(['bench', 'start', '--repetitions', '2', '--json'], { cwd: root });
  expect(done.status, done.stderr).toBe(0);
  const { readings } = JSON.parse(done.stdout) as BenchStartResult;
  expect(readings.map(({ command }) => command)).toEqual([
    'node -e 0',
    'failover-lab --help',
    'failover-lab list',
    'failover-lab validate relay-failover',
  ]);
  for (const { tookMs, beyondNodeMs } of readings) {
    expect(tookMs).toHaveLength(2);
    expect(Math.min(...tookMs)).toBeGreaterThan(10);
    tookMs.forEach((ms, round) => {
      expect(beyondNodeMs[round]).toBeCloseTo(ms - (readings[0]?.tookMs[round] ?? 0), 6);
    });
  }
});

test('bench start: a command that fails has no time', () => {
  const done = failoverLab(['bench', 'start', '--scenario', 'no-such', '--repetitions', '1']);
  expect(done.status).toBe(64);
  expect(done.stderr).toContain('failover-lab validate no-such ended with exit code 64');
  expect(done.stderr).toContain("there is no scenario 'no-such'");
});
