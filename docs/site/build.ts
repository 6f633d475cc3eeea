/**
 * `npm run site`: every document as a page of a site that opens from disk, without a server and
 * without a network. Written to site/ at the root.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { packageRoot } from '../../harness/package-root.js';
import { type Document, navigationOf, readDocuments, start, targetOf } from './documents.js';
import { layOut, type NavigationLink } from './layout.js';
import { type Rendered, render } from './markdown.js';
import { type FoundSection, indexScript } from './search-index.js';

/** Where a document stands in the site. */
export function addressOf(path: string): string {
  return path === start ? 'index.html' : path.replace(/\.md$/, '.html');
}

/** The address of `to` as a page at `from` writes it; both from the root of the site. */
function between(from: string, to: string): string {
  return relative(dirname(from), to);
}

function linkFrom(path: string, paths: Set<string>): (link: string) => string | null {
  return (link) => {
    const target = targetOf(path, link);
    if (target.path === null) return link;
    if (!paths.has(target.path)) return null;
    const address = between(addressOf(path), addressOf(target.path));
    return target.anchor === '' ? address : `${address}#${target.anchor}`;
  };
}

/** Pages in the order of README.md's table, the README first; what it does not name comes last. */
function inOrder(documents: Document[]): { path: string; wish: string }[] {
  const readme = documents.find(({ path }) => path === start)?.text ?? '';
  const named = navigationOf(readme).flatMap(({ wish, paths }) =>
    paths.map((path) => ({ path, wish })),
  );
  const first = { path: start, wish: 'What it is, and what it measured' };
  const known = new Set([start, ...named.map(({ path }) => path)]);
  const rest = documents.filter(({ path }) => !known.has(path));
  return [first, ...named, ...rest.map(({ path }) => ({ path, wish: '' }))];
}

function navigationFrom(
  here: string,
  order: { path: string; wish: string }[],
  rendered: Map<string, Rendered>,
): NavigationLink[] {
  return order.map(({ path, wish }) => ({
    title: rendered.get(path)?.title ?? path,
    address: between(addressOf(here), addressOf(path)),
    wish,
    current: path === here,
  }));
}

function sectionsOf(rendered: Map<string, Rendered>): FoundSection[] {
  return [...rendered].flatMap(([path, { title, sections }]) =>
    sections.map(({ text, anchor, body }) => ({
      ...{ address: `${addressOf(path)}#${anchor}`, page: title, heading: text, body },
    })),
  );
}

/**
 * Writes the site into `folder`, which is made anew.
 *
 * @returns the number of pages.
 */
export async function buildSite(root: string, folder: string): Promise<number> {
  const documents = readDocuments(root);
  const paths = new Set(documents.map(({ path }) => path));
  const rendered = new Map(
    documents.map(({ path, text }) => [path, render(text, linkFrom(path, paths))]),
  );
  const order = inOrder(documents);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  rmSync(folder, { recursive: true, force: true });
  for (const [path, one] of rendered) {
    const address = addressOf(path);
    const toRoot = '../'.repeat(address.split('/').length - 1);
    const links = navigationFrom(path, order, rendered);
    mkdirSync(join(folder, dirname(address)), { recursive: true });
    writeFileSync(join(folder, address), layOut({ ...one, links, toRoot, version }));
  }
  cpSync(join(root, 'docs/pictures'), join(folder, 'docs/pictures'), { recursive: true });
  writeFileSync(join(folder, 'search-index.js'), indexScript(sectionsOf(rendered)));
  const here = join(root, 'docs/site');
  await build({
    entryPoints: [join(here, 'client/site.ts'), join(here, 'client/site.css')],
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'silent',
  });
  return rendered.size;
}

if (extname(process.argv[1] ?? '') === '.ts' && process.argv[1]?.endsWith('site/build.ts')) {
  const folder = join(packageRoot(), 'site');
  const count = await buildSite(packageRoot(), folder);
  console.log(`${count} pages: ${pathToFileURL(join(folder, 'index.html')).href}`);
}
