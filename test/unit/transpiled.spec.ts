/** Transpiled scenario files are kept where only their user can write, and used only while they fit. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadScenario } from '../../harness/language/load.js';
import { transpiledFolder } from '../../harness/language/transpiled.js';
import { packageRoot } from '../../harness/package-root.js';

let root = '';

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'failover-lab-transpiled-'));
});

test.afterEach(() => rmSync(root, { recursive: true, force: true }));

async function questionOf(file: string): Promise<unknown> {
  return (await loadScenario(file, root)).written.question;
}

test('the same source is taken as it was transpiled, a changed one is not', async () => {
  const file = join(root, 'mine.ts');
  const write = (question: string) =>
    writeFileSync(file, `export default { question: '${question}' as string };\n`);
  write('As written?');
  expect(await questionOf(file)).toBe('As written?');
  const kept = transpiledFolder() ?? '';
  const [entry = ''] = readdirSync(kept).filter((name) => {
    return readFileSync(join(kept, name), 'utf8').includes('As written?');
  });
  const text = readFileSync(join(kept, entry), 'utf8');
  // Shows that it is this file which is loaded, not the source again.
  writeFileSync(join(kept, entry), text.replace('As written?', 'As kept?'));
  expect(await questionOf(file)).toBe('As kept?');
  write('Changed?');
  expect(await questionOf(file)).toBe('Changed?');
  rmSync(join(kept, entry));
});

test('the folder is its user’s alone', () => {
  const folder = transpiledFolder(root);
  expect(folder).toBe(join(root, '.cache/scenarios'));
  expect(statSync(folder ?? '').mode & 0o777).toBe(0o700);
  chmodSync(folder ?? '', 0o777);
  expect(transpiledFolder(root)).toBeNull();
});

test('a link in its place is not followed', () => {
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o777 });
  chmodSync(elsewhere, 0o777);
  mkdirSync(join(root, '.cache'));
  symlinkSync(elsewhere, join(root, '.cache/scenarios'));
  expect(transpiledFolder(root)).toBeNull();
});

test('nothing is left behind in another user’s package', () => {
  test.skip(process.getuid?.() !== 0, 'giving a folder away needs root');
  chownSync(root, 65534, 65534);
  expect(transpiledFolder(root)).toBeNull();
  expect(existsSync(join(root, '.cache'))).toBe(false);
});

test('files that nobody asks for again do not pile up', () => {
  const folder = transpiledFolder(root) ?? '';
  for (let place = 0; place <= 500; place += 1) writeFileSync(join(folder, `${place}.mjs`), '');
  expect(transpiledFolder(root)).toBe(folder);
  expect(readdirSync(folder)).toEqual([]);
});

test('the package’s own folder is used here', () => {
  expect(transpiledFolder()).toBe(join(packageRoot(), '.cache/scenarios'));
});
