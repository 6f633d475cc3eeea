/**
 * Goal: flows start and stop at their moments on the timeline's clock, seen by the hosts' own
 * interfaces, UDP tells what it lost, and a limit that cuts a run off is named.
 */

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { type RunResult, runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { failoverLab } from './program.js';

function run(name: string) {
  const out = test.info().outputPath('runs');
  const argv = ['run', `test/fixtures/labs/${name}.ts`, '--seed', '1', '--json', '--out', out];
  const done = failoverLab(argv);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  const folder = `${out}/${name}/latest`;
  const events = readFileSync(`${folder}/history.ndjson`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryEvent);
  return { done, result, events, folder };
}

/** Bits per second that a host's interface sent between two moments after traffic start. */
function sentBps(events: HistoryEvent[], host: string, fromS: number, toS: number): number {
  const traffic = events.find((event) => event.kind === 'phase' && event.phase === 'traffic');
  const samples = events.flatMap((event) => {
    if (event.kind !== 'traffic.sample' || event.host !== host) return [];
    const atS = (event.atNs - (traffic?.atNs ?? 0)) / 1e9;
    return atS >= fromS && atS <= toS ? [{ atS, bytes: event.txBytes }] : [];
  });
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return Number.NaN;
  return (8 * (last.bytes - first.bytes)) / (last.atS - first.atS);
}

/** A machine that was too busy proves nothing, and says so. */
function busy(result: RunResult): boolean {
  return (sentencesOf(result.trials[0]?.fidelity?.reasons ?? []).length ?? 0) > 0;
}

test('flows start and stop when they are told, and UDP tells what it lost', () => {
  const { done, result, events, folder } = run('flows');
  expect(
    busy(result) ? [0, 2] : [0],
    `${sentencesOf(result.reasons).join('; ')}\n${done.stderr}`,
  ).toContain(done.status);
  const [trial] = result.trials;
  const flow = (id: string) => trial?.flows.find((one) => one.flow === id);

  // The interface of h2 sends answers alone, but for the two flows that start there.
  expect(sentBps(events, 'h2', 0.8, 1.8)).toBeGreaterThan(4e6);
  expect(sentBps(events, 'h2', 3, 7.8)).toBeLessThan(3e6);
  expect(sentBps(events, 'h2', 8.7, 9.8)).toBeGreaterThan(4e6);

  expect(flow('early')).toMatchObject({ protocol: 'udp', from: 'h2', to: 'h1', error: null });
  expect(flow('early')?.stoppedAtMs ?? 0).toBeGreaterThan(1500);
  expect(flow('early')?.stoppedAtMs ?? 0).toBeLessThan(2600);
  expect(flow('early')?.packetsLost).toBeLessThan(10);
  expect(flow('late')?.startedAtMs ?? 0).toBeGreaterThan(7990);
  expect(flow('late')?.startedAtMs ?? 0).toBeLessThan(9000);
  expect(flow('late')).toMatchObject({ protocol: 'tcp', error: null });
  expect(flow('late')?.receivedBps ?? 0).toBeGreaterThan(3e6);

  // About 417 datagrams a second, and a hole of a little more than a second.
  const voice = flow('voice');
  expect(voice?.packetsLost ?? 0).toBeGreaterThan(350);
  expect(voice?.jitterMs).not.toBeNull();
  const [episode] = trial?.episodes ?? [];
  expect(episode?.udps.map((udp) => udp.flow)).toEqual(['voice']);
  expect(episode?.tcps.map((tcp) => tcp.flow)).toEqual(['main']);
  const meant = trial?.expectations.filter(({ text }) => text.includes('of voice')) ?? [];
  expect(meant.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);

  const shown = failoverLab(['report', folder]).stdout;
  expect(shown).toMatch(/voice.*Mbit\/s.*\d+ of [\d,]+/);
});

test('a limit that ends the traffic before the timeline is done is named', () => {
  const { done, result } = run('cut-off');
  expect(done.status, done.stderr).toBe(2);
  expect(sentencesOf(result.reasons).join('\n')).toContain(
    'the heal (step heal-blackhole) did not happen: limits.duration ended the traffic after 5.00 s',
  );
  const trafficMs = result.trials[0]?.timing.trafficMs ?? 0;
  expect(trafficMs).toBeGreaterThan(4900);
  expect(trafficMs).toBeLessThan(7000);
});
