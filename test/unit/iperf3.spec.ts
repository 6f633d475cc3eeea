import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readVersion } from '../../harness/lab/traffic/iperf3/abilities.js';
import { clientArgv, serverArgv } from '../../harness/lab/traffic/iperf3/argv.js';
import { hasListener } from '../../harness/lab/traffic/iperf3/listening.js';
import { readIperf3Output } from '../../harness/lab/traffic/iperf3/output.js';
import { readSegmentSize } from '../../harness/lab/traffic/iperf3/segment-size.js';
import { readTolerantJson } from '../../harness/lab/traffic/iperf3/tolerant-json.js';
import { readInterfaceBytes } from '../../harness/lab/traffic/sampler.js';
import type { ResolvedFlow } from '../../harness/model/resolved.js';

/** Recorded with iperf3 3.12 over an outage of about half a second, then ended by SIGTERM. */
const recorded = (name: string) =>
  readFileSync(new URL(`../fixtures/iperf3/${name}.json`, import.meta.url), 'utf8');

const flow: ResolvedFlow = {
  id: 'main',
  protocol: 'tcp',
  from: 'h1',
  to: 'h2',
  reverse: false,
  bidirectional: false,
  parallel: 1,
  bitrateBps: 100_000_000,
  mssBytes: 1400,
  lengthBytes: null,
  intervalMs: 1000,
  port: 5201,
  startMs: 0,
  stopMs: null,
};
const plain = { jsonStream: false };
const client = (change: Partial<ResolvedFlow>) =>
  clientArgv({ ...flow, ...change }, '10.99.0.3', '10.99.0.4', plain).join(' ');

test.describe('the words of iperf3', () => {
  test('a client of a capped TCP flow', () => {
    expect(client({})).toBe(
      'iperf3 -c 10.99.0.4 -p 5201 -B 10.99.0.3 -t 86400 -i 1 --connect-timeout 5000 -M 1400 ' +
        '-b 100000000 --fq-rate 125000000 --forceflush -J',
    );
  });

  test('a server for one test', () => {
    expect(serverArgv(flow, '10.99.0.4', plain).join(' ')).toBe(
      'iperf3 -s -1 -p 5201 -B 10.99.0.4 -i 1 --rcv-timeout 3600000 --forceflush -J',
    );
  });

  test('the bitrate is divided among parallel streams', () => {
    expect(client({ parallel: 4 })).toContain('-b 25000000 --fq-rate 31250000 -P 4');
  });

  test('a slow flow writes several blocks an interval, so that its own pace is no stall', () => {
    expect(client({ bitrateBps: 2_000_000, intervalMs: 100 })).toContain('-l 6250 -M 1400');
    expect(client({ bitrateBps: 2_000_000, intervalMs: 1000 })).toContain('-l 62500 ');
    expect(client({ bitrateBps: 80_000_000, intervalMs: 100, parallel: 8 })).toContain('-l 31250 ');
    expect(client({ bitrateBps: 100_000, intervalMs: 100 })).toContain('-l 1024 ');
    expect(client({ bitrateBps: null, intervalMs: 100 })).not.toContain('-l ');
  });

  test('an unlimited flow is not paced', () => {
    expect(client({ bitrateBps: null })).toContain('-b 0 --forceflush');
  });

  test('UDP has a length and neither a segment size nor socket pacing', () => {
    const words = client({ protocol: 'udp', lengthBytes: 1400 });
    expect(words).toContain('-u -l 1400 -b 100000000');
    expect(words).not.toMatch(/-M|--fq-rate/);
  });

  test('reverse and two-way flows raise the receive timeout of the client', () => {
    expect(client({ reverse: true })).toMatch(/--rcv-timeout 3600000 .*-R/);
    expect(client({ bidirectional: true, reverse: true })).toMatch(/--rcv-timeout .*--bidir/);
    expect(client({ bidirectional: true, reverse: true })).not.toContain('-R');
  });

  test('options of sockets and of counting are handed on', () => {
    const options = { congestion: 'bbr', omitMs: 2000, windowBytes: 400_000, dscp: 46 };
    expect(client({ ...options, zerocopy: true })).toContain(
      '-b 100000000 --fq-rate 125000000 -C bbr -O 2 -w 400000 -S 184 -Z --forceflush',
    );
    expect(client({ dscp: 0 })).toContain('-S 0 ');
    expect(client({ reverse: true, dscp: 8 })).toMatch(/-R -S 32 --forceflush/);
    expect(client({})).not.toMatch(/ -[COwSZ] /);
  });

  test('intervals are never finer than iperf3 allows', () => {
    expect(client({ intervalMs: 20 })).toContain('-i 0.1 ');
  });

  test('the output is a stream where the version has one', () => {
    expect(serverArgv(flow, '10.99.0.4', { jsonStream: true }).at(-1)).toBe('--json-stream');
  });

  test('versions', () => {
    expect(readVersion('iperf 3.12 (cJSON 1.7.15)\nLinux')).toEqual([3, 12]);
    expect(readVersion('something else')).toBeNull();
  });
});

test.describe('what iperf3 printed', () => {
  test('the sender of a TCP flow', () => {
    const { sent, received, error } = readIperf3Output(recorded('tcp-client'));
    expect(received).toBeNull();
    expect(sent?.intervals).toHaveLength(9);
    expect(sent?.intervals[0]).toMatchObject({ startMs: 0, bytes: 6_291_456, retransmits: 0 });
    expect(sent?.intervals[4]?.bytes).toBe(524_288);
    expect(sent?.totalBytes).toBe(48_234_496);
    expect(sent?.totalRetransmits).toBe(97);
    expect(error).toBe('interrupt - the client has terminated');
  });

  test('the row that an interrupted server prints twice counts once', () => {
    const { received } = readIperf3Output(recorded('tcp-server'));
    const starts = received?.intervals.map((row) => row.startMs) ?? [];
    expect(starts).toHaveLength(8);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(received?.totalBytes).toBe(47_471_648);
    expect(received?.totalRetransmits).toBeNull();
  });

  test('both halves of a two-way flow', () => {
    const { sent, received } = readIperf3Output(recorded('bidirectional-client'));
    expect(sent?.totalBytes).toBe(49_414_144);
    expect(received?.totalBytes).toBe(48_535_204);
    expect(sent?.intervals.map((row) => row.bytes)).not.toEqual(
      received?.intervals.map((row) => row.bytes),
    );
  });

  test('an interrupted UDP receiver sums up its rows, since iperf3 says 0', () => {
    const { received } = readIperf3Output(recorded('udp-server'));
    expect(received?.totalBytes).toBe(849_800);
    const lost = received?.intervals.map((row) => row.lostPackets);
    expect(lost).toEqual([0, 0, 108, 0]);
    expect(received).toMatchObject({ totalPackets: 771, totalLostPackets: 108 });
    expect(received?.intervals.map((row) => row.packets)).toEqual([179, 179, 178, 179]);
    for (const row of received?.intervals ?? []) expect(row.jitterMs).toBeLessThan(0.1);
  });

  test('a UDP sender knows what it sent, and neither loss nor jitter', () => {
    const { sent } = readIperf3Output(recorded('udp-client'));
    expect(sent).toMatchObject({ totalPackets: 771 });
    expect(sent?.intervals[0]).toMatchObject({ packets: 179, lostPackets: null, jitterMs: null });
  });

  test('omitted rows are marked, and the others go on behind them', () => {
    for (const name of ['omit-client', 'omit-server']) {
      const half = (omitMs: number) => {
        const { sent, received } = readIperf3Output(recorded(name), omitMs);
        return sent ?? received;
      };
      const intervals = half(1000)?.intervals ?? [];
      const counted = intervals.filter(({ omitted }) => omitted === undefined);
      expect(intervals.indexOf(counted[0] as never)).toBe(intervals.length - counted.length);
      expect(counted.length).toBeGreaterThan(3);
      expect(intervals.length - counted.length).toBeGreaterThanOrEqual(9);
      // 3.12 leaves the last omitted row out at times, and starts the next row at its end.
      expect(counted[0]?.startMs).toBeCloseTo(1000, -1);
      for (const [index, row] of counted.entries()) {
        if (index > 0) expect(row.startMs).toBeCloseTo(counted[index - 1]?.endMs ?? 0, 1);
        expect(row.bytes).toBeGreaterThan(100_000);
      }
      const bytes = counted.reduce((sum, row) => sum + row.bytes, 0);
      // At the end iperf3 counts what came after its last row as well, and nothing omitted.
      expect(half(1000)?.totalBytes).toBeGreaterThanOrEqual(bytes);
      expect(half(1000)?.totalBytes).toBeLessThan(bytes + 262_144);
    }
  });

  test('rows of several streams are added up, and their jitter is averaged', () => {
    const stream = (bytes: number) => ({ start: 0, end: 1, bytes, retransmits: 2, sender: true });
    const tcp = JSON.stringify({ intervals: [{ streams: [stream(10), stream(5)] }] });
    const row = { startMs: 0, endMs: 1000, bytes: 15, retransmits: 4 };
    const unknown = { lostPackets: null, packets: null, jitterMs: null };
    const streamBytes = [10, 5];
    expect(readIperf3Output(tcp).sent?.intervals).toEqual([{ ...row, streamBytes, ...unknown }]);
    const datagrams = { start: 0, end: 1, bytes: 10, lost_packets: 3, packets: 8, sender: false };
    const streams = [1, 2].map((jitter_ms) => ({ ...datagrams, jitter_ms }));
    const udp = JSON.stringify({ intervals: [{ streams }] });
    expect(readIperf3Output(udp).received?.intervals).toMatchObject([
      { bytes: 20, lostPackets: 6, packets: 16, jitterMs: 1.5 },
    ]);
  });

  test('output that was cut off anywhere keeps its whole rows and says so', () => {
    const text = recorded('tcp-client');
    let most = 0;
    for (let length = 1; length < text.length - 2; length += 97) {
      const { sent, flaw } = readIperf3Output(text.slice(0, length));
      expect(flaw).not.toBeNull();
      const rows = sent?.intervals ?? [];
      for (const row of rows) expect(row.bytes).toBeGreaterThan(500_000);
      expect(rows.length).toBeGreaterThanOrEqual(most);
      most = rows.length;
    }
    expect(most).toBe(9);
  });

  test('text around the JSON is told, and the rows are kept', () => {
    const text = `warning: something\n${JSON.stringify({ intervals: [], end: {} })}\ntrailing`;
    expect(readTolerantJson(text).flaw).toBe('The JSON is surrounded by other text.');
  });

  test('no JSON, broken JSON and foreign JSON are errors, never exceptions', () => {
    expect(readIperf3Output('').flaw).toBe('The output holds no JSON.');
    expect(readIperf3Output('{"a" 1}').flaw).toBe('The JSON is malformed.');
    expect(readIperf3Output('{"intervals": 3}').flaw).toBe(
      'The output is not the result of a test.',
    );
    const half = '{"intervals": [{"streams": "none"}]}';
    expect(readIperf3Output(half).flaw).toBe('1 intervals are malformed.');
  });

  test('a streamed output reads as the same output at once', () => {
    const whole = JSON.parse(recorded('tcp-client'));
    const lines = [
      { event: 'start', data: whole.start },
      ...whole.intervals.map((data: unknown) => ({ event: 'interval', data })),
      { event: 'error', data: whole.error },
      { event: 'end', data: whole.end },
    ];
    const streamed = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    expect(readIperf3Output(streamed)).toEqual(readIperf3Output(recorded('tcp-client')));
  });
});

test.describe('what the kernel tells', () => {
  test('the segment size of the connection that sent most', () => {
    const text =
      'ESTAB 0 0 10.0.1.2:1 10.0.2.2:5201 bbr rto:204 mss:1448 pmtu:1500 bytes_sent:196 x:1\n' +
      'ESTAB 0 0 10.0.1.2:2 10.0.2.2:5201 bbr rto:204 mss:1388 pmtu:1500 bytes_sent:1310757 x:1\n';
    expect(readSegmentSize(text)).toBe(1388);
    expect(readSegmentSize('')).toBeNull();
  });

  test('a listening port', () => {
    const table =
      '  sl  local_address rem_address   st tx_queue\n' +
      '   0: 0202000A:1451 00000000:0000 0A 00000000:00000000\n' +
      '   1: 0202000A:1452 0201000A:8000 01 00000000:00000000\n';
    expect(hasListener(table, 5201)).toBe(true);
    expect(hasListener(table, 5202)).toBe(false);
  });

  test('byte counters of one interface', () => {
    const text =
      'Inter-|   Receive  |  Transmit\n face |bytes packets\n' +
      '    lo:       0       0    0    0    0     0          0         0        0       0    0\n' +
      'h1-eth0: 438868    4000    0    0    0     0          0         0   492928    5000    0\n';
    expect(readInterfaceBytes(text, 'h1-eth0')).toEqual({ rxBytes: 438_868, txBytes: 492_928 });
    expect(readInterfaceBytes(text, 'h1-eth1')).toBeNull();
  });
});
