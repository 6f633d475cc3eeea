/** `--queue`: workers that come and go, one of them killed, and a Redis that is started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { failoverLab, program } from './program.js';

const password = 'of-the-test';
const environment = { ...process.env, FAILOVER_LAB_REDIS_PASSWORD: password };

let folder: string;
let port: number;
let children: ChildProcess[] = [];

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fl-queue-'));
  port = await freePort();
});

test.afterEach(() => {
  for (const child of children) end(child);
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** With its whole group: a worker has trials in processes of their own. */
function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

interface Started {
  child: ChildProcess;
  /** What it printed so far. */
  text: () => string;
  prints: (what: RegExp) => Promise<void>;
  ended: Promise<number | null>;
}

function start(command: string, args: readonly string[], onText = (_: string) => {}): Started {
  const child = spawn(command, args, { detached: true, env: environment });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      text += piece;
      onText(text);
    });
  }
  const prints = async (what: RegExp) => {
    await expect.poll(() => text, { timeout: 60_000 }).toMatch(what);
  };
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, text: () => text, prints, ended };
}

async function redis(): Promise<Started> {
  const server = start('redis-server', [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--requirepass', password],
  ]);
  await server.prints(/Ready to accept connections/);
  return server;
}

const queue = () => ['--queue', `redis://127.0.0.1:${port}`];

async function worker(name: string): Promise<Started> {
  const words = [program, 'worker', ...queue(), '--name', name];
  const started = start(process.execPath, words);
  await started.prints(/takes trials from/);
  return started;
}

test('empty trials by two workers, one of them killed and Redis started again: each counts once', async () => {
  test.setTimeout(240_000);
  let server = await redis();
  const [first] = await Promise.all([worker('w1'), worker('w2')]);
  const words = ['bench', 'farm', '--trials', '24', '--empty-ms', '400', '--json', ...queue()];
  const campaign = start(process.execPath, [program, ...words]);
  await first?.prints(/trial \d+ done/);
  end(server.child, 'SIGKILL');
  await server.ended;
  server = await redis();
  await first?.prints(/done[\s\S]*done[\s\S]*done/);
  if (first) end(first.child);
  expect(await campaign.ended, campaign.text()).toBe(0);
  const json = campaign
    .text()
    .slice(campaign.text().indexOf('{'), campaign.text().lastIndexOf('}') + 1);
  expect(JSON.parse(json), campaign.text()).toMatchObject({ trials: 24, done: 24, failures: [] });
  expect(campaign.text()).toMatch(/w1 {2}(The worker w1 is gone|trial \d+ is executed elsewhere)/);
});

test('without Redis, without the password, without a worker: what is missing and what to do', async () => {
  const words = ['bench', 'farm', '--trials', '1', ...queue()];
  const absent = failoverLab(words, { env: environment });
  expect(absent.status).toBe(69);
  expect(absent.stderr).toContain(`redis://127.0.0.1:${port} refuses the connection.`);
  await redis();
  const unauthorised = failoverLab(words, {
    env: { ...environment, FAILOVER_LAB_REDIS_PASSWORD: '' },
  });
  expect(unauthorised.status).toBe(69);
  expect(unauthorised.stderr).toContain('refuses the password, or needs one.');
  expect(unauthorised.stderr).toContain('Set FAILOVER_LAB_REDIS_PASSWORD.');
  const alone = failoverLab(words, { env: environment });
  expect(alone.status).toBe(69);
  expect(alone.stderr).toContain(`No worker takes trials from redis://127.0.0.1:${port}.`);
  expect(alone.stderr).toContain(`failover-lab worker --queue redis://127.0.0.1:${port}`);
});

test('a worker ends in order: it finishes what it has begun', async () => {
  test.setTimeout(120_000);
  await redis();
  const only = await worker('w1');
  const words = ['bench', 'farm', '--trials', '1', '--empty-ms', '2000', '--json', ...queue()];
  const campaign = start(process.execPath, [program, ...words]);
  await only.prints(/trial 1 began/);
  end(only.child, 'SIGTERM');
  expect(await only.ended, only.text()).toBe(0);
  expect(only.text()).toContain('trial 1 done');
  expect(await campaign.ended, campaign.text()).toBe(0);
});
