/** The door for programs, as far as nothing has to be built: what it refuses, reads and writes. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Command } from 'commander';
import { runOptionsOf } from '../../harness/api/options.js';
import { compare, gate, judge, LabError, report, resume, run } from '../../harness/api.js';
import { commonOptions, reuseOption } from '../../harness/cli/options.js';
import { packageRoot } from '../../harness/package-root.js';

const fixture = join(packageRoot(), 'test/fixtures/histories/recovers.ndjson');

/** A record as a run leaves it. */
function recorded(): string {
  const folder = test.info().outputPath('record');
  mkdirSync(folder, { recursive: true });
  cpSync(fixture, join(folder, 'history.ndjson'));
  return folder;
}

async function refusal(call: Promise<unknown>): Promise<LabError> {
  const outcome = await call.catch((thrown: unknown) => thrown);
  if (outcome instanceof LabError) return outcome;
  throw new Error(`not refused: ${outcome}`);
}

/** As a program in JavaScript would write it. */
const untyped = (request: object) => request as never;

test('a value that is not allowed is refused by its field, before anything is loaded', async () => {
  const wrong: [object, string, RegExp][] = [
    [{ trials: 0 }, 'trials is 0.', /1 to 1000/],
    [{ trials: 1.5 }, 'trials is 1.5.', /whole number/],
    [{ trials: '3' }, 'trials is "3".', /whole number/],
    [{ seed: -1 }, 'seed is -1.', /0 to 4294967295/],
    [{ parallel: Number.NaN }, 'parallel is null.', /1 to 64/],
    [{ trials: 3, indexes: [0, 3] }, 'indexes is 3.', /0 to 2/],
    [{ sandbox: 'jail' }, 'sandbox is "jail".', /auto, root, user/],
    [{ sandbox: 'sudo' }, 'sandbox is "sudo".', /auto, root, user/],
    [{ datapath: 'fast' }, 'datapath is "fast".', /kernel, user/],
    [{ untilPrecise: 'soon' }, "'soon' is not a precision", /share of the median/],
    [{ reuse: true, parallel: 2 }, 'reuse keeps one lab', /Omit one/],
  ];
  for (const [request, message, hint] of wrong) {
    const refused = await refusal(run('no-such-scenario', untyped(request)));
    expect(refused.code).toBe('WRONG_USE');
    expect(refused.message).toContain(message);
    expect(refused.hint).toMatch(hint);
  }
  const alone = await refusal(compare('relay-failover', { controllers: ['floyd'] }));
  expect(alone.message).toBe('compare has 1 controllers.');
});

test('what is not there is refused by its name, and nothing is left', async () => {
  expect(await refusal(run('no-such-scenario'))).toMatchObject({ code: 'UNKNOWN_SCENARIO' });
  const root = test.info().outputPath('project');
  mkdirSync(join(root, 'scenarios'), { recursive: true });
  const scenario = join(packageRoot(), 'test/fixtures/labs/two-relays.ts');
  cpSync(scenario, join(root, 'scenarios/two-relays.ts'));
  const ungated = await refusal(gate('two-relays', { root }));
  expect(ungated.message).toContain('two-relays.baseline.json does not exist.');
  writeFileSync(join(root, 'empty'), '');
  expect(await refusal(judge(join(root, 'nothing')))).toMatchObject({ code: 'RECORD_UNREADABLE' });
  expect(await refusal(resume(join(root, 'nothing')))).toMatchObject({ code: 'RECORD_UNREADABLE' });
});

test('a record is judged, and printed in every format', async () => {
  const folder = recorded();
  const read = await judge(folder);
  expect(read).toMatchObject({ folder, result: { verdict: read.judged.result.verdict } });
  expect(read.events[0]?.kind).toBe('run.header');
  const outageMs = read.result.summary.networkOutageMs.median;
  expect(outageMs).toBeGreaterThan(0);
  const text = await report(read);
  expect(text).toContain(read.result.scenario);
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  expect(JSON.parse(await report(read, 'json')).summary.networkOutageMs.median).toBe(outageMs);
  expect(await report(read, 'html')).toMatch(/^<!doctype html>/i);
  expect(await report(read, 'junit')).toContain('<testsuite');
  expect(await report(read, 'svg')).toMatch(/^<svg/);
  expect(await report(read, 'markdown')).toContain(read.result.scenario);
  expect(JSON.parse(await report(read, 'trace'))).toBeTruthy();
});

test('a record of a program names the command that makes it again, as the command line reads it', () => {
  const request = { trials: 3, seed: 5, controller: 'fast-failover:bfd=10ms*3', reuse: true };
  const { command, ...options } = runOptionsOf('./mine.ts', { ...request, sandbox: 'user' });
  const words = '--trials 3 --seed 5 --controller fast-failover:bfd=10ms*3 --sandbox user --reuse';
  expect(command.join(' ')).toBe(`failover-lab run ./mine.ts ${words}`);
  const program = new Command().exitOverride();
  const read = reuseOption(commonOptions(program.argument('<scenario>')));
  read.parse(command.slice(2), { from: 'user' });
  expect(read.args).toEqual([options.scenario]);
  expect(read.opts()).toMatchObject({ ...request, sandbox: 'user' });
  expect(runOptionsOf('mine', { command: ['mine'] }).command).toEqual(['mine']);
});
