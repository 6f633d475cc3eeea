/** Trials that share a lab: each is judged by its own events, and the lab is cleaned once. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { unfinishedPart } from '../../harness/campaign/store/unfinished-run.js';
import { judge } from '../../harness/judge/judge.js';
import { CleanupStack } from '../../harness/lab/cleanup-stack.js';
import { Journal } from '../../harness/lab/journal.js';
import { type HistoryEvent, historyEvent } from '../../harness/model/history/events.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const plan = { name: 'shared', trafficMs: 30_000, fault: { atMs: 8000, healAtMs: 20_000 } };
const lossSpans = [{ direction: 'forward' as const, fromMs: 8000, toMs: 8500 }];
const cleaning = ['clean', 'done'];
const building = ['sandbox', 'build', 'controller'];

/** A kept lab says nothing of being cleaned, a lab used again nothing of being built. */
function sharedHistory(leftovers: string[]): HistoryEvent[] {
  const kept = buildHistory({ ...plan, lossSpans }).filter(
    (event) =>
      !['cleanup', 'run.end'].includes(event.kind) &&
      !(event.kind === 'phase' && cleaning.includes(event.phase)),
  );
  const again = buildHistory({ ...plan, lossSpans, shiftMs: 60_000 })
    .filter(
      (event) =>
        event.kind !== 'run.header' && !(event.kind === 'phase' && building.includes(event.phase)),
    )
    .map((event) => {
      if (event.kind === 'trial.start') return { ...event, trial: 1, lab: 0 };
      if (event.kind === 'cleanup') return { ...event, trial: 1, lab: 0, leftovers };
      return event.kind === 'run.end' ? event : { ...event, trial: 1 };
    });
  return [...kept, ...again].map((event) =>
    event.kind === 'run.header' ? { ...event, trials: 2 } : event,
  );
}

test('every trial has what became of its lab, and the run counts it once', () => {
  const { result } = judge(sharedHistory(['interface s1-eth1']));
  expect(result.trials.map(({ index }) => index)).toEqual([0, 1]);
  for (const { cleanup } of result.trials) {
    expect(cleanup).toMatchObject({ leftovers: ['interface s1-eth1'], mnCleanExitCode: 0 });
  }
  expect(result.cleanup).toEqual({ leftovers: ['interface s1-eth1'], mnCleanExitCode: 0 });
});

test('a run that is gone on with keeps what became of the lab of its finished trials', () => {
  const cutOff = sharedHistory(['interface s1-eth1']).map((event) =>
    event.kind === 'trial.end' && event.trial === 1
      ? { ...event, reason: 'interrupted' as const }
      : event,
  );
  const judged = judge(cutOff);
  const { attempts, done } = unfinishedPart(cutOff, judged);
  expect(done).toEqual([0]);
  expect([...attempts]).toEqual([[1, 1]]);
  expect(judged.result.cleanup.leftovers).toEqual(['interface s1-eth1']);
});

test('trials of one lab read alike, and time is spent on building once', () => {
  const late: HistoryEvent = {
    ...{ kind: 'pressure', atNs: 0, trial: 0, cpuSomePercent: 1, cpuPercent: {} },
  };
  const history = sharedHistory([]);
  const end = history.find((event) => event.kind === 'trial.end');
  // The kept lab tells of the first trial until the second begins.
  const idle = { ...late, atNs: (end?.atNs ?? 0) + 5e9 };
  const { result } = judge([...history, idle]);
  const [first, second] = result.trials;
  expect(second?.network?.forward).toEqual(first?.network?.forward);
  expect(Object.keys(first?.timing.parts ?? {})).toEqual([...building, 'ready', 'traffic', 'stop']);
  expect(Object.keys(second?.timing.parts ?? {})).toEqual([
    'ready',
    'traffic',
    'stop',
    ...cleaning,
  ]);
  expect(first?.timing.parts.stop).toBeLessThan(5000);
});

test('a new trial begins with how links and sessions are', () => {
  const file = test.info().outputPath('events');
  const descriptor = openSync(file, 'w');
  const journal = new Journal(0, descriptor);
  const bfd = (atNs: number, port: string, forwarding: boolean) =>
    journal.emit({
      ...{ kind: 'observe.bfd', atNs, node: 'r1', port, state: forwarding ? 'up' : 'down' },
      ...{ forwarding, flapCount: 1, diagnostic: '' },
    });
  bfd(1, 'to-e3', true);
  bfd(2, 'to-e4', true);
  bfd(3, 'to-e3', false);
  bfd(4, 'to-e3', true);
  journal.turnTo(1);
  journal.restate();
  closeSync(descriptor);
  const told = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => historyEvent.parse(JSON.parse(line)))
    .filter((event) => event.kind === 'observe.bfd' && event.trial === 1);
  expect(told).toHaveLength(2);
  expect(told).toMatchObject([
    { port: 'to-e3', forwarding: true },
    { port: 'to-e4', forwarding: true },
  ]);
  expect(Math.min(...told.map(({ atNs }) => atNs))).toBeGreaterThan(4);
});

test('what a trial started is undone, and the lab below it stays', async () => {
  const undone: string[] = [];
  const cleanup = new CleanupStack();
  cleanup.defer('the lab', () => void undone.push('lab'));
  const lab = cleanup.size;
  cleanup.defer('the meter', () => void undone.push('meter'));
  cleanup.defer('a flow', () => Promise.reject(new Error('it hangs')));
  expect(await cleanup.run(lab)).toEqual([{ label: 'a flow', message: 'it hangs' }]);
  expect(undone).toEqual(['meter']);
  expect(await cleanup.run()).toEqual([]);
  expect(undone).toEqual(['meter', 'lab']);
});
