/** Reading and writing where a path may lead anywhere. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
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
import { writePools } from '../../harness/bench/pools.js';
import { HistoryWriter } from '../../harness/campaign/store/history-writer.js';
import { createResultFolder, markLatest } from '../../harness/campaign/store/run-folder.js';
import { writeReport } from '../../harness/cli/ci-output.js';
import { RotatingLog } from '../../harness/lab/controllers/rotating-log.js';
import { findScenario } from '../../harness/language/load.js';
import { readHistoryFile } from '../../harness/model/history/reader.js';
import {
  appendToFile,
  makeFolder,
  openRegular,
  readRegular,
  readRegularEnd,
  replaceFile,
} from '../../harness/safe-files.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'safe-files-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const pools = { trials: { unchanged: [], slower: [] } } as unknown as Parameters<
  typeof writePools
>[1];

/** A link to a file that must stay as it is. */
function linkTo(name: string): string {
  writeFileSync(at('victim'), 'untouched');
  symlinkSync(at('victim'), at(name));
  return at(name);
}

const writers: Array<[string, (path: string) => unknown]> = [
  ['replaceFile', (path) => replaceFile(path, 'new')],
  ['appendToFile', (path) => appendToFile(path, 'new')],
  ['a report option', (path) => writeReport(path, '--junit', 'new')],
  ['the pools of the gate bench', (path) => writePools(path, pools)],
  ['the log of a controller', (path) => new RotatingLog(path)],
];
for (const [what, write] of writers) {
  test(`${what} writes through no link, into no FIFO and no device`, () => {
    const link = linkTo('link');
    expect(() => write(link)).toThrow(/symbolic link/);
    expect(readFileSync(at('victim'), 'utf8')).toBe('untouched');
    execFileSync('mkfifo', [at('fifo')]);
    expect(() => write(at('fifo'))).toThrow();
    expect(() => write('/dev/null')).toThrow(/device/);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
}

test('a history is appended to no link', () => {
  linkTo('history.ndjson');
  expect(() => new HistoryWriter(folder)).toThrow('history.ndjson cannot be written');
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched');
});

test('`latest` replaces a link of that name, wherever it leads', () => {
  linkTo('latest');
  makeFolder(at('run'));
  markLatest(at('run'));
  expect(statSync(at('latest')).isDirectory()).toBe(true);
  expect(readFileSync(at('victim'), 'utf8')).toBe('untouched');
});

test('a file is replaced whole, keeps its mode, and a failure leaves nothing beside it', () => {
  const old = process.umask(0);
  try {
    replaceFile(at('fresh'), 'one');
    makeFolder(at('a/b'));
  } finally {
    process.umask(old);
  }
  expect(statSync(at('fresh')).mode & 0o777).toBe(0o644);
  expect(statSync(at('a/b')).mode & 0o777).toBe(0o755);
  chmodSync(at('fresh'), 0o600);
  replaceFile(at('fresh'), 'two');
  expect(readFileSync(at('fresh'), 'utf8')).toBe('two');
  expect(statSync(at('fresh')).mode & 0o777).toBe(0o600);
  expect(() => replaceFile(at('a'), 'three')).toThrow('it is a folder');
  expect(readdirSync(folder).sort()).toEqual(['a', 'fresh']);
});

test('only regular files are read, and a FIFO is refused at once', async () => {
  execFileSync('mkfifo', [at('history.ndjson')]);
  expect(() => openRegular(at('history.ndjson'))).toThrow('it is a FIFO');
  expect(() => readRegular('/dev/zero', 10)).toThrow('it is a device');
  expect(() => readRegular(folder, 10)).toThrow('it is a folder');
  await expect(readHistoryFile(at('history.ndjson'))).rejects.toThrow('it is a FIFO');
  await expect(readHistoryFile('/dev/zero')).rejects.toThrow('it is a device');
  execFileSync('mkfifo', [at('scenario.ts')]);
  expect(() => findScenario(at('scenario.ts'), folder)).toThrow('it is a FIFO');
});

test('reading is bounded', () => {
  writeFileSync(at('text'), '0123456789');
  expect(readRegular(at('text'), 10)).toBe('0123456789');
  expect(() => readRegular(at('text'), 9)).toThrow('it has 10 bytes; at most 9 are read');
  expect(readRegularEnd(at('text'), 3)).toBe('789');
});

test('folders that cannot be made are refused at once', () => {
  for (const path of ['/proc/x', '/proc/x/y', '/proc/self/x', '/dev/null/x', '/sys/x/y']) {
    expect(() => makeFolder(path), path).toThrow();
  }
  expect(() => createResultFolder('/proc/x', 'relay-failover')).toThrow(
    '/proc/x/relay-failover cannot be written',
  );
  makeFolder(at('one/two/three'));
  makeFolder(at('one/two/three'));
  expect(existsSync(at('one/two/three'))).toBe(true);
});
