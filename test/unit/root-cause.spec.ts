/** Whatever is seen first, the reason of a failed trial is what held the rest. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { Journal } from '../../harness/lab/journal.js';
import { failWithProcesses, whileNeeded } from '../../harness/lab/needed-processes.js';
import { watchProcesses } from '../../harness/lab/observe/process-watch.js';
import { Failures, rootCause } from '../../harness/lab/root-cause.js';
import type { Emit } from '../../harness/model/history/emit.js';
import { type ProcessId, processName } from '../../harness/model/process-id.js';

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [
      item,
      ...rest,
    ]),
  );
}

/** From what holds the others to what it holds. */
const bridge: ProcessId = { role: 'bridge' };
const shell = (node: string): ProcessId => ({ role: 'shell', node });
const controller: ProcessId = { role: 'controller', instance: 0, instances: 1 };
const meter: ProcessId = { role: 'meter', meter: 'x' };
const held = [
  bridge,
  shell('e1'),
  { role: 'switch', node: 'e1', program: 'ovs-vswitchd' } as const,
  controller,
  { role: 'watch', of: 'control-channels' } as const,
  meter,
];
const failureOf = (process: ProcessId) => ({
  process,
  error: new LabError('INTERNAL', processName(process)),
});

test('the cause is what holds the rest, in every order of arrival and of every subset', () => {
  for (let mask = 1; mask < 2 ** held.length; mask += 1) {
    const ended = held.filter((_, bit) => (mask >> bit) & 1);
    for (const order of permutations(ended)) {
      expect(rootCause(order.map(failureOf))?.message, order.map(processName).join()).toBe(
        ended[0] && processName(ended[0]),
      );
    }
  }
  expect(rootCause([])).toBeNull();
});

test('of two that hold as much, the first that was seen', () => {
  const both = [shell('r2'), shell('r1')];
  expect(rootCause(both.map(failureOf))?.message).toBe('shell of r2');
});

/** A journal whose lines go nowhere; its listeners are the real ones. */
function listening(): { journal: Journal; emit: Emit } {
  const journal = new Journal(0, openSync('/dev/null', 'w'));
  return { journal, emit: journal.emit };
}

function exitOf(process: ProcessId, expected = false) {
  return {
    ...{ kind: 'process.exit' as const, atNs: 1, process, node: null, exitCode: null },
    ...{ signal: 'SIGKILL', expected, lastLines: [] },
  };
}

test('a cause that is seen long after its consequence is waited for', async () => {
  const { journal, emit } = listening();
  const failures = new Failures(new AbortController());
  failWithProcesses(journal, 'run', failures);
  // As the client of the bridge does: it settles when the exit of a dying bridge was reported.
  failures.lookBy(async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    emit(exitOf(bridge));
  });
  emit(exitOf(shell('e1')));
  const cause = await failures.causeOf(new Error('a call failed'));
  expect((cause as LabError).message).toContain('The bridge ended with SIGKILL');
});

test('without an unasked end the cause is what was thrown', async () => {
  const { journal, emit } = listening();
  const failures = new Failures(new AbortController());
  failWithProcesses(journal, 'run', failures);
  emit(exitOf(meter, true));
  emit(exitOf(controller));
  const thrown = new Error('the fault was not applied');
  expect(await failures.causeOf(thrown)).toBe(thrown);
});

test('a shell that ended is found by looking, whatever was thrown first', async () => {
  const { journal, emit } = listening();
  const failures = new Failures(new AbortController());
  failWithProcesses(journal, 'run', failures);
  const child = spawn('sleep', ['60']);
  const watch = watchProcesses([{ process: shell('e1'), node: 'e1', pid: child.pid ?? 0 }], emit);
  failures.lookBy(() => watch.look());
  try {
    child.kill('SIGKILL');
    await once(child, 'exit');
    const cause = await failures.causeOf(new Error('mnexec: no such process'));
    expect((cause as LabError).message).toContain('The shell of e1 ended in the middle of a run');
  } finally {
    watch.stop();
  }
});

test('a daemon that ended is found when the work fails before the next look', async () => {
  const { journal } = listening();
  const failures = new Failures(new AbortController());
  const child = spawn('sleep', ['60']);
  const process: ProcessId = { role: 'switch', node: 'r1', program: 'ovs-vswitchd' };
  const daemon = { process, node: 'r1', pid: child.pid ?? 0 };
  const work = whileNeeded(journal, [daemon], failures, async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    throw new Error('ovs-vsctl did not answer');
  });
  await expect(work).rejects.toThrow('ovs-vsctl');
  const cause = await failures.causeOf(new Error('ovs-vsctl did not answer'));
  expect((cause as LabError).message).toContain('ovs-vswitchd of r1 ended before the network');
});
