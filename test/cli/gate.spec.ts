/**
 * The gate from its command line to its exit code and its files, on recorded trials: no network is
 * built. What is judged and how is in unit/gate.spec.ts.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';
import { gateResultSchema } from '../../reports/gate/index.js';
import { type RecordedPlan, writeRecord } from '../fixtures/recorded-runs.js';
import { failoverLab } from '../lab/program.js';

const scenario = 'made';
/** Twenty trials; a plan's second half is not slower than its first. */
const outagesMs = Array.from({ length: 20 }, (_, at) => 600 + 90 * ((at * 7) % 20));
const firstHalf = outagesMs.map((_, at) => at).slice(0, 10);
const secondHalf = outagesMs.map((_, at) => at).slice(10);

let root: string;
test.beforeEach(() => {
  root = test.info().outputPath('project');
  mkdirSync(join(root, 'scenarios'), { recursive: true });
  writeFileSync(
    join(root, 'scenarios', `${scenario}.ts`),
    '// Its records are all that is read.\n',
  );
});

function record(name: string, plan: Partial<RecordedPlan> = {}): string {
  return writeRecord(join(root, 'records', name), { scenario, outagesMs, ...plan });
}

function gate(argv: string[], environment: NodeJS.ProcessEnv = {}) {
  const { GITHUB_ACTIONS: _actions, GITHUB_STEP_SUMMARY: _summary, ...outside } = process.env;
  const env = { ...outside, COLUMNS: '80', NO_COLOR: '1', ...environment };
  return failoverLab(['gate', scenario, ...argv], { cwd: root, env });
}

/** The baseline of the twenty trials, written by the command itself. */
function makeBaseline(): string {
  const updated = gate(['--update', '--recorded', record('baseline')]);
  expect(updated.status, updated.stderr).toBe(0);
  return readFileSync(join(root, 'scenarios', `${scenario}.baseline.json`), 'utf8');
}

const slower = (ms: number) => outagesMs.map((outageMs) => outageMs + ms);

function gateFolder(): string {
  const parent = join(root, 'runs', `gate-${scenario}`);
  return join(parent, readdirSync(parent).at(-1) ?? '');
}

test('--update writes a small file of one line a trial, and writes the same again', () => {
  const text = makeBaseline();
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 7 + 1 + 20 + 2);
  expect(lines[9]).toMatch(/^ {4}\{ "stratum": 0, "phaseOffsetMs": 250, "networkOutageMs": \d+/);
  expect(Buffer.byteLength(text)).toBeLessThan(4096);
  expect(makeBaseline()).toBe(text);
});

test('the same trials again pass: a table in 80 columns, gate.json and a page beside it', () => {
  makeBaseline();
  const passed = gate(['--recorded', record('now', { indexes: firstHalf })]);
  expect(passed.status, passed.stderr).toBe(0);
  const lines = passed.stdout.split('\n');
  expect(lines[0]).toBe('PASS  made (floyd), 10 valid trials against 20 in the baseline');
  expect(lines[2]).toMatch(/^ {2}metric +baseline +now +shift +confidence +verdict$/);
  expect(lines[3]).toMatch(/^ {2}network outage +1\.\d+ s +1\.\d+ s +0 ms +p = .*10 pairs +pass$/);
  for (const line of lines.slice(1)) expect(line.length, line).toBeLessThanOrEqual(80);
  const written = JSON.parse(readFileSync(join(gateFolder(), 'gate.json'), 'utf8'));
  expect(gateResultSchema.parse(written)).toMatchObject({ verdict: 'pass', doubled: false });
  const page = readFileSync(join(gateFolder(), 'report.html'), 'utf8');
  expect(page).toContain('data-gate="pass"');
  expect(page).toContain('Against the baseline');
});

test('half a second more is red: exit code 3, JUnit, Markdown, summary and annotations', () => {
  makeBaseline();
  const now = record('now', { outagesMs: slower(500), indexes: firstHalf });
  const summary = join(root, 'summary.md');
  writeFileSync(summary, 'what an earlier step said\n');
  const files = ['--junit', 'out/gate.xml', '--markdown', 'out/gate.md'];
  const onGithub = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const red = gate(['--json', ...files, '--recorded', now], onGithub);
  expect(red.status, red.stderr).toBe(3);
  const [result] = JSON.parse(red.stdout);
  expect(gateResultSchema.parse(result)).toMatchObject({ verdict: 'regression' });
  const junit = readFileSync(join(root, 'out/gate.xml'), 'utf8');
  expect(junit).toMatch(/<failure message="slower by 500 ms, p = 9\.8e-4" type="expectation">/);
  const markdown = readFileSync(join(root, 'out/gate.md'), 'utf8');
  expect(markdown).toMatch(/^### ❌ gate of made: regression\n/);
  expect(markdown).toMatch(/```text\nnetwork outage\nbaseline +├/);
  expect(readFileSync(summary, 'utf8')).toBe(`what an earlier step said\n${markdown}\n`);
  expect(red.stderr).toContain('::error title=gate made%3A regression::');
});

test('off GitHub nothing is added to a summary and nothing is annotated', () => {
  makeBaseline();
  const now = record('now', { indexes: firstHalf });
  const summary = join(root, 'summary.md');
  const quiet = gate(['--recorded', now], { GITHUB_STEP_SUMMARY: summary });
  expect(quiet.status, quiet.stderr).toBe(0);
  expect(quiet.stderr + quiet.stdout).not.toContain('::notice');
  expect(existsSync(summary)).toBe(false);
});

test('a doubt of the first half is settled by the second, told as doubled', () => {
  makeBaseline();
  // Five of ten are slower: too many to shrug off, too few to be sure.
  const doubtful = outagesMs.map((ms, at) => (at < 5 ? ms + 600 : ms));
  const half = record('half', { outagesMs: doubtful, indexes: firstHalf });
  const undecided = gate(['--recorded', half]);
  expect(undecided.status, undecided.stdout).toBe(2);
  expect(undecided.stdout).toMatch(/^INCONCLUSIVE/);
  const rest = record('rest', { outagesMs: doubtful, indexes: secondHalf });
  const settled = gate(['--json', '--recorded', half, rest]);
  expect(settled.status, settled.stderr).toBe(0);
  const [result] = JSON.parse(settled.stdout);
  expect(result).toMatchObject({ verdict: 'pass', doubled: true, trials: { valid: 20 } });
});

test('shards are judged as one run in any order, and a trial twice is refused', () => {
  makeBaseline();
  const odd = record('odd', { indexes: firstHalf.filter((at) => at % 2 === 1) });
  const even = record('even', { indexes: firstHalf.filter((at) => at % 2 === 0) });
  const whole = JSON.parse(gate(['--json', '--recorded', odd, even]).stdout);
  expect(whole).toEqual(JSON.parse(gate(['--json', '--recorded', even, odd]).stdout));
  expect(whole[0]).toMatchObject({ verdict: 'pass', trials: { valid: 10, invalid: [] } });
  const twice = gate(['--recorded', odd, odd]);
  expect(twice.status).toBe(64);
  expect(twice.stderr).toContain('two of them contain trial 2');
});

test.describe('on another machine', () => {
  const environment = { kernel: '5.15.0', cores: 4 };

  test('it refuses to compare, with what differs and exit code 2', () => {
    makeBaseline();
    const now = record('now', { outagesMs: slower(500), indexes: firstHalf, environment });
    const refused = gate(['--junit', 'gate.xml', '--recorded', now]);
    expect(refused.status).toBe(2);
    expect(refused.stdout).toContain('cores 2 → 4');
    expect(refused.stdout).toContain('nothing was compared');
    expect(readFileSync(join(root, 'gate.xml'), 'utf8')).toMatch(
      /tests="1" failures="0" errors="1"/,
    );
  });

  test('it refuses before it builds anything', () => {
    const fixture = join(packageRoot(), 'test/fixtures/labs/two-relays.ts');
    cpSync(fixture, join(root, 'scenarios/two-relays.ts'));
    const text = makeBaseline().replace('"made"', '"two-relays"');
    writeFileSync(join(root, 'scenarios/two-relays.baseline.json'), text);
    const refused = failoverLab(['gate', 'two-relays', '--markdown', 'gate.md'], { cwd: root });
    expect(refused.status, refused.stderr).toBe(2);
    expect(refused.stdout).toMatch(/^INCONCLUSIVE/);
    expect(readFileSync(join(root, 'gate.md'), 'utf8')).toContain('nothing was compared');
    expect(readdirSync(join(root, 'runs'))).toEqual(['gate-two-relays']);
  });

  test('--across-environments judges by the bounds alone', () => {
    makeBaseline();
    const across = (plan: Partial<RecordedPlan>) => {
      const now = record('now', { indexes: firstHalf, environment, ...plan });
      return gate(['--across-environments', '--recorded', now]);
    };
    // Half a second slower, and still what the decision period of ten seconds promises.
    const within = across({ outagesMs: slower(500) });
    expect(within.status, within.stdout).toBe(0);
    expect(within.stdout).toMatch(/network outage .* not compared +bound 14\.700 s +pass/);
    expect(within.stdout).toContain('judged by absolute bounds only');
    const beyond = across({ outagesMs: slower(14_000) });
    expect(beyond.status, beyond.stdout).toBe(1);
    expect(beyond.stdout).toMatch(/the longest, \d+\.\d+ s, is over 14\.700 s/);
  });

  test('shards of two machines are joined only across environments', () => {
    makeBaseline();
    const here = record('here', { indexes: firstHalf.slice(0, 5) });
    const there = record('there', { indexes: firstHalf.slice(5), environment });
    const refused = gate(['--recorded', here, there]);
    expect(refused.status).toBe(64);
    expect(refused.stderr).toContain('their machines differ');
    const joined = gate(['--across-environments', '--recorded', here, there]);
    expect(joined.status, joined.stderr).toBe(0);
    expect(joined.stdout).toContain('judged by absolute bounds only');
  });
});

test('merge joins shards, and writes what CI reads from their histories', () => {
  const parts = [1, 0].map((rest) => {
    const indexes = firstHalf.filter((at) => at % 2 === rest);
    return record(`part-${rest}`, { outagesMs: outagesMs.slice(0, 10), indexes });
  });
  const files = ['--out', 'joined/result.json', '--junit', 'merge.xml', '--markdown', 'merge.md'];
  const merged = failoverLab(['merge', ...parts, ...files], { cwd: root });
  expect(merged.status, merged.stderr).toBe(0);
  expect(merged.stdout).toContain('PASS');
  const result = JSON.parse(readFileSync(join(root, 'joined/result.json'), 'utf8'));
  expect(result.trials.map(({ index }: { index: number }) => index)).toEqual(firstHalf);
  const junit = readFileSync(join(root, 'merge.xml'), 'utf8');
  expect(junit.match(/name="measurement is valid"/g)).toHaveLength(10);
  expect(readFileSync(join(root, 'merge.md'), 'utf8')).toMatch(/```text\niperf, Mbit\/s/);
});

test('merge ends as report does where a shard was interrupted', () => {
  const [whole, cut] = [0, 1].map((rest) =>
    record(`shard-${rest}`, {
      outagesMs: outagesMs.slice(0, 10),
      indexes: firstHalf.filter((at) => at % 2 === rest),
    }),
  );
  if (whole === undefined || cut === undefined) throw new Error('no shards');
  const file = join(cut, 'history.ndjson');
  const text = readFileSync(file, 'utf8').replace(
    /("kind":"run.end".*"reason":)"completed"/,
    '$1"interrupted"',
  );
  writeFileSync(file, text);
  expect(failoverLab(['report', cut], { cwd: root }).status).toBe(130);
  expect(failoverLab(['merge', whole, cut], { cwd: root }).status).toBe(130);
});

test('wrong use is told before anything is built', () => {
  const without = gate(['--recorded', record('now')]);
  expect(without.status).toBe(64);
  expect(without.stderr).toContain('scenarios/made.baseline.json does not exist');
  expect(without.stderr).toContain('gate made --update');
  makeBaseline();
  const stranger = writeRecord(join(root, 'records', 'other'), { scenario: 'other', outagesMs });
  const other = gate(['--recorded', stranger]);
  expect(other.status).toBe(64);
  expect(other.stderr).toContain('is a run of other, which is not among made');
  for (const [first, ...others] of [
    ['--recorded', '--shard', '1/2'],
    ['--update', '--shard', '1/2'],
    ['--shard', '1/2', '--junit', 'gate.xml'],
    ['--update', '--junit', 'gate.xml'],
    ['--recorded', '--reuse'],
    ['--reuse', '--parallel', '2'],
  ]) {
    const words =
      first === '--recorded' ? [...others, '--recorded', stranger] : [first ?? '', ...others];
    const both = gate(words);
    expect(both.status, words.join(' ')).toBe(64);
    expect(both.stderr).toContain('Omit one of them.');
  }
});
