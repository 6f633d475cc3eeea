/** What a moment of a recovery was seen by, in words. Pure. */
import { secondsText } from '../harness/judge/units.js';
import type { PortMod, PortStatus } from '../harness/model/openflow-facts.js';
import type { SeenBy } from '../harness/model/sighting.js';

/** Such as `BFD down on e1 e1-r1`; empty where there is nothing. */
export function seenText(seen: SeenBy | undefined): string {
  switch (seen?.by) {
    case undefined:
      return '';
    case 'bfd':
      return `BFD ${seen.state} on ${seen.node} ${seen.port}`;
    case 'link':
      return `link ${seen.state} on ${seen.node} ${seen.port}`;
    case 'port-status':
      return `port-status from ${seen.node}: ${portStatusText(seen.status)}`;
    case 'port-mod':
      return `port-mod to ${seen.node}: ${portModText(seen.mod)}`;
    case 'controller-log': {
      const ends = seen.ends === null ? '' : ` ${seen.ends.join('–')}`;
      const why = seen.reason === null ? '' : ` (${seen.reason})`;
      return `log of ${seen.controller}: ${seen.event}${ends}${why}`;
    }
    case 'table-change':
      return `${seen.message} to ${seen.node}`;
    case 'adjacency':
      if (seen.protocol === 'vrrp')
        return `VRRP advertisement of ${seen.node}: it missed ${seen.neighbour}`;
      return `log of ${seen.node}: ${protocolName(seen.protocol)} neighbour ${seen.neighbour} ${seen.text}`;
    case 'routing-message':
      return `${messageName(seen.message)} at ${seen.node}`;
    case 'route-change':
      return `route to ${seen.prefix} ${seen.change} on ${seen.node}`;
    case 'active-member':
      return `${seen.bond} of ${seen.node} ${seen.active === null ? 'has no member left' : `sends by ${seen.active}`}`;
    case 'meter':
      return `meter ${seen.meter}: ${seen.stamp} stamp of the first good packet, ${seen.direction}`;
    case 'iperf3':
      return `iperf3 ${seen.source} rows of ${seen.resolutionMs} ms`;
    case 'iperf3-rate':
      return `iperf3 ${seen.source} rows: 90 % of ${seen.baselineBps} bit/s, held`;
    case 'nothing':
      return seen.recoveredFirst ? 'not observed before traffic had recovered' : 'not observed';
    case 'heal':
      return afterHealText(seen.afterMs);
    case 'as-written':
      return seen.text;
  }
}

const protocolNames: Readonly<Record<string, string>> = {
  ospf: 'OSPF',
  bgp: 'BGP',
  isis: 'IS-IS',
  vrrp: 'VRRP',
};
const protocolName = (protocol: string): string => protocolNames[protocol] ?? protocol;

const messageNames: Readonly<Record<string, string>> = {
  'ospf-update': 'OSPF link state update',
  'bgp-update': 'BGP update',
  'bgp-notification': 'BGP notification',
  'isis-lsp': 'IS-IS link state packet',
  'vrrp-advertisement': 'VRRP advertisement of a new master',
};
const messageName = (message: string): string => messageNames[message] ?? message;

/** Of what came back only after the heal, so long after the fault. */
export function afterHealText(afterMs: number): string {
  return `${onlyAfterHeal}, after ${secondsText(afterMs)}`;
}

export const onlyAfterHeal = 'only after the heal';

/** `eth1 modified: link down, not live` */
function portStatusText(status: PortStatus | null): string {
  if (status === null) return '';
  const live = status.live === null ? '' : status.live ? ', live' : ', not live';
  return `${status.port} ${status.change}: link ${status.linkUp ? 'up' : 'down'}${live}`;
}

/** `port 3: down, not no forward` */
function portModText(mod: PortMod | null): string {
  if (mod === null) return '';
  const words = [...mod.set, ...mod.cleared.map((setting) => `not ${setting}`)];
  return [`port ${mod.port}`, words.join(', ')].filter(Boolean).join(': ');
}
