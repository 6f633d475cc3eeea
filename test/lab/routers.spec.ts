/**
 * Goal: what a lab of routers reports is what happened. Detection and the flows that went dark are
 * compared with captures by tcpdump, which share nothing with the harness.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { EventOf, HistoryEvent, HistoryKind } from '../../harness/model/history/events.js';
import { type RunResult, runResultSchema } from '../../harness/model/result.js';
import { sentencesOf } from '../../reports/reasons/index.js';
import { Capture, wallClockAheadS } from './capture.js';
import { historyBelow, pidsOf } from './lab-processes.js';
import { program } from './program.js';

const installed = existsSync('/usr/lib/frr/zebra') && existsSync('/usr/sbin/keepalived');
test.skip(!installed, 'the packages frr and keepalived are not installed');
test.skip(process.getuid?.() !== 0, 'tcpdump in a namespace of the lab needs root');

const isBfdNotUp = 'udp port 3784 and udp[9] & 0xc0 != 0xc0';

/** What to capture while traffic runs: what passes the first end of a link. */
interface Place {
  link: string;
  filter: string;
}

interface Ran {
  result: RunResult;
  events: HistoryEvent[];
  captures: Capture[];
}

/** One trial of a scenario of the package, captured from the start of its traffic to its end. */
async function run(name: string, places: readonly Place[] = []): Promise<Ran> {
  const out = test.info().outputPath('runs');
  const words = ['run', name, '--seed', '1', '--json', '--out', out, '--replace', '0'];
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const captures: Capture[] = [];
  try {
    const inTraffic = () => eventsIn(out).some(({ kind }) => kind === 'meter.sent');
    while (places.length > 0 && !inTraffic() && child.exitCode === null) await sleep(20);
    for (const [place, { link, filter }] of places.entries()) {
      const { node, port } = firstEndOf(link, eventsIn(out));
      const [pid = 0] = pidsOf(out, new RegExp(`mininet:${node} *$`));
      const file = test.info().outputPath(`${place}.pcap`);
      captures.push(await Capture.start(pid, port, filter, file));
    }
    const inEnd = () => eventsIn(out).some((one) => one.kind === 'phase' && one.phase === 'stop');
    while (places.length > 0 && !inEnd() && child.exitCode === null) await sleep(50);
  } catch (thrown) {
    child.kill('SIGTERM');
    throw thrown;
  } finally {
    await Promise.all(captures.map((capture) => capture.stop()));
  }
  expect([0, 2], said.stderr).toContain(await ended);
  const result = runResultSchema.parse(JSON.parse(said.stdout));
  const doubts = sentencesOf(result.trials[0]?.fidelity?.reasons ?? []);
  // On a machine too busy for the millisecond a run proves nothing, and reports it.
  if (result.verdict !== 'pass')
    expect(doubts, sentencesOf(result.reasons).join('; ')).not.toEqual([]);
  return { result, events: eventsIn(out), captures };
}

function firstEndOf(link: string, events: readonly HistoryEvent[]) {
  const [header] = only(events, 'run.header');
  return header?.scenario.topology.links.find(({ id }) => id === link)?.a ?? { node: '', port: '' };
}

function eventsIn(out: string): HistoryEvent[] {
  const history = existsSync(out) ? historyBelow(out) : undefined;
  if (history === undefined) return [];
  const lines = readFileSync(history, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as HistoryEvent);
}

function only<K extends HistoryKind>(events: readonly HistoryEvent[], kind: K): EventOf<K>[] {
  return events.filter((event): event is EventOf<K> => event.kind === kind);
}

function faultOf(events: readonly HistoryEvent[]): EventOf<'fault.injected'> {
  const [fault] = only(events, 'fault.injected');
  if (!fault) throw new Error('no fault');
  return fault;
}

test('OSPF with BFD: the phases follow each other, and detection is that of a capture', async () => {
  const places = ['e1-r1', 'e2-r1'].map((link) => ({ link, filter: 'udp port 3784' }));
  const { result, events, captures } = await run('ospf-bfd', places);
  const [episode] = result.trials[0]?.episodes ?? [];
  const phases = episode?.phases;
  const order = [
    phases?.detectedMs,
    phases?.controllerToldMs,
    phases?.firstFlowChangeMs,
    phases?.lastFlowChangeMs,
  ].map((atMs) => atMs ?? Number.NaN);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  const last = Math.max(phases?.firstPacketForwardMs ?? 0, phases?.firstPacketReverseMs ?? 0);
  expect(last).toBeGreaterThan(phases?.firstFlowChangeMs ?? Number.POSITIVE_INFINITY);

  const fault = faultOf(events);
  const aheadS = wallClockAheadS();
  const [seen] = only(events, 'observe.bfd').filter(
    ({ atNs, state }) => atNs > fault.beforeNs && state !== 'up',
  );
  const captured = captures
    .flatMap((capture) => capture.packets(isBfdNotUp))
    .map(({ atS }) => atS - aheadS)
    .filter((atS) => atS > fault.beforeNs / 1e9);
  const apartMs = 1000 * (Math.min(...captured) - (seen?.atNs ?? 0) / 1e9);
  test.info().annotations.push({ type: 'detection apart', description: `${apartMs} ms` });
  expect(Math.abs(apartMs)).toBeLessThan(2);
});

test('a crash of zebra loses nothing, and the route moves', async () => {
  const { result, events } = await run('zebra-crash');
  const [trial] = result.trials;
  const { forward, reverse } = trial?.network ?? {};
  expect([forward?.packetsLost, reverse?.packetsLost]).toEqual([0, 0]);
  const crashed = faultOf(events);
  const moved = only(events, 'observe.route').filter(
    ({ node, atNs }) => node === 'e1' && atNs > crashed.afterNs,
  );
  expect(moved.length).toBeGreaterThan(0);
});

test('VRRP: a backup takes over within three advertisements and its skew', async () => {
  const { result, events } = await run('vrrp-gateway');
  const [trial] = result.trials;
  if (result.verdict === 'pass') {
    const { forward, reverse } = trial?.network ?? {};
    expect(Math.max(forward?.outageMs ?? Infinity, reverse?.outageMs ?? Infinity)).toBeLessThan(
      400,
    );
  }
  // The way through bridges and gateways is known by the hardware addresses that hosts have learnt.
  expect(trial?.relays).toMatchObject({ died: ['g1'], tookOver: ['g2'] });
  const fault = faultOf(events);
  const took = only(events, 'observe.route').filter(({ atNs }) => atNs > fault.beforeNs);
  expect(took.map(({ node, protocol }) => `${node} ${protocol}`)).toContain('g2 vrrp');
});

test('two equal ways: as many flows go dark as a capture counts on the dead one', async () => {
  const filter = 'udp portrange 20001-20040';
  const places = ['e1-r1', 'e2-r1'].map((link) => ({ link, filter }));
  const { result, events, captures } = await run('ecmp-silent-death', places);
  const { network } = result.trials[0] ?? {};
  const diedS = faultOf(events).beforeNs / 1e9 + wallClockAheadS();
  // The first host's port is the flow: the source on its way out, the destination on the way back.
  const counted = [/\.(\d+) > /, / > \S+\.(\d+):/].map((port, place) => {
    const towards = place === 0 ? 'src' : 'dst';
    const packets = captures[place]?.packets(`udp ${towards} portrange 20001-20040`) ?? [];
    // The last second: before it the other way may have been missing still.
    const before = packets.filter(({ atS }) => atS < diedS && atS > diedS - 1);
    return new Set(before.map(({ text }) => port.exec(text)?.[1])).size;
  });
  test.info().annotations.push({ type: 'flows on the dead way', description: counted.join() });
  expect(counted.every((count) => count > 0)).toBe(true);
  expect([network?.forward.flows?.dark, network?.reverse.flows?.dark]).toEqual(counted);
  expect(network?.forward.flows?.count).toBe(40);

  // Routers choose by secrets of their own, which the kernel has as the record states.
  const hashes = only(events, 'routing.hash');
  expect(hashes.map(({ policy }) => policy)).toEqual([1, 1, 1, 1]);
  const seeds = new Set(hashes.map(({ seed }) => seed));
  if (!seeds.has(null)) expect(seeds.size).toBe(4);
});
