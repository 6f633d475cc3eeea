/**
 * Records of the version before are read and judged to the same verdicts and numbers, except where a
 * fault was mended on purpose. Its process names, messages and waits are read into data at the door.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { EventOf } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import {
  type ExpectationResult,
  runResultSchema,
  type TcpResult,
  type TrialResult,
} from '../../harness/model/result.js';
import { buildHistory, historyText } from '../fixtures/constructed-history.js';
import {
  judgedBefore,
  judgedNow,
  knownMended,
  type MendedFor,
  mendedFor,
} from '../fixtures/version-1/mended.js';
import { recordsOfVersion1 } from '../fixtures/version-1/records.js';
import { differencesOf, type Reduced } from '../fixtures/version-1/reduced.js';
import { judgedRun } from './judged-runs.js';

const records = recordsOfVersion1();

for (const record of records) {
  test(`${record.name} is judged as the version that made it judged it`, () => {
    const [before, now] = [judgedBefore(record), judgedNow(record)];
    const mended = Object.assign({}, ...Object.values(knownMended()[record.name] ?? {}));
    const differences = Object.fromEntries(
      differencesOf(before, now).map(({ place, before: was, now: is }) => [
        place,
        [was ?? null, is ?? null],
      ]),
    );
    expect(differences).toEqual(mended);
  });
}

test('a verdict or number that changes in any place is seen', () => {
  for (const record of records) {
    const before = judgedBefore(record);
    const [changed, places] = withEveryNumberOff(before);
    expect(differencesOf(before, changed)).toHaveLength(places);
    expect(places).toBeGreaterThan(50);
  }
});

/** Every number and verdict changed, and how many there were. */
function withEveryNumberOff(value: Reduced): [Reduced, number] {
  if (typeof value === 'number') return [value + 1, 1];
  if (value === 'pass' || value === 'fail' || value === 'inconclusive') return ['other', 1];
  if (value === null || typeof value !== 'object') return [value, 0];
  let places = 0;
  const change = (inner: Reduced): Reduced => {
    const [changed, count] = withEveryNumberOff(inner);
    places += count;
    return changed;
  };
  const changed = Array.isArray(value)
    ? value.map(change)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
  return [changed, places];
}

/** The kinds that version 1 had. */
const kindsOfVersion1: readonly string[] = [
  'power-off',
  'vswitchd-crash',
  'vswitchd-hang',
  'link-down',
  'cable-cut',
  'blackhole',
  'packet-loss',
  'large-packet-loss',
  'control-packet-loss',
  'bfd-packet-loss',
  'rate-collapse',
  'delay',
  'flap',
  'partition',
  'controller-crash',
  'controller-hang',
  'control-channel-loss',
];

test('at least ten records, every fault kind of theirs among them, and every mended place has its reason', () => {
  expect(records.length).toBeGreaterThanOrEqual(10);
  const kinds = records.flatMap(({ file }) =>
    readHistory(gunzipSync(readFileSync(file)).toString('utf8')).events.flatMap((event) =>
      event.kind === 'fault.injected' && event.verified ? [event.faultKind] : [],
    ),
  );
  expect([...new Set(kinds)].sort()).toEqual([...kindsOfVersion1].sort());
  for (const [record, reasons] of Object.entries(knownMended())) {
    expect(records.map(({ name }) => name)).toContain(record);
    for (const why of Object.keys(reasons)) expect(mendedFor[why as MendedFor]).toMatch(/\.$/);
  }
});

test('each record states version 1, and none of it is left when it has been read', () => {
  for (const { file } of records) {
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    expect(JSON.parse(text.slice(0, text.indexOf('\n')))).toMatchObject({ schemaVersion: 1 });
    const { events } = readHistory(text);
    for (const event of events) {
      if (event.kind === 'run.header') expect(event.schemaVersion).toBe(2);
      if (event.kind === 'process.exit') expect(event.process.role).not.toBe('other');
      if (event.kind === 'observe.openflow') expect(event).not.toHaveProperty('detail');
    }
  }
});

/** A record of version 1 with these lines behind its head. */
function oldRecord(lines: readonly object[], scenario: object = {}): string {
  const [head = ''] = historyText(buildHistory({ name: 'old', trafficMs: 1000 })).split('\n');
  const { scenario: own, ...rest } = JSON.parse(head);
  const header = { ...rest, schemaVersion: 1, scenario: { ...own, ...scenario } };
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function read(lines: readonly object[]) {
  return readHistory(oldRecord(lines)).events.slice(1);
}

test('names of processes become roles', () => {
  const exit = (process: string) => ({
    ...{ kind: 'process.exit', atNs: 1, trial: 0, process, node: null },
    ...{ exitCode: null, signal: 'SIGKILL', expected: false, lastLines: [] },
  });
  const roles: Array<[string, EventOf<'process.exit'>['process']]> = [
    ['bridge', { role: 'bridge' }],
    ['shell of e1', { role: 'shell', node: 'e1' }],
    ['ovs-vswitchd of r1', { role: 'switch', node: 'r1', program: 'ovs-vswitchd' }],
    ['ovsdb-server r1', { role: 'switch', node: 'r1', program: 'ovsdb-server' }],
    ['controller', { role: 'controller', instance: 0, instances: 1 }],
    ['controller-1', { role: 'controller', instance: 1, instances: 2 }],
    ['iperf3 client tcp-h1-h2', { role: 'iperf3', side: 'client', flow: 'tcp-h1-h2' }],
    ['iperf3 server u', { role: 'iperf3', side: 'server', flow: 'u' }],
    ['meter h1-h2', { role: 'meter', meter: 'h1-h2' }],
    ['watch of the control channels', { role: 'watch', of: 'control-channels' }],
    ['watch of dropped packets', { role: 'watch', of: 'dropped-packets' }],
    ['something else', { role: 'other', name: 'something else' }],
  ];
  const events = read(roles.map(([name]) => exit(name)));
  expect(events.map((event) => event.kind === 'process.exit' && event.process)).toEqual(
    roles.map(([, role]) => role),
  );
});

test('words about messages become what the messages state', () => {
  const message = (name: string, detail: string) => ({
    ...{ kind: 'observe.openflow', atNs: 1, trial: 0, node: 's1', message: name, detail },
  });
  const cases: Array<[string, string, object]> = [
    [
      'port-status',
      's1-eth2 modified: link down, not live',
      { portStatus: { port: 's1-eth2', change: 'modified', linkUp: false, live: false } },
    ],
    [
      'port-status',
      'a b deleted: link up',
      { portStatus: { port: 'a b', change: 'deleted', linkUp: true, live: null } },
    ],
    ['port-status', 'malformed', { malformed: true }],
    ['port-status', '', {}],
    [
      'port-mod',
      'port 3: not down, no forward',
      { portMod: { port: 3, set: ['no forward'], cleared: ['down'] } },
    ],
    ['port-mod', 'port 3', { portMod: { port: 3, set: [], cleared: [] } }],
    ['flow-mod', 'delete-strict', { mod: { command: 'delete-strict' } }],
    ['flow-mod', 'command 9', { mod: { command: 9 } }],
    ['group-mod', 'modify group 7', { mod: { command: 'modify', group: 7 } }],
    ['group-mod', 'command group 7', { mod: { command: 'unknown', group: 7 } }],
    ['role', 'reply master', { role: { direction: 'reply', role: 'master' } }],
    ['handshake', 'features reply', {}],
    ['connected', 'tcp:127.0.0.1:6653', { target: 'tcp:127.0.0.1:6653' }],
  ];
  const events = read(cases.map(([name, detail]) => message(name, detail)));
  const common = { kind: 'observe.openflow', atNs: 1, trial: 0, node: 's1' };
  expect(events).toEqual(cases.map(([name, , facts]) => ({ ...common, message: name, ...facts })));
});

test('waits, groups of processes and sources of flaws become data', () => {
  const waiting = (what: string) => ({ kind: 'waiting', atNs: 1, trial: 0, what, untilNs: null });
  const percent = { 'vswitchd-r1': 10, vswitchd: 5, floyd: 3, meter: 50 };
  const events = read([
    waiting('power-off'),
    waiting('heal'),
    waiting('settled after the heal'),
    { kind: 'pressure', atNs: 1, trial: 0, cpuSomePercent: 1, cpuPercent: percent },
    {
      ...{ kind: 'unreadable', atNs: 1, trial: 0, source: 'iperf3 client u', field: 'f' },
      ...{ value: '1', times: 1, lost: 'value' },
    },
  ]);
  expect(events).toMatchObject([
    { awaited: { kind: 'fault', faultKind: 'power-off' } },
    { awaited: { kind: 'heal' } },
    { awaited: { kind: 'settled' } },
    { cpuPercent: { vswitchd: 15, controller: 3 } },
    { source: { role: 'iperf3', side: 'client', flow: 'u' } },
  ]);
});

test('a record of version 1 that is resumed goes on in version 2', () => {
  const text = oldRecord([
    { kind: 'waiting', atNs: 1, trial: 0, what: 'heal', untilNs: null },
    { kind: 'run.resumed', atNs: 2, trial: 0, schemaVersion: 2, command: [] },
    { kind: 'waiting', atNs: 3, trial: 0, awaited: { kind: 'settled' }, untilNs: null },
  ]);
  const { events, truncated } = readHistory(text);
  expect(truncated).toBe(false);
  expect(events).toMatchObject([
    { kind: 'run.header' },
    { awaited: { kind: 'heal' } },
    { kind: 'run.resumed' },
    { awaited: { kind: 'settled' } },
  ]);
});

/** A result as the version before wrote it. */
function oldResult() {
  const { trials, ...run } = judgedRun([{ outageMs: 300 }]).result;
  const trial = trials[0] as TrialResult;
  const oldTcp = ({ prediction: _, ...tcp }: TcpResult) => ({ ...tcp, predictionText: 'soon' });
  const { id, ...expectation } = trial.expectations[0] as ExpectationResult;
  return {
    ...run,
    schemaVersion: 1,
    reasons: ['trial 1: the trial was interrupted'],
    trials: [
      {
        ...trial,
        status: 'interrupted' as const,
        reasons: ['the trial was interrupted'],
        invalid: [
          { code: 'interrupted', cause: 'interrupted', text: 'the trial was interrupted' },
          { code: 'not-ready', cause: 'network', text: 'the trial failed: no path' },
          { code: 'sender-late', cause: 'machine', text: 'late' },
        ],
        explanation: '',
        tcp: oldTcp(trial.tcp as TcpResult),
        fidelity: { ...trial.fidelity, reasons: ['late'], flaws: [] },
        expectations: [{ id, ...expectation, detail: 'worst direction' }],
        episodes: trial.episodes.map((episode) => ({
          ...episode,
          explanation: 'Detection by BFD took 0.2 s.',
          phaseEvidence: { detectedMs: 'BFD down on e1 gre-r1' },
          tcps: episode.tcps.map(oldTcp),
        })),
      },
    ],
  };
}

test('a result of version 1 is read, its sentences as they were written', () => {
  const old = oldResult();
  const result = runResultSchema.parse(old);
  expect(result).toMatchObject({
    schemaVersion: 2,
    reasons: [{ code: 'as-written', data: { text: 'trial 1: the trial was interrupted' } }],
    trials: [
      {
        status: 'interrupted',
        invalid: [
          { code: 'interrupted', cause: 'interrupted' },
          {
            code: 'trial-failed',
            cause: 'network',
            data: { error: 'NOT_READY', message: 'no path' },
          },
          { code: 'as-written', cause: 'machine', data: { code: 'sender-late', text: 'late' } },
        ],
        explanation: null,
        expectations: [{ detail: { code: 'as-written', data: { text: 'worst direction' } } }],
      },
    ],
  });
  // Before there was a status it followed from the verdict.
  const { status: _, invalid: __, ...trial } = old.trials[0] ?? {};
  const older = { ...old, trials: [{ ...trial, verdict: 'inconclusive' }] };
  expect(runResultSchema.parse(older).trials[0]).toMatchObject({ status: 'invalid', invalid: [] });
});
