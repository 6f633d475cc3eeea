/** Live rate of the hosts' interfaces, from the samples in the history. */
import type { ResolvedFlow } from '../../model/resolved.js';
import type { Journal } from '../journal.js';

export interface RateWatch {
  /** Start measuring the rate that recovery is compared with. */
  markBaseline(): void;
  /** A flow of these hosts started: more than before is expected of them in a moment. */
  flowStarted(hosts: readonly string[]): void;
  /** A flow of these hosts ends: nothing is expected of them until their new rate is known. */
  flowStops(hosts: readonly string[]): void;
  /** Forget what is still to be measured, and hear nothing more. */
  stop(): void;
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
/** From a flow's start or stop until a whole window shows the new rate; TCP starts slowly. */
const settlingMs = 2_500;
/** Hosts that receive less than this carry no traffic worth waiting for. */
const busyBps = 1e6;

/** Hosts to which a flow carries data. Another end receives acknowledgements alone. */
function receiversOf({ from, to, reverse, bidirectional }: ResolvedFlow): string[] {
  if (bidirectional) return [from, to];
  return [reverse ? from : to];
}

/**
 * Watches the hosts that receive data of `flows`. What others receive is no measure of recovery:
 * how many acknowledgements TCP sends depends on the way that its segments take.
 */
export function watchRates(
  journal: Pick<Journal, 'listen'>,
  flows: readonly ResolvedFlow[],
): RateWatch {
  const receivers = new Set(flows.flatMap(receiversOf));
  const hosts = new Map<string, HostRate>();
  const timers = new Set<NodeJS.Timeout>();
  const laterFor = (names: readonly string[], act: (host: HostRate) => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      for (const host of named(names)) act(host);
    }, settlingMs);
    timers.add(timer);
  };
  const named = (names: readonly string[]) => names.flatMap((name) => hosts.get(name) ?? []);
  const stopListening = journal.listen((event) => {
    if (event.kind !== 'traffic.sample' || !receivers.has(event.host)) return;
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
    flowStarted(names) {
      laterFor(names, (host) => {
        host.baselineBps = Math.max(host.baselineBps, rateOf(host));
      });
    },
    flowStops(names) {
      for (const host of named(names)) host.baselineBps = 0;
      // In an outage the rate is too low to count, and then the meters alone are waited for.
      laterFor(names, (host) => {
        host.baselineBps = rateOf(host);
      });
    },
    stop() {
      stopListening();
      for (const timer of timers) clearTimeout(timer);
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
