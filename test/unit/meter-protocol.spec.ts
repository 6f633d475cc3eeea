import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { plannedHoleMs } from '../../harness/lab/readiness/planned-loss.js';
import { LiveDirection } from '../../harness/lab/traffic/live-direction.js';
import { meterArgv } from '../../harness/lab/traffic/meter.js';
import { type MeterReceived, readMeterLine } from '../../harness/lab/traffic/meter-protocol.js';
import type { ResolvedLink } from '../../harness/model/resolved.js';

const ms = 1_000_000;

/** Arrivals of probes sent every millisecond, `[first, count]` each, received 0.1 ms later. */
function arrivals(...runs: [number, number][]): MeterReceived {
  const ranges = runs.map(([first, count]): [number, number, number, number] => [
    first,
    count,
    first * ms,
    (first + count - 1) * ms,
  ]);
  const lastRxNs = (ranges.at(-1)?.[3] ?? 0) + 100_000;
  const rest = {
    silences: [],
    duplicates: 0,
    reordered: 0,
    delayNs: null,
    lastRxNs,
    atNs: lastRxNs,
  };
  return { kind: 'meter.received', direction: 'forward', ranges, ...rest };
}

test.describe('lines of the meter', () => {
  test('a line of its own is read', () => {
    const line = '{"kind":"meter.ready","atNs":12,"priority":"fifo 1"}';
    expect(readMeterLine(line)).toEqual({ kind: 'meter.ready', atNs: 12, priority: 'fifo 1' });
  });

  test('anything else is refused', () => {
    expect(readMeterLine('Traceback (most recent call last):')).toBeNull();
    expect(readMeterLine('{"kind":"meter.ready","atNs":-1,"priority":"x"}')).toBeNull();
    expect(readMeterLine('{"kind":"meter.sent","atNs":1,"direction":"up"}')).toBeNull();
  });

  test('the words name both meter addresses', () => {
    const host = (name: string, last: number) => ({
      kind: 'host' as const,
      name,
      mac: '',
      address: `10.99.0.${last}/24`,
      meterAddress: `10.99.1.${last}/24`,
    });
    const meter = { id: 'm', from: 'a', to: 'b', rateHz: 1000, payloadBytes: 64, port: 5400 };
    const words = meterArgv(meter, [host('a', 3), host('b', 4)]).join(' ');
    expect(words).toContain(
      '--meter m --from-address 10.99.1.3 --to-address 10.99.1.4 --port 5400 --rate 1000',
    );
  });
});

test.describe('one direction while it runs', () => {
  test('nothing is clean before the first arrival', () => {
    const live = new LiveDirection();
    expect([live.lastGood(), live.cleanSinceNs(0), live.lostTotal()]).toEqual([null, null, 0]);
  });

  test('clean since the first arrival while none is missing', () => {
    const live = new LiveDirection();
    live.add(arrivals([0, 100]));
    live.add(arrivals([100, 100]));
    expect(live.cleanSinceNs(200 * ms)).toBe(0);
    expect(live.lastGood()).toEqual({ sequence: 199, txNs: 199 * ms, rxNs: 199.1 * ms });
  });

  test('a hole starts the clean time anew, behind it', () => {
    const live = new LiveDirection();
    live.add(arrivals([0, 100], [150, 50]));
    expect(live.cleanSinceNs(200 * ms)).toBe(150 * ms);
    expect(live.lostTotal()).toBe(50);
  });

  test('silence is not clean, and ends without a trace when nothing was missing', () => {
    const live = new LiveDirection();
    live.add(arrivals([0, 100]));
    expect(live.cleanSinceNs(500 * ms)).toBeNull();
    live.add(arrivals([100, 450]));
    expect(live.cleanSinceNs(560 * ms)).toBe(0);
  });

  test('a late packet from before a hole does not hide the hole', () => {
    const live = new LiveDirection();
    live.add(arrivals([0, 50], [51, 49], [150, 10], [50, 1], [160, 40]));
    expect(live.cleanSinceNs(200 * ms)).toBe(150 * ms);
    expect(live.lostTotal()).toBe(50);
  });

  test('holes that planned loss explains do not end the clean time, longer ones do', () => {
    const live = new LiveDirection(100 * ms);
    live.add(arrivals([0, 10], [60, 40], [130, 70]));
    expect(live.cleanSinceNs(200 * ms)).toBe(0);
    expect(live.lostTotal()).toBe(80);
    live.add(arrivals([350, 50]));
    expect(live.cleanSinceNs(400 * ms)).toBe(350 * ms);
  });

  test('the longer planned loss makes its holes, the longer they are tolerated', () => {
    const losing = (lossPercent: number, rateHz: number) => {
      const link = { lossPercent } as ResolvedLink;
      return plannedHoleMs({ links: [link], tunnels: [] }, rateHz);
    };
    expect(losing(0, 1000)).toBe(0);
    expect(losing(1, 1000)).toBe(100);
    expect(losing(5, 10)).toBeGreaterThan(300);
    expect(losing(90, 1000)).toBeGreaterThan(losing(50, 1000));
    expect(losing(100, 1000)).toBe(0);
  });

  test('a late packet fills its hole', () => {
    const live = new LiveDirection();
    live.add(arrivals([0, 10], [11, 5], [10, 1], [16, 4]));
    expect(live.lostTotal()).toBe(0);
    expect(live.lastGood()?.sequence).toBe(19);
  });
});

test.describe('the meter process, its parts', () => {
  const folder = fileURLToPath(new URL('../../harness/lab/traffic/meter', import.meta.url));
  const python = (program: string): unknown => {
    const run = spawnSync('/usr/bin/python3', ['-B', '-c', program], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 10_000,
    });
    expect(run.stderr).toBe('');
    return JSON.parse(run.stdout);
  };

  test('arrivals: runs, duplicates, reordering and delay', () => {
    const report = python(`
import json
from arrivals import Arrivals
a = Arrivals(1000)
for n in (0, 1, 2, 6, 7, 4, 4, 1, 8):
    a.add(n, n * 1000, n * 1000 + 50 + n)
first = a.take()
a.add(5, 5000, 5060); a.add(3, 3000, 2000); a.add(9, 9000, 9010)
print(json.dumps([first, a.take(), a.take(), a.received]))
`);
    expect(report).toEqual([
      {
        ranges: [
          [0, 3, 0, 2000, 50],
          [6, 2, 6000, 7000, 6056],
          [4, 1, 4000, 4000, 4054],
          [8, 1, 8000, 8000, 8058],
        ],
        silences: [],
        duplicates: 2,
        reordered: 1,
        delayNs: { min: 50, median: 54, max: 58 },
        lastRxNs: 8058,
      },
      {
        ranges: [
          [5, 1, 5000, 5000, 5060],
          [3, 1, 3000, 3000, 2000],
          [9, 1, 9000, 9000, 9010],
        ],
        silences: [],
        duplicates: 0,
        reordered: 2,
        delayNs: { min: 10, median: 60, max: 60 },
        lastRxNs: 9010,
      },
      null,
      10,
    ]);
  });

  test('ends: 40 flows have ports of their own, and their probes are read in order', () => {
    const report = python(`
import json, time
from end import End
from receive import open_socket
many = [open_socket("127.0.0.1", 0) for _ in range(40)]
one = open_socket("127.0.0.1", 0)
ports = [udp.getsockname() for udp in many]
ms = 1_000_000
begin = End(many, [one.getsockname()], "m", "forward", "reverse", 64, ms)
far = End([one], ports, "m", "reverse", "forward", 64, ms)
for _ in range(200):
    for end in (begin, far):
        end.sender.send(time.monotonic_ns(), 0)
    time.sleep(0.001)
begin.receive(); far.receive()
taken = [end.arrivals.take() for end in (begin, far)]
print(json.dumps([[[r[:2] for r in t["ranges"]], t["reordered"]] for t in taken]))
`);
    expect(report).toEqual([
      [[[0, 200]], 0],
      [[[0, 200]], 0],
    ]);
  });

  test('arrivals: silences, also where no number is missing and over the end of a report', () => {
    const report = python(`
import json
from arrivals import Arrivals
ms = 1_000_000
a = Arrivals(ms)
for n in range(3):
    a.add(n, (100 + n) * ms, (101 + n) * ms)
# Waited in a queue, all at once: nothing is lost.
for n in range(3, 6):
    a.add(n, (100 + n) * ms, 300 * ms)
first = a.take()
a.add(6, 106 * ms, 306 * ms); a.add(9, 400 * ms, 401 * ms)
print(json.dumps([first["ranges"], first["silences"], a.take()["silences"]]))
`);
    expect(report).toEqual([
      [[0, 6, 100 * ms, 105 * ms, 101 * ms]],
      [[103 * ms, 300 * ms, 103 * ms]],
      [[306 * ms, 401 * ms, 400 * ms]],
    ]);
  });

  test('a stepped wall clock makes no silence', () => {
    const report = python(`
import json, socket, time
import datagram, receive
udp = receive.open_socket("127.0.0.1", 0)
reader = receive.BatchReader(udp, 64, datagram.reader(64))
real = time.time_ns
def read(step_ns):
    time.time_ns = lambda: real() + step_ns
    udp.sendto(bytes(64), udp.getsockname())
    time.sleep(0.005)
    (found,) = list(reader.read())
    return abs(found[3] - time.monotonic_ns()) < 1_000_000_000
print(json.dumps([read(0), read(3_600_000_000_000), read(0)]))
`);
    expect(report).toEqual([true, true, true]);
  });

  test('a datagram carries number and stamp, and knows its meter and direction', () => {
    const report = python(`
import json, datagram
probe = datagram.template("m", "forward", 64)
datagram.stamp(probe, 2**40, 123456789)
prefix, number, stamp = datagram.reader(64).unpack(probe)
print(json.dumps([len(probe), number, stamp, prefix == datagram.prefix("m", "forward"),
                  prefix == datagram.prefix("m", "reverse"), prefix == datagram.prefix("n", "forward")]))
`);
    expect(report).toEqual([64, 2 ** 40, 123_456_789, true, false, false]);
  });

  test('a late sender makes up for the last 20 ms and leaves out what is older', () => {
    const report = python(`
import json
from pacing import Slots
slots = Slots(1_000_000)
due = slots.next_ns + 200_000_000
slots.skip_missed(due)
late = []
while slots.next_ns <= due:
    late.append(slots.take(due))
print(json.dumps([len(late), late[0], late[-1]]))
`);
    expect(report).toEqual([21, 20 * ms, 0]);
  });
});
