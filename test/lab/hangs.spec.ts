/**
 * Every helper process is stopped in turn (SIGSTOP), as if it hung. What waits for it runs out of
 * time by name, and the lab ends by itself; nothing waits for ever.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { DrivenLab } from './driven-lab.js';
import { historyBelow } from './lab-processes.js';

const path = { verb: 'path', from: 'h1', to: 'h2' };
const labs: DrivenLab[] = [];

async function open(): Promise<DrivenLab> {
  const lab = new DrivenLab('test/fixtures/labs/long-proof.ts');
  labs.push(lab);
  await lab.ready();
  return lab;
}

test.afterAll(() => Promise.all(labs.map((lab) => lab.close())));

/** Nothing is measured here, so the labs may disturb each other. */
test.describe.configure({ timeout: 180_000 });

async function switchesHang(lab: DrivenLab): Promise<void> {
  const resumeSwitch = lab.freeze(/^ovs-vswitchd unix:\/run\/lab\/r1\//);
  expect(await lab.ask(path)).toMatchObject({ type: 'done', result: { complete: false } });
  resumeSwitch();
  expect(readFileSync(historyBelow(lab.out) ?? '', 'utf8')).toContain(
    '{"code":"trace-unanswered","data":{"node":"r1","limitS":3}}',
  );

  const resumeDatabase = lab.freeze(/^ovsdb-server \/run\/lab\/r1\//);
  // The way of packets is read from the switch, which knows its ports without the database.
  expect(await lab.ask(path)).toMatchObject({ type: 'done', result: { complete: true } });
  resumeDatabase();
}

/** Controller, meter and both ends of iperf3 stay stopped to the end, which comes all the same. */
async function sourcesHang(lab: DrivenLab): Promise<void> {
  const hung = await lab.inject('controller-hang', { kind: 'controller', instance: 0 });
  expect(hung, JSON.stringify(hung)).toMatchObject({ type: 'done' });
  lab.freeze(/meter\/meter\.py/);
  lab.freeze(/^iperf3 /);
  expect(await lab.ask({ verb: 'recovered', timeoutMs: 1500 })).toMatchObject({
    type: 'done',
    result: { recovered: false },
  });
  const ended = await lab.ask({ verb: 'stop' });
  expect(ended.type, JSON.stringify(ended)).toBe('done');
  const { result } = ended.result as { result: unknown };
  const { verdict, reasons } = runResultSchema.parse(result);
  expect(verdict).toBe('inconclusive');
  expect(sentencesOf(reasons).join()).toContain("the meter's sender was stalled");
}

async function bridgeHangs(lab: DrivenLab): Promise<void> {
  lab.freeze(/bridge\/main\.py/);
  // Switches are asked for the way of packets directly; faults are made through the bridge.
  expect(await lab.ask(path)).toMatchObject({ type: 'done', result: { complete: true } });
  const words = 'The bridge did not answer `run` within 8000 ms.';
  const target = { kind: 'link', link: 'gre-e1-r1' };
  expect(await lab.inject('packet-loss', target, { lossPercent: 50 })).toMatchObject({
    type: 'refused',
    error: { code: 'TIMED_OUT', message: words },
  });
  expect(await lab.farewell()).toMatchObject({
    type: 'farewell',
    error: { code: 'TIMED_OUT', message: words },
  });
}

async function runnerHangs(lab: DrivenLab): Promise<void> {
  lab.freeze(/^\S*node \S*harness\/lab\/main\.js/);
  expect(await lab.farewell()).toMatchObject({
    type: 'farewell',
    error: { code: 'TIMED_OUT', message: 'The runner wrote nothing for 20 s and was killed.' },
  });
}

/** The result is there, but nobody reaps the runner that gave it. */
async function initHangs(lab: DrivenLab): Promise<void> {
  lab.freeze(/^tini -s /);
  const ended = await lab.ask({ verb: 'stop' });
  expect(ended.type, JSON.stringify(ended)).toBe('done');
}

test('whichever helper hangs, what waited for it says so, and the lab ends', async () => {
  // Two at a time: more labs than processors would run out of time by themselves.
  const [first, second] = await Promise.all([open(), open()]);
  const inTurn = async () => {
    await switchesHang(first);
    await sourcesHang(first);
  };
  await Promise.all([inTurn(), bridgeHangs(second)]);
  const [third, fourth] = await Promise.all([open(), open()]);
  await Promise.all([runnerHangs(third), initHangs(fourth)]);
  for (const lab of labs) await expect.poll(() => lab.pids(/./), { timeout: 15_000 }).toEqual([]);
});
