import { expect, test } from '@playwright/test';
import { readPing, readZeroRows } from '../../harness/bench/meter/instruments.js';
import { type CapturedPacket, readPcap } from '../../harness/bench/meter/pcap.js';
import type { Reading } from '../../harness/bench/meter/reading.js';
import { isSilentlyWrong, summarizeErrors } from '../../harness/bench/meter/summary.js';
import { dropTruth } from '../../harness/bench/meter/truth.js';

const left = [10, 0, 1] as const;

/** An IPv4 frame of host 10.0.<network>.2; a router changes its time to live and checksum. */
function frame(id: number, timeToLive: number, network = 1): Buffer {
  const bytes = Buffer.alloc(60);
  bytes.writeUInt16BE(0x0800, 12);
  bytes[14] = 0x45;
  bytes.writeUInt16BE(id, 18);
  bytes[22] = timeToLive;
  bytes[23] = 17;
  bytes.writeUInt16BE(timeToLive * 7, 24);
  bytes.set([10, 0, network, 2, 10, 0, 3 - network, 2], 26);
  return bytes;
}

const at = (ms: number, id: number, timeToLive: number, network = 1): CapturedPacket => ({
  atNs: ms * 1e6,
  frame: frame(id, timeToLive, network),
});

test.describe('the truth from two captures', () => {
  const sent = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  const before = sent.map((id) => at(id, id, 64));

  test('nothing dropped is no outage', () => {
    const after = sent.map((id) => at(id + 0.1, id, 63));
    expect(dropTruth(before, after, left)).toMatchObject({ outageMs: 0, dropped: 0 });
  });

  test('the outage lies between the dropped packets and those that passed', () => {
    const after = [0, 1, 2, 7, 8, 9].map((id) => at(id + 0.1, id, 63));
    const truth = { outageMs: 4, uncertaintyMs: 1, dropped: 4, passedBetween: 0 };
    expect(dropTruth(before, after, left)).toEqual(truth);
  });

  test('packets in between that passed are counted', () => {
    const after = [0, 1, 2, 5, 7, 8, 9].map((id) => at(id + 0.1, id, 63));
    expect(dropTruth(before, after, left)).toMatchObject({ dropped: 3, passedBetween: 1 });
  });

  test('packets still on their way when capturing ended were not dropped', () => {
    const after = sent.slice(0, 8).map((id) => at(id + 0.1, id, 63));
    expect(dropTruth(before, after, left).dropped).toBe(0);
  });

  test('packets from before the other side captured were not dropped', () => {
    const after = [2, 3, 4, 7, 8, 9].map((id) => at(id + 0.1, id, 63));
    const truth = { outageMs: 2, uncertaintyMs: 1, dropped: 2, passedBetween: 0 };
    expect(dropTruth(before, after, left)).toEqual(truth);
  });

  test('the other direction does not count', () => {
    const others = sent.map((id) => at(id, id, 64, 2));
    expect(dropTruth(others, [], left).dropped).toBe(0);
  });

  test('the same packet sent twice and passed once was dropped once', () => {
    const twice = [at(0, 1, 64), at(1, 1, 64), at(2, 1, 64)];
    const after = [at(0.1, 1, 63), at(2.1, 1, 63)];
    // Which of equal packets was dropped cannot be told; that one was, can.
    expect(dropTruth([...twice, at(3, 9, 64)], [...after, at(3.1, 9, 63)], left).dropped).toBe(1);
  });
});

test.describe('captures', () => {
  const header = (magic: number) => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(magic, 0);
    return bytes;
  };
  const packet = (seconds: number, fraction: number, data: string) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32LE(seconds, 0);
    bytes.writeUInt32LE(fraction, 4);
    bytes.writeUInt32LE(data.length, 8);
    bytes.writeUInt32LE(data.length, 12);
    return Buffer.concat([bytes, Buffer.from(data)]);
  };

  test('packets in nanoseconds and microseconds, from the first second on', () => {
    const packets = [packet(100, 5, 'one'), packet(101, 7, 'three')];
    const nano = readPcap(Buffer.concat([header(0xa1b23c4d), ...packets]));
    expect(nano.map((one) => [one.atNs, one.frame.toString()])).toEqual([
      [5, 'one'],
      [1e9 + 7, 'three'],
    ]);
    const micro = readPcap(Buffer.concat([header(0xa1b2c3d4), ...packets]));
    expect(micro[0]?.atNs).toBe(5_000);
  });

  test('a capture cut off keeps its whole packets, another file is refused', () => {
    const whole = Buffer.concat([header(0xa1b23c4d), packet(1, 1, 'one'), packet(1, 2, 'two')]);
    expect(readPcap(whole.subarray(0, whole.length - 1))).toHaveLength(1);
    expect(readPcap(header(0xa1b23c4d))).toEqual([]);
    expect(() => readPcap(Buffer.from('not a capture'))).toThrow('This is not a packet capture.');
  });
});

test.describe('the other instruments', () => {
  test('ping: the longest gap between replies, less its interval', () => {
    const reply = (stamp: string, number: number) =>
      `[${stamp}] 64 bytes from 10.0.2.2: icmp_seq=${number} ttl=63 time=0.06 ms\n`;
    const text = `PING\n${reply('100.000000', 1)}${reply('100.010000', 2)}${reply('100.230000', 19)}`;
    expect(readPing(text)).toBeCloseTo(210, 3);
    expect(readPing('')).toBe(0);
  });

  test('iperf3: the longest run of empty rows', () => {
    const row = (startMs: number, bytes: number) => ({ startMs, endMs: startMs + 100, bytes });
    expect(readZeroRows([row(0, 9), row(100, 0), row(200, 5), row(300, 0), row(400, 0)])).toBe(200);
    expect(readZeroRows([row(0, 9)])).toBe(0);
  });
});

test.describe('errors', () => {
  const truth = (outageMs: number) => ({
    outageMs,
    uncertaintyMs: 0.2,
    dropped: outageMs > 0 ? 9 : 0,
    passedBetween: 0,
  });
  const reading: Reading = {
    lengthMs: 200,
    dropped: 'forward',
    truth: { forward: truth(200), reverse: truth(0) },
    meterMs: { forward: 201, reverse: 0 },
    pingMs: 205,
    iperf3Ms: 0,
    flagged: false,
    reasons: [],
    meterCpuPercent: 8,
    worstSendLatenessMs: 1,
  };

  test('only directions in which something was dropped have errors', () => {
    const [summary] = summarizeErrors([reading]).lengths;
    expect(summary).toMatchObject({
      readings: 1,
      meter: { medianAbsoluteMs: 1, worstAbsoluteMs: 1 },
      iperf3: { medianAbsoluteMs: 200 },
    });
  });

  test('an outage whose end the meter did not see is infinitely wrong', () => {
    const blind = { ...reading, meterMs: { forward: null, reverse: 0 } };
    const [summary] = summarizeErrors([blind]).lengths;
    expect(summary?.meter.worstAbsoluteMs).toBe(Number.POSITIVE_INFINITY);
    expect(isSilentlyWrong(blind)).toBe(true);
    expect(isSilentlyWrong({ ...blind, flagged: true })).toBe(false);
  });

  test('an outage seen where there was none is wrong as well', () => {
    expect(isSilentlyWrong({ ...reading, meterMs: { forward: 201, reverse: 30 } })).toBe(true);
    expect(isSilentlyWrong(reading)).toBe(false);
  });
});
