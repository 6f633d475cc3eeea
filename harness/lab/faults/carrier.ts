/**
 * Takes the carrier of a link's two ends, and gives it back.
 *
 * A controller may set a port up again (os-ken's spanning tree writes the state of every port, up
 * included). No controller can put a cable back in, so both ends are made dormant beforehand: one
 * that is set up stays without carrier for all who ask (RFC 2863 §3.1.14). Where there is a
 * controller, the fault has a filter as well, so that nothing passes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import type { ResolvedLink, ResolvedTopology, ResolvedTunnel } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change, PreparedFault } from './fault.js';
import { type LinkState, linkStateIn } from './link-flags.js';

/** The kernel reports a change of carrier within a second (its link watch). */
const settleWithinMs = 2000;

/** The veth pair of a link, or under a tunnel; undefined for a tunnel across the fabric. */
export function vethOf(
  topology: ResolvedTopology,
  link: ResolvedLink | ResolvedTunnel,
): ResolvedLink | undefined {
  if (!('underlay' in link)) return link;
  return topology.links.find((one) => one.id === link.underlay);
}

/** Both ends lose their carrier. */
export function carrierLoss(bridge: BridgeClient, link: ResolvedLink): PreparedFault {
  return {
    inject: () => setLink(bridge, link, false),
    heal: () => setLink(bridge, link, true),
  };
}

async function setLink(bridge: BridgeClient, link: ResolvedLink, up: boolean): Promise<Change> {
  const ends = [link.a, link.b];
  const set = (end: End, ...words: string[]) =>
    bridge.run(end.node, ['ip', 'link', 'set', 'dev', end.port, ...words]);
  for (const end of ends) await set(end, 'mode', up ? 'default' : 'dormant');
  const done = await set(link.a, up ? 'up' : 'down');
  const { beforeNs, afterNs } = done;
  // An end that was set up meanwhile waits for a word that it is no longer dormant.
  if (up) for (const end of ends) await set(end, 'state', 'up');
  const states = await statesOf(bridge, ends, up);
  const verified = done.status === 0 && states.every((state) => fits(state, up));
  const seen = ends.map(({ port }, place) => ({ port, ...seenOf(states[place] ?? null, up) }));
  const data = { ends: seen, refused: done.stderr.trim() || null };
  return { beforeNs, afterNs, verified, evidence: { code: 'carrier', data } };
}

type End = ResolvedLink['a'];

/** What an end was seen to be; null when it could not be asked. */
type EndState = LinkState | null;

/** A dormant end has no carrier; an end that is up must not have stayed dormant. */
function fits(state: EndState, up: boolean): boolean {
  return state !== null && state.carrier === up && state.dormant === !up;
}

function seenOf(state: EndState, up: boolean) {
  return { carrier: state?.carrier ?? null, stillDormant: up && state?.dormant === true };
}

/** The state of each end, once all are as wanted or the time for it has passed. */
async function statesOf(bridge: BridgeClient, ends: End[], up: boolean): Promise<EndState[]> {
  const deadlineNs = nowNs() + settleWithinMs * 1e6;
  for (;;) {
    const states = await Promise.all(ends.map((end) => stateOf(bridge, end)));
    if (states.every((state) => fits(state, up)) || nowNs() > deadlineNs) return states;
    await sleep(10);
  }
}

/** Null when `ip` fails, or what it prints cannot be read. */
async function stateOf(bridge: BridgeClient, end: End): Promise<EndState> {
  const shown = await bridge.run(end.node, ['ip', '-j', 'link', 'show', 'dev', end.port]);
  return shown.status === 0 ? linkStateIn(shown.stdout) : null;
}
