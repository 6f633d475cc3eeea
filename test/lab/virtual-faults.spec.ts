/** What a guest always has and many machines lack: netem, and Open vSwitch's kernel datapath. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { readHistoryFile } from '../../harness/model/history/reader.js';
import { type RunResult, runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

/** Little traffic, so that a guest costs about 20 s of processor time. */
const runMs = 8 * 60_000;
/** Compiling costs about 350 s of processor time, once a machine. */
const buildMs = 30 * 60_000;

test.beforeAll(() => {
  test.setTimeout(buildMs);
  const built = failoverLab(['kernel', 'build'], { timeout: buildMs });
  test.skip(built.status === 69, `no kernel for guests can be built here: ${built.stderr}`);
  expect(built.status, built.stderr).toBe(0);
});

function run(lab: string, status = 0): { result: RunResult; shown: string; folder: string } {
  const out = test.info().outputPath('runs');
  const words = [`test/fixtures/labs/${lab}.ts`, '--seed', '1', '--clock', 'virtual'];
  const done = failoverLab(['run', ...words, '--json', '--out', out], { timeout: runMs });
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  expect(done.status, `${sentencesOf(result.reasons).join('; ')}\n${done.stderr}`).toBe(status);
  const folder = `${out}/${lab}/latest`;
  const shown = failoverLab(['report', folder]).stdout.replace(/\s+/g, ' ');
  return { result, shown, folder };
}

test('a delay is measured as it was injected, once packets of full size got through', async () => {
  test.setTimeout(runMs);
  const { result, folder } = run('guest-delay');
  const { events } = await readHistoryFile(`${folder}/history.ndjson`);
  const conditions = events.flatMap((event) =>
    event.kind === 'ready' && event.ok ? [event.condition] : [],
  );
  // What 1500 bytes leave inside of GRE, in both directions, with fragments forbidden.
  expect(conditions.filter((words) => words.startsWith('a ping of 1462 bytes'))).toHaveLength(2);
  const [trial] = result.trials;
  const injected = trial?.episodes.find(({ change }) => change === 'injected');
  expect(injected).toMatchObject({ kind: 'delay', verified: true });
  for (const { forward, reverse } of injected?.networks ?? []) {
    expect(forward.additiveBackupDelayMs).toBeCloseTo(40, 1);
    expect(reverse.additiveBackupDelayMs).toBeCloseTo(40, 1);
  }
});

test('known flows outlive their ovs-vswitchd, and the report states why', () => {
  test.setTimeout(runMs);
  // Inconclusive, since nothing that was measured felt the fault.
  const { result, shown } = run('guest-crash', 2);
  expect(sentencesOf(result.reasons).join()).toContain('had no effect on any measurement');
  expect(result.environment.datapath).toBe('kernel');
  // Its restart does flush what the kernel knew, until the controller decides again.
  const crash = result.trials[0]?.episodes.find(({ change }) => change === 'injected');
  expect(crash?.networks[0]?.forward.packetsLost).toBe(0);
  expect(crash?.networks[0]?.reverse.packetsLost).toBe(0);
  expect(shown).toContain('forwards packets of flows that it knew without ovs-vswitchd');
});

test('BFD every millisecond does not wait for a program that reads the clock for milliseconds', () => {
  test.setTimeout(runMs);
  const { result, folder } = run('guest-busy');
  expect(result.trials[0]?.fidelity?.bfdFlapsOutsideFault).toBe(0);
  for (const name of ['early', 'late']) {
    const log = readFileSync(`${folder}/logs/trial-0/program-${name}.log`, 'utf8');
    expect(log).toContain('computed');
  }
});

test('segments that do not fit through a tunnel stall TCP, small packets pass', () => {
  test.setTimeout(runMs);
  const { result } = run('oversize');
  expect(sentencesOf(result.reasons).join()).toContain('oversize stall reproduced');
  expect(result.trials[0]?.network?.forward.recovered).toBe(true);
});

test('a bond of the kernel finds by ARP that a link is cut of which the host still has carrier', async () => {
  test.setTimeout(runMs);
  const { result, folder } = run('arp-bond');
  const { events } = await readHistoryFile(`${folder}/history.ndjson`);
  const usable = events.flatMap((event) =>
    event.kind === 'ready' &&
    event.ok &&
    typeof event.detail === 'object' &&
    event.detail.code === 'bonds-usable'
      ? [event.detail.data]
      : [],
  );
  expect(usable).toEqual([{ bonds: [{ bond: 'bond-h1', by: 'kernel' }], down: [] }]);
  const { phases } = result.trials[0] ?? {};
  // Two intervals without an answer, looked at once each; the carrier has shown nothing.
  expect(phases?.detectedMs).toBeNull();
  expect(phases?.firstFlowChangeMs).toBeGreaterThan(200);
  expect(phases?.firstFlowChangeMs).toBeLessThan(320);
});
