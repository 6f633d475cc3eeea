/** Goal: quantities are read exactly, or refused with a sentence that helps. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  formatBitrate,
  formatDuration,
  type Parsed,
  parseBitrate,
  parseBytes,
  parseDuration,
  parsePercent,
  printable,
  writtenDuration,
} from '../../harness/model/units.js';

const numberOf = (parsed: Parsed) => ('value' in parsed ? parsed.value : Number.NaN);
const problemOf = (parsed: Parsed) => ('problem' in parsed ? parsed.problem : undefined);

for (const [parse, text, value] of [
  [parseDuration, '200ms', 200],
  [parseDuration, '10s', 10_000],
  [parseDuration, '1.5s', 1500],
  [parseDuration, '2min', 120_000],
  [parseDuration, '0ms', 0],
  [parseBytes, '1400B', 1400],
  [parseBytes, '1.1kB', 1100],
  [parseBitrate, '100Mbit/s', 1e8],
  [parseBitrate, '64kbit/s', 64_000],
  [parseBitrate, '2.5Gbit/s', 2.5e9],
  [parsePercent, '0.1%', 0.1],
  [parsePercent, '100%', 100],
] as const) {
  test(`${text} is ${value}`, () => {
    expect(parse(text)).toEqual({ value });
  });
}

for (const [parse, written, problem] of [
  [parseDuration, 10, "10 has no unit: write a duration such as '200ms', '10s' or '2min' ('10s'?)"],
  [parseDuration, '10', "'10' has no unit: write a duration such as '200ms', '10s' or '2min'"],
  [parseDuration, '-1s', "'-1s' is negative"],
  [parseDuration, '1h', "'1h' has an unknown unit 'h' (known: ms, s, min)"],
  [parseDuration, '1m', "'1m' has an unknown unit 'm' (known: ms, s, min); did you mean '1min'?"],
  [parseDuration, null, "expected a duration such as '200ms', '10s' or '2min', got null"],
  [parseDuration, '1e3s', "'1e3s' is not a duration such as '200ms', '10s' or '2min'"],
  [parseDuration, 'NaNs', "'NaNs' is not a duration such as '200ms', '10s' or '2min'"],
  [parseBytes, '0.5B', "'0.5B' is not a whole number of bytes"],
  [
    parseBitrate,
    '1toString',
    "'1toString' has an unknown unit 'toString' (known: bit/s, kbit/s, Mbit/s, Gbit/s)",
  ],
  [parsePercent, '101%', "'101%' is more than 100%"],
] as const) {
  test(`${JSON.stringify(written)} is refused`, () => {
    expect(problemOf(parse(written))).toBe(problem);
  });
}

test('whatever is written, the answer is a finite number or a sentence', () => {
  fc.assert(
    fc.property(fc.anything(), (written) => {
      for (const parse of [parseDuration, parseBytes, parseBitrate, parsePercent]) {
        const parsed = parse(written);
        const fine = 'value' in parsed ? Number.isFinite(parsed.value) : parsed.problem.length > 5;
        if (!fine) return false;
      }
      return true;
    }),
  );
});

test('a whole number of milliseconds survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
      return [`${ms}ms`, writtenDuration(ms)].every((text) => numberOf(parseDuration(text)) === ms);
    }),
  );
});

test('units agree with each other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (n) => {
      const same = (one: Parsed, other: Parsed) => numberOf(one) === numberOf(other);
      return (
        same(parseDuration(`${n}s`), parseDuration(`${n * 1000}ms`)) &&
        same(parseBitrate(`${n}Mbit/s`), parseBitrate(`${n * 1000}kbit/s`)) &&
        same(parseBytes(`${n}kB`), parseBytes(`${n * 1000}B`))
      );
    }),
  );
});

test('nothing printed moves the cursor or turns the text around', () => {
  expect(printable('a\u001b[31mb\u202ec\nd')).toBe('a\\u001b[31mb\\u202ec\\u000ad');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      return !/[\p{Cc}\p{Cf}]/u.test(printable(text));
    }),
  );
});

test('numbers are shown as people write them', () => {
  expect([300, 1500, 11_000, 120_000].map(formatDuration)).toEqual([
    '300 ms',
    '1.5 s',
    '11 s',
    '2 min',
  ]);
  expect([500, 64_000, 1e8, 2.5e9].map(formatBitrate)).toEqual([
    '500 bit/s',
    '64 kbit/s',
    '100 Mbit/s',
    '2.5 Gbit/s',
  ]);
});
