/**
 * The workflow in docs/ci.md: GitHub's parser accepts it, and the commands in it are
 * ones that this program has.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from '../lab/program.js';
import type * as parser from './workflow-parser.js';

const document = readFileSync(join(packageRoot(), 'docs/ci.md'), 'utf8');
const workflow = /```yaml\n(name: [\s\S]*?)```/.exec(document)?.[1] ?? '';

let problemsOf: typeof parser.workflowProblems;
let actionProblems: typeof parser.actionProblems;
test.beforeAll(async () => {
  const outfile = test.info().outputPath('parser.mjs');
  const require = "import { createRequire } from 'node:module';";
  await build({
    entryPoints: [join(import.meta.dirname, 'workflow-parser.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    // One of its packages is CommonJS and asks for Node's modules in that way.
    banner: { js: `${require} const require = createRequire(import.meta.url);` },
    outfile,
  });
  const loaded: typeof parser = await import(pathToFileURL(outfile).href);
  problemsOf = loaded.workflowProblems;
  actionProblems = loaded.actionProblems;
});

test("GitHub's parser finds nothing wrong with it", async () => {
  expect(workflow).toContain('\njobs:\n');
  expect(await problemsOf(workflow)).toEqual([]);
});

test('nor with the workflow that init writes', async () => {
  const template = readFileSync(join(packageRoot(), 'templates/ci/github.yml'), 'utf8');
  expect(await problemsOf(template)).toEqual([]);
  const wrong = template.replace('options: --privileged', 'option: --privileged');
  expect((await problemsOf(wrong)).join()).toContain("Unexpected value 'option'");
});

test('nor with the action, whose options are ones of the commands that it runs', () => {
  const action = readFileSync(join(packageRoot(), 'action.yml'), 'utf8');
  expect(actionProblems(action)).toEqual([]);
  expect(actionProblems(action.replace('using: composite', 'uses: composite'))).not.toEqual([]);
  expect(actionProblems(action.replace('shell: bash', 'shel: bash'))).not.toEqual([]);
  const options = new Set(action.match(/(?<=[ (])--(?:clock|out|junit|markdown|trials)\b/g));
  expect(options.size).toBe(5);
  for (const mode of ['run', 'gate']) {
    const help = failoverLab([mode, '--help']).stdout;
    for (const option of options) expect(help, `${mode} ${option}`).toContain(`${option} `);
  }
});

test('the parser would find what is wrong', async () => {
  const broken: Array<[from: string, to: string, says: RegExp]> = [
    ['runs-on', 'run-on', /Unexpected value 'run-on'/],
    ['needs: trials', 'needs: trial', /trial/],
    ['matrix.shard }}', 'matrix.shard }', /expression|\}\}/i],
    ['!cancelled()', '!canceled()', /canceled/],
    ['timeout-minutes: 30', 'timeout-minutes: soon', /soon|number/i],
  ];
  for (const [from, to, says] of broken) {
    expect(workflow, from).toContain(from);
    expect((await problemsOf(workflow.replace(from, to))).join('\n'), to).toMatch(says);
  }
});

test('every option in its commands is one of the command', () => {
  const commands = [...workflow.matchAll(/start\.mjs (\w+) ([\s\S]*?)\n {6}- /g)];
  expect(commands).toHaveLength(2);
  for (const [, name = '', words = ''] of commands) {
    const help = failoverLab([name, '--help']).stdout;
    const options = words.match(/--[a-z-]+/g) ?? [];
    expect(options.length).toBeGreaterThan(0);
    for (const option of options) expect(help, option).toContain(`${option} `);
  }
});
