/**
 * What a search draws, pursues and writes. Outcomes are those of a written model of a controller
 * with a fault of its own: they test the searching. `bench search` runs such controllers on networks.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findingFile } from '../../harness/api/finding-file.js';
import { expectationsOfSchedule } from '../../harness/campaign/space/case-scenario.js';
import { ScheduleSpace } from '../../harness/campaign/space/draw.js';
import { spaceOf } from '../../harness/campaign/space/elements.js';
import {
  excludedBy,
  failureOptions,
  keyOfSchedule,
  type Schedule,
  type ScheduledFailure,
  timelineOfSchedule,
} from '../../harness/campaign/space/schedule.js';
import { Search } from '../../harness/campaign/strategies/search.js';
import type { SearchOutcome } from '../../harness/campaign/strategies/search-trial.js';
import {
  at,
  floyd,
  meter,
  networkOutage,
  parallelRelays,
  powerOff,
  relayOnPath,
  type Scenario,
} from '../../harness/index.js';
import { findingsOf, signatureOf } from '../../harness/judge/findings.js';
import { judge } from '../../harness/judge/judge.js';
import { scoreOf } from '../../harness/judge/objective.js';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import type { Evidence } from '../../harness/model/finding.js';
import { packageRoot } from '../../harness/package-root.js';
import { searchJson, searchJunit, searchMarkdown } from '../../reports/search/forms.js';
import { renderSearch } from '../../reports/search/terminal.js';
import { buildHistory } from '../fixtures/constructed-history.js';
import { constructedSearch } from '../fixtures/constructed-search.js';
import { bothWays, outageAtMost } from '../fixtures/history-plans.js';

const written: Scenario = {
  question: 'What is the worst?',
  topology: [parallelRelays(3)],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3' }),
  traffic: [meter('h1', 'h2', { rateHz: 200 })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  expect: [networkOutage.atMost('800ms'), networkOutage.atLeast('50ms')],
};
const scenario = resolveScenario(written, { name: 'three-relays', seed: 1 });
const space = spaceOf(scenario);
const limits = { atOnce: 3, horizonMs: 4000 };
const kinds = ['power-off', 'cable-cut', 'packet-loss', 'vswitchd-hang', 'controller-crash'];
const options = failureOptions(space, space.elements, kinds);
const usable = options.filter(
  (one) => excludedBy(space, [{ ...one, startMs: 0, lastsMs: null }]) === null,
);
const drawSpace = () => new ScheduleSpace(space, usable, limits, () => true);

const dark: Evidence = {
  ...{ kind: 'dark-with-a-path', from: 'h1', to: 'h2', sinceMs: 5000, forMs: 4000 },
  path: ['h1', 'e1', 'r2', 'e2', 'h2'],
};
const relayDies = ({ element, faultKind }: ScheduledFailure) =>
  element.kind === 'node' && (faultKind === 'power-off' || faultKind === 'vswitchd-hang');

/** Controllers with one fault each: when the network stays dark. */
const planted: Record<string, (schedule: Schedule) => boolean> = {
  'forgets a second failure while it handles the first': (schedule) =>
    schedule.some((one) =>
      schedule.some(
        (other) =>
          relayDies(one) &&
          relayDies(other) &&
          one.element.name !== other.element.name &&
          other.startMs > one.startMs &&
          other.startMs - one.startMs <= 600,
      ),
    ),
  'never uses a healed relay again': (schedule) =>
    schedule.some((one) =>
      schedule.some(
        (other) =>
          relayDies(one) &&
          relayDies(other) &&
          one.element.name !== other.element.name &&
          one.lastsMs !== null &&
          one.startMs + one.lastsMs < other.startMs,
      ),
    ),
  'has a fast-failover group without a watch': (schedule) =>
    schedule.some((one) => relayDies(one) && one.element.name === 'r1' && one.lastsMs === null),
};

function outcomeOf(isDark: (schedule: Schedule) => boolean, schedule: Schedule): SearchOutcome {
  const bad = isDark(schedule);
  const score = schedule.filter(relayDies).length * 300 + (bad ? 1e6 : 0);
  return { score, evidence: bad ? [dark] : [], invalid: false };
}

/** Runs a search to its end; `turn` decides in which order outcomes arrive. */
function searched(
  seed: number,
  budget: number,
  outcome: (schedule: Schedule, index: number) => SearchOutcome,
  turn = 0,
): Search {
  const state = new Search(drawSpace(), { seed, budget, simplifyMost: 12 });
  const known = new Map<number, SearchOutcome>();
  for (;;) {
    const wanted = state.next(known).filter(({ index }) => !known.has(index));
    const one = wanted[turn % Math.max(1, wanted.length)];
    if (!one) return state;
    known.set(one.index, outcome(one.schedule, one.index));
  }
}

const trialsOf = (state: Search) =>
  state.trials.map(({ purpose, schedule }) => `${purpose} ${keyOfSchedule(schedule)}`);

for (const [bug, isDark] of Object.entries(planted)) {
  test(`a controller that ${bug} is found in at least 9 of 10 seeds, with at most two failures`, () => {
    const found = Array.from({ length: 10 }, (_, seed) => {
      const { findings } = searched(seed, 80, (schedule) => outcomeOf(isDark, schedule));
      const [first] = findings;
      return first?.state === 'confirmed' && first.schedule.length <= 2 ? first : null;
    }).filter((one) => one !== null);
    expect(found.length).toBeGreaterThanOrEqual(9);
    for (const { schedule } of found) expect(isDark(schedule)).toBe(true);
  });
}

test('a flap of the only link to a host is a cut as well: nothing passes at times', () => {
  const flaps = failureOptions(space, space.elements, ['flap']);
  const cuts = flaps.filter(
    (one) => excludedBy(space, [{ ...one, startMs: 0, lastsMs: null }]) === 'cut',
  );
  expect([...new Set(cuts.map(({ element }) => element.name))]).toEqual(['h1-e1', 'h2-e2']);
  expect(cuts.length).toBeLessThan(flaps.length);
});

test('no drawn schedule cuts traffic off or contradicts itself', () => {
  const state = searched(4, 200, () => ({ score: 1, evidence: [], invalid: false }));
  expect(state.trials).toHaveLength(200);
  const reasons = state.trials.map(({ schedule }) => excludedBy(space, schedule));
  expect(reasons.every((reason) => reason === null)).toBe(true);
  expect(new Set(trialsOf(state)).size).toBe(200);
  expect(state.trials.some(({ schedule }) => schedule.length === 3)).toBe(true);
});

test('the seed decides every trial, however many run at the same time', () => {
  const bug = planted['never uses a healed relay again'] ?? (() => false);
  const run = (seed: number, turn: number) =>
    searched(seed, 60, (schedule) => outcomeOf(bug, schedule), turn);
  expect(trialsOf(run(7, 0))).toEqual(trialsOf(run(7, 3)));
  expect(run(7, 0).findings).toEqual(run(7, 1).findings);
  expect(trialsOf(run(7, 0))).not.toEqual(trialsOf(run(8, 0)));
});

test('a search that is resumed goes on where it was', () => {
  const outcome = (schedule: Schedule) => outcomeOf(() => false, schedule);
  const whole = searched(3, 30, outcome);
  const state = new Search(drawSpace(), { seed: 3, budget: 30, simplifyMost: 12 });
  const known = new Map(
    whole.trials.slice(0, 13).map(({ index, schedule }) => [index, outcome(schedule)]),
  );
  const wanted = state.next(known).filter(({ index }) => !known.has(index));
  expect(wanted[0]).toEqual(whole.trials[13]);
});

test('what is not seen again is kept and marked unstable; a spent budget leaves it unverified', () => {
  let times = 0;
  const once = searched(1, 20, () => {
    times += 1;
    return { score: 1, evidence: times === 1 ? [dark] : [], invalid: false };
  });
  expect(once.findings.map(({ state, replays }) => [state, replays])).toEqual([['unstable', [4]]]);
  const short = searched(1, 4, () => ({ score: 1, evidence: [dark], invalid: false }));
  // What the last trials of a budget showed is kept as well, though nothing is left to pursue it.
  expect(short.findings.map(({ state }) => state)).toEqual(Array(3).fill('unverified'));
  expect(short.findings.flatMap(({ found, seenAgain }) => [found, ...seenAgain]).sort()).toEqual([
    ...[0, 1, 2, 3],
  ]);
});

const history = (fails: Partial<Parameters<typeof buildHistory>[0]>) =>
  buildHistory({
    ...{ name: 'found', trafficMs: 16_000, rateHz: 200, fault: { atMs: 5000 } },
    ...fails,
  });

function found(events: ReturnType<typeof history>): Evidence[] {
  const header = events.find((event) => event.kind === 'run.header');
  const [trial] = judge(events).result.trials;
  if (header?.kind !== 'run.header' || !trial) throw new Error('no trial');
  return findingsOf(trial, events, header.scenario);
}

test('a broken expectation and darkness beside a path are findings; a good trial has none', () => {
  const good = history({ lossSpans: bothWays(5001, 5401), expectations: [outageAtMost(800)] });
  expect(found(good)).toEqual([]);
  const slow = history({ lossSpans: bothWays(5001, 6401), expectations: [outageAtMost(800)] });
  expect(found(slow).map(({ kind }) => kind)).toContain('expectation-broken');
  const lost = history({ lossSpans: bothWays(5001, null) });
  const evidence = found(lost).find(({ kind }) => kind === 'dark-with-a-path');
  expect(evidence).toMatchObject({ from: expect.any(String), path: expect.any(Array) });
});

for (const objective of ['outage', 'never-recovers'] as const) {
  test(`${objective}: an outage that a heal ended is as bad as it was long; one that never ended is worse`, () => {
    const score = (fails: Parameters<typeof history>[0]) => {
      const events = history(fails);
      const [trial] = judge(events).result.trials;
      return trial ? scoreOf(objective, trial, events) : Number.NaN;
    };
    const healed = score({
      fault: { atMs: 5000, healAtMs: 5300 },
      lossSpans: bothWays(5001, 5301),
    });
    expect(healed).toBeGreaterThan(200);
    expect(healed).toBeLessThan(score({ lossSpans: bothWays(5001, 6001) }));
    expect(score({ lossSpans: bothWays(5001, null) })).toBeGreaterThan(1e6);
  });
}

test('after the single failures, draws that the objective does not steer combine several', () => {
  const state = searched(5, 120, () => ({ score: 0, evidence: [], invalid: false }));
  const drawn = state.trials.slice(40);
  const combined = drawn.filter(({ schedule }) => schedule.length > 1);
  expect(combined.length / drawn.length).toBeGreaterThan(0.9);
});

test('the same bound, broken after whichever failure of a schedule, is one bug', () => {
  const signatures = [1, 2].flatMap((failures) => {
    const schedule = usable
      .slice(0, failures)
      .map((one, place) => ({ ...one, startMs: place * 1000, lastsMs: 500 }));
    const { expectations } = resolveScenario(
      {
        ...written,
        timeline: timelineOfSchedule(schedule, 2000) as never,
        expect: expectationsOfSchedule(written.expect, failures),
        allowNoEffect: true,
      },
      { name: 'three-relays', seed: 1 },
    );
    expect(expectations).toHaveLength(failures);
    return expectations.map(({ text }) =>
      signatureOf({
        ...{ kind: 'expectation-broken', expectation: text, measured: 900, atLeast: null },
        ...{ metric: 'networkOutageMs', bound: 800, unit: 'ms' },
      }),
    );
  });
  expect(new Set(signatures).size).toBe(1);
});

test('a trial that shows a bug in both directions has shown it once', () => {
  const back: Evidence = { ...dark, from: 'h2', to: 'h1' };
  const { findings } = searched(3, 20, (schedule) => {
    const bad = schedule.some(relayDies);
    return { score: bad ? 1 : 0, evidence: bad ? [dark, back] : [], invalid: false };
  });
  const again = findings.flatMap(({ seenAgain }) => seenAgain);
  expect(again.length).toBeGreaterThan(0);
  for (const { seenAgain } of findings) expect(new Set(seenAgain).size).toBe(seenAgain.length);
});

test('a controller that ends by itself is a finding', () => {
  const events = history({ lossSpans: bothWays(5001, 5401) });
  const at6s = events.find(({ kind }) => kind === 'phase' && true)?.atNs ?? 0;
  const traffic = events.find((event) => event.kind === 'phase' && event.phase === 'traffic');
  const died = {
    ...{ kind: 'process.exit' as const, trial: 0, atNs: (traffic?.atNs ?? at6s) + 6e9 },
    process: { role: 'controller' as const, instance: 0, instances: 1 },
    ...{ node: null, exitCode: 1, signal: null, expected: false, lastLines: [] },
  };
  expect(found([...events, died])).toContainEqual(
    expect.objectContaining({ kind: 'process-died', process: 'controller' }),
  );
});

test('a finding is written as a scenario file that resolves to the trial that showed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finding-'));
  try {
    const base = join(folder, 'base.ts');
    const file = join(folder, 'base-finding-1.ts');
    writeFileSync(
      base,
      `import { floyd, meter, networkOutage, parallelRelays, powerOff, at, relayOnPath, scenario } from 'failover-lab';
export default scenario({ question: 'What is the worst?', topology: [parallelRelays(3)],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3' }), traffic: [meter('h1', 'h2', { rateHz: 200 })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))], expect: [networkOutage.atMost('800ms'), networkOutage.atLeast('50ms')] });
`,
    );
    const option = (name: string, kind: string) => {
      const one = usable.find(
        ({ element, faultKind }) => element.name === name && faultKind === kind,
      );
      if (!one) throw new Error(`no ${kind} of ${name}`);
      return one;
    };
    const schedule: Schedule = [
      { ...option('r1', 'power-off'), startMs: 0, lastsMs: 1000 },
      { ...option('gre-e1-r2', 'packet-loss'), startMs: 1500, lastsMs: null },
    ];
    const timeline = timelineOfSchedule(schedule, 2000);
    const expectations = expectationsOfSchedule(written.expect, 2);
    const text = findingFile({
      ...{ file, base, written, schedule, timeline, expect: expectations },
      ...{ finding: 'Found.', command: 'failover-lab run x', question: "Does it's network hold?" },
    });
    writeFileSync(file, text);
    const loaded = await loadScenario(file, packageRoot());
    const fromFile = resolveScenario(loaded.written, { name: 'three-relays', seed: 1 });
    const ofTrial = resolveScenario(
      { ...written, timeline, expect: expectations, allowNoEffect: true },
      { name: 'three-relays', seed: 1 },
    );
    expect(fromFile.timeline).toEqual(ofTrial.timeline);
    expect(fromFile.expectations).toEqual(ofTrial.expectations);
    expect(text).toContain("at('2s', powerOff('r1', { as: 'failure-1' }))");
    expect(text).toContain("import base from './base.js'");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a finding in another folder still finds the files that its scenario names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finding-'));
  try {
    const planted = join(packageRoot(), 'test/fixtures/planted/loops.ts');
    const { written: searched } = await loadScenario(planted, packageRoot());
    const file = join(folder, 'loops-finding-1.ts');
    const topology = join(packageRoot(), 'test/fixtures/mininet/campus.py');
    const part = { kind: 'mininet' as const, file: topology, topology: 'campus', arguments: [2] };
    const named = { ...searched, topology: [[part]] };
    const findingOf = (one: Scenario) =>
      findingFile({
        ...{ file, base: planted, written: one, schedule: [], timeline: [], expect: [] },
        ...{ finding: 'Found.', command: 'failover-lab run x', question: 'Does it hold?' },
      });
    writeFileSync(file, findingOf(searched));
    expect((await loadScenario(file, packageRoot())).written.controller).toEqual(
      searched.controller,
    );
    expect(findingOf(named)).toContain("kind: 'mininet', file: '../");
    expect(findingOf(written)).not.toMatch(/controller:|topology:/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('reports name each finding, what shows it and how to see it again', () => {
  const result = constructedSearch();
  const text = renderSearch(result, { columns: 80, colour: false });
  expect(text).toContain('spine1 (power-off) at 0 s for 1 s, then spine2 (power-off) at 1.5 s');
  expect(text).toContain('made simpler from 3 failures to 2');
  expect(text).toContain('failover-lab run leaf-spine-finding-1.ts --seed 7');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  const junit = searchJunit(result);
  expect(junit.match(/<failure/g)).toHaveLength(1);
  expect(junit.match(/<error/g)).toHaveLength(1);
  expect(searchMarkdown(result)).toContain('**dark although a path exists**');
  expect(JSON.parse(searchJson(result)).findings[1].text).toContain(
    'spine2 received 9,000 packets',
  );
});
