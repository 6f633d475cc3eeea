/** Which cases a sweep consists of, what they are held to, and what it comes to. */
import { expect, test } from '@playwright/test';
import { expectationsOf, leftOut, timelineOf } from '../../harness/campaign/space/case-scenario.js';
import { spaceOf } from '../../harness/campaign/space/elements.js';
import { planSweep } from '../../harness/campaign/space/sweep-plan.js';
import { sweep as strategy } from '../../harness/campaign/strategies/sweep.js';
import type { TrialPlan } from '../../harness/campaign/trial-plan.js';
import { LabError } from '../../harness/errors.js';
import {
  at,
  host,
  linkDown,
  linkOf,
  losesContact,
  meter,
  noController,
  ring,
  type Scenario,
  switches,
} from '../../harness/index.js';
import { judge } from '../../harness/judge/judge.js';
import { changeSince } from '../../harness/judge/sweep-change.js';
import { loadScenario } from '../../harness/language/load.js';
import { ScenarioVariants } from '../../harness/language/resolve.js';
import { keyOfElement } from '../../harness/model/failure-case.js';
import { packageRoot } from '../../harness/package-root.js';
import { sweepJunit } from '../../reports/sweep/junit.js';
import { sweepMarkdown } from '../../reports/sweep/markdown.js';
import { renderSweep } from '../../reports/sweep/terminal.js';
import { changeLines } from '../../reports/sweep/words.js';
import { buildHistory, withScenario } from '../fixtures/constructed-history.js';
import {
  constructedSweep,
  leafSpineScenario,
  plannedSweep,
  resolved,
} from '../fixtures/constructed-sweep.js';

const scenario = resolved(leafSpineScenario(3, 2));
const namesOf = (plan: ReturnType<typeof plannedSweep>) =>
  plan.cases.map(({ failures }) => failures.map(({ element }) => element.name).join(' + '));

test('every element that the traffic could depend on fails once; cuts are set aside', () => {
  const plan = plannedSweep(scenario);
  expect(namesOf(plan)).toEqual([
    ...['spine1', 'spine2'],
    ...[1, 2, 3].flatMap((leaf) => [`gre-leaf${leaf}-spine1`, `gre-leaf${leaf}-spine2`]),
    'controller',
  ]);
  expect(plan.cases.map(({ failures }) => failures[0]?.faultKind)).toEqual([
    ...['power-off', 'power-off'],
    ...Array.from({ length: 6 }, () => 'cable-cut'),
    'controller-crash',
  ]);
  const cuts = plan.aside.filter(({ why }) => why === 'cut');
  expect(cuts.map(({ element }) => element.name)).toEqual([
    ...['leaf1', 'leaf2', 'leaf3', 'h1-leaf1', 'h2-leaf2', 'h3-leaf3'],
  ]);
});

test('elements and faults can be chosen, by class and by name', () => {
  expect(namesOf(plannedSweep(scenario, { elements: ['nodes'] }))).toEqual(['spine1', 'spine2']);
  const two = plannedSweep(scenario, {
    elements: ['spine2', 'controllers'],
    faults: ['vswitchd-hang', 'controller-hang'],
  });
  expect(two.cases.map(({ failures }) => failures[0]?.faultKind)).toEqual([
    'vswitchd-hang',
    'controller-hang',
  ]);
});

test('what cannot be asked for is refused with what can', () => {
  const refused = (request: Parameters<typeof plannedSweep>[1]) => {
    try {
      plannedSweep(scenario, request);
    } catch (thrown) {
      if (thrown instanceof LabError) return `${thrown.code} ${thrown.message} ${thrown.hint}`;
    }
    return 'nothing was refused';
  };
  expect(refused({ elements: ['spine9'] })).toMatch(
    /WRONG_USE .*spine9.*Allowed: nodes, links.*spine1/,
  );
  expect(refused({ faults: ['packet-loss'] })).toMatch(/packet-loss needs more than a target/);
  expect(refused({ faults: ['power-of'] })).toMatch(/power-of is not a kind of fault.*power-off/);
  expect(refused({ elements: ['nodes'], faults: ['link-down'] })).toMatch(
    /can fail in the requested way/,
  );
});

test('a pair that cuts traffic off, or of which one implies the other, is not drawn', () => {
  const plan = plannedSweep(scenario, { pairs: 100 });
  const pairs = plan.cases.filter(({ failures }) => failures.length === 2);
  expect(plan.pairs).toEqual({
    possible: expect.any(Number),
    cut: expect.any(Number),
    chosen: pairs.length,
  });
  const words = namesOf(plan);
  expect(words).not.toContain('spine1 + spine2');
  expect(words).not.toContain('spine1 + gre-leaf1-spine1');
  expect(words).not.toContain('spine1 + gre-leaf1-spine2');
  expect(words).toContain('spine1 + controller');
  expect(words).toContain('gre-leaf1-spine1 + gre-leaf2-spine1');
});

test('pairs are drawn by the seed', () => {
  const drawn = (seed: number) =>
    planSweep(spaceOf(scenario), { pairs: 4 }, 1, seed).cases.map(({ failures }) =>
      failures.map(({ element }) => keyOfElement(element)).join(),
    );
  expect(drawn(5)).toEqual(drawn(5));
  expect(new Set([5, 6, 7, 8].map((seed) => drawn(seed).join())).size).toBeGreaterThan(1);
});

test('the map leaves out hosts without traffic, but no switch', () => {
  const written: Scenario = {
    question: 'Is every link of a ring missed?',
    topology: [ring(4)],
    controller: noController({ spanningTree: 'rstp' }),
    traffic: [meter('h1', 'h3')],
    timeline: [at('3s', linkDown(linkOf('s1', 's2')))],
    expect: [losesContact('h1', 'h3')],
  };
  const ringOf = resolved(written, 'ring');
  const swept = constructedSweep(ringOf, plannedSweep(ringOf), () => ({ outageMs: 50 }));
  const text = renderSweep(swept, ringOf, { columns: 80, colour: false });
  const map = text.slice(text.indexOf('── Map'), text.indexOf('── Not failed'));
  expect(map).toMatch(/h1!+\[s1 !\]/);
  for (const name of ['s2', 's3', 's4', 'h3']) expect(map, name).toContain(name);
  for (const name of ['h2', 'h4', 'not failed']) expect(map, name).not.toContain(name);
});

test('the map of a network with many routers lays them out in both directions', async () => {
  const { written } = await loadScenario('abilene', packageRoot());
  const abilene = resolved(written, 'abilene');
  const plan = plannedSweep(abilene, { elements: ['links'] });
  const swept = constructedSweep(abilene, plan, () => ({ outageMs: 50 }));
  const text = renderSweep(swept, abilene, { columns: 80, colour: false });
  const map = text.slice(text.indexOf('── Map'), text.indexOf('no outage'));
  const lines = map.split('\n').filter((line) => line.includes('['));
  expect(lines.length).toBeGreaterThan(5);
  for (const { name } of abilene.topology.nodes.filter(({ kind }) => kind === 'router')) {
    expect(map, name).toContain(name.slice(-4));
  }
});

test('traffic with one path only is refused at once, with the cut', () => {
  const line: Scenario = {
    question: 'Is there one path?',
    topology: [
      host('h1', { on: 's1' }),
      host('h2', { on: 's2' }),
      switches('s1', 's2'),
      { kind: 'link', a: 's1', b: 's2' },
    ].flat() as Scenario['topology'],
    traffic: [meter('h1', 'h2')],
    timeline: [at('3s', linkDown(linkOf('s1', 's2')))],
    expect: [losesContact('h1', 'h2')],
  };
  expect(() => plannedSweep(resolved(line, 'line'))).toThrow(
    /Every element that can fail is a cut: s1, s2, h1-s1, h2-s2, s1-s2\. Without any of them there is no path between h1 and h2\./,
  );
});

test('cases are held to what no failure may exceed, and single ones to more', () => {
  const { expect: written } = leafSpineScenario(3, 2);
  const metrics = (failures: number) =>
    expectationsOf(written, failures).map((one) => JSON.stringify(one));
  expect(metrics(1)).toHaveLength(2);
  expect(metrics(1).join()).not.toContain('atLeast');
  expect(metrics(2)).toEqual([
    expect.stringContaining('"after":"failure-1"'),
    expect.stringContaining('"after":"failure-2"'),
  ]);
  expect(leftOut(written)).toEqual([1]);
});

test('every case of a sweep is a valid scenario of its own, with the bound in its words', () => {
  const written = leafSpineScenario(3, 2);
  const variants = new ScenarioVariants(written, { name: 'leaf-spine', seed: 3 });
  for (const one of plannedSweep(scenario, { pairs: 5 }).cases) {
    const { resolved: made, problems } = variants.examine(
      {
        timeline: timelineOf(one, 3000),
        expect: expectationsOf(written.expect, one.failures.length),
        allowNoEffect: true,
      },
      0,
    );
    expect(problems).toEqual([]);
    expect(made?.allowNoEffect).toBe(true);
    const texts = made?.expectations.map(({ text }) => text) ?? [];
    expect(texts.includes('every single failure recovers within 800 ms')).toBe(
      one.failures.length === 1,
    );
  }
});

test('a fault that nothing has felt is an answer where the scenario says so', () => {
  const events = buildHistory({
    ...{ name: 'spare', trafficMs: 14_000, rateHz: 200, lossSpans: [] },
    fault: { atMs: 5000 },
  });
  const codes = (of: typeof events) => judge(of).result.trials[0]?.invalid.map(({ code }) => code);
  expect(codes(events)).toContain('no-effect');
  expect(codes(withScenario(events, () => ({ allowNoEffect: true })))).not.toContain('no-effect');
});

test('all cases are run before any of them twice, whatever the order of the plans', () => {
  const plans = [4, 0, 3, 1, 2].map((index) => ({ index }) as TrialPlan);
  const state = { begun: [], records: [null] };
  const order = strategy(plans).next(state);
  expect(order.map(({ plan }) => plan.index)).toEqual([0, 1, 2, 3, 4]);
});

test('cases are ranked by how long they are felt; what never ends is worst, the unknown last', () => {
  const plan = plannedSweep(scenario, {}, 2);
  const outages = [412, null, 0, 40, 1500];
  const swept = constructedSweep(scenario, plan, (place, round) => {
    if (place === 8) return { outageMs: 0, verdict: 'inconclusive', reasons: ['too busy'] };
    const outageMs = place < outages.length ? (outages[place] ?? null) : 5;
    return {
      outageMs: outageMs === null && round === 0 ? 300 : outageMs,
      verdict: outageMs === null || outageMs > 1000 ? 'fail' : 'pass',
    };
  });
  const ranked = swept.cases.map(({ place }) => place);
  expect(ranked.slice(0, 4)).toEqual([1, 4, 0, 3]);
  expect(ranked.slice(-2)).toEqual([2, 8]);
  expect(swept.cases.map(({ level }) => level).slice(0, 4)).toEqual([
    ...['never', 'long', 'short', 'brief'],
  ]);
  expect(swept.counts).toEqual({ cases: 9, recover: 7, never: 1, unknown: 1 });
  expect(swept.verdict).toBe('fail');
  expect(swept.cases[0]).toMatchObject({ recovered: 1, valid: 2 });
});

test('two sweeps are compared case by case', () => {
  const plan = plannedSweep(scenario);
  const outages = (list: (number | null)[]) =>
    constructedSweep(scenario, plan, (place) => ({
      outageMs: place < list.length ? (list[place] ?? null) : 50,
    }));
  const change = changeSince(
    outages([400, 400, null, 300, 200]),
    outages([900, 410, 250, null, 100]),
  );
  const names = (list: typeof change.worse) =>
    list.map(({ failures }) => failures[0]?.element.name);
  expect(names(change.worse)).toEqual(['gre-leaf1-spine2', 'spine1']);
  expect(names(change.better).sort()).toEqual(['gre-leaf1-spine1', 'gre-leaf2-spine1']);
  expect([change.same, change.notCompared]).toEqual([5, 0]);
  expect(changeLines(change)[0]).toContain('2 are felt longer, 2 shorter, 5 alike');
});

test('reports name what fails, with a JUnit case for each', () => {
  const plan = plannedSweep(scenario);
  const swept = constructedSweep(scenario, plan, (place) => ({
    outageMs: place === 0 ? null : place * 10,
    verdict: place === 0 ? 'fail' : 'pass',
    ...(place === 0 ? { reasons: ['h1 and h2 have no contact'] } : {}),
  }));
  const text = renderSweep(swept, scenario, { columns: 100, colour: false });
  expect(text).toContain('8 of 9 failures recover by themselves, 1 never does.');
  expect(text).toContain('[spine1 X]');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const junit = sweepJunit(swept, scenario);
  expect(junit.match(/<testcase /g)).toHaveLength(10);
  expect(junit).toContain('name="spine1 (power-off)"');
  expect(junit.match(/<failure/g)).toHaveLength(1);
  expect(sweepMarkdown(swept, scenario)).toContain('| spine1 | power');
});
