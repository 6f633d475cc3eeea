/** Reports for programs: result.json, JUnit, Markdown, annotations, traces. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { type JudgedRun, runResultSchema } from '../../harness/model/result.js';
import {
  baselineOf,
  type GatedRun,
  judgeGate,
  renderGateGithub,
  renderGateJunit,
  renderGateMarkdown,
} from '../../reports/gate/index.js';
import { annotation, renderGithub } from '../../reports/github.js';
import { renderJson } from '../../reports/json.js';
import { renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { renderTrace, traceOf } from '../../reports/trace.js';
import { phaseOrder } from '../../reports/vocabulary.js';
import { judgedRun, runs } from './judged-runs.js';

const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;
const all = Object.values(runs).map((make) => make());

test('result.json fits the exported schema, in its order, and reads back as the same value', () => {
  for (const run of all) {
    const text = renderJson(run);
    expect(runResultSchema.parse(JSON.parse(text))).toEqual(run.result);
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(runResultSchema.out.shape));
  }
  const run = runs.pass();
  const { verdict, ...rest } = run.result;
  expect(renderJson({ ...run, result: { ...rest, verdict } })).toBe(renderJson(run));
});

test('a number that JSON cannot hold is refused, not written as null', () => {
  const run = runs.pass();
  run.result.summary.networkOutageMs.median = Number.POSITIVE_INFINITY;
  expect(() => renderJson(run)).toThrow(/networkOutageMs/);
});

interface XmlElement {
  tag: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlElement[];
}

/** Reads XML with a parser that shares nothing with the writer. Throws when it is not XML. */
function parseXml(xml: string): XmlElement {
  const program = `
import json, sys
from xml.etree import ElementTree
def plain(element):
    return dict(tag=element.tag, attributes=element.attrib, text=element.text or '',
                children=[plain(child) for child in element])
print(json.dumps(plain(ElementTree.fromstring(sys.stdin.buffer.read()))))`;
  const parsed = spawnSync('/usr/bin/python3', ['-c', program], { input: xml, encoding: 'utf8' });
  if (parsed.status !== 0) throw new Error(parsed.stderr);
  return JSON.parse(parsed.stdout);
}

function casesOf(suite: XmlElement): XmlElement[] {
  return suite.children.filter((child) => child.tag === 'testcase');
}

test('JUnit: counts are those of the cases, and a red case means a verdict that is not pass', () => {
  const document = parseXml(renderJunit(all));
  expect(document.tag).toBe('testsuites');
  expect(document.children).toHaveLength(all.length);
  let total = 0;
  document.children.forEach((suite, index) => {
    const cases = casesOf(suite);
    const having = (tag: string): number =>
      cases.filter((each) => each.children.some((child) => child.tag === tag)).length;
    expect(Number(suite.attributes.tests)).toBe(cases.length);
    expect(Number(suite.attributes.failures)).toBe(having('failure'));
    expect(Number(suite.attributes.errors)).toBe(having('error'));
    const red = having('failure') + having('error') > 0;
    expect(red).toBe(all[index]?.result.verdict !== 'pass');
    expect(new Set(cases.map((each) => JSON.stringify(each.attributes))).size).toBe(cases.length);
    total += cases.length;
  });
  expect(Number(document.attributes.tests)).toBe(total);
});

test('JUnit: an inconclusive trial is an error with its reason, not a pass and not a failure', () => {
  const [suite] = parseXml(renderJunit([runs.inconclusive()])).children;
  const cases = suite === undefined ? [] : casesOf(suite);
  const valid = cases.find((each) => each.attributes.name === 'measurement is valid');
  expect(valid?.children[0]?.tag).toBe('error');
  expect(valid?.children[0]?.attributes.message).toContain('the sender was 212 ms late');
  expect(suite?.attributes.failures).toBe('0');
});

test('JUnit: hostile names come back as the text they are', () => {
  const [suite] = parseXml(renderJunit([runs.hostile()])).children;
  expect(suite?.attributes.name).toBe(`x'y"<&>${'long'.repeat(50)}`);
  const output = suite?.children.find((child) => child.tag === 'system-out')?.text ?? '';
  expect(output).toContain('relay"><script>alert(1)</script>');
  expect(output).toContain('::error::\\u{d}\\u{a}<b>&\\u{0}');
});

test('JUnit: a suite has its figures, its seed and its clock as properties', () => {
  const run = judgedRun(
    [212, 231, 248].map((outageMs) => ({ outageMs, verdict: 'pass' as const })),
  );
  const virtual = {
    ...run,
    result: {
      ...run.result,
      environment: { ...run.result.environment, clock: 'virtual' as const },
    },
  };
  const properties = (xml: string): Record<string, string> => {
    const suite = parseXml(xml).children[0];
    const list = suite?.children.find(({ tag }) => tag === 'properties')?.children ?? [];
    return Object.fromEntries(
      list.map(({ attributes }) => [attributes.name ?? '', attributes.value ?? '']),
    );
  };
  expect(properties(renderJunit([run]))).toMatchObject({
    ...{ networkOutageMedianMs: '231', networkOutageMaxMs: '248', trials: '3 trials' },
    ...{ verdict: 'pass', seed: '7', clock: 'real' },
  });
  expect(properties(renderJunit([virtual])).clock).toBe('virtual');
  const [, , , never] = gatedRuns();
  expect(properties(renderGateJunit(never ? [never] : []))).toMatchObject({
    networkOutageMedianMs: 'never',
  });
});

test('JUnit: the schema check accepts every kind of run', () => {
  const found = spawnSync('xmllint', ['--version']).error === undefined;
  test.skip(!found, 'xmllint (libxml2-utils) is not installed');
  const check = (xml: string): { status: number | null; stderr: string } =>
    spawnSync('xmllint', ['--nonet', '--noout', '--schema', fixture('junit.xsd'), '-'], {
      input: xml,
      encoding: 'utf8',
    });
  const xml = renderJunit(all);
  expect(check(xml).stderr).toBe('- validates\n');
  expect(check(renderGateJunit(gatedRuns())).stderr).toBe('- validates\n');
  // The check can fail: a case without a name is not accepted.
  expect(check(xml.replace(/ name="measurement is valid"/, '')).status).not.toBe(0);
});

/** A gate of every verdict. */
function gatedRuns(): GatedRun[] {
  const ofOutages = (outagesMs: Array<number | null>) =>
    judgedRun(outagesMs.map((outageMs) => ({ outageMs, verdict: 'pass' as const }))).result;
  const outagesMs = [212, 231, 248, 255, 263, 270, 274, 281, 290, 296];
  const before = ofOutages(outagesMs);
  const baseline = baselineOf(before, null);
  const slower = ofOutages(outagesMs.map((outageMs) => outageMs + 100));
  const never = ofOutages(outagesMs.map(() => null));
  const elsewhere = { ...before, environment: { ...before.environment, kernel: '<5.15|`>' } };
  return [before, slower, elsewhere, never].map((run) => {
    return { gate: judgeGate(baseline, run, { scenario: null }), run };
  });
}

test('JUnit of a gate: red cases exactly where the gate did not pass', () => {
  const gated = gatedRuns();
  expect(gated.map(({ gate }) => gate.verdict)).toEqual([
    'pass',
    'regression',
    'inconclusive',
    'regression',
  ]);
  const document = parseXml(renderGateJunit(gated));
  document.children.forEach((suite, index) => {
    const verdict = gated[index]?.gate.verdict;
    const [failures, errors] = [suite.attributes.failures, suite.attributes.errors].map(Number);
    expect(failures ?? 0, verdict).toBeGreaterThanOrEqual(verdict === 'regression' ? 1 : 0);
    expect((failures ?? 0) + (errors ?? 0) > 0).toBe(verdict !== 'pass');
  });
});

test('Markdown of a gate: table, chart and reasons; nothing of a name becomes markup', () => {
  const text = renderGateMarkdown(gatedRuns());
  expect(text).toMatch(/^\| gate \| verdict \| valid trials \|\n/);
  expect(text).toMatch(/\n\| network outage \| .* \| ❌ regression \|\n/);
  const chart = /```text\nnetwork outage\n([\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
  expect(chart.split('\n')).toHaveLength(4);
  expect(chart).toMatch(/^baseline +├.*┃.*┤\nnow +├/);
  expect(text).toContain(' 10 never');
  const outside = text.replace(/```[a-z]+\n[\s\S]*?\n```/g, '');
  expect(outside.replace(/<\/?(?:sub|details|summary)>/g, '')).not.toMatch(/<[a-z0-9/]/i);
  for (const block of outside.split('\n\n').filter((each) => each.startsWith('|'))) {
    const cells = block.split('\n').map((line) => line.match(/(?<!\\)\|/g)?.length);
    expect(new Set(cells).size, block).toBe(1);
  }
});

test('annotations of a gate: its verdict first, one line each', () => {
  for (const { gate } of gatedRuns()) {
    const lines = renderGateGithub(gate).trimEnd().split('\n');
    const level = { pass: 'notice', regression: 'error', fail: 'error', inconclusive: 'warning' };
    expect(lines[0]).toMatch(new RegExp(`^::${level[gate.verdict]} title=gate [^:,]*::`));
    expect(lines.every((line) => /^::(error|warning|notice) title=[^:,]*::/.test(line))).toBe(true);
  }
});

test('Markdown: verdict, numbers, chart and command; nothing of a name becomes markup', () => {
  const text = renderMarkdown([runs.pass()]);
  expect(text).toMatch(/^### ✅ relay-failover: pass\n/);
  expect(text).toContain('| network h3 → h4 | 9.409–9.411 s | 9,410 |');
  expect(text).toContain('| TCP h3-h4 | 12.60–12.70 s |  |');
  expect(text).toMatch(/```text\nh3-h4, Mbit\/s/);
  expect(text).toContain('```sh\nfailover-lab run relay-failover --seed 7\n```');
  const hostile = renderMarkdown([runs.hostile(), runs.tenTrials()]);
  const outside = hostile.replace(/```[a-z]+\n[\s\S]*?\n```/g, '');
  expect(outside.replace(/<\/?(?:sub|details|summary)>/g, '')).not.toMatch(/<[a-z/]/i);
  expect(outside.match(/(?<!\\)`/g)).toBeNull();
  for (const line of outside.split('\n').filter((each) => each.startsWith('|'))) {
    const table = line.match(/(?<!\\)\|/g)?.length ?? 0;
    expect([4, 5, 6, 7]).toContain(table);
  }
});

test('Markdown: the rows of a table have as many cells as its head', () => {
  const blocks = renderMarkdown(all).split('\n\n');
  const tables = blocks.map((block) => block.split('\n')).filter(([head]) => head?.startsWith('|'));
  expect(tables.length).toBeGreaterThan(all.length);
  for (const lines of tables) {
    const cells = lines.map((line) => line.match(/(?<!\\)\|/g)?.length);
    expect(new Set(cells).size, lines.join('\n')).toBe(1);
  }
});

test('annotations: one line each, and no message can start a command of its own', () => {
  for (const run of all) {
    const lines = renderGithub(run).trimEnd().split('\n');
    expect(lines.every((line) => /^::(error|warning|notice) title=[^:,]*::/.test(line))).toBe(true);
  }
  expect(renderGithub(runs.pass())).toMatch(
    /^::notice title=relay-failover%3A pass::network outage/,
  );
  expect(renderGithub(runs.inconclusive())).toMatch(/^::warning /);
  expect(annotation('error', 'a:b,c%', 'x\n::set-output name=y::z')).toBe(
    '::error title=a%3Ab%2Cc%25::x%0A::set-output name=y::z',
  );
});

test('trace: the schema check accepts every kind of run', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(fixture('trace-schema.json'), 'utf8')),
  );
  for (const run of all) {
    expect(validate(JSON.parse(renderTrace(run))), JSON.stringify(validate.errors)).toBe(true);
  }
  expect(validate({ displayTimeUnit: 'ms', traceEvents: [{ ph: 'X', name: 'a' }] })).toBe(false);
});

function phaseSlices(run: JudgedRun, pid: number) {
  return traceOf(run).traceEvents.flatMap((event) =>
    event.ph === 'X' && event.pid === pid && event.args.phase !== undefined ? [event] : [],
  );
}

test("trace: the slices' times are the phases of result.json", () => {
  for (const run of all) {
    for (const trial of run.result.trials) {
      const slices = phaseSlices(run, trial.index + 1).filter(({ args }) => args.step === 'kill');
      const stampOf = (phase: (typeof phaseOrder)[number]) => trial.phases?.[phase] ?? Infinity;
      const seen = phaseOrder.filter((phase) => stampOf(phase) < Infinity);
      const inTime = seen.toSorted((a, b) => stampOf(a) - stampOf(b));
      expect(slices.map((slice) => slice.args.phase)).toEqual(inTime);
      const zeroUs = (trial.fault?.injectedAtMs ?? 0) * 1000;
      let reachedUs = zeroUs;
      for (const slice of slices) {
        const phase = phaseOrder.find((key) => key === slice.args.phase);
        const atMs = phase === undefined ? null : trial.phases?.[phase];
        const endUs = zeroUs + (atMs ?? 0) * 1000;
        expect(slice.ts).toBeCloseTo(reachedUs, 1);
        expect(slice.ts + slice.dur).toBeCloseTo(endUs, 1);
        reachedUs = endUs;
      }
    }
  }
});

test('trace: a track for each node, the controller, each meter direction and each flow', () => {
  const names = traceOf(runs.pass()).traceEvents.flatMap((event) =>
    event.ph === 'M' && event.name === 'thread_name' ? [String(event.args.name)] : [],
  );
  for (const node of ['h3', 'edge1', 'relay2', 'relay1', 'edge2', 'h4']) {
    expect(names).toContain(`node ${node}`);
  }
  for (const track of ['faults', 'phases', 'controller floyd', 'meter h3 → h4', 'iperf3 h3-h4']) {
    expect(names).toContain(track);
  }
  expect(new Set(names).size).toBe(names.length);
});
