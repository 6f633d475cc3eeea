/**
 * What the harness costs its own traffic: in one live lab, in pairs, the flow as a run has it (with
 * meter, observers and sampler) and the same iperf3 line started by hand with all of them stopped.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import * as z from 'zod';
import { LabError } from '../../errors.js';
import { nodesWith } from '../../model/node-traits.js';
import { CleanupStack } from '../cleanup-stack.js';
import { childEnvironment, type Lab } from '../lab.js';
import { Traffic } from '../planned-traffic.js';
import { iperf3Abilities } from '../traffic/iperf3/abilities.js';
import { clientArgv, serverArgv } from '../traffic/iperf3/argv.js';
import { readIperf3Output } from '../traffic/iperf3/output.js';

export const overheadOrder = z.object({
  pairs: z.number().int().min(1).max(50),
  seconds: z.number().min(1).max(60),
});

export const overheadNote = z.object({
  note: z.literal('overhead'),
  harnessBps: z.number(),
  byHandBps: z.number(),
});

export type OverheadPair = Omit<z.infer<typeof overheadNote>, 'note'>;

/** Measure pair by pair; the order within a pair alternates, so that drift hits both alike. */
export async function measureOverhead(
  lab: Lab,
  order: z.infer<typeof overheadOrder>,
  tell: (pair: OverheadPair) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let pair = 0; pair < order.pairs; pair++) {
    signal.throwIfAborted();
    const handFirst = pair % 2 === 1;
    const early = handFirst ? await byHand(lab, order.seconds, signal) : undefined;
    const harnessBps = await withHarness(lab, order.seconds, signal);
    const byHandBps = early ?? (await byHand(lab, order.seconds, signal));
    tell({ harnessBps, byHandBps });
  }
}

/** The flow as a run has it; the rate is what the receiver's interface saw of iperf3's own rows. */
async function withHarness(lab: Lab, seconds: number, signal: AbortSignal): Promise<number> {
  const cleanup = new CleanupStack();
  await lab.watch(cleanup);
  const rows: Array<{ bytes: number; ms: number }> = [];
  const stopListening = lab.journal.listen((event) => {
    if (event.kind !== 'iperf.interval' || event.side !== 'receiver') return;
    rows.push({ bytes: event.bytes, ms: event.endMs - event.startMs });
  });
  try {
    const traffic = new Traffic(lab, signal);
    await traffic.startMeters(cleanup);
    await traffic.startFlows(cleanup);
    await sleep(seconds * 1000 + 500, undefined, { signal });
    await traffic.stopFlows();
    await traffic.stopMeters();
  } finally {
    await cleanup.run();
    stopListening();
  }
  return rateOf(rows, seconds);
}

/** The same words as the harness uses, for a fixed time, with nothing beside them. */
async function byHand(lab: Lab, seconds: number, signal: AbortSignal): Promise<number> {
  const [flow] = lab.plan.scenario.flows;
  const hosts = nodesWith(lab.topology.nodes, 'end-point');
  const from = hosts.find((host) => host.name === flow?.from);
  const to = hosts.find((host) => host.name === flow?.to);
  if (!flow || !from || !to)
    throw new LabError('WRONG_USE', 'The scenario has no flow to measure.');
  const abilities = await iperf3Abilities();
  const addressOf = (cidr: string) => cidr.split('/')[0] ?? '';
  const spawn = (node: string, words: string[]) => {
    const [program = '', ...rest] = [...lab.bridge.enter(node), ...words];
    return execa(program, rest, {
      reject: false,
      stdin: 'ignore',
      extendEnv: false,
      env: childEnvironment(),
      cancelSignal: signal,
    });
  };
  const server = spawn(to.name, serverArgv(flow, addressOf(to.address), abilities));
  await sleep(500, undefined, { signal });
  const words = clientArgv(flow, addressOf(from.address), addressOf(to.address), abilities);
  const client = spawn(from.name, limitedTo(words, seconds));
  await client;
  const { stdout } = await server;
  const read = readIperf3Output(stdout);
  const rows = (read.received?.intervals ?? []).map(({ bytes, startMs, endMs }) => ({
    bytes,
    ms: endMs - startMs,
  }));
  return rateOf(rows, seconds);
}

/** The client's words with a duration of its own: the harness ends its flows by a signal. Pure. */
export function limitedTo(words: string[], seconds: number): string[] {
  const at = words.findIndex((word) => word === '-t' || word === '--time');
  if (at < 0) return [...words, '-t', String(seconds)];
  return words.map((word, place) => (place === at + 1 ? String(seconds) : word));
}

/** Mean rate over the first `seconds` of rows, bits per second. Pure. */
export function rateOf(rows: Array<{ bytes: number; ms: number }>, seconds: number): number {
  let bytes = 0;
  let ms = 0;
  for (const row of rows) {
    if (ms + row.ms > seconds * 1000 + 1) break;
    bytes += row.bytes;
    ms += row.ms;
  }
  return ms === 0 ? Number.NaN : (bytes * 8000) / ms;
}
