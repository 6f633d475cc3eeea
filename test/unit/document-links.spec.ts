/** Links in the documents lead somewhere, each page can be reached, and nothing is said twice. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { anchorsOf, linksOf, type Page, page, pages, prose, spansOf } from '../documents.js';

/** A link's target from the root of the repository, and its anchor. */
function targetOf(from: string, link: string): { path: string; anchor: string } {
  const [path = '', anchor = ''] = link.split('#');
  return { path: path === '' ? from : normalize(join(from, '..', path)), anchor };
}

const isLocal = (link: string) => !/^[a-z]+:/.test(link);

/** Why links of a page lead nowhere; empty when all do. */
function deadLinks(one: Page): string[] {
  return linksOf(one)
    .filter(isLocal)
    .flatMap((link) => {
      const { path, anchor } = targetOf(one.path, link);
      if (!existsSync(join(packageRoot(), path))) return [`${one.path}: ${link} does not exist`];
      if (anchor === '') return [];
      const target = path === one.path ? one : page(path);
      const known = path.endsWith('.md') ? anchorsOf(target) : [];
      return known.includes(anchor) ? [] : [`${one.path}: ${link} has no such heading`];
    });
}

test('every link leads to a file, and every anchor to a heading', () => {
  expect(pages().flatMap(deadLinks)).toEqual([]);
});

test('a dead link is found, in a page and across pages', () => {
  const text = '[a](nowhere.md) [b](#missing) [c](docs/faults.md#missing) [d](#here)\n\n# Here\n';
  expect(deadLinks({ path: 'README.md', text })).toEqual([
    'README.md: nowhere.md does not exist',
    'README.md: #missing has no such heading',
    'README.md: docs/faults.md#missing has no such heading',
  ]);
});

/** Files that the text names by a path, from the root, from `harness/` or from the page's folder. */
function missingFiles(one: Page): string[] {
  return spansOf(one)
    .filter((span) => /^[\w-]+\/[\w./-]*$/.test(span))
    .filter(
      (span) => /\.(ts|mjs|py|sh|md|json)$/.test(span) || /^(harness|reports|test)\//.test(span),
    )
    .filter((span) => {
      const bases = ['', 'harness', 'harness/lab/mininet', dirname(one.path)];
      return !bases.some((base) => existsSync(join(packageRoot(), base, span)));
    })
    .map((span) => `${one.path}: ${span}`);
}

test('every file that the text names exists', () => {
  const named = pages().flatMap(missingFiles);
  expect(named).toEqual([]);
  const text = '`harness/nothing/` and `judge/nothing.ts`, not `judge/verdict.ts`';
  expect(missingFiles({ path: 'README.md', text })).toHaveLength(2);
});

test('ARCHITECTURE.md lists every folder of the harness', () => {
  const { text } = page('ARCHITECTURE.md');
  const folders = readdirSync(join(packageRoot(), 'harness'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.filter((name) => !text.includes(`\n  ${name}/ `))).toEqual([]);
});

test('the README leads to every page', () => {
  const reached = linksOf(page('README.md')).map((link) => targetOf('README.md', link).path);
  const others = pages().map(({ path }) => path);
  expect(others.filter((path) => path !== 'README.md' && !reached.includes(path))).toEqual([]);
});

test('the README has fewer than 200 lines, and its printed blocks fit 80 columns', () => {
  const { text } = page('README.md');
  expect(text.split('\n').length).toBeLessThan(200);
  const printed = [...text.matchAll(/```text\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  expect(printed.length).toBeGreaterThan(40);
  expect(printed.filter((line) => [...line].length > 80)).toEqual([]);
});

const sentenceWords = 9;

/** Sentences of at least nine words, without marks. */
function sentencesOf(one: Page): string[] {
  return prose(one)
    .split(/[.:;]\s|\n|\|/)
    .map((sentence) => sentence.replaceAll(/[`*\s]+/g, ' ').trim())
    .filter((sentence) => sentence.split(' ').length >= sentenceWords);
}

test('no sentence stands in two documents for users', () => {
  const places = new Map<string, string[]>();
  for (const one of pages().filter(({ path }) =>
    /^(README\.md|docs\/(?!reference\.md))/.test(path),
  )) {
    for (const sentence of sentencesOf(one)) {
      places.set(sentence, [...(places.get(sentence) ?? []), one.path]);
    }
  }
  expect(places.size).toBeGreaterThan(100);
  expect([...places].filter(([, where]) => where.length > 1)).toEqual([]);
});
