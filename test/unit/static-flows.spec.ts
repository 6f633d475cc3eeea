/** No controller: a program writes flows once. And a `command` that is not a controller is told so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { ControllerInstance } from '../../harness/lab/controllers/instance.js';
import { parseController } from '../../harness/language/controller-label.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import type { Fault } from '../../harness/language/written/faults.js';
import type { NewEvent } from '../../harness/model/history/emit.js';
import { nodesWith } from '../../harness/model/node-traits.js';

const written = (fault: Fault = lab.linkDown('main')) =>
  lab.scenario({
    question: 'Do flows that stand by themselves hold?',
    topology: [
      ...[lab.switches('s1', 's2'), lab.host('h1', { on: 's1' }), lab.host('h2', { on: 's2' })],
      ...[lab.link('s1', 's2', { id: 'main' }), lab.link('s1', 's2', { id: 'backup' })],
    ],
    controller: lab.staticFlows(['./flows.sh', 'any'], { readyWhen: 'installed' }),
    traffic: [lab.iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
    timeline: [lab.at('3s', fault), lab.at('6s', lab.heal())],
  });
const options = { name: 'static', seed: 1 };

test('switches are secure, and nobody listens', () => {
  const plan = resolveScenario(written(), options);
  expect(plan.controller).toMatchObject({ kind: 'static-flows', readyWhen: 'installed' });
  const switches = nodesWith(plan.topology.nodes, 'open-vswitch');
  expect(switches.length).toBeGreaterThan(0);
  for (const { failMode } of switches) expect(failMode).toBe('secure');
});

test('faults of a controller are refused', () => {
  for (const fault of [lab.controllerCrash(), lab.controllerHang()]) {
    const [problem] = examineScenario(written(fault), options).problems;
    expect(problem?.message).toBe('the scenario has no controller');
  }
});

test('the same by its label', () => {
  expect(parseController('static-flows:readyWhen=done -- ./flows.sh any')).toEqual({
    ...{ kind: 'static-flows', readyWhen: 'done', argv: ['./flows.sh', 'any'] },
  });
});

/** Runs a shell script as a controller instance until it is ready, or refuses. */
async function outcomeOf(script: string, writesFlows: boolean, readyWhen: RegExp | null) {
  const logFolder = mkdtempSync(join(tmpdir(), 'static-flows-'));
  const events: NewEvent[] = [];
  const instance = new ControllerInstance({
    ...{ instance: 0, instances: 1, label: 'any', argv: ['sh', '-c', script] },
    ...{ environment: { PATH: process.env.PATH ?? '' }, logFolder, port: 1, readyWhen },
    ...{ readyTimeoutMs: 1500, writesFlows, emit: (event) => events.push(event) },
  });
  instance.start();
  try {
    return await instance.ready().then(
      () => ({ error: null, events }),
      (error: Error & { hint?: string }) => ({ error, events }),
    );
  } finally {
    await instance.stop();
    rmSync(logFolder, { recursive: true });
  }
}

test('a program that has written its flows may end, or stay', async () => {
  const ended = await outcomeOf('echo installed', true, null);
  expect(ended.error).toBeNull();
  expect(ended.events.find(({ kind }) => kind === 'process.exit')).toMatchObject({
    expected: true,
  });
  expect((await outcomeOf('echo installed', true, /installed/)).error).toBeNull();
  expect((await outcomeOf('echo installed; exec sleep 60', true, /installed/)).error).toBeNull();
});

test('a program that fails, or never comes to an end, is not ready', async () => {
  expect((await outcomeOf('exit 3', true, null)).error?.message).toContain('status 3');
  const late = await outcomeOf('exec sleep 60', true, null);
  expect(late.error?.message).toContain('it did not end with status 0');
});

test('a command that is ready and does not listen: the error names the kind to use', async () => {
  const { error } = await outcomeOf('echo installed; exec sleep 60', false, /installed/);
  expect(error?.message).toContain('nothing listened on port 1 within 1500 ms');
  expect(error?.hint).toContain("staticFlows(['sh', '-c',");
});
