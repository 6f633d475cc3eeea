/** Which packets can have met a full buffer of this machine: the same by halving as by looking at all. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { sentSpansOf, spansOver } from '../../harness/judge/sent-spans.js';
import type { EventOf } from '../../harness/model/history/events.js';

const MS = 1e6;

const drops = fc.array(
  fc
    .tuple(fc.nat(5000), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 9 }))
    .map(([atMs, lastsMs, packets]) => ({
      ...{ sinceNs: (10_000 + atMs) * MS, atNs: (10_000 + atMs + lastsMs) * MS, packets },
    })),
  { maxLength: 60 },
);

const windows = fc.array(
  fc.tuple(fc.nat(5000), fc.nat(400)).map(([atMs, delayMs]) => ({
    ...{ kind: 'meter.received' as const, trial: 0, atNs: (10_000 + atMs) * MS, meter: 'm' },
    ...{ direction: 'forward' as const, ranges: [], duplicates: 0, reordered: 0 },
    delayNs: { min: 0, median: 0, max: delayMs * MS },
  })),
  { maxLength: 20 },
);

const moment = fc.integer({ min: 9000, max: 16_000 }).map((atMs) => atMs * MS);

test('the spans over a loss period are those that a look at every span finds', () => {
  const property = fc.property(drops, windows, moment, fc.nat(2000), (all, received, at, ms) => {
    const spans = sentSpansOf(all, received as EventOf<'meter.received'>[], 5 * MS);
    const until = at + ms * MS + 1;
    const naive = spans.filter(({ fromNs, untilNs }) => fromNs < until && untilNs > at);
    expect(spansOver(spans, at, until)).toEqual(naive);
  });
  fc.assert(property);
});

test('each span reaches back by as long as packets were on their way around it, and by two of them', () => {
  const one = [{ sinceNs: 12_000 * MS, atNs: 12_100 * MS, packets: 3 }];
  const slow = { atNs: 11_500 * MS, delayNs: { min: 0, median: 0, max: 40 * MS } };
  const spans = sentSpansOf(one, [slow as EventOf<'meter.received'>], 5 * MS);
  expect(spans).toEqual([
    { fromNs: 11_950 * MS, untilNs: 12_100 * MS, packets: 3, reachNs: 12_100 * MS },
  ]);
});
