/** `failover-lab show`: what it serves, what it refuses, and the live view of a growing record. */
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRun } from '../../harness/campaign/store/read-run.js';
import { type ShowServer, startShowServer } from '../../harness/cli/show/server.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { LiveState } from '../../reports/html/client/live-state.js';
import { buildHistory } from '../fixtures/constructed-history.js';
import { bothWays } from '../fixtures/history-plans.js';
import { fixtureEvents, fixtureRun, wishes } from './fixtures.js';

interface Served {
  runsFolder: string;
  history: string;
  server: ShowServer;
  port: number;
}

async function served(
  events: HistoryEvent[],
  options: Partial<Parameters<typeof startShowServer>[0]> = {},
): Promise<Served> {
  const top = test.info().outputPath('served');
  mkdirSync(top, { recursive: true });
  writeFileSync(join(top, 'secret.txt'), 'secret');
  const runsFolder = join(top, 'runs');
  const folder = join(runsFolder, 'relay-failover', '2026-11-22T14-00-00');
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(top, 'secret.txt'), join(folder, 'linked.txt'));
  symlinkSync(folder, join(runsFolder, 'relay-failover', 'latest'));
  const history = join(folder, 'history.ndjson');
  writeFileSync(history, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  writeFileSync(join(folder, 'note.html'), '<script>alert(1)</script>');
  const server = await startShowServer({ runsFolder, port: 0, ...options });
  return { runsFolder, history, server, port: Number(new URL(server.url).port) };
}

/** A raw request, since browsers and fetch tidy paths and hosts up before they send them. */
function asked(
  port: number,
  path: string,
  options: { host?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: { Host: options.host ?? `127.0.0.1:${port}`, ...options.headers },
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (piece) => {
          body += piece;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            body,
          }),
        );
      },
    );
    request.on('error', reject).end();
  });
}

/** The ids and lines of the first messages of a stream. */
function streamed(
  port: number,
  path: string,
  lastEventId?: string,
): Promise<{ ids: string[]; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const request = get({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      setTimeout(() => {
        request.destroy();
        const all = text.split('\n');
        const after = (mark: string) =>
          all.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
        resolve({ ids: after('id: '), lines: after('data: ') });
      }, 600);
    });
    request.on('error', reject);
  });
}

const run = fixtureRun(wishes.pass);
const events = fixtureEvents(wishes.pass, run, 40);
const base = '/run/relay-failover/2026-11-22T14-00-00';

test('serves the record of a run, and nothing outside runs/', async () => {
  const { server, port } = await served(events);
  try {
    const history = await asked(port, `${base}/history.ndjson`);
    expect(history.status).toBe(200);
    expect(history.body.trim().split('\n')).toHaveLength(events.length);
    const page = await asked(port, `${base}/note.html`);
    expect(page.type).not.toContain('html');
    const refused = [
      '/../secret.txt',
      `${base}/../../../secret.txt`,
      `${base}/%2e%2e/%2e%2e/%2e%2e/secret.txt`,
      `${base}/..%2f..%2f..%2fsecret.txt`,
      `${base}/..%5c..%5csecret.txt`,
      `${base}/linked.txt`,
      `${base}/history.ndjson%00.txt`,
      '/run/relay-failover/latest/history.ndjson',
      '/run/relay-failover/%E0%A4%A',
      '/run/../../etc/passwd',
    ];
    for (const path of refused) {
      const answer = await asked(port, path);
      expect([400, 404], path).toContain(answer.status);
      expect(answer.body, path).not.toContain('secret\n');
      expect(answer.body, path).not.toContain('root:');
    }
  } finally {
    await server.close();
  }
});

test('answers only GET, and only under its own name', async () => {
  const { server, port } = await served(events);
  try {
    for (const host of [
      `evil.example:${port}`,
      'evil.example',
      '127.0.0.1',
      `127.0.0.1.evil:${port}`,
    ]) {
      expect((await asked(port, '/', { host })).status, host).toBe(403);
    }
    expect((await asked(port, '/', { host: `localhost:${port}` })).status).toBe(200);
    expect((await asked(port, '/', { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(
      403,
    );
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await asked(port, '/', { method })).status, method).toBe(405);
    }
  } finally {
    await server.close();
  }
});

test('a stream goes on where a reader left it', async () => {
  const { server, port, history } = await served(events);
  try {
    const first = await streamed(port, `${base}/stream`);
    expect(first.lines).toHaveLength(events.length);
    appendFileSync(history, '{"kind":"warning","text":"one","atNs":1,"trial":0}\n{"kind":"cut');
    const second = await streamed(port, `${base}/stream`, first.ids.at(-1));
    expect(second.lines).toEqual(['{"kind":"warning","text":"one","atNs":1,"trial":0}']);
    const third = await streamed(port, `${base}/stream`, 'not a number');
    expect(third.lines).toHaveLength(events.length + 1);
  } finally {
    await server.close();
  }
});

test('the list names the runs and leads to the live view', async ({ page }) => {
  const { server } = await served(events);
  try {
    await page.goto(server.url);
    await expect(page.locator('#runs tr')).toHaveCount(1);
    await expect(page.locator('#runs')).toContainText('running');
    await page.getByRole('link', { name: 'live view' }).click();
    await expect(page.locator('h1')).toHaveText(run.result.question);
  } finally {
    await server.close();
  }
});

test('the live view renews itself at least twice a second, also after a break', async ({
  page,
}) => {
  const started = await served(events.filter((event) => event.kind === 'run.header'));
  const { history, runsFolder, port } = started;
  let { server } = started;
  const startNs = 5_000_000_000_000;
  let step = 0;
  const write = (event: Record<string, unknown>) =>
    appendFileSync(history, `${JSON.stringify({ trial: 0, ...event })}\n`);
  const grow = () => {
    step += 1;
    const atNs = startNs + step * 1e8;
    write({ kind: 'traffic.sample', atNs, host: 'h2', rxBytes: step * 125_000, txBytes: 0 });
  };
  write({ kind: 'phase', atNs: startNs, phase: 'traffic' });
  const writing = setInterval(grow, 100);
  try {
    await page.goto(`${server.url}${base.slice(1)}/`);
    await expect(page.locator('#live-rate')).toHaveText('10.0 Mbit/s');
    const updates = async () => Number(await page.locator('#main').getAttribute('data-updates'));
    const clock = async () => Number.parseFloat(await page.locator('#live-clock').innerText());
    const [before, clockBefore] = [await updates(), await clock()];
    await page.waitForTimeout(2000);
    expect((await updates()) - before).toBeGreaterThanOrEqual(4);
    expect(await clock()).toBeGreaterThan(clockBefore + 1);

    await server.close();
    await expect(page.locator('#live-state')).toHaveText('reconnecting');
    write({
      kind: 'fault.injected',
      atNs: startNs + step * 1e8,
      stepId: 'kill',
      faultId: 'kill',
      faultKind: 'power-off',
      target: { kind: 'node', node: 'r1' },
      targets: ['r1'],
      beforeNs: startNs,
      afterNs: startNs + step * 1e8,
      verified: true,
      evidence: '',
    });
    server = await startShowServer({ runsFolder, port });
    await expect(page.locator('#live-state')).toHaveText('running', { timeout: 15_000 });
    await expect(page.locator('[data-node="r1"]')).toHaveAttribute('data-state', 'dead');
    await expect(page.locator('#news li').filter({ hasText: 'power-off on r1' })).toHaveCount(1);

    write({
      kind: 'run.end',
      atNs: startNs + 1e10,
      reason: 'completed',
      error: null,
      leftovers: [],
    });
    await expect(page.locator('#live-state')).toHaveText('completed');
  } finally {
    clearInterval(writing);
    await server.close();
  }
});

/** A relay dies, another takes over, the relay is healed; packets were also lost before the traffic. */
const ended = buildHistory({
  ...{ name: 'ended', trafficMs: 16_000, fault: { atMs: 4000, healAtMs: 10_000 } },
  lossSpans: [...bothWays(0, 40), ...bothWays(4001, 4301)],
});

test('after the end the live view shows the numbers of the report, and the network as healed', async ({
  page,
}) => {
  const judge = async (folder: string) => (await readRun(folder)).judged;
  const { server } = await served(ended, { judge });
  try {
    await page.goto(`${server.url}${base.slice(1)}/`);
    await expect(page.locator('[data-metric="packetsLost"] .big')).toHaveText('600');
    await expect(page.locator('[data-metric="networkOutageMs"] .big')).toContainText('301 ms');
    const answer = await page.request.get(`${server.url}${base.slice(1)}/judged.json`);
    const { result } = await answer.json();
    await expect(page.locator('#live-state')).toHaveText(result.verdict);
    await expect(page.locator('#topology .way.broken')).toHaveCount(0);
    await expect(page.locator('[data-node="r1"]')).toHaveAttribute('data-state', 'up');
    await expect(page.locator('#live-phase')).not.toContainText('waits');
    await expect(page.locator('#moment')).toContainText('packets arrive');
  } finally {
    await server.close();
  }
});

test('an ended run that cannot be judged says why', async ({ page }) => {
  const judge = () => Promise.reject(new Error('the record is torn'));
  const { server } = await served(ended, { judge });
  try {
    await page.goto(`${server.url}${base.slice(1)}/`);
    await expect(page.locator('#live-phase')).toContainText('the record is torn');
    await expect(page.locator('#live-state')).toHaveText('completed');
  } finally {
    await server.close();
  }
});

test('the live state: silent while the meter sends, and not when it has stopped', () => {
  const state = new LiveState();
  for (const event of ended) state.take(event);
  expect(state.silent).toEqual([]);
  expect(state.moment.losing).toEqual([]);
  const dark = new LiveState();
  const history = buildHistory({
    ...{ name: 'dark', trafficMs: 16_000, fault: { atMs: 4000 } },
    lossSpans: bothWays(4001, null),
  });
  for (const event of history) dark.take(event);
  expect(dark.silent).toEqual(['forward', 'reverse']);
});

test('the live state: packets that the meter lost before the traffic are not counted', () => {
  const state = new LiveState();
  const received = (atNs: number, first: number, count: number) =>
    state.take({
      ...{ kind: 'meter.received', atNs, trial: 0, meter: 'm', direction: 'forward' },
      ...{ ranges: [[first, count, atNs - count, atNs]], duplicates: 0, reordered: 0 },
      delayNs: null,
    });
  received(1e9, 0, 10);
  received(2e9, 50, 10);
  expect(state.missing).toBe(40);
  state.take({ kind: 'phase', atNs: 2.1e9, trial: 0, phase: 'traffic' });
  expect(state.missing).toBe(0);
  received(3e9, 60, 10);
  received(4e9, 75, 10);
  expect(state.missing).toBe(5);
  // One that was late from before the traffic fills no hole of the traffic.
  received(5e9, 20, 1);
  expect(state.missing).toBe(5);
  received(5e9, 71, 1);
  expect(state.missing).toBe(4);
});
