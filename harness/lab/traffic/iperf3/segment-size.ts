/** Reads the segment size that the kernel really uses for a flow, since `-M` is only a wish. */
import { countOf } from '../../../bounded-json.js';
import type { ResolvedFlow } from '../../../model/resolved.js';
import { startIn } from '../child.js';
import type { TrafficContext } from '../context.js';

/** Far more than `ss` prints of 128 connections. */
const mostCharacters = 1024 * 1024;

/**
 * Payload bytes of a full segment of the flow's data connection, as its sender's kernel has it:
 * the segment size agreed on less the TCP options in each segment (12 bytes of timestamps, as a
 * rule). Null when it cannot be read.
 */
export async function segmentSize(
  context: TrafficContext,
  flow: ResolvedFlow,
  sendingHost: string,
): Promise<number | null> {
  const argv = ['ss', '-tinHO', `( sport = :${flow.port} or dport = :${flow.port} )`];
  const child = startIn(context, sendingHost, argv, {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 2_000,
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < mostCharacters) text += chunk;
  });
  await child;
  return readSegmentSize(text);
}

/** Takes the connection that sent most; the control connection sends next to nothing. */
export function readSegmentSize(text: string): number | null {
  const connections = text.split('\n').flatMap((line) => {
    const mssBytes = countOf(/ mss:(\d+)/.exec(line)?.[1]);
    const sentBytes = countOf(/ bytes_sent:(\d+)/.exec(line)?.[1]);
    if (mssBytes === null || sentBytes === null) return [];
    return [{ mssBytes, sentBytes }];
  });
  connections.sort((a, b) => b.sentBytes - a.sentBytes);
  return connections[0]?.mssBytes ?? null;
}
