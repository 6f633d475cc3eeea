/**
 * Shell completion: the candidates come from the program's own commands and options, and bash itself
 * takes them from the script.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab, program } from '../lab/program.js';

const complete = (...words: string[]) =>
  failoverLab(['__complete', ...words])
    .stdout.split('\n')
    .filter(Boolean);

test('commands, options, values and scenarios', () => {
  expect(complete('re')).toEqual(['report', 'replay']);
  expect(complete('run', '--see')).toEqual(['--seed']);
  expect(complete('run', '--clock', '')).toEqual(['real', 'virtual']);
  expect(complete('run', '--controller', 'floyd-')).toContain('floyd-bfd');
  expect(complete('bench', 'ga')).toEqual(['gate']);
  expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  const found = complete('gate', 'relay-failover', 'relay-f');
  expect(found).toEqual(['relay-failover', 'relay-failover-fast', 'relay-flap']);
  // The number of trials is not completed; then the shell offers files.
  expect(complete('run', '--trials', '')).toEqual([]);
});

/** What bash offers for a line, by the script as it is printed. */
function inBash(line: string, cwd: string): string[] {
  const folder = test.info().outputPath('bin');
  mkdirSync(folder, { recursive: true });
  symlinkSync(program, join(folder, 'failover-lab'));
  const script = [
    'eval "$(failover-lab completion bash)"',
    `COMP_LINE='${line}' COMP_POINT=${line.length}`,
    '_failover_lab',
    `printf "%s\\n" "\${COMPREPLY[@]}"`,
  ].join('\n');
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const done = spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd, env });
  expect(done.stderr).toBe('');
  return done.stdout.split('\n').filter(Boolean);
}

test('bash takes them, behind the colon that it splits words at as well', () => {
  const cwd = test.info().outputPath('project');
  mkdirSync(join(cwd, 'scenarios'), { recursive: true });
  expect(inBash('failover-lab run failover-lab:relay-fl', cwd)).toEqual(['relay-flap']);
});

test('a shell without a script has a clear word', () => {
  const done = failoverLab(['completion', 'tcsh']);
  expect(done.status).toBe(64);
  expect(done.stderr).toContain('Allowed choices are bash, zsh, fish.');
});

test('--version is that of the package', async () => {
  const { version } = await import(join(packageRoot(), 'package.json'), {
    with: { type: 'json' },
  }).then((loaded) => loaded.default);
  expect(failoverLab(['--version']).stdout).toBe(`${version}\n`);
});
