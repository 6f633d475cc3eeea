/** Sentences on what was seen of a condition that must be true before the first fault. */
import type { readinessShapes } from '../../harness/model/recorded/readiness.js';
import { formatMs } from '../format.js';
import { counted } from '../reasons/words.js';
import { type Texts, textBy } from './texts.js';

const texts: Texts<typeof readinessShapes> = {
  'controllers-connected': ({ connected, of }) => `${connected} of ${of} connected`,
  'bfd-forwarding': ({ sessions, of }) => `${sessions} of ${of} sessions forwarding`,
  settling: ({ ports, unreadable }) =>
    [
      ...ports.map(({ port, state }) => `${port} is ${state}`),
      ...unreadable.map((node) => `the ports of ${node} cannot be read`),
    ].join(', ') || 'settled',
  'routing-sessions': ({ sessions, down, routeless }) => {
    const missing = down.map(({ protocol, ends: [one, other] }) => {
      const name = `${protocolNames[protocol]} between ${one.node} and ${other.node}`;
      return `${name}: ${reported(one)}, ${reported(other)}`;
    });
    const lacking = routeless.map(
      ({ node, networks }) => `${node} has no route to ${networks.slice(0, 4).join(', ')}`,
    );
    const all = down.length > 0 ? missing : lacking;
    if (all.length === 0) return `${counted(sessions, 'session')} up`;
    const more = all.length > mostNamed ? ` and ${all.length - mostNamed} more` : '';
    return `${all.slice(0, mostNamed).join('; ')}${more}`;
  },
  'bonds-usable': ({ bonds, down }) =>
    down.length > 0
      ? `not usable: ${down.join(', ')}`
      : bonds.map(({ bond, by }) => `${bond} by ${bondMakers[by]}`).join(', '),
  'routes-unchanged': ({ forMs, wantedMs }) =>
    `for ${formatMs(forMs)}, of ${formatMs(wantedMs)} that are needed`,
  'path-traced': ({ nodes, complete, probesClean }) => {
    if (complete) return nodes.join(' → ');
    const end = `the flow tables end at ${nodes.at(-1) ?? 'no node'}`;
    return probesClean ? `${end}; probes are clean` : end;
  },
  probes: ({ clean, ways }) => {
    const named = ways.map(
      ({ from, to, fromAddress, toAddress, port }) =>
        `${end(from, fromAddress)} → ${end(to, toAddress)}, UDP port ${port}`,
    );
    return `${clean ? 'clean' : 'not clean'}: ${named.join(', ')}`;
  },
  ping: ({ lossPercent, error }) =>
    error ?? (lossPercent === null ? 'no answer' : `${lossPercent} % packet loss`),
};

const mostNamed = 6;
const bondMakers = { kernel: 'the kernel', 'open-vswitch': 'Open vSwitch' } as const;
const protocolNames = {
  ospf: 'OSPF',
  bgp: 'BGP',
  isis: 'IS-IS',
  bfd: 'BFD',
  vrrp: 'VRRP',
} as const;

function reported({ node, port, state }: { node: string; port: string; state: string | null }) {
  return `${node} (${port}) reports ${state ?? 'nothing'}`;
}

function end(name: string, address: string | null): string {
  return address === null ? name : `${name} ${address}`;
}

/** Such as `3 of 4 sessions forwarding`; empty where all is as it has to be. */
export const readinessText = textBy(texts);
