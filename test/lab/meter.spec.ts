/** The meter and iperf3 between real network namespaces, with packets dropped in the middle. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { benchContext } from '../../harness/bench/meter/context.js';
import { type MiddleNetwork, openMiddleNetwork } from '../../harness/bench/meter/network.js';
import { takeReading } from '../../harness/bench/meter/reading.js';
import { benchFlow, benchMeterPair } from '../../harness/bench/meter/scenario.js';
import { eventsOf } from '../../harness/judge/trial-record.js';
import { startFlow } from '../../harness/lab/traffic/iperf3.js';
import { startMeter } from '../../harness/lab/traffic/meter.js';
import { startSampler } from '../../harness/lab/traffic/sampler.js';
import { type HistoryEvent, historyEvent } from '../../harness/model/history/events.js';

test.skip(process.getuid?.() !== 0, 'Network namespaces without a user namespace need root.');

let network: MiddleNetwork;
let folder: string;

test.beforeAll(async () => {
  network = await openMiddleNetwork();
});
test.afterAll(() => network.close());
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'failover-lab-test-'));
});
test.afterEach(async () => {
  await network.heal();
  rmSync(folder, { recursive: true, force: true });
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('without a fault nothing is missing, either way', async () => {
  const events: HistoryEvent[] = [];
  const context = benchContext(network, folder, events);
  const meter = await startMeter(context, benchMeterPair, network.hosts);
  await sleep(2_000);
  await meter.stop();
  for (const event of events) expect(historyEvent.safeParse(event).error).toBeUndefined();
  const ends = eventsOf(events, 'meter.end');
  expect(ends.map((end) => end.direction).sort()).toEqual(['forward', 'reverse']);
  for (const end of ends) {
    expect(end.packetsReceived).toBe(end.packetsSent);
    expect(end.packetsSent).toBeGreaterThan(1_000);
  }
  expect(meter.failure()).toBeNull();
});

test('a one-way outage shows while it lasts, in that direction alone', async () => {
  const context = benchContext(network, folder, []);
  const meter = await startMeter(context, benchMeterPair, network.hosts);
  try {
    await expect.poll(() => meter.lastGood('forward')).not.toBeNull();
    await network.drop('forward');
    await expect.poll(() => meter.cleanSinceNs('forward')).toBeNull();
    await expect.poll(() => meter.cleanSinceNs('reverse')).not.toBeNull();
    await network.heal();
    await expect.poll(() => meter.lostTotal('forward')).toBeGreaterThan(0);
    await expect.poll(() => meter.cleanSinceNs('forward')).not.toBeNull();
    expect(meter.lostTotal('reverse')).toBe(0);
  } finally {
    await meter.stop();
  }
});

for (const dropped of ['forward', 'reverse', 'both'] as const) {
  test(`the reading of a ${dropped} outage agrees with the captures, or is flagged`, async () => {
    const reading = await takeReading(network, dropped, 200, folder);
    for (const direction of ['forward', 'reverse'] as const) {
      const hit = dropped === 'both' || dropped === direction;
      expect(reading.truth[direction].dropped > 0).toBe(hit);
      if (reading.flagged) continue;
      const error = (reading.meterMs[direction] ?? 0) - reading.truth[direction].outageMs;
      expect(Math.abs(error)).toBeLessThan(10);
    }
  });
}

test('a meter that is killed says so', async () => {
  const events: HistoryEvent[] = [];
  const context = benchContext(network, folder, events);
  const doomed = '(sleep 2; kill -KILL $$) > /dev/null 2>&1 & exec "$@"';
  const enter = (node: string) => ['sh', '-c', doomed, 'sh', ...network.enter(node)];
  const meter = await startMeter({ ...context, enter }, benchMeterPair, network.hosts);
  await expect.poll(() => meter.failure()).toBe('it ended with SIGKILL');
  await meter.stop();
  expect(eventsOf(events, 'process.exit')).toMatchObject([{ expected: false, node: 'h1' }]);
});

test('a meter without its address does not start, and says why', async () => {
  const context = benchContext(network, folder, []);
  const elsewhere = network.hosts.map((host) => ({ ...host, meterAddress: '10.0.9.9/24' }));
  await expect(startMeter(context, benchMeterPair, elsewhere)).rejects.toThrow(
    'it ended with exit code 1: meter: [Errno 99] Cannot assign requested address',
  );
});

for (const [name, change] of Object.entries({
  forward: {},
  reverse: { reverse: true },
  'two-way': { bidirectional: true },
  UDP: { protocol: 'udp' as const, lengthBytes: 1200, bitrateBps: 5_000_000, mssBytes: null },
  'parallel, unlimited': { parallel: 3, bitrateBps: null },
})) {
  test(`iperf3, ${name}: rows of both sides, zero of their clock, no error`, async () => {
    const events: HistoryEvent[] = [];
    const context = benchContext(network, folder, events);
    const sampler = await startSampler(context, ['h1', 'h2']);
    const flow = await startFlow(context, { ...benchFlow, ...change }, network.hosts);
    await sleep(1_500);
    expect(flow.failure()).toBeNull();
    await flow.stop();
    sampler.stop();
    for (const event of events) expect(historyEvent.safeParse(event).error).toBeUndefined();
    expect(eventsOf(events, 'iperf.aligned')[0]?.startNs).toBeGreaterThan(0);
    const ends = eventsOf(events, 'iperf.end');
    expect(new Set(ends.map((end) => end.side))).toEqual(new Set(['sender', 'receiver']));
    for (const end of ends) {
      expect(end.error).toBeNull();
      expect(end.totalBytes).toBeGreaterThan(0);
    }
    const rows = eventsOf(events, 'iperf.interval');
    expect(rows.filter((row) => row.side === 'receiver').length).toBeGreaterThan(5);
    expect(eventsOf(events, 'traffic.sample').at(-1)?.rxBytes).toBeGreaterThan(0);
  });
}

for (const [protocol, change] of Object.entries({
  tcp: { congestion: 'reno', zerocopy: true, bidirectional: true },
  udp: { mssBytes: null, lengthBytes: 1200, bitrateBps: 5_000_000, reverse: true },
} as const)) {
  test(`a code point and omitted rows of ${protocol}, on the wire and in the sockets`, async () => {
    const events: HistoryEvent[] = [];
    const context = benchContext(network, folder, events);
    const further = { dscp: 46, omitMs: 1000, windowBytes: 262_144, ...change };
    const inside = (node: string, ...argv: string[]) => {
      const [program = '', ...rest] = [...network.enter(node), ...argv];
      return execa(program, rest, { reject: false, timeout: 20_000 });
    };
    const capture = (side: string) =>
      inside(
        ...[side, 'timeout', '2', 'tcpdump', '-nni', `${side}-eth0`, '-Q', 'out'],
        // Packets with data, and the byte of the header beside the length.
        ...['-v', `${protocol} and greater 1000`],
      );
    const flow = await startFlow(
      context,
      { ...benchFlow, protocol: protocol as 'tcp' | 'udp', ...further },
      network.hosts,
    );
    const senders = protocol === 'tcp' ? ['h1', 'h2'] : ['h2'];
    const captures = await Promise.all(senders.map(capture));
    const sockets = await inside('h1', 'ss', '-tin', 'dport = :5201');
    await sleep(300);
    expect(flow.failure()).toBeNull();
    await flow.stop();

    for (const { stdout, stderr } of captures) {
      const marks = [...stdout.matchAll(/tos (0x[0-9a-f]+)/g)].map(([, mark]) => mark);
      expect(marks.length, stderr).toBeGreaterThan(100);
      expect(new Set(marks)).toEqual(new Set(['0xb8']));
    }
    if (protocol === 'tcp') expect(sockets.stdout).toMatch(/ reno .*bytes_sent:\d{7}/);

    for (const event of events) expect(historyEvent.safeParse(event).error).toBeUndefined();
    for (const side of ['sender', 'receiver'] as const) {
      const rows = eventsOf(events, 'iperf.interval').filter((row) => row.side === side);
      const counted = rows.filter(({ omitted, flow: id }) => !omitted && id === benchFlow.id);
      expect(rows.some(({ omitted, endMs }) => omitted && endMs < 1050)).toBe(true);
      expect(counted[0]?.startMs).toBeGreaterThan(990);
      expect(counted[0]?.startMs).toBeLessThan(1050);
      expect(counted.length).toBeGreaterThan(8);
      for (const row of counted) expect(row.bytes).toBeGreaterThan(0);
    }
    for (const end of eventsOf(events, 'iperf.end')) expect(end.error).toBeNull();
  });
}

test('iperf3 is ended in time, with its rows, on a path that is dead', async () => {
  const events: HistoryEvent[] = [];
  const flow = await startFlow(benchContext(network, folder, events), benchFlow, network.hosts);
  await sleep(800);
  await network.drop('both');
  await sleep(500);
  const stopped = flow.stop().then(() => 'stopped');
  expect(await Promise.race([stopped, sleep(8_000)])).toBe('stopped');
  const sender = eventsOf(events, 'iperf.interval').filter((row) => row.side === 'sender');
  expect(sender.some((row) => row.bytes > 0)).toBe(true);
  expect(sender.some((row) => row.bytes === 0)).toBe(true);
});

test('a client that cannot reach its server fails with the words of iperf3', async () => {
  const events: HistoryEvent[] = [];
  const context = benchContext(network, folder, events);
  await network.drop('both');
  const flow = await startFlow(context, benchFlow, network.hosts);
  await flow.ended;
  expect(flow.failure()).toMatch(/connect/);
  await flow.stop();
  const ends = eventsOf(events, 'iperf.end').filter((end) => end.side === 'sender');
  expect(ends).toMatchObject([{ error: expect.stringMatching(/connect/) }]);
});
