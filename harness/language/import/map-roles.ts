/** What the nodes of a map can become, with what joins them and who decides. */
import type { NodeKind } from '../../model/node-traits.js';
import type { ImportedNetwork, MapNodes } from './imported.js';
import { Call, Constant, type Expression, Name } from './source.js';

/** What a link of a map does to packets, and what it costs to use it. */
export interface MapWire {
  delayMs?: number;
  bandwidthBps?: number;
  /** By its length; left out where some node has no place. */
  metric?: number;
}

export interface MapRole {
  becomes: NodeKind;
  node(name: string): Expression;
  link(a: string, b: string, wire: MapWire): Expression;
  network: Pick<
    ImportedNetwork,
    'controller' | 'decides' | 'outageAtMost' | 'others' | 'flow' | 'readyWithin'
  >;
}

const suite = new Constant(
  'suite',
  new Call('frr', [{ ospf: new Name('quickOspf'), bfd: { interval: '100ms', multiplier: 3 } }]),
);

/** Options as they are written; undefined where there are none. */
function written(options: Record<string, Expression | undefined>): Expression[] {
  return Object.values(options).every((one) => one === undefined) ? [] : [options];
}

const delayOf = ({ delayMs }: MapWire) => (delayMs === undefined ? undefined : `${delayMs}ms`);
const bandwidthOf = ({ bandwidthBps: bps }: MapWire) =>
  bps === undefined ? undefined : bps >= 1e6 ? `${bps / 1e6}Mbit/s` : `${bps / 1e3}kbit/s`;

export const mapRoles: Readonly<Record<MapNodes, MapRole>> = {
  routers: {
    becomes: 'router',
    node: (name) => new Call('router', [name, suite]),
    // Cities are joined across a provider's network, which shows no end that the other one died.
    link: (a, b, wire) =>
      new Call('link', [
        ...[a, b],
        {
          carrier: 'hidden',
          metric: wire.metric,
          delay: delayOf(wire),
          bandwidth: bandwidthOf(wire),
        },
      ]),
    network: { decides: 'OSPF with BFD, 100 ms × 3 (FRR)', outageAtMost: '1s', readyWithin: '90s' },
  },
  switches: {
    becomes: 'switch',
    node: (name) => new Call('ovsSwitch', [name]),
    link: (a, b, wire) => {
      const options = { delay: delayOf(wire), bandwidth: bandwidthOf(wire) };
      return new Call('link', [a, b, ...written(options)]);
    },
    network: {
      controller: new Call('noController', [{ spanningTree: 'rstp' }]),
      decides: 'a spanning tree (RSTP), without a controller',
      readyWithin: '90s',
    },
  },
  relays: {
    becomes: 'relay',
    node: (name) => new Call('relay', [name]),
    // A tunnel delays no packets; the cable under it does.
    link: (a, b, wire) => {
      const cable = written({ delay: delayOf(wire) });
      const over = cable.length === 0 ? undefined : new Call('cable', cable);
      return new Call('gre', [a, b, ...written({ over, bandwidth: bandwidthOf(wire) })]);
    },
    network: {
      controller: new Call('floyd', [{ reaction: 'bfd', bfd: '100ms*3' }]),
      decides: 'the controller Floyd, by the BFD of the tunnels, 100 ms × 3',
      outageAtMost: '2s',
      flow: { mss: '1400B' },
      readyWithin: '90s',
    },
  },
};
