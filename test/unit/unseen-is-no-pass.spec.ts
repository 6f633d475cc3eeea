/** What was not measured, or not for long enough, never passes for what was measured beside it. */

import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { judge } from '../../harness/judge/judge.js';
import type { EventOf, HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import type { TrialResult } from '../../harness/model/result.js';
import { explanationText } from '../../reports/explanation.js';
import { formatOutage } from '../../reports/headline.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { detailText } from '../../reports/reasons/reading.js';
import { buildHistory, type HistoryPlan, withScenario } from '../fixtures/constructed-history.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const base = {
  ...{ name: 'unseen', trafficMs: 20_000, rateHz: 100 },
  expectations: [outageAtMost(2000)],
} satisfies HistoryPlan;
const oneFault = { ...base, fault: { atMs: 5000 }, lossSpans: bothWays(5001, 6001) };

function trialOf(events: HistoryEvent[]): TrialResult {
  const trial = judge(events).result.trials[0];
  if (!trial) throw new Error('no trial');
  return trial;
}

/** The scenario with a second meter or flow, of which nothing is recorded. */
function withSecond(scenario: ResolvedScenario): ResolvedScenario {
  const [meter, flow] = [scenario.meters[0], scenario.flows[0]];
  if (!meter || !flow) throw new Error('no meter, no flow');
  return {
    ...scenario,
    meters: [...scenario.meters, { ...meter, id: 'second', port: 6001 }],
    flows: [...scenario.flows, { ...flow, id: 'other', port: 5202 }],
  };
}

test('one of two meters without samples: inconclusive, though the other is within the bound', () => {
  const events = withScenario(buildHistory(oneFault), (scenario) => ({
    meters: withSecond(scenario).meters,
  }));
  const trial = trialOf(events);
  expect(trial.verdict).toBe('inconclusive');
  expect(trial.invalid.map(({ code }) => code)).toEqual(['no-samples']);
  expect(sentencesOf(trial.reasons)[0]).toBe('the meter second gave no samples in both directions');
});

test('one of two flows without samples: inconclusive, and named', () => {
  const events = withScenario(buildHistory(oneFault), (scenario) => ({
    flows: withSecond(scenario).flows,
  }));
  const { verdict, reasons } = trialOf(events);
  expect(verdict).toBe('inconclusive');
  expect(sentencesOf(reasons)).toEqual(['iperf3 gave no samples of flow other']);
});

/** The traffic phase begins only here: what was lost before it is lost in it as well. */
function trafficFrom(events: HistoryEvent[], laterMs: number): HistoryEvent[] {
  return events.map((event) =>
    event.kind === 'phase' && event.phase === 'traffic'
      ? { ...event, atNs: event.atNs + laterMs * 1e6 }
      : event,
  );
}

test('without a fault: a hole that began before the traffic counts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 990 }), (fromMs) => {
      const dark = trafficFrom(buildHistory({ ...base, lossSpans: bothWays(fromMs, null) }), 1000);
      const { verdict, darkAtEnd } = trialOf(dark);
      expect(verdict).toBe('fail');
      expect(darkAtEnd).toHaveLength(2);
      for (const { sinceMs, forMs } of darkAtEnd)
        expect({ sinceMs, forMs }).toEqual({ sinceMs: 0, forMs: 19_000 });
      const long = trafficFrom(buildHistory({ ...base, lossSpans: bothWays(fromMs, 9000) }), 1000);
      expect(trialOf(long).verdict).toBe('fail');
    }),
    { numRuns: 20 },
  );
});

test('links with declared loss: an outage before the fault is not taken for it', () => {
  const lossy = (plan: HistoryPlan): TrialResult =>
    trialOf(
      withScenario(buildHistory(plan), ({ topology }) => ({
        topology: { ...topology, tunnels: topology.tunnels.map((t) => ({ ...t, lossPercent: 1 })) },
      })),
    );
  expect(lossy(oneFault).verdict).toBe('pass');
  const scattered = (_: string, sequence: number) => sequence % 50 === 7;
  expect(lossy({ ...oneFault, isLost: scattered }).verdict).toBe('pass');
  const dark = lossy({
    ...oneFault,
    isLost: scattered,
    lossSpans: [
      { direction: 'forward', fromMs: 1000, toMs: null },
      { direction: 'reverse', fromMs: 5001, toMs: 6001 },
    ],
  });
  expect(dark.verdict).toBe('inconclusive');
  expect(dark.invalid[0]).toMatchObject({ code: 'outage-before-fault', cause: 'network' });
});

const noOutage = [{ ...outageAtMost(0), text: 'no outage' }];

test('a fault that was watched for less than the sustained window: inconclusive, harmless or not', () => {
  const before = (ms: number, tidied: boolean) =>
    trialOf(
      buildHistory({
        ...{ ...base, expectations: noOutage, fault: { atMs: 20_000 - ms } },
        extra: tidied ? [tidyingAt(19_995)] : [],
      }),
    );
  for (const tidied of [false, true]) {
    for (const ms of [30, 300, 4900])
      expect(before(ms, tidied).verdict, `${ms}`).toBe('inconclusive');
    expect(before(5100, tidied).verdict).toBe('pass');
  }
  const recovered = buildHistory({
    ...{ ...base, fault: { atMs: 15_000 }, lossSpans: bothWays(15_001, 16_001) },
    extra: [tidyingAt(19_995)],
  });
  expect(sentencesOf(trialOf(recovered).reasons)[0]).toContain(
    'after the recovery; 5.00 s without outage',
  );
});

/** The heal that the runner makes by itself at the end, under the step of the fault. */
function tidyingAt(ms: number): EventOf<'fault.healed'> {
  return {
    ...{ trial: 0, kind: 'fault.healed', stepId: 'kill', faultId: 'fault', faultKind: 'power-off' },
    target: { kind: 'relayOnPath', from: 'h3', to: 'h4' },
    targets: ['r1'],
    atNs: ms * 1e6,
    // `extra` shifts atNs alone.
    beforeNs: (1_020_000 + ms) * 1e6,
    afterNs: (1_020_000 + ms) * 1e6 + 1,
    verified: true,
    evidence: 'up',
  };
}

const healed = { ...base, trafficMs: 30_000, fault: { atMs: 5000, healAtMs: 21_000 } };

test('a longer outage that ended by itself is not hidden by one that only the heal ended', () => {
  const both = trialOf(
    buildHistory({
      ...healed,
      lossSpans: [...bothWays(5001, 13_001), ...bothWays(20_000, 21_050)],
    }),
  );
  expect(both.network && formatOutage(both.network.forward)).toBe(
    '8.010 s, then > 1.0 s, until the heal',
  );
  const oneEach = trialOf(
    buildHistory({
      ...healed,
      lossSpans: [
        { direction: 'forward', fromMs: 5001, toMs: 13_001 },
        { direction: 'reverse', fromMs: 20_000, toMs: 21_050 },
      ],
    }),
  );
  for (const { explanation, expectations } of [both, oneEach]) {
    expect(explanationText(explanation)).toContain('Dark for 1.01 s, until the heal');
    expect(explanationText(explanation)).toContain('Another outage lasted 8.01 s');
    // The bound is what was seen to end, and the heal did not end that.
    expect(expectations[0]).toMatchObject({ verdict: 'fail', atLeast: 8010, untilHeal: false });
    expect(detailText(expectations[0]?.detail ?? null)).toBe(
      'not before the heal, which came 1.01 s after it began; another one lasted 8.01 s',
    );
  }
});

test('one direction may have been ended by the heal: no pass, though the other was dark for longer', () => {
  const { verdict, expectations } = trialOf(
    buildHistory({
      ...{ ...healed, rateHz: 20, fault: { atMs: 5000, healAtMs: 7500 } },
      lossSpans: [
        { direction: 'forward', fromMs: 5001, toMs: 6201 },
        { direction: 'reverse', fromMs: 7360, toMs: 7499 },
      ],
    }),
  );
  expect(expectations[0]).toMatchObject({ verdict: 'inconclusive', measured: expect.any(Number) });
  expect(verdict).toBe('inconclusive');
});
