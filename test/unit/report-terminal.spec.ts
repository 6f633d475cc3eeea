/** The terminal report: what the first screen answers, and that it keeps to its width. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { judge } from '../../harness/judge/judge.js';
import { readHistory } from '../../harness/model/history/reader.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { iperfRow } from '../../reports/terminal/rows.js';
import { renderTerminal } from '../../reports/terminal/terminal.js';
import { judgedRun, runs, type TrialShape } from './judged-runs.js';
import { recordedText } from './recount.js';

const escapeCharacter = '\u001b';
const style = new RegExp(`${escapeCharacter}\\[(?:1|2|22|39|3[1-6])m`, 'g');

function plain(run: JudgedRun, columns = 80): string {
  return renderTerminal(run, { columns, colour: false });
}

function screen(run: JudgedRun, lines = 24): string {
  return plain(run).split('\n').slice(0, lines).join('\n');
}

/** The lines of one section. */
function sectionOf(text: string, title: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(`── ${title}`));
  expect(from, `section ${title}`).toBeGreaterThanOrEqual(0);
  const length = lines.slice(from + 1).findIndex((line) => line.startsWith('── '));
  return lines.slice(from + 1, length < 0 ? undefined : from + length + 1);
}

for (const [name, make] of Object.entries(runs)) {
  test(`${name}: no line is wider than the screen, with and without colour`, () => {
    const run = make();
    for (const columns of [40, 60, 80, 120, 200]) {
      const text = plain(run, columns);
      const coloured = renderTerminal(run, { columns, colour: true });
      expect(text).not.toContain(escapeCharacter);
      expect(coloured.replace(style, '')).toBe(text);
      const lines = text.split('\n');
      expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  });
}

test('the first screen answers verdict, outage each way, stall, failed relay, backup relay and why', () => {
  const text = screen(runs.pass());
  expect(text).toMatch(/^PASS {2}relay-failover · floyd · 1 trial · seed 7\n/);
  expect(text).toMatch(/h3 → h4 +9\.409–9\.411 s +9,410 lost +12\.60–12\.70 s/);
  expect(text).toMatch(/h4 → h3 +9\.410–9\.412 s +9,411 lost +90 % of 95\.0 Mbit\/s after 12\.9 s/);
  expect(text).toMatch(
    /Failed relay +relay2 \(121,004 packets before the fault, 0 packets after\)/,
  );
  expect(text).toMatch(
    /Backup relay +relay1 \(12 packets before the fault, 118,922 packets after\)/,
  );
  expect(text).toMatch(/Receiver silent +9\.411 s at h4, 9\.412 s at h3/);
  expect(text).toMatch(
    /Why they differ +The network was back after 9\.4 s; TCP resumed 3\.\d s later/,
  );
  expect(text).toMatch(/Where time went +9\.1 s of 9\.4 s: no failure detection/);
  expect(text).toContain('Open vSwitch 3.1.0 (userspace) · Mininet 2.3.0 · iperf3 3.12');
});

test('a censored outage is a lower bound on the first screen and in the standards', () => {
  const run = runs.censored();
  expect(screen(run)).toMatch(/^FAIL/);
  expect(screen(run)).toMatch(/h3 → h4 +> 19\.9 s +19,997 lost +> 20 s/);
  expect(screen(run)).toContain('90 % of 95.0 Mbit/s not reached again');
  expect(screen(run)).toMatch(/Backup relay +none observed/);
  expect(plain(run)).toContain('Failover Time > 19.9 s (TBM)');
  expect(plain(run)).toContain('░ network outage (did not end)');
});

test('an inconclusive run gives its reasons before its numbers', () => {
  const lines = screen(runs.inconclusive()).split('\n');
  expect(lines[0]).toMatch(/^INCONCLUSIVE/);
  const reason = lines.findIndex((line) => line.includes('• the sender was 212 ms late'));
  const numbers = lines.findIndex((line) => line.includes('NETWORK OUTAGE'));
  expect(reason).toBeGreaterThan(0);
  expect(numbers).toBeGreaterThan(reason);
});

test('the chart marks fault and recovery in their columns and shades exactly the outage', () => {
  const chart = sectionOf(plain(runs.pass(), 120), 'Throughput');
  const marks = chart.find((line) => /^ +F/.test(line)) ?? '';
  const zeroRow = chart.find((line) => line.startsWith('  0 ┤')) ?? '';
  const halfRow = chart.find((line) => line.startsWith(' 50 ┤')) ?? '';
  const plotWidth = 120 - 5;
  const columnOf = (ms: number): number => 5 + Math.floor((ms / 50_000) * plotWidth);
  expect(marks.indexOf('F')).toBe(columnOf(12_003.4));
  expect(marks.indexOf('N')).toBe(columnOf(12_003.4 + 9412));
  expect(marks.indexOf('T')).toBe(columnOf(12_003.4 + 12_600));
  expect(marks.indexOf('H')).toBe(columnOf(38_000));
  expect(halfRow.lastIndexOf('░')).toBe(columnOf(12_003 + 9411));
  // TCP stays at zero beyond the shade: the two numbers are seen to differ.
  expect(zeroRow.lastIndexOf('╯')).toBeGreaterThan(halfRow.lastIndexOf('░') + 3);
});

test('a recovery too short for the whole chart is drawn once more from close by', () => {
  expect(plain(runs.fast())).toContain('the same, zoomed to the fault');
  expect(plain(runs.pass())).not.toContain('the same, zoomed to the fault');
});

test('rows are printed as iperf3 3.12 prints them', () => {
  // Recorded: iperf3 -c 127.0.0.1 -b 90M -t 2 -i 1
  const recorded = '[  5]   0.00-1.00   sec  10.8 MBytes  90.2 Mbits/sec    0   1.12 MBytes       ';
  const row = { flow: 'a', startS: 0, endS: 1, bytes: 11_272_192, bps: 90.177e6, retransmits: 0 };
  const line = iperfRow(row);
  expect(recorded.startsWith(line)).toBe(true);
  const zero = iperfRow({ ...row, startS: 12, endS: 13, bytes: 0, bps: 0, retransmits: 1 });
  expect(zero).toBe('[  5]  12.00-13.00  sec  0.00 Bytes  0.00 bits/sec    1');
});

test('the rows reach from before the fault to after TCP moves, every dark second among them', () => {
  const rows = sectionOf(plain(runs.pass()), 'iperf3').filter((line) => line.startsWith('[  5]'));
  expect(rows.filter((line) => line.includes('0.00 Bytes  0.00 bits/sec'))).toHaveLength(11);
  expect(rows[2]).toMatch(/12\.00-13\.00 .*◂ F$/);
  expect(rows.find((line) => line.includes('24.00-25.00'))).toMatch(/◂ T$/);
});

test("rows count from iperf3's own start, wherever traffic started", () => {
  const run = runs.pass();
  for (const chart of run.charts) {
    for (const row of chart.rows) {
      row.startS += 0.122;
      row.endS += 0.123;
    }
  }
  const rows = sectionOf(plain(run), 'iperf3').filter((line) => line.startsWith('[  5]'));
  expect(rows[0]).toContain('[  5]   9.00-10.00  sec');
  expect(rows.find((line) => line.endsWith('◂ F'))).toContain('11.00-12.00');
});

test('the forecast of the stall stands beside the stall that was seen', () => {
  expect(screen(runs.pass())).toMatch(
    /TCP forecast .*12\.6 s\s+after the last\s+delivered\s+packet\.\s+Measured: 12\.60–12\.70\s+s\./s,
  );
});

test('a phase nobody saw is drawn as not observed, and takes nothing from the others', () => {
  const unseen = sectionOf(plain(runs.inconclusive()), 'Phases');
  expect(unseen.find((line) => line.startsWith('  detected'))).toMatch(/not observed +\? +\? +\?$/);
  expect(unseen.find((line) => line.startsWith('  first flow change'))).toMatch(/█.* 9\.223 s/);
});

test('the phases add up to the network outage, and their shares to the whole', () => {
  const lines = sectionOf(plain(runs.pass(), 120), 'Phases');
  const shares = lines.flatMap((line) => line.match(/m?s +(\d+) % /)?.[1] ?? []).map(Number);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThanOrEqual(96);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(101);
  expect(lines.join('\n')).toContain(
    'phases to the first packets 9.412 s ± 1.8 ms, network outage 9.410–9.412 s',
  );
});

test('phases stand in the order of their stamps, whichever direction came back first', () => {
  const run = runs.pass();
  const [trial] = run.result.trials;
  if (!trial?.phases) throw new Error('no phases');
  Object.assign(trial.phases, { lastFlowChangeMs: 9411.8, firstPacketForwardMs: 9411 });
  const lines = sectionOf(plain(run, 120), 'Phases');
  const names = lines.flatMap((line) => line.match(/^ {2}([\w→% ]+?) {2,}.*%/)?.[1] ?? []);
  const at = (name: string) => names.indexOf(name);
  expect(at('first packet h3 → h4')).toBe(at('first flow change') + 1);
  expect(at('last flow change')).toBe(at('first flow change') + 2);
  const took = lines.flatMap((line) => line.match(/([\d.]+) (m?s) +[<\d ]+ %/)?.slice(1, 3) ?? []);
  const tookMs = took.flatMap((word, index) =>
    index % 2 === 0 ? [Number(word) * (took[index + 1] === 's' ? 1000 : 1)] : [],
  );
  // TCP's phases are told to a tenth of a second.
  expect(tookMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(12_850);
  expect(tookMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(12_950);
});

test('what came only after the recovery is told from what nobody saw', () => {
  const run = runs.pass();
  const [trial] = run.result.trials;
  const [episode] = trial?.episodes ?? [];
  if (!trial?.phases || !episode) throw new Error('no phases');
  trial.phases.firstFlowChangeMs = null;
  trial.phases.lastFlowChangeMs = null;
  episode.phaseEvidence.firstFlowChangeMs = { by: 'nothing', recoveredFirst: true };
  episode.phaseEvidence.lastFlowChangeMs = { by: 'nothing', recoveredFirst: false };
  const lines = sectionOf(plain(run), 'Phases');
  expect(lines.join('\n')).toMatch(/first flow change +not before traffic was back +\? +\? +\?/);
  expect(lines.join('\n')).toMatch(/last flow change +not observed +\? +\? +\?/);
});

test('a direction that never came back is said to, and no sum is drawn', () => {
  const lines = sectionOf(plain(runs.censored(), 120), 'Phases');
  for (const label of ['first packet h3 → h4', 'first packet h4 → h3', 'TCP resumed']) {
    const line = lines.find((each) => each.startsWith(`  ${label}`));
    expect(line, label).toMatch(/did not come back in time +\? +\? +\?$/);
  }
  expect(lines.find((line) => line.startsWith('  first flow'))).toMatch(/not observed +\?/);
  expect(lines.join()).not.toContain('phases to the first packets');
});

for (const name of [
  'fails-again',
  'one-direction-only',
  'clock-steps',
  'never-recovers',
] as const) {
  test(`phases of a recorded trial: ${name}`, () => {
    const judged = judge(readHistory(recordedText(name)).events);
    const text = sectionOf(plain(judged, 100), 'Phases').join('\n');
    const told = {
      // The longer outage was the second, and the heal ended it.
      'fails-again':
        /no phase of a recovery was observed; packets came only after the heal, after 3\.0\d s/,
      'one-direction-only': /no phase of a recovery was observed; packets came only after the heal/,
      'clock-steps':
        /no phase of a recovery was observed; packets came only after the heal, after [\d.]+ s/,
      'never-recovers': /no phase of a recovery was observed/,
    }[name];
    expect(text).toMatch(told);
  });
}

test('ten trials: a summary, a line a trial, and the chart of the median one', () => {
  const text = plain(runs.tenTrials());
  expect(text).toMatch(
    /network outage +5\.981 s +\[1\.208 s, 9\.411 s\] +313 ms +censored +10 +1\n/,
  );
  const trials = sectionOf(text, 'Trials').filter((line) => /^ +(▸ )?\d+ /.test(line));
  expect(trials).toHaveLength(10);
  expect(trials[9]).toMatch(/> 19\.9 s +> 19\.9 s +> 20 s +fail$/);
  expect(trials[5]).toMatch(/^ +▸ 6 .* 5\.979–5\.981 s/);
  expect(text).toContain('── Throughput of trial 6, the median');
});

test('facts, time split, what mn -c did and leftovers are there', () => {
  const run = runs.pass();
  run.result.cleanup.leftovers = ['interface r1-eth0'];
  const facts = sectionOf(plain(run), 'Run details').join('\n');
  expect(facts).toMatch(/Datapath +userspace · sandbox root/);
  expect(facts).toMatch(/Reproduce with +failover-lab run relay-failover --seed 7/);
  expect(facts).toMatch(/Wall time +68\.4 s: traffic 52\.0 s · waiting for the controller 10\.9 s/);
  expect(facts).toMatch(/mn -c +exit 0 in 912 ms, removed nothing/);
  expect(facts).toMatch(/Leftovers +interface r1-eth0/);
});

test('expectations come with measured value and margin, on either side of the bound', () => {
  const expectations = sectionOf(plain(runs.fail()), 'Expectations').join('\n');
  expect(expectations).toMatch(
    /fail +the network is back within 11 s +14\.020 s +3\.020 s outside/,
  );
  expect(expectations).toMatch(
    /pass +TCP stands still for at most 26 s +25\.400 s +600 ms to spare/,
  );
});

test('hostile names are shown as text', () => {
  const text = plain(runs.hostile());
  expect(text).toContain('\\u{202e}gnp.exe \\u{1b}[31mred\\u{7}');
  expect(text).toContain('::error::\\u{d}\\u{a}<b>&\\u{0}');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\u4e3b]/);
});

test('what is missing is said, never drawn as zero', () => {
  const bare = (trial: TrialResult): TrialResult => ({
    ...trial,
    ...{ fault: null, network: null, tcp: null, phases: null, standards: null, fidelity: null },
    ...{ reversion: null, explanation: null, episodes: [], expectations: [] },
    relays: { died: [], tookOver: [], packetsBefore: {}, packetsAfter: {}, kinds: {} },
  });
  const run = runs.inconclusive();
  run.result.trials = run.result.trials.map(bare);
  run.charts = run.charts.map((chart) => ({ ...chart, throughput: [], rows: [], windows: [] }));
  const text = plain(run);
  expect(text).toContain('nothing was measured');
  expect(text).toContain('no throughput was recorded');
  expect(text).not.toMatch(/\b0 ms\b.*outage/);
  run.result.trials = [];
  run.charts = [];
  expect(plain(run)).toContain('no trial was recorded');
});

test('every constructed history can be told within 80 and 120 columns', () => {
  const folder = new URL('../fixtures/histories/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const run = judge(readHistory(readFileSync(new URL(name, folder), 'utf8')).events);
    for (const columns of [80, 120]) {
      const text = plain(run, columns);
      expect(
        text.split('\n').filter((line) => [...line].length > columns),
        name,
      ).toEqual([]);
      expect(text.startsWith(run.result.verdict.toUpperCase()), name).toBe(true);
      expect(text, name).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  }
});

test('one direction out and the other whole are told apart', () => {
  const shape: TrialShape = { outageMs: 420, reverseOutageMs: 0 };
  const text = screen(judgedRun([shape]));
  expect(text).toMatch(/h3 → h4 +418–420 ms +419 lost/);
  expect(text).toMatch(/h4 → h3 +none +0 lost/);
});

test('what failed is called what it is, and a node where nobody knows', () => {
  const called = (kinds: Record<string, string>) => {
    const run = runs.pass();
    for (const trial of run.result.trials) trial.relays = { ...trial.relays, kinds };
    return screen(run);
  };
  const bridges = called({ relay1: 'linux-bridge', relay2: 'linux-bridge' });
  expect(bridges).toMatch(/Failed node +Linux bridge relay2 \(121,004 packets before the fault/);
  expect(bridges).not.toMatch(/(Failed|Backup) relay/);
  const switches = called({ relay1: 'switch', relay2: 'switch' });
  expect(switches).toMatch(/Failed switch +relay2/);
  expect(switches).toMatch(/Backup switch +relay1/);
  expect(called({})).toMatch(/Failed node +relay2/);
});
