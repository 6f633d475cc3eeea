/** Goal: options of iperf3 are bound, and refused where they would have no effect or cannot work. */
import { expect, test } from '@playwright/test';
import { socketFacts } from '../../harness/doctor/socket-facts.js';
import * as lab from '../../harness/index.js';
import { judge } from '../../harness/judge/judge.js';
import { examineScenario, type ResolveOptions } from '../../harness/language/resolve.js';
import { checkFlowNeeds } from '../../harness/language/validate/flow-needs.js';
import type { TcpFlowOptions, UdpFlowOptions } from '../../harness/language/written/traffic.js';
import type { Capabilities } from '../../harness/model/capabilities.js';
import { dscpText } from '../../harness/model/network/dscp.js';
import { renderPlan } from '../../reports/terminal/plan.js';
import { stylesFor } from '../../reports/terminal/style.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const examine = (
  written: TcpFlowOptions | UdpFlowOptions | object,
  options: Partial<ResolveOptions> = {},
) =>
  examineScenario(
    lab.scenario({
      question: 'What is done with these options?',
      topology: [lab.parallelRelays(2)],
      controller: lab.floyd(),
      traffic: [lab.iperf3('h1', 'h2', written as TcpFlowOptions)],
      timeline: [lab.at('6s', lab.powerOff('r1')), lab.after(lab.recovered, '1s', lab.heal())],
    }),
    { name: 'any', seed: 1, ...options },
  );

const tcp = { mss: '1400B' } as const;
const udp = { protocol: 'udp', bitrate: '5Mbit/s', length: '1200B' } as const;
const told = (written: object) => examine(written).problems;

test('options are bound, and only those that were written', () => {
  const written = { congestion: 'bbr', omit: '3s', window: '256kB', dscp: 'ef', zerocopy: true };
  const { resolved, problems } = examine({ ...tcp, ...written });
  expect(problems).toEqual([]);
  const bound = { congestion: 'bbr', omitMs: 3000, windowBytes: 256_000, dscp: 46, zerocopy: true };
  expect(resolved?.flows[0]).toMatchObject(bound);
  const plain = examine(tcp).resolved?.flows[0];
  for (const key of Object.keys(bound)) expect(plain).not.toHaveProperty(key);
  expect(examine({ ...udp, dscp: 0, window: '64kB', omit: '1s' }).problems).toEqual([]);
});

test('the plan states them', () => {
  const written = { congestion: 'bbr', omit: '3s', window: '256kB', dscp: 'AF41', zerocopy: true };
  const { resolved } = examine({ ...tcp, ...written });
  const layout = { columns: 200, styles: stylesFor(false) };
  expect(resolved && renderPlan(resolved, layout)).toContain(
    'bbr, buffers of 256000 bytes, DSCP 34 (af41), zero copy, first 3 s omitted',
  );
  expect(dscpText(3)).toBe('3');
});

test('what has no effect, or cannot work, is refused', () => {
  expect(told({ ...udp, congestion: 'bbr', zerocopy: true })).toEqual([
    {
      path: 'traffic[0].congestion',
      message: "'bbr' has no effect on UDP",
      hint: "leave congestion out, or write protocol: 'tcp'",
    },
    {
      path: 'traffic[0].zerocopy',
      message: 'true has no effect on UDP',
      hint: "leave zerocopy out, or write protocol: 'tcp'",
    },
  ]);
  expect(told({ ...udp, length: '1400B', window: '1000B' })[0]).toMatchObject({
    path: 'traffic[0].window',
    message: 'must be at least 4096 bytes, got 1000 bytes',
  });
  expect(told({ ...tcp, omit: '2.5s' })).toMatchObject([
    { path: 'traffic[0].omit', message: "must be whole seconds, got 2.5 s; write '3s'" },
  ]);
  expect(told({ ...tcp, omit: '61s' })[0]?.message).toContain('at most 60 s');
  expect(told({ ...tcp, dscp: 64 })[0]?.message).toMatch(/^dscp must be .* 0 to 63 .*, got 64$/);
  expect(told({ ...tcp, dscp: 'af14' })[0]?.message).toContain("got 'af14'; did you mean 'af1");
  expect(told({ ...tcp, congestion: 'BBR; rm' })[0]).toMatchObject({
    path: 'traffic[0].congestion',
    message: expect.stringContaining('is not the name of a congestion control'),
  });
  expect(told({ ...tcp, zerocopy: 'yes' })[0]?.message).toBe("must be true or false, got 'yes'");
});

test('rows that are omitted must leave some that count before a fault and before the stop', () => {
  expect(told({ ...tcp, omit: '5s' })).toEqual([]);
  expect(told({ ...tcp, omit: '6s' })).toEqual([
    {
      path: 'traffic[0].omit',
      message:
        "rows of flow 'tcp-h1-h2' are omitted until 6 s, but the fault 'power-off' comes at " +
        '6 s or later; 1 s between them must count',
      hint: "omit less, or move the fault to '7s' or later",
    },
  ]);
  const stopped = told({ ...tcp, omit: '2s', stop: '2s' });
  expect(stopped).toMatchObject([
    { path: 'traffic[0].omit', hint: "write stop: '2100ms' or later" },
  ]);
});

test('what the machine lacks is refused with what it has', () => {
  const flow = examine({ ...tcp, congestion: 'vegas', window: '9000kB' }).resolved?.flows ?? [];
  const machine = { iperf3Version: '3.12' } as Capabilities;
  expect(checkFlowNeeds(flow, machine)).toEqual([]);
  const facts = { congestionControls: ['reno', 'cubic'], socketBufferMaxBytes: 425_984 };
  expect(checkFlowNeeds(flow, { ...machine, ...facts })).toEqual([
    {
      path: 'flows[0].congestion',
      message:
        "flow 'tcp-h1-h2' asks for 'vegas', which this kernel does not have loaded; it has reno, cubic",
      hint: 'write one of reno, cubic, or run modprobe tcp_vegas (in real time)',
    },
    {
      path: 'flows[0].window',
      message: expect.stringContaining('buffers of 9000000 bytes, but this kernel grants 425984'),
      hint: expect.stringContaining("write window: '425984B' or less"),
    },
  ]);
  expect(checkFlowNeeds(flow, { ...machine, iperf3Version: '3.9' })).toMatchObject([
    { path: 'traffic', message: expect.stringContaining('it came with 3.10') },
  ]);
});

test('rows that are omitted are no stall, and count in no rate', () => {
  const history = buildHistory({
    ...{ name: 'omitted', trafficMs: 16_000, iperfIntervalMs: 100, fault: { atMs: 5000 } },
    tcpStalls: [{ fromMs: 5100, toMs: 5600 }],
  });
  const slow = (omitted: boolean) =>
    history.map((event) =>
      event.kind === 'iperf.interval' && event.startMs < 2000
        ? { ...event, bytes: 0, ...(omitted ? { omitted } : {}) }
        : event,
    ) as typeof history;
  const flowOf = (events: typeof history) => {
    const [trial] = judge(events).result.trials;
    return { flow: trial?.flows[0], stallMs: trial?.tcp?.stallMs };
  };
  const [whole, left, counted] = [history, slow(true), slow(false)].map(flowOf);
  expect(left?.stallMs).toBe(whole?.stallMs);
  const lateMs = (left?.flow?.startedAtMs ?? 0) - (whole?.flow?.startedAtMs ?? 0);
  expect(lateMs).toBeCloseTo(2000, 0);
  const rate = (one: typeof left) => one?.flow?.receivedBps ?? 0;
  expect(rate(left) / rate(counted)).toBeGreaterThan(1.1);
});

test('what sockets may ask for is read from the machine', () => {
  const read = (path: string) =>
    path.endsWith('wmem_max')
      ? '212992\n'
      : path.endsWith('rmem_max')
        ? '4194304\n'
        : 'reno cubic\n';
  expect(socketFacts({ read })).toEqual({
    congestionControls: ['reno', 'cubic'],
    socketBufferMaxBytes: 425_984,
  });
  expect(socketFacts({ read: () => null })).toEqual({});
});
