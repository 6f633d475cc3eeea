/**
 * The TypeScript in the documents is right: blocks and pieces in the text are checked by the compiler
 * against the package's own types, scenarios are resolved, and quotations are what the file holds.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import * as door from '../../harness/index.js';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { faultKinds } from '../../harness/model/resolved.js';
import { packageRoot } from '../../harness/package-root.js';
import { type Block, blocksOf, page, pages, spansOf, tableOf } from '../documents.js';

const names = Object.keys(door);

/** Documents that quote source files. */
const quoted: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['scenarios/relay-failover.ts'],
  'harness/lab/faults/CREATING_FAULTS.md': [
    'harness/kinds/faults/packet-loss.ts',
    'harness/lab/faults/packet-loss.ts',
    'test/lab/faults.spec.ts',
  ],
  'harness/lab/nodes/CREATING_NODES.md': ['harness/model/nodes/linux-bridge.ts'],
};

const source = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');

function isQuotation({ page: where, content }: Block): boolean {
  return (quoted[where] ?? []).some((path) => source(path).includes(content.trim()));
}

const blocks = pages()
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'ts');
const written = blocks.filter((block) => !isQuotation(block));

/** A module of its own: what a piece uses of the package is imported. */
function asModule(code: string): string {
  if (/^import /m.test(code)) return code;
  const used = names.filter((name) => new RegExp(`(?<![\\w.'])${name}\\b`).test(code));
  return `import { ${used.join(', ')} } from 'failover-lab';\n${code}`;
}

/** Names the file after the place, so that a problem leads there. */
function write(folder: string, { page: where, line, content }: Block): string {
  const file = join(folder, `${basename(where, '.md')}-${line}.ts`);
  writeFileSync(file, asModule(content));
  return file;
}

/** Calls and names of the package in the text, such as `powerOff('r1')`. */
function piecesOf(where: string): string {
  const begins = new RegExp(`^(${names.join('|')})\\b(?![-:=/])`);
  const pieces = spansOf(page(where)).filter((span) => begins.test(span) && !span.includes('…'));
  return pieces.map((span) => `${span};`).join('\n');
}

/** Methods of the fixture and matchers, which the text names without a test around them. */
function playwrightPieces(): string {
  const spans = spansOf(page('docs/playwright.md'));
  const methods = spans.flatMap((span) => /^lab\.\w+/.exec(span)?.[0] ?? []);
  const matchers = spans.filter((span) => /^to[A-Z]\w*\(/.test(span));
  return [
    "import { expect, type Lab, type RunResult } from 'failover-lab/playwright';",
    'declare const lab: Lab;',
    'declare const run: RunResult;',
    ...methods.map((method) => `void ${method};`),
    ...matchers.map((matcher) => `expect(run).${matcher};`),
  ].join('\n');
}

/** What the compiler says about these files, by the options of the repository. */
function diagnosticsOf(files: string[]): string[] {
  const config = ts.readConfigFile(join(packageRoot(), 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, packageRoot());
  const program = ts.createProgram(files, {
    ...options,
    incremental: false,
    tsBuildInfoFile: undefined,
    configFilePath: join(packageRoot(), 'tsconfig.json'),
  });
  return files.flatMap((file) => {
    const read = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(read),
      ...program.getSemanticDiagnostics(read),
    ];
    return found.map(({ messageText, start = 0 }) => {
      const line = read ? read.getLineAndCharacterOfPosition(start).line : 0;
      const code = read?.text.split('\n')[line] ?? '';
      return `${basename(file)}: ${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

test('every TypeScript example compiles', () => {
  // One program of the compiler; a busy machine takes its time.
  test.setTimeout(180_000);
  const folder = test.info().outputPath('examples');
  mkdirSync(folder, { recursive: true });
  expect(written.length).toBeGreaterThan(5);
  const files = written.map((block) => write(folder, block));
  for (const { path } of pages().filter((one) =>
    /^(README\.md|docs\/(?!reference\.md))/.test(one.path),
  )) {
    const pieces = piecesOf(path);
    if (pieces === '') continue;
    const file = join(folder, `${basename(path, '.md')}-text.ts`);
    writeFileSync(file, asModule(pieces));
    files.push(file);
  }
  const fixture = join(folder, 'playwright-text.ts');
  writeFileSync(fixture, playwrightPieces());
  const wrong = join(folder, 'wrong.ts');
  writeFileSync(wrong, asModule("powerOff('r1', { az: 'first' });\nblackhole('a-b', 5);"));
  const problems = diagnosticsOf([...files, fixture, wrong]);
  expect(problems.filter((one) => !one.startsWith('wrong.ts'))).toEqual([]);
  // The check would find what is wrong.
  expect(problems).toHaveLength(2);
});

test('every quotation is in the file that it is from', () => {
  for (const [path, sources] of Object.entries(quoted)) {
    const held = blocksOf(page(path)).filter(isQuotation);
    expect(held.length, path).toBe(sources.length);
  }
});

test('every whole scenario in the documents resolves', async () => {
  const folder = test.info().outputPath('scenarios');
  mkdirSync(folder, { recursive: true });
  const python = pages()
    .flatMap(blocksOf)
    .filter(({ language }) => language === 'python');
  for (const { content } of python) {
    const [, name] = /^# (\w+\.py)\n/.exec(content) ?? [];
    expect(name, content).toBeDefined();
    writeFileSync(join(folder, name ?? ''), content);
  }
  const whole = written.filter(({ content }) => content.includes('export default scenario('));
  expect(whole.length).toBeGreaterThanOrEqual(2);
  for (const block of whole) {
    const loaded = await loadScenario(write(folder, block), packageRoot());
    const plan = resolveScenario(loaded.written, { name: loaded.name, seed: 1 });
    expect(plan.timeline.length, loaded.name).toBeGreaterThan(0);
  }
});

test('the table of faults has every kind, and constructs it', () => {
  const rows = tableOf(page('docs/faults.md'), 'kind', 'written as');
  const kinds = rows.map(([kind = '']) => kind.replaceAll('`', ''));
  expect(kinds.toSorted()).toEqual([...faultKinds].toSorted());
  const made = rows.map(([, call = '']) =>
    runInNewContext(`(${call.replaceAll('`', '')}).kind`, { ...door }),
  );
  expect(made).toEqual(kinds);
});
