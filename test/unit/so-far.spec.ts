/** A run that goes on is judged by what has come back by now, and matchers fail on what has not. */

import { expect, test } from '@playwright/test';
import { judge, judgeSoFar, meterHorizonNs } from '../../harness/judge/judge.js';
import { recoverySoFar } from '../../harness/judge/recovery-so-far.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { expect as labExpect } from '../../harness/playwright/index.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { buildHistory, type LossSpan } from '../fixtures/constructed-history.js';
import { bothWays } from '../fixtures/history-plans.js';

const nowMs = 14_000;
const trafficMs = 20_000;

/** The record of a lab that is driven, up to now; the meter reports every 100 ms, as it does. */
function goingOn(lossSpans: LossSpan[], options: { untilMs?: number } = {}): HistoryEvent[] {
  const untilMs = options.untilMs ?? nowMs + 200;
  return buildHistory({
    ...{ name: 'driven', trafficMs, windowMs: 100, cutAtMs: untilMs },
    fault: { atMs: 5000 },
    lossSpans,
    tcpStalls: [],
  })
    .map((event) => (event.kind === 'fault.injected' ? { ...event, stepId: 'drive-1' } : event))
    .filter((event) => event.kind !== 'meter.received' || event.ranges.length > 0);
}

function nowNs(events: readonly HistoryEvent[], atMs = nowMs): number {
  const traffic = events.find((event) => event.kind === 'phase' && event.phase === 'traffic');
  return (traffic?.atNs ?? 0) + atMs * 1e6;
}

/** What `lab.recovered()` answers, when the runner saw everything good for the sustained window. */
function recovered(events: readonly HistoryEvent[], seen = true) {
  const askedNs = nowNs(events);
  const covered = (meterHorizonNs(events) ?? 0) >= askedNs;
  const judged = judgeSoFar(events, askedNs);
  return recoverySoFar(judged, { stepId: 'drive-1', recovered: seen, askedNs }, covered);
}

function failureOf(assertion: () => unknown): string {
  try {
    assertion();
  } catch (thrown) {
    return String(thrown instanceof Error ? thrown.message : thrown);
  }
  throw new Error('the assertion held');
}

for (const holeMs of [100, 700, 1400, 3000]) {
  test(`${holeMs} ms without a packet up to now are dark, and no matcher passes`, () => {
    const events = goingOn([...bothWays(5001, 5029), ...bothWays(nowMs - holeMs, null)]);
    const recovery = recovered(events);
    expect(sentencesOf(recovery.reasons)).toEqual([]);
    expect(recovery.recovered).toBe(false);
    const [network] = recovery.networks;
    for (const direction of [network?.forward, network?.reverse]) {
      expect(direction).toMatchObject({ outageMs: null, outageEnding: 'open', recovered: false });
      // From the last good packet to now, to the packet.
      expect(direction?.outageAtLeastMs).toBeGreaterThanOrEqual(holeMs - 2);
      expect(direction?.outageAtLeastMs).toBeLessThanOrEqual(holeMs + 2);
    }
    for (const assertion of [
      () => labExpect(recovery).toRecoverWithin('800ms'),
      () => labExpect(recovery).toRecoverWithin('60s'),
      () => labExpect(recovery).toLoseAtMost(800),
      () => labExpect(recovery).toLoseAtMost(1e6),
      () => labExpect(recovery).toKeepContact('h3', 'h4'),
      // It may still come back within a minute: that is not proven either.
      () => labExpect(recovery).not.toRecoverWithin('60s'),
      () => labExpect(recovery).not.toLoseAtMost(1e6),
    ]) {
      expect(failureOf(assertion)).toContain('not recovered: h3 → h4: dark for more than');
    }
    labExpect(recovery).not.toRecoverWithin('50ms');
    labExpect(recovery).not.toKeepContact('h4', 'h3');
  });
}

test('nothing missing up to now has recovered', () => {
  const recovery = recovered(goingOn(bothWays(5001, 5029)));
  expect(recovery).toMatchObject({ recovered: true, unrecovered: [], reasons: [] });
  labExpect(recovery).toRecoverWithin('800ms');
  labExpect(recovery).toLoseAtMost(28);
  expect(recovery.networks[0]?.forward.outageMs).toBe(29);
});

test('packets that are good for less than the sustained window have not recovered', () => {
  const recovery = recovered(goingOn(bothWays(5001, nowMs - 600)));
  expect(recovery.recovered).toBe(false);
  expect(sentencesOf(recovery.unrecovered)[0]).toContain('less than the sustained window');
  expect(failureOf(() => labExpect(recovery).toRecoverWithin('20s'))).toContain('not recovered');
});

test('what the runner did not see to recover fails every matcher, with the reason', () => {
  const recovery = recovered(goingOn(bothWays(5001, 5029)), false);
  expect(recovery.recovered).toBe(false);
  for (const assertion of [
    () => labExpect(recovery).toRecoverWithin('20s'),
    () => labExpect(recovery).toLoseAtMost(1e6),
    () => labExpect(recovery).toKeepContact('h3', 'h4'),
    () => labExpect(recovery).not.toRecoverWithin('20s'),
  ]) {
    expect(failureOf(assertion)).toContain('TCP included');
  }
});

test('a hole that began after the moment asked about is not in the answer', () => {
  const recovery = recovered(goingOn([...bothWays(5001, 5029), ...bothWays(nowMs + 50, null)]));
  expect(recovery.recovered).toBe(true);
});

test('a record that the meter has not brought up to the moment proves nothing', () => {
  const events = goingOn(bothWays(5001, 5029), { untilMs: nowMs - 300 });
  expect(meterHorizonNs(events)).toBeLessThan(nowNs(events));
  const recovery = recovered(events);
  expect(sentencesOf(recovery.reasons).join()).toContain(
    'has no report up to the requested moment',
  );
  expect(failureOf(() => labExpect(recovery).toRecoverWithin('20s'))).toContain('inconclusive');
});

test('the horizon is the last complete report, less the way of a packet', () => {
  // Both directions dark: the meter prints what it sent alone, and the newest report of the second
  // direction is proven complete only by the next one.
  const events = goingOn(bothWays(13_000, null), { untilMs: 14_000 });
  const horizonMs = ((meterHorizonNs(events) ?? 0) - nowNs(events, 0)) / 1e6;
  expect(horizonMs).toBeGreaterThan(13_850);
  expect(horizonMs).toBeLessThan(14_000);
  const forward = judgeSoFar(events).result.trials[0]?.network?.forward;
  expect(forward?.outageAtLeastMs).toBeGreaterThan(850);
});

test('the same record, cut off instead, is no better: the hole at its end is dark', () => {
  const events = goingOn([...bothWays(5001, 5029), ...bothWays(13_300, null)]);
  const { result } = judge(events);
  expect(result.verdict).toBe('inconclusive');
  expect(result.trials[0]?.network?.forward.outageMs).toBeNull();
});

test('a run that is dark at the end, or that only the heal brought back, fails the matchers', () => {
  const base = { trafficMs: 24_000, fault: { atMs: 5000, healAtMs: 11_000 }, tcpStalls: [] };
  const build = (lossSpans: LossSpan[]) =>
    judge(buildHistory({ name: 'ended', ...base, lossSpans })).result;
  const dark = build([...bothWays(5001, 5029), ...bothWays(11_300, null)]);
  for (const assertion of [
    () => labExpect(dark).toRecoverWithin('800ms'),
    () => labExpect(dark).toLoseAtMost(1e6),
    () => labExpect(dark).toKeepContact('h3', 'h4'),
    () => labExpect(dark).toMeetExpectations(),
    () => labExpect(dark).not.toRecoverWithin('800ms'),
  ]) {
    failureOf(assertion);
  }
  expect(failureOf(() => labExpect(dark).toLoseAtMost(1e6))).toContain('dark at the end');
  const healed = build(bothWays(5001, 11_010));
  expect(failureOf(() => labExpect(healed).toRecoverWithin('60s'))).toContain('until the heal');
  expect(failureOf(() => labExpect(healed).toLoseAtMost(1e6))).toContain('until the heal');
  labExpect(healed).not.toRecoverWithin('60s');
});
