/** What is printed while other machines execute trials. */
import { expect, test } from '@playwright/test';
import type { MachineNews } from '../../harness/campaign/farm/farm.js';
import { MachineLines } from '../../reports/terminal/machines.js';

const trouble = { code: 'DISK_FULL', message: 'The disk of lab1 is full.', hint: 'Free space.' };
const machine = 'lab1';
const lines: [MachineNews, string | null][] = [
  [{ state: 'ready', machine, slots: 1 }, 'ready, 1 trial at a time'],
  [{ state: 'ready', machine, slots: 4 }, 'ready, 4 trials at a time'],
  [{ state: 'left-out', machine, trouble }, 'left out: The disk of lab1 is full. Free space.'],
  [
    { state: 'kept-apart', machine, differences: ['cores 2 → 8'] },
    'kept apart, since its figures are not comparable in real time: cores 2 → 8',
  ],
  [
    { state: 'failed', machine, trial: 2, trouble },
    'trial 3 is executed elsewhere: The disk of lab1 is full. Free space.',
  ],
  [{ state: 'failed', machine, trial: null, trouble }, 'The disk of lab1 is full. Free space.'],
  [
    { state: 'failed', machine, trial: null, trouble: { code: 'X', message: 'lab1 refuses ssh.' } },
    'refuses ssh.',
  ],
  [{ state: 'back', machine }, 'answers again'],
  [{ state: 'begun', machine, trial: 0 }, 'trial 1 began'],
  [{ state: 'phase', machine, trial: 0, phase: 'traffic' }, 'trial 1 traffic'],
  [{ state: 'phase', machine, trial: 0, phase: 'clean' }, null],
  [{ state: 'done', machine, trial: 0, tookMs: 14_240 }, 'trial 1 done in 14.2 s'],
];

for (const [news, expected] of lines) {
  test(`${news.state}: ${expected}`, () => {
    const all = new MachineLines();
    expect(all.any).toBe(false);
    expect(all.take(news)).toBe(expected);
    expect(all.any).toBe(true);
  });
}

test('what a machine calls itself cannot move the cursor', () => {
  const message = 'no\u001b[2Jspace';
  const failed = { code: 'X', message };
  const line = new MachineLines().take({ state: 'left-out', machine, trouble: failed });
  expect(line).not.toContain('\u001b');
});
