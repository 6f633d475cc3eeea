/** Arguments that would mean something else are refused, with what to do, before anything starts. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { packageRoot } from '../../harness/package-root.js';
import { buildHistory, historyText } from '../fixtures/constructed-history.js';

const program = join(packageRoot(), 'harness/setup/start.mjs');

function failoverLab(words: string[], env: Record<string, string> = {}) {
  const options = { reject: false, cwd: packageRoot(), env, timeout: 60_000 } as const;
  return execa(process.execPath, [program, ...words], options);
}

const refused: Array<[string[], string]> = [
  [['run', '--all', 'relay-failover'], '--all runs every scenario, but relay-failover names one.'],
  [['run', '--all', '--shard', '1/2'], '--shard has no effect beside --all.'],
  [['run', '--resume', '--seed', '4'], '--seed has no effect beside --resume.'],
  [['run', '--resume', '--replace', '4'], '--replace has no effect beside --resume.'],
  [
    ['run', 'x', '--until-precise', '10%', '--shard', '1/2'],
    '--shard has no effect beside --until',
  ],
  [['compare', 'x', '--controllers', 'a,,b'], '--controllers has an empty name: a,,b.'],
  [['compare', 'x', '--controllers', 'a,b,'], '--controllers has an empty name: a,b,.'],
  [
    ['compare', 'x', '--controllers', 'a,b', '--controller', 'c'],
    '--controller has no effect beside --controllers.',
  ],
  [['run', 'x', '--seed', '1', '--seed', '2'], '--seed is given more than once.'],
  [['run', 'x', '--seed', '4x'], 'Give a whole number'],
  [['run', 'x', '--out', ''], 'The argument after --out is empty.'],
  [['run', 'x', '--out='], 'The argument after --out is empty.'],
  [['run', ''], 'The argument after run is empty.'],
  [['run', 'x', 'y'], 'too many arguments'],
  [['report', 'x', '--svg', 'y', '--json'], '--json has no effect beside --svg.'],
  [['report', 'x', '--png', 'y', '--open'], '--open has no effect beside --png.'],
  [['report', 'x', '--json', '--format', 'html'], '--format has no effect beside --json.'],
  [['drive', 'x', '--trials', '5'], '--trials has no effect beside drive'],
];
for (const [words, message] of refused) {
  test(`failover-lab ${words.map((word) => word || "''").join(' ')}`, async () => {
    const done = await failoverLab(words);
    expect(done.stderr).toContain(message);
    expect(done.exitCode).toBe(64);
  });
}

test('options that npm swallowed are named, with the command that gives them', async () => {
  const env = {
    npm_lifecycle_event: 'scenario',
    npm_lifecycle_script: 'node harness/setup/start.mjs run',
    npm_config_seed: '4',
    npm_config_reuse: 'true',
  };
  const done = await failoverLab(['run', 'relay-failover'], env);
  expect(done.exitCode).toBe(64);
  expect(done.stderr).toBe(
    'npm took --seed=4 --reuse as its own option.\n' +
      'Put the options of failover-lab after two dashes: ' +
      'npm run scenario -- relay-failover --seed=4 --reuse',
  );
});

test('validate without a name checks all scenarios', async () => {
  const done = await failoverLab(['validate', '--json']);
  expect(done.exitCode).toBe(0);
  expect(JSON.parse(done.stdout).length).toBeGreaterThan(5);
});

test('report ends as the run did, writes through no link, and an impossible folder ends it', async () => {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  const history = buildHistory({
    name: 'slow',
    trafficMs: 16_000,
    fault: { atMs: 5000 },
    lossSpans: (['forward', 'reverse'] as const).map((direction) => ({
      ...{ direction, fromMs: 5001, toMs: 6001 },
    })),
    tcpStalls: [{ fromMs: 5001, toMs: 6400 }],
    expectations: [
      {
        ...{ id: 'outage', text: 'at most 1 ms', metric: 'networkOutageMs', of: null, step: null },
        ...{ atMost: 1, atLeast: null },
      },
    ],
  });
  writeFileSync(join(folder, 'history.ndjson'), historyText(history));
  expect((await failoverLab(['report', folder])).exitCode).toBe(1);
  const victim = test.info().outputPath('victim');
  writeFileSync(victim, 'untouched');
  symlinkSync(victim, join(folder, 'report.html'));
  const opened = await failoverLab(['report', folder, '--open']);
  expect(opened.exitCode).toBe(69);
  expect(opened.stderr).toContain('it is a symbolic link, not a regular file');
  const impossible = await failoverLab(['report', folder, '--png', '/proc/x/y.png']);
  expect(impossible.timedOut).toBe(false);
  expect(impossible.stderr).toContain('--png /proc/x/y.png cannot be written');
});
