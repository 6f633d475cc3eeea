/** A passage that stands in two places is mended in one of them only. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';

const folders = ['harness', 'reports', 'scenarios'];
const passageLines = 8;

interface Line {
  place: string;
  text: string;
}

/** The lines that say something: no blanks, brackets, comments, imports. */
function tellingLines(path: string): Line[] {
  return (
    readFileSync(join(packageRoot(), path), 'utf8')
      // A list of imports spans lines; its place in the file stays what it was.
      .replaceAll(/^import (?:type )?\{[^}]*\} from.*$/gm, (list) => list.replaceAll(/[^\n]/g, ''))
      .split('\n')
      .map((line, index) => ({ place: `${path}:${index + 1}`, text: line.trim() }))
      .filter(({ text }) => /\w{2}/.test(text))
      .filter(({ text }) => !/^(\/\/|\/\*|\*|#|"""|import |from |export \* )/.test(text))
  );
}

function sources(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => /\.(ts|mjs|py)$/.test(path)),
  );
}

/** Pairs of places where the same eight telling lines begin; a longer passage counts once. */
function copies(files: Line[][]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const lines of files) {
    let previous = -2;
    for (let start = 0; start + passageLines <= lines.length; start += 1) {
      const passage = lines.slice(start, start + passageLines);
      const key = passage.map(({ text }) => text).join('\n');
      const here = passage[0]?.place ?? '';
      const there = seen.get(key);
      if (there === undefined) seen.set(key, here);
      else {
        if (previous !== start - 1) found.push(`${there} and ${here}`);
        previous = start;
      }
    }
  }
  return found;
}

test('no passage of eight lines stands in two places', () => {
  expect(copies(sources().map(tellingLines))).toEqual([]);
});

test('a copied passage is found, once', () => {
  const lines = (name: string) =>
    Array.from({ length: 10 }, (_, i) => ({ place: `${name}:${i + 1}`, text: `step ${i}` }));
  expect(copies([lines('a.ts'), lines('b.ts')])).toEqual(['a.ts:1 and b.ts:1']);
});
