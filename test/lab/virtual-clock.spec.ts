/** Virtual time: the same seed gives the same record, to root and to an ordinary user. */
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { markedProcesses } from '../../harness/sites/namespaces/leftovers.js';
import { asOrdinaryUser } from './ordinary-user.js';
import { failoverLab } from './program.js';

/** A guest costs about 45 s of processor time, whatever else the machine does. */
const runMs = 10 * 60_000;
/** Compiling costs about 350 s of processor time, once a machine. */
const buildMs = 30 * 60_000;

/** A copy that every user may read: the cache is its owner's alone. */
const shared = mkdtempSync(join(tmpdir(), 'guest-kernel-'));
const kernel = join(shared, 'linux');

test.beforeAll(() => {
  test.setTimeout(buildMs);
  const built = failoverLab(['kernel', 'build'], { timeout: buildMs });
  test.skip(built.status === 69, `no kernel for guests can be built here: ${built.stderr}`);
  expect(built.status, built.stderr).toBe(0);
  cpSync(built.stdout.trim(), kernel);
  chmodSync(shared, 0o755);
});

test.afterAll(() => rmSync(shared, { recursive: true, force: true }));

test('a relay loses its power in virtual time: root and an ordinary user get the same numbers', () => {
  test.setTimeout(2 * runMs);
  const words = (out: string) => [
    ...['run', 'relay-failover-fast', '--clock', 'virtual', '--seed', '3', '--kernel', kernel],
    ...['--json', '--out', out],
  ];
  const asRoot = failoverLab(words(test.info().outputPath('runs')), { timeout: runMs });
  expect(asRoot.status, asRoot.stderr).toBe(0);
  const asUser = asOrdinaryUser('missing', words('/mnt/home/runs'), 'no', runMs);
  expect(asUser.status, asUser.stderr).toBe(0);

  const [ofRoot, ofUser] = [asRoot, asUser].map(({ stdout }) =>
    runResultSchema.parse(JSON.parse(stdout)),
  );
  expect(ofRoot?.environment).toMatchObject({ sandbox: 'vm', clock: 'virtual', cores: 1 });
  expect(ofRoot?.environment.kernel).toContain('guest');
  expect(ofRoot?.cleanup.leftovers).toEqual([]);
  expect(markedProcesses(ofRoot?.runId ?? '')).toEqual([]);
  expect(ofRoot?.trials[0]?.status).toBe('valid');
  expect(ofUser?.trials).toEqual(ofRoot?.trials);
});

test('a supervisor that is killed leaves no guest behind', async () => {
  const done = failoverLab(
    ['run', 'relay-failover-fast', '--clock', 'virtual', '--seed', '3', '--kernel', kernel].concat(
      '--out',
      test.info().outputPath('runs'),
    ),
    { timeout: 15_000, killSignal: 'SIGKILL' },
  );
  expect(done.signal).toBe('SIGKILL');
  const folder = newest(test.info().outputPath('runs'));
  const [head = '{}'] = readFileSync(join(folder, 'history.ndjson'), 'utf8').split('\n');
  const { runId } = JSON.parse(head) as { runId: string };
  await expect.poll(() => markedProcesses(runId)).toEqual([]);
});

function newest(out: string): string {
  const folder = join(out, 'relay-failover-fast');
  return join(
    folder,
    readdirSync(folder)
      .filter((name) => name !== 'latest')
      .sort()
      .at(-1) ?? '',
  );
}
