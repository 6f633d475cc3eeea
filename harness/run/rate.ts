/** Live rate of the hosts' interfaces, from the samples in the history. */
import type { Journal } from './journal.js';

export interface RateWatch {
  /** Start measuring the rate that recovery is compared with. */
  markBaseline(): void;
  /** Since when every busy host has received at least 90 % of its baseline; null = not now. */
  goodSinceNs(): number | null;
}

interface HostRate {
  windows: Array<{ atNs: number; bytes: number }>;
  baselineBps: number;
  goodSinceNs: number | null;
}

/** Window over which a rate is taken: long enough to hide one slow sample. */
const windowNs = 1e9;
const goodShare = 0.9;
/** Hosts that receive less than this carry no traffic worth waiting for. */
const busyBps = 1e6;

export function watchRates(journal: Journal): RateWatch {
  const hosts = new Map<string, HostRate>();
  journal.listen((event) => {
    if (event.kind !== 'traffic.sample') return;
    const host = hosts.get(event.host) ?? { windows: [], baselineBps: 0, goodSinceNs: null };
    hosts.set(event.host, host);
    host.windows.push({ atNs: event.atNs, bytes: event.rxBytes });
    while ((host.windows[1]?.atNs ?? Number.POSITIVE_INFINITY) <= event.atNs - windowNs) {
      host.windows.shift();
    }
    const good = host.baselineBps > busyBps && rateOf(host) >= goodShare * host.baselineBps;
    if (!good) host.goodSinceNs = null;
    else host.goodSinceNs ??= event.atNs;
  });
  return {
    markBaseline() {
      for (const host of hosts.values()) host.baselineBps = rateOf(host);
    },
    goodSinceNs() {
      const busy = [...hosts.values()].filter((host) => host.baselineBps > busyBps);
      if (busy.some((host) => host.goodSinceNs === null)) return null;
      return Math.max(0, ...busy.map((host) => host.goodSinceNs ?? 0));
    },
  };
}

function rateOf(host: HostRate): number {
  const first = host.windows[0];
  const last = host.windows.at(-1);
  if (!first || !last || last.atNs <= first.atNs) return 0;
  return ((last.bytes - first.bytes) * 8e9) / (last.atNs - first.atNs);
}
