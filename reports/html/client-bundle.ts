/**
 * The browser's part of the reports, bundled from `client/` with esbuild. The bundle is kept in
 * dist/ beside a key made of its sources' sizes and times; an installed package brings it along.
 * Compressed by Brotli, which sees what the three pages have in common: a third of the size.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { LabError } from '../../harness/errors.js';
import { packageRoot } from '../../harness/package-root.js';
import { withoutSchemas } from './without-schemas.js';

const bundleSchema = z.object({
  key: z.string(),
  /** Script and style of report.html, of the live view, and of sweep.html. */
  report: z.object({ script: z.string(), style: z.string() }),
  live: z.object({ script: z.string(), style: z.string() }),
  sweep: z.object({ script: z.string(), style: z.string() }),
});

export type ClientBundle = z.infer<typeof bundleSchema>;

function sourceFolder(): string {
  return join(packageRoot(), 'reports', 'html');
}

function keptFile(): string {
  return join(packageRoot(), 'dist', 'report-client.json.br');
}

/** Sizes and times of everything the bundle is made from; null where sources are not shipped. */
function sourceKey(): string | null {
  const folder = sourceFolder();
  if (!existsSync(join(folder, 'client', 'report.ts'))) return null;
  const files = ['client', 'view', '.'].flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((name) => /\.(ts|css)$/.test(name))
      .map((name) => join(folder, part, name)),
  );
  return [...files, join(folder, '..', 'format.ts')]
    .sort()
    .map((file) => `${file.slice(folder.length)}:${statSync(file).size}:${statSync(file).mtimeMs}`)
    .join('\n');
}

function kept(): ClientBundle | null {
  if (!existsSync(keptFile())) return null;
  try {
    return bundleSchema.parse(
      JSON.parse(brotliDecompressSync(readFileSync(keptFile())).toString('utf8')),
    );
  } catch {
    return null;
  }
}

type Page = ClientBundle['report'];

async function bundled(entry: string): Promise<Page> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(sourceFolder(), 'client', `${entry}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome115', 'firefox115', 'safari16.4'],
    outdir: 'out',
    charset: 'ascii',
    logLevel: 'silent',
    legalComments: 'none',
    plugins: [withoutSchemas()],
  });
  const text = (ending: string) =>
    outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

/** Bundles the client anew and keeps it in dist/. Used by the build and before packing. */
export async function buildClient(): Promise<ClientBundle> {
  const pages = ['report', 'live', 'sweep'].map(bundled);
  const [report, live, sweep] = (await Promise.all(pages)) as [Page, Page, Page];
  const bundle = { key: sourceKey() ?? '', report, live, sweep };
  try {
    mkdirSync(join(packageRoot(), 'dist'), { recursive: true });
    const draft = `${keptFile()}.${process.pid}`;
    writeFileSync(draft, brotliCompressSync(JSON.stringify(bundle)));
    renameSync(draft, keptFile());
  } catch {
    // A read-only installation still renders; it only bundles again next time.
  }
  return bundle;
}

/** The bundle: kept, or made now when its sources are newer. */
export async function clientBundle(): Promise<ClientBundle> {
  const bundle = kept();
  const key = sourceKey();
  if (bundle && (key === null || bundle.key === key)) return bundle;
  if (key === null) {
    throw new LabError('INTERNAL', 'The browser part of the HTML report is missing from dist/.', {
      hint: 'Install the package again; dist/report-client.json.br belongs to it.',
    });
  }
  return buildClient();
}
