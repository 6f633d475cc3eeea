/**
 * Common random numbers: what one program of a guest does differently does not move the draws of
 * another. Slower detection shifts an outage by its own length, and BFD detects at the same moment.
 */
import { expect, test } from '@playwright/test';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import { readHistoryFile } from '../../harness/model/history/reader.js';
import { runResultSchema } from '../../harness/model/result.js';
import { failoverLab } from './program.js';

/** Hardly any traffic, so that a guest costs about 20 s of processor time. */
const runMs = 8 * 60_000;
/** Compiling costs about 350 s of processor time, once a machine. */
const buildMs = 30 * 60_000;
/** An outage is read to one probe. */
const probeMs = 1;
/** The controller sleeps in whole milliseconds. */
const tickMs = 1;
/** Open vSwitch brings changed flows to its datapath at most once in so long, a switch by itself. */
const sweepMs = 5;
const addedMs = 5;

test.beforeAll(() => {
  test.setTimeout(buildMs);
  const built = failoverLab(['kernel', 'build'], { timeout: buildMs });
  test.skip(built.status === 69, `no kernel for guests can be built here: ${built.stderr}`);
  expect(built.status, built.stderr).toBe(0);
});

test('5 ms more in the controller are that much more of outage, and no other draw of BFD', async () => {
  test.setTimeout(2 * runMs);
  const before = await run('floyd-bfd:bfd=100ms*3,hold=500ms');
  const slower = await run(`floyd-bfd:bfd=100ms*3,hold=500ms,extraDetection=${addedMs}ms`);
  expect(before.untilDetection.length).toBeGreaterThan(100);
  expect(slower.untilDetection).toEqual(before.untilDetection);
  // A full second, whenever the network was ready.
  expect(before.trafficNs % 1e9).toBeLessThan(1e6);
  // The tunnel's other end has its own jitter, and detects a few microseconds of work later or earlier.
  expect(before.detectedNs.length).toBeGreaterThan(1);
  expect(slower.detectedNs.map(inMs)).toEqual(before.detectedNs.map(inMs));
  const laterMs = (slower.reactedNs - before.reactedNs) / 1e6;
  expect(laterMs).toBeGreaterThanOrEqual(addedMs);
  expect(laterMs).toBeLessThan(addedMs + tickMs);
  const shiftsMs = before.outagesMs.map((ms, at) => (slower.outagesMs[at] ?? Number.NaN) - ms);
  expect(Math.max(...shiftsMs)).toBeGreaterThanOrEqual(addedMs - probeMs);
  for (const shiftMs of shiftsMs) {
    expect(shiftMs).toBeGreaterThanOrEqual(-probeMs);
    expect(shiftMs).toBeLessThanOrEqual(addedMs + tickMs + sweepMs + probeMs);
  }
});

const inMs = (ns: number) => Math.round(ns / 1e6);

async function run(controller: string) {
  const out = test.info().outputPath(controller.includes('extra') ? 'slower' : 'before');
  const words = ['--clock', 'virtual', '--seed', '3', '--controller', controller, '--out', out];
  const done = failoverLab(['run', 'test/fixtures/labs/guest-detection.ts', '--json', ...words], {
    timeout: runMs,
  });
  expect(done.status, done.stderr).toBe(0);
  const { events } = await readHistoryFile(`${out}/guest-detection/latest/history.ndjson`);
  const [trial] = runResultSchema.parse(JSON.parse(done.stdout)).trials;
  const { forward, reverse } = trial?.network ?? {};
  const fault = events.findIndex(({ kind }) => kind === 'fault.injected');
  const after = events.slice(fault);
  const detected = after.filter(isDetection);
  return {
    outagesMs: [forward, reverse].map((direction) => direction?.outageMs ?? Number.NaN),
    detectedNs: detected.map(({ atNs }) => atNs),
    trafficNs: events.find(isTraffic)?.atNs ?? Number.NaN,
    reactedNs: after.find(isFlowChange)?.atNs ?? Number.NaN,
    untilDetection: events.slice(1, events.indexOf(detected[0] as HistoryEvent) + 1),
  };
}

/** A switch reports that BFD holds a port for dead. */
function isDetection(event: HistoryEvent): boolean {
  return event.kind === 'observe.openflow' && event.portStatus?.live === false;
}

function isTraffic(event: HistoryEvent): boolean {
  return event.kind === 'phase' && event.phase === 'traffic';
}

function isFlowChange(event: HistoryEvent): boolean {
  return event.kind === 'observe.openflow' && event.message === 'flow-mod';
}
