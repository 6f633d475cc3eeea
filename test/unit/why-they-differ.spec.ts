/** Why outage and stall differ: what the record shows, and "not observed" for what it does not. */
import { expect, test } from '@playwright/test';
import type { TrialResult } from '../../harness/model/result.js';
import { whyTheyDiffer } from '../../reports/why-they-differ.js';
import { direction, tcp } from './judged-runs.js';

function why(
  network: Partial<Parameters<typeof direction>[1]> & { outageMs: number | null },
  flow: ReturnType<typeof tcp>,
): string {
  const one = direction(network.outageMs, network);
  const trial = { network: { forward: one, reverse: one }, tcp: flow, episodes: [] };
  return whyTheyDiffer(trial as unknown as TrialResult) ?? '';
}

const guesses =
  /retransmission timer|small packets|segments do not fit|doubles it|exponential backoff/;

test('a filter by address: neither size nor timer is blamed without evidence', () => {
  const text = why({ outageMs: 0, lossPercent: 0 }, tcp(8000, { retransmits: 6, stallMs: 9000 }));
  expect(text).toContain('Every packet of the meter arrived while TCP stalled.');
  expect(text).toContain('retransmitted 6 segments');
  expect(text).toMatch(/was not observed\.$/);
  expect(text).not.toMatch(guesses);
});

test('20 % random loss is named as what was measured', () => {
  const text = why({ outageMs: 0, lossPercent: 20 }, tcp(300, { retransmits: 90, stallMs: 400 }));
  expect(text).toContain("20 % of the meter's packets were lost, scattered over time");
  expect(text).not.toMatch(guesses);
  expect(text).not.toContain('Every packet of the meter arrived');
});

test('the timer is named only with retransmissions and a stall of its length', () => {
  const fits = why({ outageMs: 900 }, tcp(900, { retransmits: 5 }));
  expect(fits).toContain("The stall matches the forecast of TCP's exponential backoff (1.4 s)");
  const longer = why({ outageMs: 900 }, tcp(900, { retransmits: 5, stallMs: 7000 }));
  expect(longer).toContain('the additional cause was not observed');
  const none = why({ outageMs: 900 }, tcp(900, { retransmits: 0 }));
  expect(none).toContain(
    'The sender retransmitted no segments. The cause of the stall was not observed.',
  );
  const unknown = why({ outageMs: 900 }, tcp(900, { retransmits: null }));
  expect(unknown).toContain('Retransmissions were not recorded. The cause of the stall');
});

test('TCP that never moved again gets no invented cause', () => {
  const text = why({ outageMs: 900 }, tcp(900, { stallMs: null, retransmits: 12 }));
  expect(text).toBe(
    'The network was back after 900 ms, but TCP delivered no more bytes. ' +
      'The sender retransmitted 12 segments. The cause of the stall was not observed.',
  );
});
