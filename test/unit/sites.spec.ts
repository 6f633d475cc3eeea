/** A site is a folder: its table is generated, and nobody outside asks which site it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { RunSession } from '../../harness/campaign/run-session.js';
import { ThisMachine } from '../../harness/campaign/this-machine.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { packageRoot } from '../../harness/package-root.js';
import { siteKinds } from '../../harness/sites/generated/sites.js';
import { resumedBy, siteOptions } from '../../harness/sites/names.js';
import type { Site, SiteClock } from '../../harness/sites/site.js';
import { readIn } from '../kinds/files.js';
import { siteFiles } from '../kinds/site-tables.js';

test('the generated table is that of the folders', async () => {
  for (const [path, text] of Object.entries(await siteFiles())) {
    expect(readIn(path), `${path}: run npm run kinds`).toBe(text);
  }
});

test('what only auto takes cannot be asked for, and is resumed by auto', () => {
  expect(siteOptions).toEqual(expect.arrayContaining(['auto', 'root', 'user', 'none']));
  expect(siteOptions).not.toContain('sudo');
  expect(siteKinds.map(({ name }) => resumedBy(name))).toEqual(
    siteKinds.map(({ name, option }) => (option === null ? 'auto' : name)),
  );
});

test('no file outside the sites asks which site it is', () => {
  const names = siteKinds.map(({ name }) => name).join('|');
  const asks = new RegExp(`(sandbox|site|site\\.name)\\s*[!=]==\\s*'(${names})'`);
  const asking = ['harness', 'reports'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file}`)
      .filter((file) => file.endsWith('.ts') && !file.startsWith('harness/sites/'))
      .filter((file) => asks.test(readFileSync(join(packageRoot(), file), 'utf8'))),
  );
  // The bench chooses the victims that such a lab has; old records name where a lab was by its site.
  expect(asking.sort()).toEqual([
    'harness/bench/soak.ts',
    'harness/bench/soak/round.ts',
    'harness/model/history/version-1.ts',
  ]);
});

/** A site whose runner plays a recorded trial and is gone; all but its clock and channel is absent. */
function playing(lines: string[], clock: SiteClock): Site {
  return {
    name: 'played',
    clock,
    trouble: async () => undefined,
    capabilities: () => Promise.reject(new Error('not asked for')),
    environment: async () => ({}),
    adapt: (scenario) => ({ scenario, problems: [] }),
    claim: async () => {},
    open: ({ onEventLine }) => {
      let end = (_: { exitCode: number; signal: null }) => {};
      const ended = new Promise<{ exitCode: number; signal: null }>((resolve) => {
        end = resolve;
      });
      const play = () => {
        for (const line of lines) onEventLine(line);
        end({ exitCode: 0, signal: null });
      };
      return {
        send: (message) => void (message.type === 'plan' && setImmediate(play)),
        kill: () => end({ exitCode: 0, signal: null }),
        ended,
        abandoned: new Promise(() => {}),
      };
    },
    clear: () => ['thing fl-1'],
    watch: () => ({ processes: () => [], leftovers: () => [] }),
  };
}

test('what the supervisor records is stamped by the clock of the site', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'failover-lab-test-'));
  try {
    const lines = readIn('test/fixtures/histories/recovers.ndjson').trimEnd().split('\n');
    const read = lines.map((line) => JSON.parse(line) as HistoryEvent);
    const head = read.find((event) => event.kind === 'run.header');
    if (head?.kind !== 'run.header') throw new Error('a fixture without a head');
    const ofRunner = lines.filter((_, at) => !read[at]?.kind.startsWith('run.'));
    // A guest's clock: far from this machine's, and known outside by what comes from there alone.
    const clock: SiteClock = { kind: 'virtual', keepsPace: false, nowNs: (lastNs) => lastNs };
    const environment = { ...head.environment, sandbox: 'played', clock: 'virtual' as const };
    const seen: HistoryEvent[] = [];
    const session = new RunSession({
      ...{ folder, trialCount: 1, seed: 1, environment, command: ['failover-lab'] },
      worker: new ThisMachine({
        ...{ folder, environment, headScenario: head.scenario, keepFolders: [] },
        site: playing(ofRunner, clock),
        interrupted: new AbortController().signal,
        killed: new AbortController().signal,
      }),
      onEvent: (event) => void seen.push(event),
    });
    const plan = { scenario: head.scenario, index: 0, seed: 1, stratum: null, phaseOffsetMs: null };
    session.begin(plan);
    await session.runTrial(plan);
    await session.end();
    const last = Math.max(...ofRunner.map((line) => JSON.parse(line).atNs));
    const own = (kind: string) => seen.find((event) => event.kind === kind)?.atNs;
    expect(own('run.header')).toBe(0);
    expect(own('phase')).toBe(0);
    expect(own('run.end')).toBe(last);
    expect(seen.find((event) => event.kind === 'warning')).toMatchObject({
      atNs: last,
      warning: { code: 'host-objects-removed', data: { objects: ['thing fl-1'] } },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
