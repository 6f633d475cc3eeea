/** What is said of a controller that died, from constructed control channels. */
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import type { EventOf, HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedExpectation } from '../../harness/model/resolved.js';
import type { JudgedRun } from '../../harness/model/result.js';
import { controllerStory } from '../../reports/controller.js';
import { buildHistory, withScenario } from '../fixtures/constructed-history.js';

const switches = ['e3', 'e4', 'r1', 'r2'];

const outageAtMost = (atMost: number): ResolvedExpectation => ({
  id: 'expect-1',
  text: `switches without a controller at most ${atMost} ms`,
  metric: 'controllerOutageMs',
  of: null,
  step: null,
  atMost,
  atLeast: null,
});

type Said = Pick<EventOf<'observe.openflow'>, 'message' | 'role' | 'mod'>;

const handshake: Said = { message: 'handshake' };
const flowAdded: Said = { message: 'flow-mod', mod: { command: 'add' } };

function role(direction: 'request' | 'reply', wanted: 'master' | 'slave'): Said {
  return { message: 'role', role: { direction, role: wanted } };
}

/** The same message on every switch's channel, a millisecond apart. */
function onAll(atMs: number, said: Said, instance?: number): HistoryEvent[] {
  return switches.map((node, place) => ({
    ...{ atNs: (atMs + place) * 1e6, trial: 0, kind: 'observe.openflow' as const },
    ...{ node, ...said },
    ...(instance === undefined ? {} : { instance }),
  }));
}

function started(atMs: number, instance: number): HistoryEvent[] {
  const at = { atNs: atMs * 1e6, trial: 0 };
  return [{ ...at, kind: 'controller.start', instance, pid: 77 }];
}

function gone(atMs: number, instance: number, instances: number): HistoryEvent {
  const process = { role: 'controller', instance, instances } as const;
  return {
    ...{ atNs: atMs * 1e6, trial: 0, kind: 'process.exit', process, node: null },
    ...{ exitCode: null, signal: 'SIGKILL', expected: true, lastLines: [] },
  };
}

/** Instance `instance` of so many dies at 5 s. */
function judged(
  instance: number,
  instances: number,
  extra: HistoryEvent[],
  bound = 1000,
): JudgedRun {
  return judge(historyOf(instance, instances, extra, bound));
}

function historyOf(
  instance: number,
  instances: number,
  extra: HistoryEvent[],
  bound = 1000,
): HistoryEvent[] {
  const events = buildHistory({
    name: 'controllers',
    trafficMs: 20_000,
    fault: { kind: 'controller-crash', atMs: 5000, widthMs: 0, healAtMs: 8000, instance },
    expectations: [outageAtMost(bound)],
    extra,
  });
  return withScenario(events, ({ controller }) =>
    controller.kind === 'floyd' ? { controller: { ...controller, instances } } : {},
  );
}

const takeover = [
  ...onAll(1000, role('request', 'master'), 0),
  ...onAll(1002, role('reply', 'master'), 0),
  gone(5002, 0, 2),
  ...onAll(5250, role('request', 'master'), 1),
  ...onAll(5254, role('reply', 'master'), 1),
  ...onAll(5260, flowAdded, 1),
  ...started(8010, 0),
  ...onAll(9000, handshake, 0),
  ...onAll(9004, role('request', 'slave'), 0),
];

test('the master dies: who takes over, and when the dead one is back', () => {
  const [trial] = judged(0, 2, takeover).result.trials;
  expect(trial?.controller).toEqual({
    instance: 0,
    wasMaster: true,
    exitMs: 2,
    outageMs: 257,
    failover: { to: 1, roleRequestMs: 250, masterMs: 257, firstFlowChangeMs: 260 },
    restart: {
      ...{ processMs: 3010, connectedMs: 4003, switches: 4, switchesConnected: 4 },
      ...{ firstRoleMs: 4004, firstFlowChangeMs: null },
    },
  });
  expect(trial?.expectations[0]).toMatchObject({ verdict: 'pass', measured: 257 });
  if (!trial) throw new Error('no trial');
  expect(controllerStory(trial).map(({ label, text }) => `${label}: ${text}`)).toEqual([
    'Controller: instance 0, the master, exited 2 ms after the fault; ' +
      'for 257 ms not every switch had a controller in charge',
    'Failover: instance 1 requested the master role 250 ms after the fault, ' +
      'granted by the last switch at 257 ms, its first flow change at 260 ms',
    'Restart: process back 3.010 s after the fault, all 4 switches connected 993 ms later, ' +
      'first role request 994 ms later, no flow change observed',
    'Data plane: no packets lost',
  ]);
});

test('a bound that is too tight fails, and a switch that is not granted is no takeover', () => {
  expect(judged(0, 2, takeover, 250).result.verdict).toBe('fail');
  const partly = takeover.filter(
    (event) =>
      event.kind !== 'observe.openflow' ||
      event.node !== 'r2' ||
      !(event.role?.direction === 'reply' && event.instance === 1),
  );
  const [trial] = judged(0, 2, partly).result.trials;
  expect(trial?.controller?.failover).toMatchObject({ to: 1, masterMs: null });
  expect(trial?.controller?.outageMs).toBeNull();
  expect(trial?.expectations[0]?.verdict).not.toBe('pass');
});

test('a slave that dies leaves nobody without a controller', () => {
  const [trial] = judged(1, 2, [...takeover.slice(0, 8), gone(5002, 1, 2)]).result.trials;
  expect(trial?.controller).toMatchObject({ wasMaster: false, outageMs: 0, failover: null });
});

test('a single controller is back when every switch has shaken hands with the new process', () => {
  const back = [
    ...onAll(1000, handshake),
    gone(5001, 0, 1),
    ...started(8010, 0),
    ...onAll(9000, handshake),
    ...onAll(9100, flowAdded),
  ];
  const [trial] = judged(0, 1, back, 5000).result.trials;
  expect(trial?.controller).toEqual({
    ...{ instance: 0, wasMaster: null, exitMs: 1, outageMs: 4003, failover: null },
    restart: {
      ...{ processMs: 3010, connectedMs: 4003, switches: 4, switchesConnected: 4 },
      ...{ firstRoleMs: null, firstFlowChangeMs: 4100 },
    },
  });
  const never = judged(0, 1, [gone(5001, 0, 1)], 5000).result.trials[0];
  expect(never?.controller).toMatchObject({ outageMs: null, restart: null });
  expect(never?.expectations[0]?.verdict).not.toBe('pass');
});

test('messages count by their stamps, in whatever order their readers recorded them', () => {
  const late = [
    ...onAll(1000, role('request', 'master'), 0),
    ...onAll(1002, role('reply', 'master'), 0),
    gone(5002, 0, 2),
    ...onAll(5250, role('request', 'master'), 1),
    ...onAll(5250.5, role('reply', 'master'), 1),
  ];
  const events = historyOf(0, 2, late);
  const read = events.filter(({ kind }) => kind === 'observe.openflow');
  // As seen on a busy machine: each connection is read on its own, the last first.
  const backwards = [...read].reverse();
  const recorded = events.map((event) =>
    event.kind === 'observe.openflow' ? (backwards.shift() ?? event) : event,
  );
  const { result } = judge(recorded);
  expect(result.trials[0]?.controller?.failover).toMatchObject({
    roleRequestMs: 250,
    masterMs: 253.5,
  });
  expect(result).toEqual(judge(events).result);
});
