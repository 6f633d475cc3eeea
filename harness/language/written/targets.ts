/** What a fault hits, by name, by role or by seed. */

/** A node or link by its name, or one of the roles below. */
export type Target = string | RoleTarget;

export type RoleTarget =
  | { kind: 'relayOnPath'; from: string; to: string }
  | { kind: 'linkOnPath'; from: string; to: string; hop: number }
  | { kind: 'anyRelay' }
  | { kind: 'everyRelayBut'; nodes: string[] }
  | { kind: 'linkOf'; a: string; b: string };

/**
 * The relay that carries traffic between two hosts at the moment of the fault, found from the
 * switches' flow tables; never the edge node a host is plugged into.
 *
 * @example
 * powerOff(relayOnPath('h4', 'h3'))
 */
export const relayOnPath = (from: string, to: string): RoleTarget => ({
  kind: 'relayOnPath',
  from,
  to,
});

/**
 * A link or tunnel that carries traffic between two hosts at the moment of the fault: hop 0 is the
 * first between two switches or relays.
 *
 * @example
 * linkDown(linkOnPath('h1', 'h2'))
 */
export const linkOnPath = (from: string, to: string, hop = 0): RoleTarget => ({
  kind: 'linkOnPath',
  from,
  to,
  hop,
});

/**
 * A relay chosen by the seed, among those without hosts.
 *
 * @example
 * powerOff(anyRelay())
 */
export const anyRelay = (): RoleTarget => ({ kind: 'anyRelay' });

/**
 * The link or tunnel between two neighbours.
 *
 * @example
 * packetLoss(linkOf('e3', 'r1'), '5%')
 */
export const linkOf = (a: string, b: string): RoleTarget => ({ kind: 'linkOf', a, b });

/**
 * All relays except these and except those with hosts.
 *
 * @example
 * powerOff(everyRelayBut('r1'))
 */
export const everyRelayBut = (...nodes: string[]): RoleTarget => ({ kind: 'everyRelayBut', nodes });
