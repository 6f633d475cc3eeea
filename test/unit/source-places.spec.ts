/** An error of the program itself names the source, not the file of dist/ that it was joined into. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { execa } from 'execa';
import { withSourcePlaces } from '../../harness/source-places.js';

let folder = '';

test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-lab places '));
});

test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the line that threw, in a folder with a blank in its name', async () => {
  const source = join(folder, 'thrower.ts');
  const lines = [
    'interface Gone {',
    '  from: string;',
    '}',
    'export const thrower = (gone: Gone) => {',
  ];
  writeFileSync(source, [...lines, '  throw new Error(gone.from);', '};'].join('\n'));
  writeFileSync(
    join(folder, 'main.ts'),
    "import { thrower } from './thrower.js';\nthrower({ from: 'here' });\n",
  );
  await build({
    entryPoints: [join(folder, 'main.ts')],
    outdir: join(folder, 'dist'),
    bundle: true,
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'silent',
  });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  const main = join(folder, 'dist/main.js');
  const { stderr } = await execa(process.execPath, [main], { reject: false });
  expect(stderr).toContain(`${pathToFileURL(main).href}:`);
  const places = withSourcePlaces(stderr);
  expect(places).toContain(`${source}:5:9`);
  expect(places).toContain(`${join(folder, 'main.ts')}:2:1`);
});

test('a place without a map stays as it is', () => {
  const stack = 'Error: x\n    at f (file:///nowhere/a.js:1:2)\n    at node:internal/x:3:4';
  expect(withSourcePlaces(stack)).toBe(stack);
});
