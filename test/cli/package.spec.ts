/** The package as others see it: its doors by publint and are-the-types-wrong, its size, its types. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect, test } from '@playwright/test';
import { publint } from 'publint';
import { packageRoot } from '../../harness/package-root.js';

const root = packageRoot();
/** What the archive may have; it had 1.85 MB and 1203 files before declarations were pruned. */
const bytesMax = 1_500_000;
const filesMax = 700;

test('publint and are-the-types-wrong find nothing, and it stays small', async () => {
  test.setTimeout(400_000);
  const folder = test.info().outputPath('packed');
  mkdirSync(folder, { recursive: true });
  const words = ['pack', '--json', '--pack-destination', folder];
  const done = spawnSync('npm', words, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 });
  expect(done.status, done.stderr).toBe(0);
  const [archive = ''] = readdirSync(folder);
  const tarball = new Uint8Array(readFileSync(join(folder, archive)));
  const listed = spawnSync('tar', ['-tzf', join(folder, archive)], { encoding: 'utf8' });
  const files = listed.stdout.split('\n').filter(Boolean);
  expect(files.length).toBeLessThan(filesMax);
  expect(tarball.byteLength).toBeLessThan(bytesMax);
  expect(files.filter((path) => /\.map$|\/test\/|node_modules/.test(path))).toEqual([]);

  const { messages } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  expect(messages).toEqual([]);

  const types = await checkPackage(createPackageFromTarballData(tarball));
  if (!types.types) throw new Error('the package has no types');
  // Modules alone: what is loaded by require, or by the resolution of Node 10, is not supported.
  const problems = types.problems.filter(
    (problem) => !('resolutionKind' in problem) || problem.resolutionKind !== 'node10',
  );
  expect(problems.filter(({ kind }) => kind !== 'CJSResolvesToESM')).toEqual([]);
});

test('what a reader of the registry needs is stated', () => {
  const stated = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const field of ['license', 'description', 'engines']) {
    expect(stated[field], field).toBeTruthy();
  }
  expect(stated.keywords.length).toBeGreaterThan(5);
  // What is bundled into dist/ is not installed a second time.
  expect(Object.keys(stated.dependencies).sort()).toEqual(['@resvg/resvg-wasm', 'jiti', 'zod']);
});
