/** Whatever is recorded can be read again: writers and the reader share their bounds. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { HistoryWriter } from '../../harness/campaign/store/history-writer.js';
import { LabError } from '../../harness/errors.js';
import { recordRun } from '../../harness/judge/trial-record.js';
import type { EventOf, HistoryEvent } from '../../harness/model/history/events.js';
import { historyBounds, lineOf } from '../../harness/model/history/line.js';
import { readHistory, readHistoryFile } from '../../harness/model/history/reader.js';
import { differencesOf, scenarioOfTrial } from '../../harness/model/history/trial-scenario.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { buildHistory } from '../fixtures/constructed-history.js';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-writer-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'history.ndjson');

function headOf(events: readonly HistoryEvent[]): EventOf<'run.header'> {
  const [head] = events;
  if (head?.kind !== 'run.header') throw new Error('a history has a head');
  return head;
}

/** A scenario of so many nodes and links, by repeating those of a small one. */
function grown(scenario: ResolvedScenario, nodes: number, links: number): ResolvedScenario {
  const { topology } = scenario;
  const [node] = topology.nodes;
  const [link] = topology.links;
  if (!node || !link) throw new Error('the small one has nodes and links');
  const name = (index: number) => `node-${index}-${'x'.repeat(20)}`;
  return {
    ...scenario,
    topology: {
      ...topology,
      nodes: Array.from({ length: nodes }, (_, index) => ({ ...node, name: name(index) })),
      links: Array.from({ length: links }, (_, index) => ({ ...link, id: `${name(index)}-link` })),
    },
  };
}

test('300 nodes and 5000 links: the record is read again, and holds the scenario once', async () => {
  const [head, ...others] = buildHistory({ name: 'large', trafficMs: 3000 });
  if (head?.kind !== 'run.header') throw new Error('a history has a head');
  const scenario = grown(head.scenario, 300, 5000);
  const writer = new HistoryWriter(folder);
  for (const event of [{ ...head, scenario }, ...others]) writer.write(event);
  writer.close();
  // More than the reader took before; the rest of the record is small.
  expect(Buffer.byteLength(JSON.stringify(scenario))).toBeGreaterThan(1024 * 1024);
  const rest = statSync(file()).size - Buffer.byteLength(JSON.stringify(scenario));
  expect(rest).toBeLessThan(300_000);
  const { events, truncated } = await readHistoryFile(file());
  expect(truncated).toBe(false);
  expect(recordRun(events).trials[0]?.scenario).toEqual(scenario);
});

const warning = (text: string): HistoryEvent => ({
  atNs: 1,
  trial: 0,
  kind: 'warning',
  warning: text,
});
/** Lengths on both sides of the bound, of characters of one to four bytes, or escaped. */
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: -200, max: 200 }).map((off) => historyBounds.lineBytes + off),
);
const letters = fc.constantFrom('x', 'ü', '€', '𝄞', '"', '\n', '\u0001', '\ud800');

test('an event is written and read again the same, or refused and not written', async () => {
  const property = fc.asyncProperty(lengths, letters, async (bytes, letter) => {
    rmSync(file(), { force: true });
    const each = Buffer.byteLength(JSON.stringify(letter)) - 2;
    const event = warning(letter.repeat(Math.floor(bytes / each)));
    const writer = new HistoryWriter(folder);
    writer.write(warning('before'));
    let refused: unknown;
    try {
      writer.write(event);
    } catch (thrown) {
      refused = thrown;
    }
    writer.write(warning('after'));
    writer.close();
    const { events } = await readHistoryFile(file());
    const between = refused === undefined ? [event] : [];
    expect(events).toEqual([warning('before'), ...between, warning('after')]);
    if (refused === undefined) return;
    expect(refused).toBeInstanceOf(LabError);
    expect(refused).toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(JSON.stringify(event).length * 4).toBeGreaterThan(historyBounds.lineBytes);
  });
  await fc.assert(property, { numRuns: 25 });
});

test('the bound is the same to the byte', () => {
  const empty = Buffer.byteLength(JSON.stringify(warning('')));
  const fits = lineOf(warning('x'.repeat(historyBounds.lineBytes - empty)));
  expect(readHistory(fits).events).toHaveLength(1);
  expect(() => lineOf(warning('x'.repeat(historyBounds.lineBytes - empty + 1)))).toThrow(
    `a line of a history holds ${historyBounds.lineBytes}`,
  );
});

test('half a line of a crash stays, and the mark of the resumption follows it', async () => {
  const first = new HistoryWriter(folder);
  first.write(warning('one'));
  first.close();
  appendFileSync(file(), '{"atNs":1,"tri');
  const before = readFileSync(file(), 'utf8');
  const second = new HistoryWriter(folder);
  const mark: HistoryEvent = {
    kind: 'run.resumed',
    atNs: 2,
    trial: 0,
    schemaVersion: 2,
    command: [],
  };
  second.write(mark);
  second.write(warning('two'));
  second.close();
  expect(readFileSync(file(), 'utf8').startsWith(`${before}\n`)).toBe(true);
  const { events } = await readHistoryFile(file());
  expect(events).toEqual([warning('one'), mark, warning('two')]);
});

test("a trial's own part of the scenario and the head's make the whole, whatever differs", () => {
  const head = headOf(buildHistory({ name: 'parts', trafficMs: 3000, fault: { atMs: 1000 } }));
  const other = buildHistory({ name: 'other', trafficMs: 9000, fault: { atMs: 2000 }, rateHz: 10 });
  const keys = Object.keys(head.scenario) as Array<keyof ResolvedScenario>;
  fc.assert(
    fc.property(fc.subarray(keys), (differing) => {
      const changes = differing.map((key) => [key, headOf(other).scenario[key]]);
      const own = { ...head.scenario, ...Object.fromEntries(changes) };
      const differs = differencesOf(head.scenario, own);
      expect(scenarioOfTrial(head, JSON.parse(JSON.stringify({ differs })))).toEqual(own);
      for (const key of Object.keys(differs)) expect(differing).toContain(key);
    }),
  );
  // Records of before repeat the scenario in each trial, and it is what counts.
  expect(scenarioOfTrial(head, { scenario: headOf(other).scenario })).toEqual(
    headOf(other).scenario,
  );
});
