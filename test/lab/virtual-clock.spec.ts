/** Virtual time: the same seed gives the same record, to root and to an ordinary user. */
import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRun } from '../../harness/campaign/store/read-run.js';
import { markedProcesses } from '../../harness/sites/namespaces/leftovers.js';
import { asOrdinaryUser, userId } from './ordinary-user.js';
import { failoverLab } from './program.js';

/** A guest costs about 45 s of processor time, whatever else the machine does. */
const runMs = 10 * 60_000;
/** Compiling costs about 350 s of processor time, once a machine. */
const buildMs = 30 * 60_000;

let kernel = '';

test.beforeAll(() => {
  test.setTimeout(buildMs);
  const built = failoverLab(['kernel', 'build'], { timeout: buildMs });
  test.skip(built.status === 69, `no kernel for guests can be built here: ${built.stderr}`);
  expect(built.status, built.stderr).toBe(0);
  kernel = built.stdout.trim();
});

test('a relay loses its power in virtual time: root and an ordinary user get the same record', async () => {
  test.setTimeout(2 * runMs);
  const roots = test.info().outputPath('root');
  const users = test.info().outputPath('user');
  mkdirSync(users);
  chownSync(users, userId, userId);
  const words = (out: string) => [
    ...['run', 'relay-failover-fast', '--clock', 'virtual', '--seed', '3', '--kernel', kernel],
    ...['--out', out],
  ];
  const asRoot = failoverLab(words(roots), { timeout: runMs });
  expect(asRoot.status, asRoot.stderr).toBe(0);
  expect(asRoot.stdout).toContain('virtual: computing takes no time');

  const asUser = asOrdinaryUser('missing', words(users), 'no', runMs);
  expect(asUser.status, asUser.stderr).toBe(0);

  const folder = newest(roots);
  const { result } = (await readRun(folder)).judged;
  expect(result.environment).toMatchObject({ sandbox: 'vm', clock: 'virtual', cores: 1 });
  expect(result.environment.kernel).toContain('guest');
  expect(result.cleanup.leftovers).toEqual([]);
  expect(markedProcesses(result.runId)).toEqual([]);
  expect(hashOfEvents(newest(users))).toBe(hashOfEvents(folder));
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

/** Over everything but the head, which states the wall time, the command and the run's own name. */
function hashOfEvents(folder: string): string {
  const text = readFileSync(join(folder, 'history.ndjson'), 'utf8');
  return createHash('sha256')
    .update(text.slice(text.indexOf('\n')))
    .digest('hex');
}
