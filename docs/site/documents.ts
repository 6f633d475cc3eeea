/** The documents of the repository, in the order in which README.md's table leads to them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface Document {
  /** From the root of the repository, such as `docs/faults.md`. */
  path: string;
  text: string;
}

export interface NavigationGroup {
  /** What a reader wants to do. */
  wish: string;
  /** Paths from the root of the repository. */
  paths: string[];
}

export const start = 'README.md';

function markdownBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path));
}

/** Every Markdown file at the root and below docs/ and harness/. */
export function readDocuments(root: string): Document[] {
  const atRoot = readdirSync(root).filter((path) => path.endsWith('.md'));
  const paths = [...atRoot, ...markdownBelow(root, 'docs'), ...markdownBelow(root, 'harness')];
  return paths.sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Where a link of a page leads; `path` is null for another site. Anchors keep no `#`. */
export function targetOf(from: string, link: string): { path: string | null; anchor: string } {
  if (/^[a-z]+:/.test(link)) return { path: null, anchor: '' };
  const [path = '', anchor = ''] = link.split('#');
  return { path: path === '' ? from : normalize(join(dirname(from), path)), anchor };
}

/** The rows of README.md's table: a wish, and the pages that it leads to. */
export function navigationOf(readme: string): NavigationGroup[] {
  const rows = [...readme.matchAll(/^\| ([^|]+) \| (.*\]\(.+) \|$/gm)];
  return rows.map(([, wish = '', cell = '']) => ({
    wish,
    paths: [...cell.matchAll(/\]\(([^)]+)\)/g)].map(
      ([, link = '']) => targetOf(start, link).path ?? '',
    ),
  }));
}
