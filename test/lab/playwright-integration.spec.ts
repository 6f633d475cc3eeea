/**
 * A project of somebody else, outside this repository, that uses the Playwright integration: one
 * test passes, one fails, one proves nothing; in two shards, merged.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { packageRoot } from '../../harness/package-root.js';

const sources = fileURLToPath(new URL('../fixtures/playwright-project', import.meta.url));
const runner = join(packageRoot(), 'node_modules/@playwright/test');

interface Suite {
  suites?: Suite[];
  specs?: Array<{ title: string; tests: Array<{ results: Result[] }> }>;
}

interface Result {
  status: string;
  error?: { message?: string };
  attachments: Array<{ name: string }>;
}

test('pass, fail and inconclusive, in two shards, merged', async () => {
  test.setTimeout(300_000);
  const project = mkdtempSync(join(tmpdir(), 'failover-lab-project-'));
  try {
    cpSync(sources, project, { recursive: true });
    await install(project);
    for (const shard of ['1-2', '2-2']) {
      const file = join(project, 'all', `${shard}.zip`);
      const args = ['test', `--shard=${shard.replace('-', '/')}`];
      const end = await playwright(project, args, { PLAYWRIGHT_BLOB_OUTPUT_FILE: file });
      expect(end.timedOut, end.stdout).toBe(false);
    }
    expect(readdirSync(join(project, 'all')).sort()).toEqual(['1-2.zip', '2-2.zip']);
    const merged = await playwright(project, ['merge-reports', '--reporter=json', 'all']);
    const results = resultsOf(JSON.parse(merged.stdout));
    expect(results, merged.stdout).toHaveLength(3);
    const [passed, failed, unproven] = results;

    expect(passed, passed?.error?.message).toMatchObject({ status: 'passed' });
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed?.error?.message).toMatch(/expected network outage within 1ms, was \d/);
    expect(unproven).toMatchObject({ status: 'failed' });
    expect(unproven?.error?.message).toContain('never-ready is inconclusive: ');
    for (const [result, scenario] of [
      [passed, 'two-relays'],
      [failed, 'two-relays'],
      [unproven, 'never-ready'],
    ] as const) {
      const names = result?.attachments.map(({ name }) => name) ?? [];
      for (const file of ['report.html', 'result.json', 'chart.txt']) {
        expect(names).toContain(`attempt-1-${scenario}-${file}`);
      }
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});

/**
 * What npm would unpack. Files, not a link to the repository: Playwright leaves alone only what lies
 * in node_modules. The packages that both need are shared.
 */
async function install(project: string): Promise<void> {
  await execa(process.execPath, [join(packageRoot(), 'harness/setup/start.mjs'), '--build']);
  const target = join(project, 'node_modules/failover-lab');
  for (const part of ['package.json', 'dist', 'harness', 'reports']) {
    cpSync(join(packageRoot(), part), join(target, part), { recursive: true });
  }
  rmSync(join(target, 'harness/cli/main.ts')); // Sources are not published: nothing to build.
  symlinkSync(join(packageRoot(), 'node_modules'), join(target, 'node_modules'));
  mkdirSync(join(project, 'node_modules/@playwright'));
  symlinkSync(runner, join(project, 'node_modules/@playwright/test'));
}

/** Playwright's own command line in another project, without what this runner tells its workers. */
function playwright(project: string, args: string[], env: Record<string, string> = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(TEST_|PW_|PLAYWRIGHT_)/.test(name),
  );
  return execa(process.execPath, [join(runner, 'cli.js'), ...args], {
    cwd: project,
    env: { ...Object.fromEntries(own), ...env },
    extendEnv: false,
    reject: false,
    timeout: 140_000,
  });
}

function resultsOf(suite: Suite): Result[] {
  const own = (suite.specs ?? []).flatMap((spec) => spec.tests.flatMap((one) => one.results));
  return [...own, ...(suite.suites ?? []).flatMap(resultsOf)];
}
