/** The grid of a line chart: every reading is drawn in its own column. */
import { expect, test } from '@playwright/test';
import { plotValues } from '../../reports/terminal/plot.js';

const format = (value: number): string => String(value);

test('a step stands in one column, in whichever row it begins', () => {
  const { margins, rows } = plotValues([50, 50, 10, 10, 60], { height: 7, max: 70, format });
  expect(rows.map((row) => row.join(''))).toEqual([
    '     ',
    '    ╭',
    '──╮ │',
    '  │ │',
    '  │ │',
    '  │ │',
    '  ╰─╯',
    '     ',
  ]);
  expect(margins[1]).toBe('60 ┤');
});

test('a moment without a reading is blank, and does not move what follows', () => {
  const { rows } = plotValues([null, null, 20, null, 20], { height: 2, max: 20, format });
  expect(rows.map((row) => row.join(''))).toEqual(['  ─ ─', '     ', '     ']);
});
