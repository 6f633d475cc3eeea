/** Goal: what `validate` and `list` print is complete, and fits the screen, for every scenario. */
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { listScenarios, loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import type { Scenario } from '../../harness/language/written/scenario.js';
import { renderPlan } from '../../reports/terminal/plan.js';
import { renderScenarioList } from '../../reports/terminal/scenario-list.js';
import { stylesFor } from '../../reports/terminal/style.js';

const root = new URL('../..', import.meta.url).pathname;

function planText(name: string, written: Scenario, columns = 80): string {
  const plan = resolveScenario(written, { name, seed: 0 });
  return renderPlan(plan, { columns, styles: stylesFor(false) });
}

test.describe('every shipped scenario', () => {
  for (const name of listScenarios(root)) {
    test(`${name}: path, backup and plan, on narrow and wide screens`, async () => {
      const { written } = await loadScenario(name, root);
      for (const columns of [40, 80, 120]) {
        const text = planText(name, written, columns);
        // Small networks are drawn; of large ones the two ways are listed.
        expect(text).toMatch(/ path\n|^ {2}path {4}/m);
        expect(text).toMatch(/ backup\n|^ {2}backup {2}/m);
        const timeline = written.timeline.length === 0 ? 'Lasts' : 'Timeline';
        const traffic = written.traffic.some(({ kind }) => kind === 'iperf3')
          ? 'Traffic'
          : 'Meters';
        for (const word of ['Network', 'Controller', traffic, timeline, 'Expected']) {
          expect(text).toMatch(new RegExp(`^ {2}${word} `, 'm'));
        }
        // The picture is never narrower than its nodes.
        const widest = Math.max(...text.split('\n').map((line) => line.length));
        expect(widest).toBeLessThanOrEqual(Math.max(columns, 48));
      }
    });
  }
});

test('a leaf-spine network as people see it', async () => {
  const { written } = await loadScenario('leaf-spine-core-loss', root);
  expect(planText('leaf-spine-core-loss', written)).toBe(`leaf-spine-core-loss: valid
  Does every pair of leaves recover from the loss of a spine?

  h1 -- leaf1 == spine1 == leaf2 -- h2   path
          |                  |
          +===== spine2 =====+           backup
  leaf3  -- h3  == spine1  == spine2
  (by fewest hops; the controller takes the path of least cost)

  Network     3 hosts, 5 relays; 3 links; 6 GRE tunnels, 1462 bytes inside;
              fabric of 1500 bytes; BFD 100 ms × 3
  Controller  floyd-bfd
  Traffic     TCP h1 → h2, 20 Mbit/s, segments of 1400 bytes
  Meters      h2 ↔ h3, 200 probes a second; h1 ↔ h3, 200 probes a second; h1 ↔
              h2, 1000 probes a second
  Timeline    at 3 s: power-off of the node on the path from h1 to h2
              1 s after the recovery from power-off: heal power-off
  Expected    network outage at most 1 s
  Lasts       until recovery, at most 38 s of traffic
`);
});

test('everything a scenario may say is told in words', () => {
  const text = planText(
    'mixed',
    lab.scenario({
      question: 'What is planned?',
      topology: [lab.ring(4)],
      controller: lab.noController({ spanningTree: 'rstp' }),
      traffic: [
        lab.meter('h2', 'h4', { rateHz: 200, flows: 40 }),
        lab.iperf3('h1', 'h3', { bidirectional: true, parallel: 4, bitrate: 'unlimited' }),
        lab.iperf3('h3', 'h1', {
          protocol: 'udp',
          bitrate: '4Mbit/s',
          length: '1200B',
          start: '4s',
          stop: '20s',
        }),
      ],
      timeline: [
        lab.at('5s', lab.packetLoss(lab.linkOf('s1', 's2'), '5%', { direction: 'forward' })),
        lab.after(lab.injected, '2s', lab.heal()),
        lab.every('2s', lab.rateCollapse(lab.linkOf('s1', 's4'), '1Mbit/s'), {
          times: 10,
          from: '10s',
        }),
      ],
    }),
  );
  for (const part of [
    'TCP h1 ↔ h3, unlimited, 4 streams; UDP h3 → h1, 4 Mbit/s, datagrams of 1200',
    'from 4 s, until 20 s',
    'at 5 s: packet-loss of s1-s2 (loss 5 %, forward only)',
    '2 s after the injection of packet-loss: heal packet-loss',
    'at 10 s: rate-collapse of s4-s1 (bitrate 1 Mbit/s)',
    '… and 10 more steps',
    'h2 ↔ h4, 200 probes a second over 40 flows, so outages are resolved to 200 ms',
    'without a controller the switches decide',
  ]) {
    expect(text.replace(/\n {14}/g, ' ')).toContain(part);
  }
});

test('the list wraps, and counts faults that repeat', () => {
  const rows = [
    {
      name: 'a-scenario',
      from: 'scenarios/a-scenario.ts',
      question: 'Does the list stay within the screen when a question is rather long indeed?',
      nodes: 6,
      faults: ['power-off', 'power-off', 'packet-loss'],
      expected: ['network outage at most 1 s after first', 'network outage at most 1 s after last'],
    },
    {
      ...{ name: 'b', from: 'the package failover-lab (b.ts)', question: 'And nothing?' },
      ...{ nodes: 2, faults: [], expected: [] },
    },
  ];
  const text = renderScenarioList(rows, { columns: 60, styles: stylesFor(false) });
  expect(text).toBe(`a-scenario
  Does the list stay within the screen when a question is
  rather long indeed?
  fault     2 × power-off, packet-loss, in a network of 6
            nodes
  expected  network outage at most 1 s after first; network
            outage at most 1 s after last
  from      scenarios/a-scenario.ts

b
  And nothing?
  fault     none, in a network of 2 nodes
  expected  recovery only
  from      the package failover-lab (b.ts)
`);
});
