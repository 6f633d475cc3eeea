/** The other rulers laid beside the meter: ping and iperf3's rows, and the captures. */
import { join } from 'node:path';
import { startIn, waitUntil } from '../../lab/traffic/child.js';
import { listensOn } from '../../lab/traffic/iperf3/listening.js';
import { type MiddleNetwork, routerInterfaces } from './network.js';

/** Something that runs until it is stopped, and has then printed everything. */
export interface Instrument {
  output(): string;
  stop(): Promise<void>;
}

export const pingIntervalMs = 10;
/** By then every instrument has ended by itself, even if it was not stopped. */
const longestSeconds = 600;

/** `ping -i 0.01` from h1 to h2. */
export function startPing(network: MiddleNetwork, address: string): Instrument {
  return start(network, 'h1', [
    'ping',
    '-n',
    '-D',
    '-w',
    String(longestSeconds),
    '-i',
    String(pingIntervalMs / 1000),
    address,
  ]);
}

const markerPort = 5202;

/**
 * Small UDP packets of iperf3, one every half millisecond each way, of no other use than to be
 * seen in the captures: they make the edges of an outage finer than the meter's own packets would,
 * and independent of them.
 */
export async function startMarkers(network: MiddleNetwork): Promise<Instrument[]> {
  const port = ['-p', String(markerPort)];
  const server = start(network, 'h2', ['iperf3', '-s', '-1', ...port], 'SIGTERM');
  const { pid } = server;
  const alive = new AbortController().signal;
  const listens = () => pid !== undefined && listensOn(pid, markerPort);
  await waitUntil('The iperf3 server of the markers', 5_000, alive, listens, () => null);
  const pace = ['-u', '--bidir', '-l', '64', '-b', '1024k', '--pacing-timer', '500'];
  const words = [
    'iperf3',
    '-c',
    '10.0.2.2',
    ...port,
    ...pace,
    '-t',
    String(longestSeconds),
    '-i',
    '60',
  ];
  return [start(network, 'h1', words, 'SIGTERM'), server];
}

/** Captures the heads of all packets on both sides of the dropping point. */
export function startCaptures(
  network: MiddleNetwork,
  folder: string,
): { files: { left: string; right: string }; stop(): Promise<void> } {
  const files = { left: join(folder, 'left.pcap'), right: join(folder, 'right.pcap') };
  const capture = (side: 'left' | 'right') => {
    const argv = ['tcpdump', '-i', routerInterfaces[side], '-w', files[side], '-s', '96'];
    const buffers = ['-B', '32768', '-Z', 'root', '--time-stamp-precision=nano', 'ip'];
    return start(network, 'r', [...argv, ...buffers]);
  };
  const both = [capture('left'), capture('right')];
  return {
    files,
    stop: async () => {
      await Promise.all(both.map((one) => one.stop()));
    },
  };
}

function start(
  network: MiddleNetwork,
  node: string,
  argv: readonly string[],
  endSignal: 'SIGINT' | 'SIGTERM' = 'SIGINT',
): Instrument & { pid: number | undefined } {
  const child = startIn(network, node, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    pid: child.pid,
    output: () => text,
    stop: async () => {
      child.kill(endSignal);
      await child;
    },
  };
}

/**
 * Longest time between two replies, less the interval, in milliseconds: the best that can be read
 * from ping. (Counting missing replies reads less: ping does not keep so short an interval.)
 */
export function readPing(output: string): number {
  const stamps = [...output.matchAll(/^\[(\d+\.\d+)\] .*icmp_seq=/gm)].map((match) =>
    Number(match[1]),
  );
  const gapsMs = stamps.slice(1).map((stamp, at) => (stamp - (stamps[at] ?? stamp)) * 1000);
  return Math.max(0, ...gapsMs.map((gapMs) => gapMs - pingIntervalMs));
}

/** Longest run of rows without a byte, in milliseconds: what a reader of iperf3 would count. */
export function readZeroRows(
  rows: readonly { startMs: number; endMs: number; bytes: number }[],
): number {
  let longest = 0;
  let run = 0;
  for (const row of rows) {
    run = row.bytes === 0 ? run + row.endMs - row.startMs : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
