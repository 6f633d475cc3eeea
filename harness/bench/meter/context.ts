/** What traffic needs, in a network of the bench: events are kept in a list. */
import { nowNs } from '../../clock.js';
import type { TrafficContext } from '../../lab/traffic/context.js';
import type { HistoryEvent } from '../../model/history/events.js';
import type { MiddleNetwork } from './network.js';

export function benchContext(
  network: MiddleNetwork,
  folder: string,
  events: HistoryEvent[],
): TrafficContext {
  return {
    enter: network.enter,
    interfaceOf: (host) => `${host}-eth0`,
    emit: (event) => events.push({ ...event, trial: 0 }),
    nowNs,
    logDir: folder,
    signal: new AbortController().signal,
  };
}
