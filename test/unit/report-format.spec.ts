/** Numbers and foreign text as every report writes them. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { escapeMarkdown, escapeText, escapeXml } from '../../reports/escape.js';
import {
  formatAtLeastMs,
  formatBps,
  formatCount,
  formatInterruption,
  formatMs,
  formatQuantity,
  formatRangeMs,
  formatReading,
  formatShare,
} from '../../reports/format.js';
import { quoteCommand } from '../../reports/shell.js';

test('a reading carries its resolution and no more decimals than that supports', () => {
  expect(formatReading(312, 1)).toBe('312 ms ± 1');
  expect(formatReading(312.4, 0.5)).toBe('312.4 ms ± 0.5');
  expect(formatReading(9411.6, 1)).toBe('9.412 s ± 1 ms');
  expect(formatReading(12_600, 100)).toBe('12.6 s ± 0.1');
  expect(formatReading(13_000, 1000)).toBe('13 s ± 1');
  expect(formatReading(999.6, 1)).toBe('1.000 s ± 1 ms');
});

test('a censored reading is a lower bound that is never rounded up', () => {
  const censored = (atLeastMs: number, ending: 'open' | 'heal') =>
    formatInterruption({ ms: null, atLeastMs, rangeMs: [0, 0], ending });
  expect(censored(19_998, 'open')).toBe('> 19.9 s');
  expect(censored(20_000, 'open')).toBe('> 20 s');
  expect(censored(850.9, 'open')).toBe('> 850 ms');
  expect(censored(6000, 'heal')).toBe('> 6.0 s, until the heal');
  expect(censored(850.9, 'heal')).toBe('> 850 ms, until the heal');
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (ms) => {
      const [, value = '', unit] = formatAtLeastMs(ms).split(' ');
      expect(Number(value) * (unit === 's' ? 1000 : 1)).toBeLessThanOrEqual(ms + 1e-6);
    }),
  );
});

test('a range holds both its ends, and is no finer than it is wide', () => {
  expect(formatRangeMs([1810.1, 1811.9])).toBe('1.810–1.812 s');
  expect(formatRangeMs([13_213, 13_313])).toBe('13.21–13.32 s');
  expect(formatRangeMs([310, 312])).toBe('310–312 ms');
  expect(formatRangeMs([13_234.2, 13_334.1999])).toBe('13.23–13.34 s');
  expect(formatRangeMs([202.2, 302.2])).toBe('202–303 ms');
  expect(formatRangeMs([998, 1000])).toBe('0.998–1.000 s');
  expect(formatRangeMs([0, 2])).toBe('0–2 ms');
  expect(formatRangeMs([0.1, 0.5])).toBe('0.1–0.5 ms');
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0.001, max: 1e4, noNaN: true }),
      (lowMs, widthMs) => {
        const [range = '', unit] = formatRangeMs([lowMs, lowMs + widthMs]).split(' ');
        if (!range.includes('–')) return;
        const size = unit === 's' ? 1000 : 1;
        const [low, high] = range.split('–').map((end) => Number(end) * size);
        expect(low).toBeLessThanOrEqual(lowMs + 0.002);
        expect(high).toBeGreaterThanOrEqual(lowMs + widthMs - 0.002);
      },
    ),
  );
});

test('durations, rates, counts and shares have units and fit their size', () => {
  expect([0, 2.41, 312, 9411, 74_210, 874_200].map(formatMs)).toEqual([
    '0 ms',
    '2.4 ms',
    '312 ms',
    '9.411 s',
    '74.210 s',
    '874.2 s',
  ]);
  expect(formatMs(null)).toBe('–');
  expect(formatMs(-0.04)).toBe('0 ms');
  expect([0, 999, 94.8e6, 1.25e9].map(formatBps)).toEqual([
    '0 bit/s',
    '999 bit/s',
    '94.8 Mbit/s',
    '1.25 Gbit/s',
  ]);
  expect(formatCount(1_210_045)).toBe('1,210,045');
  expect(formatShare(0.001)).toBe('< 1 %');
  expect(formatQuantity(12, 'loss periods')).toBe('12 loss periods');
  expect(formatQuantity(93e6, 'bit/s')).toBe('93.0 Mbit/s');
});

test('escaped text holds nothing that moves the cursor, turns direction or takes two columns', () => {
  expect(escapeText('\u001b[31mred\u0007')).toBe('\\u{1b}[31mred\\u{7}');
  expect(escapeText('a\u202eb\u200bc')).toBe('a\\u{202e}b\\u{200b}c');
  expect(escapeText('主😀')).toBe('\\u{4e3b}\\u{1f600}');
  expect(escapeText('h3 → h4 · 90 % ± 1')).toBe('h3 → h4 · 90 % ± 1');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeText(text)).not.toMatch(/[\p{C}\u200b-\u200f\u2028-\u202f\u2e80-\uffff]/u);
    }),
  );
});

test('escaped XML has no markup and no character that XML forbids', () => {
  expect(escapeXml('<a b="c" d=\'e\'>&\u0000')).toBe(
    '&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;\\u{0}',
  );
  expect(escapeXml('\ud800\ufffe')).toBe('\\u{d800}\\u{fffe}');
});

test('escaped Markdown cannot open markup, HTML, a table cell or mention a person', () => {
  const escaped = escapeMarkdown('a|b `c` <i> [x](https://evil.example) @someone #12\n# title');
  expect(escaped).toBe(
    'a\\|b \\`c\\` &lt;i&gt; \\[x\\](https&#58;//evil.example) &#64;someone \\#12\\\\u{a}\\# title',
  );
});

test('the command that runs it again survives a shell', () => {
  expect(quoteCommand(['failover-lab', 'run', "it's", '$(rm)', '--seed', '7'])).toBe(
    "failover-lab run 'it'\\''s' '$(rm)' --seed 7",
  );
});
