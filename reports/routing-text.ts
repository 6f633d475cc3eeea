/** Routers in words: their protocols with every timer, and every address. Pure. */
import { nodesWith } from '../harness/model/node-traits.js';
import type { ResolvedTopology } from '../harness/model/resolved.js';
import type { RoutingProtocols } from '../harness/model/routing.js';
import { formatDuration } from '../harness/model/units.js';

const suiteNames = {
  frr: 'FRR',
  bird: 'BIRD',
  keepalived: 'keepalived',
  kernel: 'Linux alone',
} as const;

/** One line for each set of protocols, with the routers that have it. */
export function protocolTexts({ nodes }: Pick<ResolvedTopology, 'nodes'>): string[] {
  const groups = new Map<string, string[]>();
  for (const { name, suite, protocols, configFile } of nodesWith(nodes, 'routes')) {
    const file = configFile === undefined ? '' : ` on ${configFile.path}`;
    const text = `${suiteNames[suite]}${file}, ${protocolWords(protocols).join('; ')}`;
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  if (groups.size === 1) return [...groups.keys()];
  return [...groups].map(([text, names]) => `${names.join(', ')}: ${text}`);
}

/**
 * One line a router: `r1 10.255.0.1: 10.253.0.1/30 to r2; 10.0.1.1/24 to h1`, with the names of its
 * interfaces where a file of the user's needs them.
 */
export function addressTexts({
  nodes,
  links,
}: Pick<ResolvedTopology, 'nodes' | 'links'>): string[] {
  return nodesWith(nodes, 'routes').map(({ name, loopback, interfaces, configFile }) => {
    const ends = interfaces.map(({ address, link, port }) => {
      const found = links.find(({ id }) => id === link);
      const far = found && (found.a.node === name ? found.b.node : found.a.node);
      const named = configFile === undefined ? '' : `${port} `;
      return `${named}${address} to ${far ?? link}`;
    });
    return `${name} ${loopback.replace(/\/.*/, '')}: ${ends.join('; ')}`;
  });
}

function protocolWords(protocols: RoutingProtocols): string[] {
  const { ospf, bgp, isis, bfd, vrrp } = protocols;
  const ms = formatDuration;
  return [
    ...(ospf
      ? [
          `OSPF hello ${ms(ospf.helloMs)}, dead ${ms(ospf.deadMs)}, SPF ${ms(ospf.spfDelayMs)} ${ms(ospf.spfHoldMs)} ${ms(ospf.spfMaxMs)}`,
        ]
      : []),
    ...(bgp ? [`BGP keepalive ${ms(bgp.keepaliveMs)}, hold ${ms(bgp.holdMs)}`] : []),
    ...(isis ? [`IS-IS hello ${ms(isis.helloMs)} × ${isis.multiplier}`] : []),
    ...(vrrp ? [`VRRP advertisements each ${ms(vrrp.advertMs)}`] : []),
    ...(bfd ? [`BFD ${ms(bfd.intervalMs)} × ${bfd.multiplier}`] : []),
    ...(protocols.static ? ['static routes'] : []),
    ...(protocols.paths > 1 ? [`${protocols.paths} equal paths at once`] : []),
  ];
}
