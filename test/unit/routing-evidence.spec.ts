/** What routers show of a recovery, and routing that is put in place of a scenario's own. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import type { Change } from '../../harness/judge/changes.js';
import {
  detectionIn,
  flowChangeIn,
  notificationIn,
} from '../../harness/judge/recovery-evidence.js';
import { routingPresets } from '../../harness/kinds/routing/presets.js';
import { examineScenario } from '../../harness/language/resolve.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { nodesWith } from '../../harness/model/node-traits.js';
import { routingNames } from '../../harness/model/routing-names.js';
import { seenText } from '../../reports/evidence.js';
import { phaseLabel } from '../../reports/vocabulary.js';

const change = { change: 'injected', targets: ['r1'] } as unknown as Change;
const base = { atNs: 5, trial: 0, node: 'e1' };
const lost: HistoryEvent = {
  ...base,
  kind: 'observe.adjacency',
  ...{ protocol: 'ospf', neighbour: '10.255.0.3', up: false, text: 'Full -> Deleted' },
};
const update: HistoryEvent = {
  ...base,
  kind: 'observe.routing',
  ...{ port: 'e1-eth2', message: 'bgp-update' },
};
const route: HistoryEvent = {
  ...base,
  kind: 'observe.route',
  ...{ change: 'replaced', prefix: '10.0.2.0/24', via: ['10.253.0.10'], protocol: 'ospf' },
};

test('a lost adjacency detects, a message tells, a route answers; the dead router does none', () => {
  expect(detectionIn(lost, change)?.by).toBe('adjacency');
  expect(seenText(detectionIn(lost, change)?.seen)).toBe(
    'log of e1: OSPF neighbour 10.255.0.3 Full -> Deleted',
  );
  expect(detectionIn({ ...lost, up: true }, change)).toBeNull();
  expect(seenText(notificationIn(update, change)?.seen)).toBe('BGP update at e1');
  expect(seenText(flowChangeIn(route, change)?.seen)).toBe('route to 10.0.2.0/24 replaced on e1');
  for (const [event, read] of [
    [lost, detectionIn],
    [update, notificationIn],
    [route, flowChangeIn],
  ] as const) {
    expect(read({ ...event, node: 'r1' }, change)).toBeNull();
  }
});

test('phases of routers have words of their own', () => {
  const evidence = { firstFlowChangeMs: flowChangeIn(route, change)?.seen ?? never() };
  expect(phaseLabel('firstFlowChangeMs', null, evidence)).toBe('first route change');
  expect(phaseLabel('controllerToldMs', null, evidence)).toBe('other routers told');
  expect(phaseLabel('firstFlowChangeMs', null)).toBe('first flow change');
});

function never(): never {
  throw new Error('nothing was seen');
}

const written = (suite: lab.RoutingSuite) =>
  lab.scenario({
    question: 'What do other protocols do?',
    topology: [lab.parallelRouters(2, suite)],
    traffic: [lab.iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
    timeline: [lab.at('2s', lab.powerOff('r1'))],
    expect: [],
    limits: { readyWithin: '60s' },
  });

test('every routing that has a name resolves, and stays in the plan by its name', () => {
  expect(Object.keys(routingPresets)).toEqual([...routingNames]);
  for (const routing of routingNames) {
    const options = { name: 'other', seed: 1, routing };
    const { resolved, problems } = examineScenario(written(lab.frr({ ospf: {} })), options);
    expect(problems, routing).toEqual([]);
    expect(resolved?.routing).toBe(routing);
    const [router] = nodesWith(resolved?.topology.nodes ?? [], 'routes');
    expect(router?.suite, routing).toBe(routing.startsWith('bird') ? 'bird' : 'frr');
  }
});

test('an autonomous system that is stated stays; an unknown name and a network without routers do not', () => {
  const own = written(lab.frr({ bgp: { as: 65_100 } }));
  const { resolved } = examineScenario(own, { name: 'own', seed: 1, routing: 'bgp-bfd' });
  const [router] = nodesWith(resolved?.topology.nodes ?? [], 'routes');
  expect(router?.protocols.bgp?.as).toBe(65_100);
  expect(() => examineScenario(own, { name: 'own', seed: 1, routing: 'ospf-bdf' })).toThrow(
    "there is no routing 'ospf-bdf'; did you mean 'ospf-bfd'?",
  );
  const none = lab.scenario({
    question: 'Is there a router?',
    topology: [lab.parallelRelays(2)],
    traffic: [lab.meter('h1', 'h2')],
    timeline: [lab.at('2s', lab.powerOff('r1'))],
    expect: [],
  });
  const { problems } = examineScenario(none, { name: 'none', seed: 1, routing: 'ospf' });
  expect(problems[0]).toMatchObject({
    path: 'topology',
    message: 'has no router that --routing ospf could change',
  });
});
