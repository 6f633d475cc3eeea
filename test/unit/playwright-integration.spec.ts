/** The matchers on judged runs, and the test's end of the drive protocol. */

import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { type Reason, reason } from '../../harness/model/reason.js';
import type { RunResult } from '../../harness/model/result.js';
import { DriveSession } from '../../harness/playwright/drive-session.js';
import { expect as labExpect } from '../../harness/playwright/index.js';
import { judgedRun, runs } from './judged-runs.js';

const fast = runs.fast().result;
const never = runs.censored().result;
const unproven = runs.inconclusive().result;

function failureOf(assertion: () => unknown): string {
  try {
    assertion();
  } catch (thrown) {
    return String(thrown instanceof Error ? thrown.message : thrown);
  }
  throw new Error('the assertion held');
}

const asWritten = (text: string): Reason => reason('as-written', { text });

test.describe('matchers', () => {
  test('hold for a run within their bounds', () => {
    labExpect(fast).toRecoverWithin('500ms');
    labExpect(fast).toLoseAtMost(27);
    labExpect(fast).toMeetExpectations();
    labExpect(fast).not.toRecoverWithin('27ms');
    labExpect(fast).not.toKeepContact('h4', 'h3');
    labExpect(judgedRun([{ outageMs: 0 }]).result).toKeepContact('h4', 'h3');
  });

  test('say what was wanted, what was, and where', () => {
    expect(failureOf(() => labExpect(fast).toRecoverWithin('20ms'))).toBe(
      'expected network outage within 20ms, was 28 ms (h3–h4, power-off of relay2, trial 1)',
    );
    expect(failureOf(() => labExpect(fast).toLoseAtMost(20))).toContain(
      'expected at most 20 packets lost, was 27',
    );
    expect(failureOf(() => labExpect(fast).toKeepContact('h3', 'h4'))).toContain(
      'expected h3 and h4 keep contact, was an outage of 28 ms',
    );
  });

  test('the worst trial decides', () => {
    const run = judgedRun([{ outageMs: 300 }, { outageMs: 800 }, { outageMs: 200 }]).result;
    expect(failureOf(() => labExpect(run).toRecoverWithin('500ms'))).toContain('800 ms');
    expect(failureOf(() => labExpect(run).toRecoverWithin('500ms'))).toContain('trial 2');
  });

  test('no recovery is longer than any bound', () => {
    expect(failureOf(() => labExpect(never).toRecoverWithin('60s'))).toContain('was not over');
  });

  test('an inconclusive run fails every matcher, negated or not, with its reason', () => {
    const run: RunResult = {
      ...unproven,
      reasons: [asWritten('trial 0: the sender was 212 ms late')],
    };
    for (const assertion of [
      () => labExpect(run).toRecoverWithin('60s'),
      () => labExpect(run).not.toRecoverWithin('1ms'),
      () => labExpect(run).toLoseAtMost(1e6),
      () => labExpect(run).toMeetExpectations(),
      () => labExpect(run).not.toMeetExpectations(),
    ]) {
      expect(failureOf(assertion)).toBe('inconclusive: trial 0: the sender was 212 ms late');
    }
  });

  test('a pair that nobody measured, and a bound without a unit, are refused', () => {
    expect(failureOf(() => labExpect(fast).toKeepContact('h1', 'h2'))).toBe(
      'inconclusive: no meter between h1 and h2',
    );
    // @ts-expect-error The unit is missing, which the type knows as well.
    expect(failureOf(() => labExpect(fast).toRecoverWithin('500'))).toContain('has no unit');
  });

  test('judge one recovery of a driven lab like a run', () => {
    const networks = fast.trials[0]?.episodes[0]?.networks ?? [];
    const recovery = { stepId: 'kill', recovered: true, networks, reasons: [] as Reason[] };
    labExpect(recovery).toRecoverWithin('28ms');
    expect(failureOf(() => labExpect(recovery).toRecoverWithin('27ms'))).toContain('h3–h4');
    const doubtful = { ...recovery, reasons: [asWritten('late sender')] };
    expect(failureOf(() => labExpect(doubtful).not.toLoseAtMost(1))).toBe(
      'inconclusive: late sender',
    );
  });
});

test.describe('drive session', () => {
  const peer = fileURLToPath(new URL('../fixtures/drive-peer.mjs', import.meta.url));
  const open = (manner: string) =>
    new DriveSession({ program: process.execPath, args: [peer, manner] }, ['s']);

  test('greets, answers each request, and ends with its input', async () => {
    const session = open('well');
    expect(await session.ready(5000)).toMatchObject({ scenario: 's', nodes: ['relay1'] });
    const kill = { verb: 'kill', node: 'relay1', how: 'power-off' } as const;
    const heal = { verb: 'heal', faultId: null } as const;
    const [change, healed] = await Promise.all([
      session.call(kill, 5000),
      session.call(heal, 5000),
    ]);
    expect(change).toMatchObject({ targets: ['relay1'], atMs: 3000 });
    expect(healed.healed).toHaveLength(1);
    await session.end();
    await expect(session.call(heal, 5000)).rejects.toThrow('ended with status 0');
  });

  test("passes the lab's own refusal on", async () => {
    const session = open('well');
    const kill = { verb: 'kill', node: 'relay9', how: 'power-off' } as const;
    await expect(session.call(kill, 5000)).rejects.toThrow(
      'kill: no node relay9 (FAULT_NOT_APPLIED)',
    );
    await session.end();
  });

  test('refuses an answer of another shape', async () => {
    const session = open('well');
    const path = { verb: 'path', from: 'h1', to: 'h2' } as const;
    await expect(session.call(path, 5000)).rejects.toThrow(/complete/);
    await session.end();
  });

  test('a lab that dies rejects what waits, with the last words it said', async () => {
    const session = open('dies-on-kill');
    await session.ready(5000);
    const kill = { verb: 'kill', node: 'relay1', how: 'power-off' } as const;
    const waiting = session.call({ verb: 'recovered', timeoutMs: null }, 60_000);
    const outcomes = await Promise.allSettled([waiting, session.call(kill, 60_000)]);
    for (const outcome of outcomes) {
      expect(outcome.status).toBe('rejected');
      expect(String(outcome.status === 'rejected' && outcome.reason)).toContain('status 70');
      expect(String(outcome.status === 'rejected' && outcome.reason)).toContain('out of memory');
    }
  });

  test('a lab that never gets ready says why', async () => {
    await expect(open('never-ready').ready(5000)).rejects.toThrow(
      'drive: no traffic after 60 s (NOT_READY)\nLook at the logs.',
    );
  });

  test('words that are not of the protocol end the session', async () => {
    const session = open('talks-nonsense');
    await expect(session.ready(5000)).rejects.toThrow("printed 'Setting up the lab...'");
    await session.closed;
  });

  test('silence has an end', async () => {
    const session = open('well');
    const waiting = session.call({ verb: 'recovered', timeoutMs: null }, 100);
    await expect(waiting).rejects.toThrow("no answer to 'recovered' within 100 ms");
    await session.end();
  });
});
