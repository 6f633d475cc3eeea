/** What one event of a history shows of a recovery: detection, notification, or an answer. */

import type { DetectedBy } from '../model/explanation.js';
import type { EventOf, HistoryEvent } from '../model/history/events.js';
import type { SeenBy } from '../model/sighting.js';
import type { Change } from './changes.js';

/** A moment of a recovery and what it was seen by. */
export interface Sighting {
  atNs: number;
  seen: SeenBy;
  /** Of a detection: what the fault was detected by. */
  by?: DetectedBy;
}

/** The network's or the controller's first sight of the fault, in the change's direction. */
export function detectionIn(event: HistoryEvent, change: Change): Sighting | null {
  const gone = change.change === 'injected';
  if (event.kind === 'observe.bfd') {
    const seen = gone ? event.state !== 'up' || !event.forwarding : event.state === 'up';
    if (!seen || change.targets.includes(event.node)) return null;
    const { atNs, node, port, state } = event;
    return { atNs, seen: { by: 'bfd', node, port, state }, by: 'bfd' };
  }
  if (event.kind === 'observe.link') {
    const seen = gone ? event.state !== 'up' : event.state === 'up';
    if (!seen || change.targets.includes(event.node)) return null;
    const { atNs, node, port, state } = event;
    return { atNs, seen: { by: 'link', node, port, state }, by: 'link-state' };
  }
  if (event.kind === 'observe.adjacency') {
    if (event.up === gone || change.targets.includes(event.node)) return null;
    const { atNs, node, protocol, neighbour, text } = event;
    const seen = { by: 'adjacency' as const, node, protocol, neighbour, text };
    return { atNs, seen, by: 'adjacency' };
  }
  // A switch that reports its port has seen it, though its database may show it later.
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
  'bfd-down': 'bfd',
  'port-down': 'link-state',
  'missed-probes': 'probes',
  'no-reply': 'probes',
  timeout: 'probes',
  'switch-left': 'lost-control-connection',
};

function detectorOf({ event, fields }: EventOf<'controller.log'>): DetectedBy {
  if (event === 'switch-left') return 'lost-control-connection';
  const { reason } = fields;
  return (typeof reason === 'string' ? detectors[reason] : undefined) ?? 'controller';
}

/** A port-status to this effect. (`not live` alone may be BFD's, whose own event shows more.) */
function portStatusIn(event: HistoryEvent, gone: boolean) {
  if (event.kind !== 'observe.openflow' || event.message !== 'port-status') return null;
  const { portStatus: status, node } = event;
  if (!status) return null;
  const to = gone
    ? status.change === 'deleted' || !status.linkUp
    : status.linkUp && status.live !== false;
  return to ? { node, sighting: { ...reported(event), by: 'link-state' as const } } : null;
}

function reported({ atNs, node, portStatus }: EventOf<'observe.openflow'>): Sighting {
  return { atNs, seen: { by: 'port-status', node, status: portStatus ?? null } };
}

function portModIn(event: HistoryEvent): Sighting | null {
  if (event.kind !== 'observe.openflow' || event.message !== 'port-mod') return null;
  const { atNs, node, portMod } = event;
  return { atNs, seen: { by: 'port-mod', node, mod: portMod ?? null } };
}

/**
 * Somebody told a controller, or the controller itself says that it knows; or a router told another
 * one of a route.
 */
export function notificationIn(event: HistoryEvent, change: Change): Sighting | null {
  if (event.kind === 'observe.routing') {
    if (change.change === 'injected' && change.targets.includes(event.node)) return null;
    const { atNs, node, message } = event;
    return { atNs, seen: { by: 'routing-message', node, message } };
  }
  const portMod = portModIn(event);
  if (portMod) return portMod;
  if (event.kind === 'observe.openflow' && event.message === 'port-status') {
    return reported(event);
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
  return {
    atNs,
    seen: {
      by: 'controller-log',
      controller,
      event: log.event,
      ends: typeof a === 'string' && typeof b === 'string' ? [a, b] : null,
      reason: typeof reason === 'string' ? reason : null,
    },
  };
}

/** A change of flows, groups, routes or of a bond's active member, on a node that could still take it. */
export function flowChangeIn(event: HistoryEvent, change: Change): Sighting | null {
  if (event.kind === 'observe.route') {
    if (change.change === 'injected' && change.targets.includes(event.node)) return null;
    const { atNs, node, change: how, prefix } = event;
    return { atNs, seen: { by: 'route-change', node, change: how, prefix } };
  }
  if (event.kind === 'observe.bond') {
    const { atNs, node, bond, active } = event;
    return { atNs, seen: { by: 'active-member', node, bond, active } };
  }
  if (event.kind !== 'observe.openflow') return null;
  if (event.message !== 'flow-mod' && event.message !== 'group-mod') return null;
  if (change.change === 'injected' && change.targets.includes(event.node)) return null;
  const { atNs, message, node } = event;
  return { atNs, seen: { by: 'table-change', node, message } };
}
