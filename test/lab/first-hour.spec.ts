/**
 * docs/first-hour.md, carried out as it stands there: from the packed package in an empty folder to
 * a red gate. What the page shows is compared with what is printed, but for the numbers.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { type Block, blocksOf, page } from '../documents.js';

const hour = page('docs/first-hour.md');
let place = '';

test.beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'failover-lab-first-hour-'));
});

test.afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Command {
  words: string;
  /** What the page says of it. */
  exitCode: number;
}

/** Lines of a shell block; a comment states the exit code where it is not 0. */
function commandsOf({ content }: Block): Command[] {
  return content
    .replaceAll('\\\n', ' ')
    .trim()
    .split('\n')
    .map((line) => ({
      words: line.replace(/\s+#.*$/, ''),
      exitCode: Number(/# exits with (\d+)$/.exec(line)?.[1] ?? 0),
    }));
}

function shell(words: string, cwd: string) {
  const options = { cwd, encoding: 'utf8' as const, timeout: 900_000, maxBuffer: 64e6 };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', words], options);
  return { status, text: `${stdout}${stderr}` };
}

/** A machine that was too busy to measure says so with 2: asked once more. */
function carryOut({ words, exitCode }: Command, cwd: string): string {
  let done = shell(words, cwd);
  if (done.status === 2) done = shell(words, cwd);
  expect(done.status, `${words}\n${done.text}`).toBe(exitCode);
  return done.text;
}

/** Without its numbers, versions and the width of its columns. */
function shapeOf(line: string): string {
  return line
    .replaceAll(/[\d.,–+-]*\d[\w.]*(?:…)?/g, '#')
    .replaceAll(/p (?:=|<) [.#]+/g, 'p')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Takes away what the page takes away, and adds what it adds. */
function edit(file: string, { content }: Block): void {
  const lines = content.split('\n');
  const [before, after] = ['-', '+'].map((sign) =>
    lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1).trim()),
  );
  const text = readFileSync(file, 'utf8');
  const [old = '', next = ''] = [before?.join('\n'), after?.join('\n')];
  expect(text.split(old), 'the lines that the page changes, once').toHaveLength(2);
  writeFileSync(file, text.replace(old, next));
}

test('the five steps do what the page says', () => {
  test.setTimeout(1_500_000);
  expect(shell(`npm pack --pack-destination '${place}'`, packageRoot()).status).toBe(0);
  const archive = readdirSync(place).find((name) => name.endsWith('.tgz')) ?? '';
  expect(hour.text).toContain(archive);

  const began = Date.now();
  let cwd = place;
  let printed = '';
  for (const block of blocksOf(hour)) {
    if (block.language === 'sh') {
      printed = '';
      for (const command of commandsOf(block)) {
        const folder = /^cd (\S+)$/.exec(command.words)?.[1];
        if (folder !== undefined) cwd = join(cwd, folder);
        else printed += carryOut(command, cwd);
      }
    } else if (block.language === 'diff') {
      edit(join(cwd, 'scenarios/relay-loses-power.ts'), block);
    } else {
      const shapes = printed.split('\n').map(shapeOf);
      const shown = block.content
        .split('\n')
        .map(shapeOf)
        .filter((line) => !['', '…'].includes(line));
      expect(shown.filter((line) => !shapes.includes(line))).toEqual([]);
    }
  }
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  test.info().annotations.push({ type: 'time', description: `${minutes} minutes` });
  console.log(`the first hour took ${minutes} minutes`);
});
