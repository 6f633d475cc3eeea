/** Reads the byte counters of hosts' interfaces ten times a second, for the live view. */
import { closeSync, openSync, readSync } from 'node:fs';
import { countOf } from '../../bounded-json.js';
import { LabError } from '../../errors.js';
import type { TrafficContext } from './context.js';
import { holdNamespace } from './namespace-holder.js';

export interface InterfaceBytes {
  rxBytes: number;
  txBytes: number;
}

export interface RunningSampler {
  stop(): void;
}

const everyMs = 100;

/** Starts emitting `traffic.sample` events for these hosts. Throws TRAFFIC_FAILED. */
export async function startSampler(
  context: TrafficContext,
  hosts: readonly string[],
): Promise<RunningSampler> {
  const opened = await Promise.allSettled(
    hosts.map(async (host) => ({ host, fd: await openCounters(context, host) })),
  );
  const counters = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = () => {
    clearInterval(timer);
    for (const { fd } of counters.splice(0)) closeSync(fd);
  };
  const timer = setInterval(() => {
    for (const { host, fd } of counters) sample(context, host, fd);
  }, everyMs);
  const failed = opened.find((one) => one.status === 'rejected');
  if (failed) {
    stop();
    throw failed.reason;
  }
  return { stop };
}

/**
 * A descriptor of the namespace's /proc/net/dev. It stays with the namespace after the process it
 * was opened through has gone; /sys would show the namespace that mounted it instead.
 */
async function openCounters(context: TrafficContext, host: string): Promise<number> {
  const holder = await holdNamespace(context, host);
  try {
    return openSync(`/proc/${holder.pid}/net/dev`, 'r');
  } catch (cause) {
    throw new LabError('TRAFFIC_FAILED', `Could not read the counters of ${host}.`, { cause });
  } finally {
    await holder.close();
  }
}

function sample(context: TrafficContext, host: string, fd: number): void {
  const bytes = readInterfaceBytes(readFromStart(fd), context.interfaceOf(host));
  if (bytes) context.emit({ kind: 'traffic.sample', atNs: context.nowNs(), host, ...bytes });
}

function readFromStart(fd: number): string {
  const buffer = Buffer.alloc(16 * 1024);
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, 0));
  } catch {
    return '';
  }
}

/** One interface's line of /proc/net/dev; null when it is not there or cannot be read. */
export function readInterfaceBytes(text: string, name: string): InterfaceBytes | null {
  const line = text.split('\n').find((one) => one.trim().startsWith(`${name}:`));
  const fields = line?.split(':')[1]?.trim().split(/\s+/).map(countOf) ?? [];
  const [rxBytes = null, txBytes = null] = [fields[0], fields[8]];
  if (rxBytes === null || txBytes === null) return null;
  return { rxBytes, txBytes };
}
