/** Goal: a lab waits for the hosts that receive data, whatever acknowledgements the others receive. */
import { expect, test } from '@playwright/test';
import { watchRates } from '../../harness/lab/readiness/rate.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedFlow } from '../../harness/model/resolved.js';

const flow: ResolvedFlow = {
  ...{ id: 'tcp-h4-h3', protocol: 'tcp', from: 'h4', to: 'h3', reverse: false },
  ...{ bidirectional: false, parallel: 1, bitrateBps: 50e6, mssBytes: 1400, lengthBytes: null },
  ...{ intervalMs: 100, port: 5201, startMs: 0, stopMs: null },
};

/** Rates in Mbit/s that the hosts receive, for five seconds each: before a fault, in it, after it. */
function goodAfter(flows: ResolvedFlow[], mbps: Record<string, [number, number, number]>) {
  let hear = (_: HistoryEvent) => {};
  const rates = watchRates(
    {
      listen: (listener) => {
        hear = listener;
        return () => {};
      },
    },
    flows,
  );
  const bytes: Record<string, number> = {};
  for (let tick = 0; tick < 150; tick += 1) {
    for (const [host, stages] of Object.entries(mbps)) {
      bytes[host] = (bytes[host] ?? 0) + ((stages[Math.floor(tick / 50)] ?? 0) * 1e6) / 80;
      const sample = { host, rxBytes: bytes[host], txBytes: 0 };
      hear({ kind: 'traffic.sample', atNs: 1 + tick * 1e8, trial: 0, ...sample });
    }
    if (tick === 49) rates.markBaseline();
  }
  const goodS = rates.goodSinceNs();
  rates.stop();
  return goodS === null ? null : goodS / 1e9;
}

test('fewer acknowledgements than before are no lack of recovery', () => {
  // As recorded with relay-failover: the sender received 1.3 Mbit/s before, and 1.13 after.
  expect(goodAfter([flow], { h3: [53, 0, 53], h4: [1.3, 0, 1.13] })).toBeGreaterThan(10);
});

test('a receiver that gets less than before has not recovered, whichever end it is', () => {
  expect(goodAfter([flow], { h3: [53, 0, 40], h4: [1.3, 0, 1.3] })).toBeNull();
  const reverse = { ...flow, reverse: true };
  expect(goodAfter([reverse], { h3: [1.3, 0, 1.1], h4: [53, 0, 40] })).toBeNull();
  expect(goodAfter([reverse], { h3: [1.3, 0, 1.1], h4: [53, 0, 53] })).toBeGreaterThan(10);
  const both = { ...flow, bidirectional: true };
  expect(goodAfter([both], { h3: [53, 0, 53], h4: [53, 0, 40] })).toBeNull();
});
