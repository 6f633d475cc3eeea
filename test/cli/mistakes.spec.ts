/**
 * Mistakes at the command line. Each file of test/fixtures/mistakes/ has a command, what it is to
 * print, and its exit code; mistakes within a scenario are in test/fixtures/broken/.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { splitWords } from '../../harness/language/command-words.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from '../lab/program.js';

const folder = join(packageRoot(), 'test/fixtures/mistakes');
const names = readdirSync(folder).map((file) => file.replace(/\.txt$/, ''));

/** A project with what the mistakes are made with. */
function project(): string {
  const cwd = test.info().outputPath('project');
  const scenarios = join(cwd, 'scenarios');
  mkdirSync(scenarios, { recursive: true });
  const valid = readFileSync(join(packageRoot(), 'test/fixtures/labs/two-relays.ts'));
  for (const name of ['mine', `long-${'x'.repeat(60)}`]) {
    writeFileSync(join(scenarios, `${name}.ts`), valid);
  }
  const strange = valid.toString().replace('parallelRelays(2)', "{ kind: 'cable' } as never");
  writeFileSync(join(scenarios, 'strange-part.ts'), strange);
  writeFileSync(join(scenarios, 'campus.py'), 'topos = {}\n');
  writeFileSync(join(scenarios, 'notes.txt'), '');
  writeFileSync(join(scenarios, 'endless.ts'), 'while (true) {}\n');
  writeFileSync(join(cwd, 'result.json'), '{}');
  mkdirSync(join(cwd, 'runs/mine'), { recursive: true });
  cpSync(join(packageRoot(), 'test/fixtures/mininet'), join(cwd, 'mininet'), { recursive: true });
  return cwd;
}

/** What people see, without the place of this checkout. */
function seen(line: string, cwd: string): string {
  const words = splitWords(line) ?? [];
  const { stdout, stderr, status } = failoverLab(words, { cwd });
  const text = `${stdout}${stderr}`
    .replaceAll(cwd, '<here>')
    .replaceAll(packageRoot(), '<package>');
  return `$ failover-lab ${line}\n${text}exit ${status}\n`;
}

for (const name of names) {
  test(name, () => {
    const expected = readFileSync(join(folder, `${name}.txt`), 'utf8');
    const line = /^\$ failover-lab (.*)$/m.exec(expected)?.[1] ?? '';
    expect(seen(line, project())).toBe(expected);
  });
}

test('with those within scenarios there are more than twenty-five', () => {
  expect(names.length).toBeGreaterThan(15);
});
