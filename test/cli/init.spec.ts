/**
 * `failover-lab init`: every choice writes a project whose scenario is valid, nothing is overwritten,
 * and at a terminal it asks for what no option states.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageName } from '../../harness/cli/commands/init-files.js';
import { networks, pipelines } from '../../harness/cli/program/init-choices.js';
import { packageRoot, packageVersion } from '../../harness/package-root.js';
import { failoverLab, program } from '../lab/program.js';

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

for (const [network, { scenario }] of Object.entries(networks)) {
  test(`${network}: the scenario is valid where it was written`, () => {
    const folder = test.info().outputPath('mine');
    const done = failoverLab(['init', folder, '--network', network, '--ci', 'none']);
    expect(done.status, done.stderr).toBe(0);
    expect(filesIn(folder)).toEqual([
      ...['.gitignore', 'package.json', `scenarios/${scenario}.ts`, 'tsconfig.json'],
    ]);
    const checked = failoverLab(['validate'], { cwd: folder });
    expect(checked.status, checked.stderr).toBe(0);
    expect(checked.stdout).toContain(`${scenario}: valid`);
    const written = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(written.devDependencies).toEqual({ 'failover-lab': `^${packageVersion()}` });
    expect(written.scripts.scenario).toBe(`failover-lab run ${scenario}`);
  });
}

for (const [ci, { file }] of Object.entries(pipelines).flatMap(([name, choice]) =>
  'file' in choice ? [[name, choice] as const] : [],
)) {
  test(`${ci}: the job runs the scenario that was written`, () => {
    const folder = test.info().outputPath('mine');
    expect(failoverLab(['init', folder, '--ci', ci, '--network', 'switches']).status).toBe(0);
    const job = readFileSync(join(folder, file.path), 'utf8');
    expect(job).toContain('failover-lab run link-goes-down ');
    expect(job).not.toContain('SCENARIO');
  });
}

test('what exists is kept, whatever it is, and the next steps fit it', () => {
  const folder = test.info().outputPath('mine');
  mkdirSync(join(folder, 'scenarios'), { recursive: true });
  const own = { 'package.json': '{"name": "own"}', 'scenarios/relay-loses-power.ts': '// own' };
  for (const [path, text] of Object.entries(own)) writeFileSync(join(folder, path), text);
  const done = failoverLab(['init', '--json'], { cwd: folder });
  expect(JSON.parse(done.stdout)).toEqual({
    folder,
    written: ['tsconfig.json', '.gitignore', '.github/workflows/failover.yml'],
    kept: Object.keys(own),
    next: [
      'npm install --save-dev failover-lab',
      'npx failover-lab validate relay-loses-power',
      'npx failover-lab run relay-loses-power',
    ],
  });
  for (const [path, text] of Object.entries(own)) {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  }
  const again = failoverLab(['init'], { cwd: folder });
  expect(again.stdout).not.toContain('written');
});

test('a file in place of a folder is refused, and so is a choice that does not exist', () => {
  const file = test.info().outputPath('taken');
  writeFileSync(file, '');
  const refused = failoverLab(['init', file]);
  expect(refused.status).toBe(64);
  expect(refused.stderr).toContain('is a file; init writes into a folder.');
  const unknown = failoverLab(['init', `${file}-else`, '--network', 'mesh']);
  expect(unknown.status).toBe(64);
  expect(unknown.stderr).toContain('Allowed choices are overlay, switches');
  expect(existsSync(`${file}-else`)).toBe(false);
});

/** What init does at a terminal, which script(1) gives it, when these keys are pressed at its question. */
async function atTerminal(folder: string, keys: string) {
  const words = [process.execPath, program, 'init', folder].join(' ');
  const child = spawn('script', ['-qec', words, '/dev/null'], { timeout: 60_000 });
  let stdout = '';
  let pressed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (!pressed && stdout.includes('[1] ')) child.stdin.write(keys);
    pressed ||= stdout.includes('[1] ');
  });
  const [status] = await once(child, 'close');
  return { status, stdout };
}

test('at a terminal it asks, and asks again for what is not a choice', async () => {
  const folder = test.info().outputPath('asked');
  const done = await atTerminal(folder, 'mesh\n2\ngitlab\n');
  expect(done.status, done.stdout).toBe(0);
  expect(done.stdout).toContain('1  overlay: relays joined by tunnels, with a controller');
  expect(done.stdout).toContain('1  github: GitHub Actions');
  expect(filesIn(folder)).toContain('.gitlab-ci.yml');
  expect(filesIn(folder)).toContain('scenarios/link-goes-down.ts');
});

for (const [keys, code] of Object.entries({ 'Ctrl-D': '\x04', 'Ctrl-C': '\x03' })) {
  test(`${keys} at a question ends it, and nothing is written`, async () => {
    const folder = test.info().outputPath('left');
    const done = await atTerminal(folder, code);
    expect(done.status).toBe(130);
    expect(done.stdout).toContain('The questions were not answered; nothing was written.');
    expect(done.stdout).not.toMatch(/^ +at /m);
    expect(existsSync(folder)).toBe(false);
  });
}

test('a folder of any name makes a name that npm accepts', () => {
  expect(packageName('My Lab (2)')).toBe('my-lab-2-');
  expect(packageName('.hidden')).toBe('hidden');
  for (const folder of ['…', 'failover-lab'])
    expect(packageName(folder)).toBe('failover-scenarios');
});

test('npm create: the package that it fetches is of the same version, and depends on it', () => {
  const path = join(packageRoot(), 'packages/create-failover-lab/package.json');
  const { version, dependencies } = JSON.parse(readFileSync(path, 'utf8'));
  expect(version).toBe(packageVersion());
  expect(dependencies).toEqual({ 'failover-lab': `^${packageVersion()}` });
});
