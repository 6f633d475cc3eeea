/** The bench of a busy machine reads its run's record as everyone does: by fields, not by text. */
import { expect, test } from '@playwright/test';
import { beginningIn } from '../../harness/bench/busy/injected-loss.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { buildHistory } from '../fixtures/constructed-history.js';

test('the beginning of traffic is read whatever the order of the fields', () => {
  const events = buildHistory({ name: 'recovers', trafficMs: 8000 });
  const reordered = events.map((event) =>
    JSON.stringify(Object.fromEntries(Object.entries(event).reverse()), null, 0),
  );
  const traffic = events.find((event) => event.kind === 'phase' && event.phase === 'traffic');
  const head = events.find((event) => event.kind === 'run.header');
  const read = readHistory(`${reordered.join('\n')}\n`).events;
  expect(beginningIn(read)).toEqual({
    runId: head?.kind === 'run.header' ? head.runId : null,
    trafficNs: traffic?.atNs,
  });
  const before = events.slice(0, events.indexOf(traffic as (typeof events)[number]));
  expect(beginningIn(before)).toBeNull();
});
