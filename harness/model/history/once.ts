/**
 * What a record can hold only once. A record whose lines stand twice (files that were put together
 * by hand, a copy that was begun again) would count packets and faults twice without a word.
 */
import type { HistoryEvent } from './events.js';

/** What names the event within its record; null where one like it may stand more than once. Pure. */
export function onceName(event: HistoryEvent): string | null {
  const own = ownName(event);
  if (own === null) return null;
  return `${event.kind} of ${own}trial ${event.trial + 1}, attempt ${(event.attempt ?? 0) + 1}`;
}

function ownName(event: HistoryEvent): string | null {
  switch (event.kind) {
    case 'trial.start':
    case 'trial.end':
      return '';
    case 'meter.sent':
      return `${event.meter} ${event.direction} from packet ${event.firstSequence} on in `;
    case 'meter.end':
      return `${event.meter} ${event.direction} in `;
    case 'fault.injected':
    case 'fault.healed':
      return `${event.faultId} at ${event.beforeNs} ns in `;
    case 'fault.transition':
      return `${event.faultId} ${event.state} at ${event.beforeNs} ns in `;
    case 'iperf.interval':
      return `${event.flow} ${event.side} at ${event.startMs} ms in `;
    default:
      return null;
  }
}
