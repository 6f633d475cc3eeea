/**
 * Input from elsewhere, whatever it is: read, or refused with a LabError that says where. No reader
 * throws anything else, and none lets something through that a later reader chokes on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { LabError } from '../../harness/errors.js';
import * as lab from '../../harness/index.js';
import { parseBaseline, printBaseline } from '../../harness/judge/gate/baseline.js';
import { readControllerLine } from '../../harness/lab/controllers/log-line.js';
import { factsOf, kindOf } from '../../harness/lab/observe/openflow-wire.js';
import { mapOf, readOvsdbMessage, splitJson } from '../../harness/lab/observe/ovsdb-message.js';
import { readTapLine } from '../../harness/lab/observe/tap-line.js';
import { readIperf3Output } from '../../harness/lab/traffic/iperf3/output.js';
import { readMeterLine } from '../../harness/lab/traffic/meter-protocol.js';
import { examineScenario, resolveScenario } from '../../harness/language/resolve.js';
import { idOfRefused, readDriveRequest } from '../../harness/model/drive-protocol.js';
import { historyEvent } from '../../harness/model/history/events.js';
import { readHistory } from '../../harness/model/history/reader.js';
import { resolvedScenario } from '../../harness/model/resolved.js';
import { packageRoot } from '../../harness/package-root.js';
import { changed, hostileChange, hostileValue, tornText } from '../hostile.js';

const runs = { numRuns: 300 };

/** The LabError that `work` ends with; undefined when it ends well. Anything else is thrown on. */
function refusalOf(work: () => unknown): LabError | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
}

const fixture = (path: string) => readFileSync(join(packageRoot(), 'test/fixtures', path), 'utf8');
const historyLines = fixture('histories/recovers.ndjson').trimEnd().split('\n');
/** One line of each kind, so that every schema is met. */
const kinds = new Map(historyLines.map((line) => [JSON.parse(line).kind as string, line]));

test('a history with one hostile value: the line is named, or it was no harm', () => {
  const good = [...kinds.values()];
  fc.assert(
    fc.property(fc.nat(good.length - 1), hostileChange, (index, change) => {
      const lines = [...good];
      lines[index] = JSON.stringify(changed(JSON.parse(good[index] ?? ''), change)) ?? 'null';
      // Behind it stands a whole line, so it cannot pass for a cut-off end.
      const refused = refusalOf(() => readHistory(`${lines.join('\n')}\n`));
      if (!refused) return;
      expect(refused.code).toBe('RECORD_UNREADABLE');
      expect(refused.details.line).toBe(index + 1);
      expect(refused.message).toContain(`Line ${index + 1} of the history: `);
    }),
    runs,
  );
});

test('a torn history', () => {
  fc.assert(
    fc.property(tornText([...kinds.values()].join('\n')), (text) => {
      const refused = refusalOf(() => readHistory(text));
      if (refused) expect(refused.message).toMatch(/^Line \d+ of the history: /);
    }),
    runs,
  );
});

const baseline = {
  schemaVersion: 1 as const,
  scenario: 'relay-failover',
  controller: 'floyd',
  seed: 1,
  plannedTrials: 3,
  environment: { kernel: '6.1', ovs: '3.1.0', datapath: 'user' as const, cores: 2 },
  periodMs: 10_000,
  trials: [0, 1, 2].map((stratum) => ({
    ...{ stratum, phaseOffsetMs: 100 * stratum, networkOutageMs: 2500, tcpStallMs: null },
  })),
};

test('a baseline with one hostile value: the file is named, and the field', () => {
  fc.assert(
    fc.property(hostileChange, (change) => {
      const text = JSON.stringify(changed(baseline, change));
      const refused = refusalOf(() => parseBaseline(text, 'a.baseline.json'));
      if (!refused) return;
      expect(refused.code).toBe('RECORD_UNREADABLE');
      expect(refused.message).toContain('a.baseline.json is ');
    }),
    runs,
  );
});

test('a baseline that is no JSON: the line is named', () => {
  const lines = printBaseline(baseline).trimEnd().split('\n');
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.constantFrom('@', '}}', '"', '-', '\u0001'),
      (at, bad) => {
        const torn = lines.map((line, index) => (index === at ? bad + line : line)).join('\n');
        const refused = refusalOf(() => parseBaseline(torn, 'a.baseline.json'));
        expect(refused?.message, torn).toContain(`a.baseline.json:${at + 1} is not JSON`);
      },
    ),
    runs,
  );
});

const controllerLine = { atNs: 5, event: 'decision', paths: [{ from: 'a', to: 'b' }], cost: 3 };

test('whatever a controller prints, the record that it goes into can be read', () => {
  const printed = fc.oneof(
    hostileChange.map((change) => JSON.stringify(changed(controllerLine, change)) ?? ''),
    hostileValue.map((value) => JSON.stringify({ ...controllerLine, paths: value })),
    tornText(JSON.stringify(controllerLine)),
    fc.constant(`${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`),
    fc.constant(`{"atNs":1e999,"event":"x"}`),
    fc.constant(`{"atNs":1,"event":"x","kind":"run.end","trial":-1,"__proto__":{"a":1}}`),
  );
  fc.assert(
    fc.property(printed, (line) => {
      const entry = readControllerLine(line);
      if (!entry) return;
      const event = { kind: 'controller.log', trial: 0, controller: 'any', ...entry };
      expect(readHistory(`${JSON.stringify(event)}\n`).events).toHaveLength(1);
    }),
    runs,
  );
  expect(readControllerLine(JSON.stringify(controllerLine))?.fields).toEqual({
    paths: [{ from: 'a', to: 'b' }],
    cost: 3,
  });
});

const tapLines = [
  `{"atNs":5,"port":6653,"switch":"10.254.0.2","version":4,"type":14,"xid":7,"body":"00ff"}`,
  `{"atNs":5,"windowMs":1000,"lost":0,"counts":{"10.254.0.2":{"10":3}}}`,
  `{"atNs":5,"ready":true}`,
];

test('a line of a tap that was killed in the middle of it is passed over', () => {
  for (const line of tapLines) expect(readTapLine(line)).toEqual(JSON.parse(line));
  fc.assert(
    fc.property(fc.constantFrom(...tapLines), fc.nat(), (line, at) => {
      expect(readTapLine(line.slice(0, at % line.length))).toBeNull();
    }),
    runs,
  );
  fc.assert(
    fc.property(tornText(tapLines.join('')), (text) => {
      readTapLine(text);
    }),
    runs,
  );
});

const bfdStatus = [
  'map',
  [
    ['state', 'up'],
    ['forwarding', 'true'],
  ],
];
const update = {
  method: 'update',
  params: [
    null,
    {
      Interface: {
        'a-uuid': { old: { link_state: 'down' }, new: { name: 'p1', bfd_status: bfdStatus } },
      },
    },
  ],
};

test('messages of a database: one that is hostile costs itself alone', () => {
  fc.assert(
    fc.property(hostileChange, (change) => {
      const stream = JSON.stringify(changed(update, change)) + JSON.stringify(update);
      const { messages } = splitJson(stream);
      const read = messages.map(readOvsdbMessage);
      for (const message of read) {
        if (message?.kind !== 'tables') continue;
        const rows = Object.values(message.tables).flatMap((table) => Object.values(table));
        for (const row of rows) mapOf(row.new?.bfd_status);
      }
      expect(read.at(-1)).toMatchObject({ kind: 'tables', first: false });
    }),
    runs,
  );
  expect(mapOf(bfdStatus).get('forwarding')).toBe('true');
  expect(mapOf(['map', [null, 5, ['key']]])).toEqual(new Map([['key', '']]));
});

test('torn messages of a database', () => {
  fc.assert(
    fc.property(tornText(JSON.stringify(update)), (text) => {
      for (const message of splitJson(text).messages) readOvsdbMessage(message);
    }),
    runs,
  );
});

test('any bytes on a control channel are told in words', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 4, 9),
      fc.nat(30),
      fc.uint8Array({ maxLength: 200 }),
      (version, type, bytes) => {
        const message = { version, type, xid: 1, body: Buffer.from(bytes) };
        kindOf(message);
        expect(typeof factsOf(message)).toBe('object');
      },
    ),
    runs,
  );
});

test('whatever iperf3 and the meter print is told as a flaw', () => {
  const output = fixture('iperf3/tcp-client.json');
  const streamed = '{"event":"interval","data":{}}\nnull\n7\n"x"\n';
  fc.assert(
    fc.property(fc.oneof(tornText(output), tornText(streamed), fc.string()), (text) => {
      readIperf3Output(text);
      for (const line of text.split('\n')) readMeterLine(line);
    }),
    runs,
  );
  expect(readIperf3Output(streamed).flaw).toBe('1 intervals are malformed.');
});

const request = {
  id: 3,
  verb: 'inject',
  fault: {
    kind: 'packet-loss',
    target: { kind: 'link', link: 'a-b' },
    direction: 'both',
    parameters: { percent: 5 },
  },
};

test('orders to a driven lab: taken, or refused by their id', () => {
  fc.assert(
    fc.property(hostileChange, (change) => {
      const line = JSON.stringify(changed(request, change)) ?? '';
      const refused = refusalOf(() => readDriveRequest(line));
      if (refused) expect(refused.code).toBe('WRONG_USE');
      expect(Number.isInteger(idOfRefused(line))).toBe(true);
    }),
    runs,
  );
  expect(
    refusalOf(() => readDriveRequest('{"id":3,"verb":"path","from":5,"to":"h2"}'))?.message,
  ).toContain('from');
  expect(idOfRefused('{"id":3,"verb":"dance"}')).toBe(3);
});

const scenarios = [
  lab.scenario({
    question: 'What breaks?',
    topology: [lab.parallelRelays(2)],
    controller: lab.floyd(),
    traffic: [lab.iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
    timeline: [
      lab.at('2s', lab.powerOff(lab.relayOnPath('h1', 'h2'))),
      lab.after(lab.recovered, '1s', lab.heal()),
    ],
    expect: [lab.networkOutage.atMost('3s')],
    limits: { cleanFor: '1s', recoverWithin: '20s' },
  }),
];

test('a scenario with one hostile value: a plan that can be run, or problems with their paths', () => {
  fc.assert(
    fc.property(hostileChange, fc.nat(2 ** 31), (change, seed) => {
      const written = changed(JSON.parse(JSON.stringify(scenarios[0])), change);
      const refused = refusalOf(() => {
        const plan = resolveScenario(written, { name: 'hostile', seed });
        resolvedScenario.parse(JSON.parse(JSON.stringify(plan)));
      });
      if (!refused) return;
      expect(refused.code).toBe('SCENARIO_INVALID');
      expect(refused.message).toMatch(/^scenario hostile has \d+ problems?:/);
      expect(examineScenario(written, { name: 'hostile', seed }).problems).not.toEqual([]);
    }),
    runs,
  );
});

test('anything at all for a scenario', () => {
  fc.assert(
    fc.property(
      fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
      (written) => {
        expect(refusalOf(() => resolveScenario(written, { name: 'x', seed: 1 }))?.code).toBe(
          'SCENARIO_INVALID',
        );
      },
    ),
    runs,
  );
});

test('every kind of history line that is met here is a kind of the schema', () => {
  for (const line of kinds.values())
    expect(historyEvent.safeParse(JSON.parse(line)).success).toBe(true);
  expect(kinds.size).toBeGreaterThan(8);
});
