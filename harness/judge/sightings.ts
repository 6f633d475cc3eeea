/** What one event of a history shows of a recovery: that it was noticed, told, or answered. */
import type { EventOf, HistoryEvent } from '../model/history/events.js';
import type { Change } from './changes.js';

/** A moment of a recovery and where its stamp came from. */
export interface Sighting {
  atNs: number;
  evidence: string;
  /** Of a detection: what it was detected by, as it stands in a sentence. */
  by?: DetectedBy;
}

/** What a fault was detected by; `the controller` where it did not say how. */
export type DetectedBy =
  | 'BFD'
  | 'link state'
  | "the controller's probes"
  | 'the lost control connection'
  | 'the controller';

/** The network's or the controller's first sight of the fault, in the change's direction. */
export function detectionIn(event: HistoryEvent, change: Change): Sighting | null {
  const gone = change.change === 'injected';
  if (event.kind === 'observe.bfd') {
    const seen = gone ? event.state !== 'up' || !event.forwarding : event.state === 'up';
    if (!seen || change.targets.includes(event.node)) return null;
    const evidence = `BFD ${event.state} on ${event.node} ${event.port}`;
    return { atNs: event.atNs, evidence, by: 'BFD' };
  }
  if (event.kind === 'observe.link') {
    const seen = gone ? event.state !== 'up' : event.state === 'up';
    if (!seen || change.targets.includes(event.node)) return null;
    const evidence = `link ${event.state} on ${event.node} ${event.port}`;
    return { atNs: event.atNs, evidence, by: 'link state' };
  }
  // A switch that tells of its port has seen it, though its database may say so later.
  const told = portStatusIn(event, gone);
  if (told && !change.targets.includes(told.node)) return told.sighting;
  // Nobody else saw anything, and a controller changes a port: it has missed something by itself.
  const portMod = portModIn(event);
  if (portMod && gone) return portMod;
  if (event.kind !== 'controller.log') return null;
  const names = gone ? ['link-lost', 'switch-left'] : ['link-found', 'link-restored'];
  if (!names.includes(event.event)) return null;
  return { ...logSighting(event.atNs, event.controller, event), by: detectorOf(event) };
}

/** The reasons that floyd gives for a lost link, and what stands behind them. */
const detectors: Readonly<Record<string, DetectedBy>> = {
  'bfd-down': 'BFD',
  'port-down': 'link state',
  'missed-probes': "the controller's probes",
  'no-reply': "the controller's probes",
  timeout: "the controller's probes",
  'switch-left': 'the lost control connection',
};

function detectorOf({ event, fields }: EventOf<'controller.log'>): DetectedBy {
  if (event === 'switch-left') return 'the lost control connection';
  const { reason } = fields;
  return (typeof reason === 'string' ? detectors[reason] : undefined) ?? 'the controller';
}

/** A port-status that says so. (`not live` alone may be BFD's word, whose own is more telling.) */
function portStatusIn(event: HistoryEvent, gone: boolean) {
  if (event.kind !== 'observe.openflow' || event.message !== 'port-status') return null;
  const says = gone ? /deleted|link down/ : /link up(?!, not live)/;
  if (!says.test(event.detail)) return null;
  const evidence = `port-status from ${event.node}: ${event.detail}`;
  return { node: event.node, sighting: { atNs: event.atNs, evidence, by: 'link state' as const } };
}

function portModIn(event: HistoryEvent): Sighting | null {
  if (event.kind !== 'observe.openflow' || event.message !== 'port-mod') return null;
  return { atNs: event.atNs, evidence: `port-mod to ${event.node}: ${event.detail}` };
}

/** Somebody told a controller, or the controller itself says that it knows. */
export function notificationIn(event: HistoryEvent): Sighting | null {
  const portMod = portModIn(event);
  if (portMod) return portMod;
  if (event.kind === 'observe.openflow' && event.message === 'port-status') {
    return { atNs: event.atNs, evidence: `port-status from ${event.node}: ${event.detail}` };
  }
  const names = [
    'link-lost',
    'link-found',
    'link-restored',
    'switch-left',
    'switch-joined',
    'port-status',
  ];
  if (event.kind !== 'controller.log' || !names.includes(event.event)) return null;
  return logSighting(event.atNs, event.controller, event);
}

function logSighting(
  atNs: number,
  controller: string,
  log: { event: string; fields: Record<string, unknown> },
): Sighting {
  const { a, b, reason } = log.fields;
  const ends = typeof a === 'string' && typeof b === 'string' ? ` ${a}–${b}` : '';
  const why = typeof reason === 'string' ? ` (${reason})` : '';
  return { atNs, evidence: `log of ${controller}: ${log.event}${ends}${why}` };
}

/** A change of flows or groups, on a switch that could still take it. */
export function flowChangeIn(event: HistoryEvent, change: Change): Sighting | null {
  if (event.kind !== 'observe.openflow') return null;
  if (event.message !== 'flow-mod' && event.message !== 'group-mod') return null;
  if (change.change === 'injected' && change.targets.includes(event.node)) return null;
  return { atNs: event.atNs, evidence: `${event.message} to ${event.node}` };
}
