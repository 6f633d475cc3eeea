/** The words of an iperf3 server and client for a flow. Pure. */
import type { ResolvedFlow } from '../../../model/resolved.js';

/** iperf3's longest test; a flow is ended by a signal, never by its length. */
const longestSeconds = 86_400;
/** iperf3 refuses finer intervals. */
const shortestIntervalMs = 100;
/** iperf3 gives up after this long without data; the default of 120 s may be shorter than a run. */
const receiveTimeoutMs = 3_600_000;
/** Bound on what `-b` makes up for after a stall, as a multiple of the bitrate. */
const catchUpFactor = 1.25;
/** What iperf3 hands to TCP at a time. */
const defaultBlockBytes = 128 * 1024;
/** A capped flow writes at least this many blocks an interval, or slow ones look like stalls. */
const blocksPerInterval = 4;
const smallestBlockBytes = 1024;

export interface Iperf3Abilities {
  /** `--json-stream`, since 3.17. */
  jsonStream: boolean;
}

/** A server for one test. */
export function serverArgv(
  flow: ResolvedFlow,
  toAddress: string,
  abilities: Iperf3Abilities,
): string[] {
  const argv = ['iperf3', '-s', '-1', '-p', String(flow.port), '-B', toAddress];
  argv.push('-i', intervalSeconds(flow), '--rcv-timeout', String(receiveTimeoutMs));
  return [...argv, '--forceflush', ...outputWords(abilities)];
}

/** A client of open length. A bitrate is divided evenly among the streams, as iperf3 wants it. */
export function clientArgv(
  flow: ResolvedFlow,
  fromAddress: string,
  toAddress: string,
  abilities: Iperf3Abilities,
): string[] {
  const argv = ['iperf3', '-c', toAddress, '-p', String(flow.port), '-B', fromAddress];
  argv.push('-t', String(longestSeconds), '-i', intervalSeconds(flow));
  argv.push('--connect-timeout', '5000');
  // iperf3 refuses it on a client that only sends.
  if (flow.reverse || flow.bidirectional) argv.push('--rcv-timeout', String(receiveTimeoutMs));
  if (flow.protocol === 'udp') argv.push('-u');
  const blockBytes = flow.lengthBytes ?? blockOf(flow);
  if (blockBytes !== null) argv.push('-l', String(blockBytes));
  if (flow.mssBytes !== null && flow.protocol === 'tcp') argv.push('-M', String(flow.mssBytes));
  argv.push(...bitrateWords(flow));
  if (flow.bidirectional) argv.push('--bidir');
  else if (flow.reverse) argv.push('-R');
  if (flow.parallel > 1) argv.push('-P', String(flow.parallel));
  argv.push(...furtherWords(flow));
  return [...argv, '--forceflush', ...outputWords(abilities)];
}

/** iperf3 hands them to the server, which sends in reverse. */
function furtherWords({ congestion, omitMs, windowBytes, dscp, zerocopy }: ResolvedFlow): string[] {
  const words: string[] = [];
  if (congestion !== undefined) words.push('-C', congestion);
  if (omitMs !== undefined) words.push('-O', String(omitMs / 1000));
  if (windowBytes !== undefined) words.push('-w', String(windowBytes));
  // The whole byte of the header: versions before 3.11 read --dscp as that byte.
  if (dscp !== undefined) words.push('-S', String(dscp << 2));
  if (zerocopy) words.push('-Z');
  return words;
}

function bitrateWords(flow: ResolvedFlow): string[] {
  if (flow.bitrateBps === null) return ['-b', '0'];
  const perStreamBps = flow.bitrateBps / flow.parallel;
  const words = ['-b', String(Math.round(perStreamBps))];
  // Pacing in the socket works for TCP everywhere; for UDP it would need the fq queue.
  if (flow.protocol === 'tcp')
    words.push('--fq-rate', String(Math.round(perStreamBps * catchUpFactor)));
  return words;
}

/** Smaller blocks for a flow so slow that whole intervals would pass between two; null = default. */
function blockOf(flow: ResolvedFlow): number | null {
  if (flow.bitrateBps === null || flow.protocol !== 'tcp') return null;
  const intervalMs = Math.max(flow.intervalMs, shortestIntervalMs);
  const bytes = (flow.bitrateBps / flow.parallel / 8000) * (intervalMs / blocksPerInterval);
  return bytes >= defaultBlockBytes ? null : Math.max(smallestBlockBytes, Math.floor(bytes));
}

function intervalSeconds(flow: ResolvedFlow): string {
  return String(Math.max(flow.intervalMs, shortestIntervalMs) / 1000);
}

function outputWords(abilities: Iperf3Abilities): string[] {
  return abilities.jsonStream ? ['-J', '--json-stream'] : ['-J'];
}
