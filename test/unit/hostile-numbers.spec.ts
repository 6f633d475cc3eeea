/**
 * Numbers from other programs, whatever they are: every event that is made of them can be recorded
 * and read again. What is not a number is unknown, and is reported with its field and value.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { eventOfLine } from '../../harness/campaign/event-line.js';
import { linkStateIn } from '../../harness/lab/faults/link-flags.js';
import { readPortNames } from '../../harness/lab/nodes/openflow-outputs.js';
import { parseNetDev } from '../../harness/lab/observe/counters.js';
import { monitorOvsdb } from '../../harness/lab/observe/ovsdb-monitor.js';
import { eventsOfTapLine } from '../../harness/lab/observe/tap-events.js';
import { readTapLine } from '../../harness/lab/observe/tap-line.js';
import { type Iperf3Half, readIperf3Output } from '../../harness/lab/traffic/iperf3/output.js';
import { readSegmentSize } from '../../harness/lab/traffic/iperf3/segment-size.js';
import { readMeterLine } from '../../harness/lab/traffic/meter-protocol.js';
import { readInterfaceBytes } from '../../harness/lab/traffic/sampler.js';
import type { NewEvent } from '../../harness/model/history/emit.js';
import { historyEvent } from '../../harness/model/history/events.js';
import { packageRoot } from '../../harness/package-root.js';
import { hostileNumber, withHostileNumber } from '../hostile.js';

const runs = { numRuns: 200 };
const fixture = (path: string) => readFileSync(join(packageRoot(), 'test/fixtures', path), 'utf8');

/** Written as JSON and read again, as between runner and supervisor. */
function recordable(event: object): void {
  const text = JSON.stringify({ trial: 0, atNs: 1, ...event });
  const read = historyEvent.safeParse(JSON.parse(text));
  expect(read.error?.issues[0], text.slice(0, 500)).toBeUndefined();
}

function recordableHalf(half: Iperf3Half | null): void {
  const flow = { flow: 'u', side: 'receiver' };
  for (const row of half?.intervals ?? []) recordable({ kind: 'iperf.interval', ...flow, ...row });
  if (!half) return;
  const { intervals: _, ...totals } = half;
  const end = { exitCode: 0, signal: null, mssBytes: null, error: null };
  recordable({ kind: 'iperf.end', ...flow, ...end, ...totals });
}

test('iperf3 3.12 prints a negative loss as a huge number: unknown, and reported', () => {
  const text = fixture('iperf3/udp-negative-loss.json');
  const output = readIperf3Output(text);
  recordableHalf(output.sent);
  recordableHalf(output.received);
  const rows = output.received?.intervals ?? [];
  expect(rows).toHaveLength(3);
  expect(rows.map((row) => row.lostPackets)).toEqual([30, null, 0]);
  expect(rows.map((row) => row.packets)).toEqual([80, 80, 80]);
  expect(output.unreadable).toEqual([
    { field: 'lost_packets', value: '18446744073709552000', times: 2 },
  ]);
  // The sum at the end is whole, so it is known.
  expect(output.received?.totalLostPackets).toBe(26);
});

for (const name of ['udp-negative-loss', 'tcp-client', 'tcp-server']) {
  test(`iperf3 output ${name} with a hostile number anywhere`, () => {
    const text = fixture(`iperf3/${name}.json`);
    fc.assert(
      fc.property(fc.nat(), hostileNumber, (place, number) => {
        const output = readIperf3Output(withHostileNumber(text, place, number));
        recordableHalf(output.sent);
        recordableHalf(output.received);
        for (const flaw of output.unreadable) {
          recordable({ kind: 'unreadable', source: { role: 'runner' }, lost: 'value', ...flaw });
        }
      }),
      runs,
    );
  });
}

const meterLines = [
  '{"kind":"meter.sent","atNs":1,"direction":"forward","firstSequence":0,"count":5,"firstTxNs":1,"lastTxNs":5,"maxLateNs":0,"errors":0,"gaps":[[1,2,3]]}',
  '{"kind":"meter.received","atNs":1,"direction":"forward","ranges":[[0,5,1,5,7]],"duplicates":0,"reordered":0,"delayNs":{"min":1,"median":2,"max":3},"lastRxNs":9}',
  '{"kind":"meter.end","atNs":1,"direction":"forward","packetsSent":5,"packetsReceived":5,"cpuNs":8,"priority":"fifo 1"}',
];

test('a line of the meter', () => {
  fc.assert(
    fc.property(fc.constantFrom(...meterLines), fc.nat(), hostileNumber, (line, place, number) => {
      const read = readMeterLine(withHostileNumber(line, place, number));
      if (read && read.kind !== 'meter.ready') recordable({ ...read, meter: 'm' });
    }),
    runs,
  );
});

const tapLines = [
  '{"atNs":5,"port":6653,"switch":"10.254.0.2","version":4,"type":14,"xid":7,"body":"00ff"}',
  '{"atNs":5,"windowMs":1000,"lost":0,"counts":{"10.254.0.2":{"10":3,"-14":2,"13":1}}}',
];

test('a line of the watch of the control channels', () => {
  const nodes = new Map([['10.254.0.2', 's1']]);
  fc.assert(
    fc.property(fc.constantFrom(...tapLines), fc.nat(), hostileNumber, (line, place, number) => {
      const read = readTapLine(withHostileNumber(line, place, number));
      const events = read === null ? [] : eventsOfTapLine(read, nodes, [6653, 6654]);
      for (const event of events) recordable(event);
    }),
    runs,
  );
});

test('a message from a port that is not a controller of the lab', () => {
  const line = readTapLine(tapLines[0]?.replace('6653', '99') ?? '');
  if (line === null) throw new Error('the line is whole');
  for (const event of eventsOfTapLine(line, new Map([['10.254.0.2', 's1']]), [6653, 6654]))
    recordable(event);
});

const netDev = '  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n';

test('counters of an interface: those that are not numbers are left out', () => {
  fc.assert(
    fc.property(fc.nat(), hostileNumber, (place, number) => {
      const text = withHostileNumber(netDev, place, number);
      const ports = [...parseNetDev(text)].map(([port, read]) => ({ node: 's1', port, ...read }));
      recordable({ kind: 'counters', label: 'x', ports });
      const bytes = readInterfaceBytes(text, 'eth0');
      if (bytes) recordable({ kind: 'traffic.sample', host: 'h1', ...bytes });
    }),
    runs,
  );
});

test('the segment size by ss', () => {
  const line = 'ESTAB 0 0 a b cubic mss:1448 bytes_sent:1000 segs_out:4';
  fc.assert(
    fc.property(fc.nat(), hostileNumber, (place, number) => {
      const mssBytes = readSegmentSize(withHostileNumber(line, place, number));
      const end = { exitCode: 0, signal: null, error: null, totalBytes: 0, totalRetransmits: null };
      recordable({ kind: 'iperf.end', flow: 'f', side: 'sender', mssBytes, ...end });
    }),
    runs,
  );
});

test('what `ip -j link` prints of a carrier: true, false, or unknown', () => {
  expect(linkStateIn('[{"flags":["UP","LOWER_UP"],"linkmode":"DEFAULT"}]')).toEqual({
    carrier: true,
    dormant: false,
  });
  expect(linkStateIn('[{"flags":["UP","NO-CARRIER"],"linkmode":"DORMANT"}]')).toEqual({
    carrier: false,
    dormant: true,
  });
  const foreign = [
    '',
    'null',
    '{}',
    '[]',
    '[null]',
    '[{"flags":7}]',
    '[{"flags":[7]}]',
    'Error: x',
  ];
  for (const text of foreign) expect(linkStateIn(text), text).toBeNull();
});

test('the ports that ovs-vsctl lists: none where the list cannot be read', () => {
  const list = '{"data":[["s1-eth1",1],["s1-eth2",["set",[]]]],"headings":["name","ofport"]}';
  expect(readPortNames(list, ['1'])).toEqual(['s1-eth1']);
  fc.assert(
    fc.property(fc.nat(), hostileNumber, (place, number) => {
      readPortNames(withHostileNumber(list, place, number), ['1']);
    }),
    runs,
  );
  expect(readPortNames('ovs-vsctl: no', ['1'])).toBeNull();
});

test('a database that sends anything: events that can be recorded, and the monitor lives on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ovsdb-'));
  const interfaceOf = (name: unknown, flaps: unknown) => ({
    new: {
      name,
      link_state: 'up',
      bfd_status: [
        'map',
        [
          ['state', 'up'],
          ['forwarding', 'true'],
          ['flap_count', flaps],
        ],
      ],
    },
  });
  const values = [
    ...fc.sample(hostileNumber, { numRuns: 100, seed: 3 }),
    { toString: 1 },
    [],
    null,
  ];
  const messages = values.map((value) => ({
    method: 'update',
    params: [
      null,
      {
        Interface: { a: interfaceOf('p1', value), b: interfaceOf(value, 1) },
        Controller: { c: { new: { target: value, is_connected: true } } },
      },
    ],
  }));
  const last = { method: 'update', params: [null, { Interface: { z: interfaceOf('last', '4') } }] };
  const events: NewEvent[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    for (const message of [...messages, last]) socket.write(JSON.stringify(message));
  });
  const path = join(folder, 'db.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const watched = { nodeOf: () => 's1', isOwnController: () => true, owner: 'all' };
  const monitor = monitorOvsdb(watched, path, (event) => events.push(event));
  try {
    await expect
      .poll(() => events.some((event) => event.kind === 'observe.bfd' && event.port === 'last'))
      .toBe(true);
    for (const event of events) recordable(event);
  } finally {
    monitor.stop();
    server.close();
    rmSync(folder, { recursive: true });
  }
});

test('an event of the runner that cannot be recorded: its kind, its field and its value', () => {
  const line = JSON.stringify({
    kind: 'iperf.interval',
    ...{ atNs: 7, trial: 2, flow: 'u', side: 'receiver', startMs: 0, endMs: 100, bytes: 1 },
    ...{ retransmits: null, lostPackets: 1.8e19 },
  });
  const read = eventOfLine(line, { trial: 2 }, 7);
  expect(read).toMatchObject({
    kind: 'unreadable',
    ...{ trial: 2, source: { role: 'runner' }, what: 'iperf.interval' },
    ...{ field: 'lostPackets', value: '18000000000000000000', lost: 'event' },
  });
  recordable(read);
});

test('whatever the runner writes is an event, or an event about it', () => {
  const lines = fixture('histories/recovers.ndjson').trimEnd().split('\n').slice(0, 60);
  fc.assert(
    fc.property(fc.constantFrom(...lines), fc.nat(), hostileNumber, (line, place, number) => {
      recordable(eventOfLine(withHostileNumber(line, place, number), { trial: 0 }, 7));
    }),
    runs,
  );
  for (const line of ['', 'null', '7', '[]', '{"kind":[]}', 'Segmentation fault', '{"kind":"x"}'])
    recordable(eventOfLine(line, { trial: 0 }, 7));
});
