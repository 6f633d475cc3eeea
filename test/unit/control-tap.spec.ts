/** Control channels read from outside: however TCP cuts them up, the same messages come out. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  factsOf,
  kindOf,
  type OpenFlowMessage,
  tellingKind,
} from '../../harness/lab/observe/openflow-wire.js';

const script = fileURLToPath(new URL('../fixtures/replay_segments.py', import.meta.url));

type Segment =
  | [sequence: number, flags: number, payload: string]
  | [atMs: number, acknowledged: number];
type Message = [type: number, xid: number, body: string];

let child: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;
test.beforeAll(() => {
  child = spawn('/usr/bin/python3', ['-B', script]);
  child.stderr.pipe(process.stderr);
  lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
});
test.afterAll(() => {
  child.stdin.end();
});

async function found(segments: Segment[]): Promise<Message[]> {
  child.stdin.write(`${JSON.stringify(segments)}\n`);
  return JSON.parse((await lines.next()).value ?? 'null') as Message[];
}

function encode([type, xid, body]: Message): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(4, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16BE(8 + body.length / 2, 2);
  header.writeUInt32BE(xid, 4);
  return Buffer.concat([header, Buffer.from(body, 'hex')]);
}

const SYN = 2;
const byte = fc.integer({ min: 0, max: 255 });
const body = fc.array(byte, { maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const message = fc.tuple(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0 }), body);

test('segments of any size, seen twice, out of order and across the end of the numbers', async () => {
  const messages = fc.array(message, { minLength: 1, maxLength: 12 });
  const start = fc.constantFrom(1000, 2 ** 32 - 60);
  const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
  const order = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(messages, start, cuts, order, async (sent, first, sizes, delays) => {
      const stream = Buffer.concat(sent.map(encode));
      const segments: Segment[] = [];
      for (let at = 0, n = 0; at < stream.length; n++) {
        const size = sizes[n % sizes.length] ?? 1;
        const payload = stream.subarray(at, at + size).toString('hex');
        segments.push([(first + 1 + at) % 2 ** 32, 0, payload]);
        at += size;
      }
      // Every segment twice, each a few places away from where it belongs.
      const shuffled = [...segments, ...segments]
        .map((segment, n) => ({ segment, place: (n % segments.length) + (delays[n % 40] ?? 0) }))
        .sort((a, b) => a.place - b.place)
        .map(({ segment }) => segment);
      expect(await found([[first, SYN, ''], ...shuffled])).toEqual(sent);
    }),
    { numRuns: 60 },
  );
});

test('a stream that cannot be OpenFlow yields nothing, and the next connection is read', async () => {
  const hello = encode([0, 7, '']).toString('hex');
  const segments: Segment[] = [
    ...([
      [99, SYN, ''],
      [100, 0, Buffer.from('GET / HTTP/1.1\r\n\r\n').toString('hex')],
    ] as Segment[]),
    ...([
      [499, SYN, ''],
      [500, 0, hello],
    ] as Segment[]),
  ];
  expect(await found(segments)).toEqual([[0, 7, '']]);
});

test('a segment that was never seen, though it arrived, is not waited for', async () => {
  const [first, second, third] = [1, 2, 3].map((xid) => encode([25, xid, '']).toString('hex'));
  const acknowledged = async (atMs: number) =>
    (
      await found([
        [99, SYN, ''],
        [100, 0, first ?? ''],
        // The eight bytes between were lost on the way to this reader, and to nobody else.
        [116, 0, second ?? ''],
        [10, 124],
        [124, 0, third ?? ''],
        [atMs, 132],
        [132, 0, first ?? ''],
      ])
    ).map(([, xid]) => xid);
  // It may only be late: an answer can be read before what it answers.
  expect(await acknowledged(100)).toEqual([1]);
  expect(await acknowledged(400)).toEqual([1, 2, 3, 1]);
});

const seen = (type: number, hex: string, version = 4): OpenFlowMessage => ({
  ...{ version, type, xid: 1 },
  body: Buffer.from(hex, 'hex'),
});

test('roles, handshakes and changes of ports are told one by one, in words', () => {
  const request = seen(24, '00000002000000000000000000000005');
  expect(tellingKind(kindOf(request))).toBe('role');
  expect(factsOf(request)).toEqual({ role: { direction: 'request', role: 'master' } });
  const reply = seen(25, '00000003000000000000000000000005');
  expect(tellingKind(kindOf(reply))).toBe('role');
  expect(factsOf(reply)).toEqual({ role: { direction: 'reply', role: 'slave' } });
  expect(tellingKind(kindOf(seen(6, '')))).toBe('handshake');
  // Port 3, no forward; mask: down, no receive, no forward, no packet-in.
  const portMod = seen(16, `0000000300000000${'00'.repeat(8)}000000200000006500000000`);
  expect(tellingKind(kindOf(portMod))).toBe('port-mod');
  expect(factsOf(portMod)).toEqual({
    portMod: { port: 3, set: ['no forward'], cleared: ['down', 'no receive'] },
  });
  // The same numbers mean other things in OpenFlow 1.0.
  expect(kindOf(seen(24, '', 1))).toBe('other');
  expect(kindOf(seen(15, '', 1))).toBe('port-mod');
});
