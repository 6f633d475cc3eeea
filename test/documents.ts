/** The documents of the repository, and what stands in them: code blocks, links, headings, tables. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/package-root.js';

export interface Page {
  /** From the root of the repository, such as `docs/faults.md`. */
  path: string;
  text: string;
}

export interface Block {
  page: string;
  /** Of the first line of its content, counted from 1. */
  line: number;
  language: string;
  content: string;
}

/** Markdown files below a folder, from the root of the repository. */
function markdownBelow(folder: string): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path));
}

/** Every document that belongs to the package. */
export function pages(): Page[] {
  const atRoot = readdirSync(packageRoot()).filter((path) => path.endsWith('.md'));
  const paths = [...atRoot, ...markdownBelow('docs'), ...markdownBelow('harness')].sort();
  return paths.map((path) => ({ path, text: readFileSync(join(packageRoot(), path), 'utf8') }));
}

export function page(path: string): Page {
  return { path, text: readFileSync(join(packageRoot(), path), 'utf8') };
}

const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(fence)].map(({ 1: language = '', 2: content = '', index }) => ({
    page: path,
    line: text.slice(0, index).split('\n').length + 1,
    language,
    content,
  }));
}

/** The text without code blocks and comments; lines stay where they were. */
export function prose({ text }: Page): string {
  const blank = (passage: string) => passage.replaceAll(/[^\n]/g, '');
  return text.replaceAll(fence, blank).replaceAll(/<!--.*?-->/gs, blank);
}

/** What stands between backticks in the prose; a table writes `|` as `\|`. */
export function spansOf(one: Page): string[] {
  return [...prose(one).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) =>
    span.replaceAll('\\|', '|'),
  );
}

/** Targets of links and pictures. */
export function linksOf(one: Page): string[] {
  const plain = prose(one).replaceAll(/`[^`\n]+`/g, '');
  return [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** Anchors of the headings, as GitHub makes them. */
export function anchorsOf(one: Page): string[] {
  const seen = new Map<string, number>();
  return [...prose(one).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/** Rows of the table whose head begins with these cells; each row is a list of cells. */
export function tableOf(one: Page, ...head: string[]): string[][] {
  const lines = prose(one).split('\n');
  const start = lines.findIndex((line) => head.every((cell, at) => cellsOf(line)[at] === cell));
  if (start === -1) throw new Error(`${one.path} has no table of ${head.join(', ')}`);
  const after = lines.slice(start + 2);
  const end = after.findIndex((line) => !line.startsWith('|'));
  return after.slice(0, end === -1 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
