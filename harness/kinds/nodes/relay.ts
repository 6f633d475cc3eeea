/** Overlay nodes: machines of their own, joined by tunnels. */
import { joinPath } from '../../language/problems.js';
import { readAddresses } from '../../language/resolve/given.js';
import { text } from '../../language/schema/fields.js';
import {
  addressSource,
  cableNetwork,
  fabricNetwork,
  formatNetwork,
  overlap,
  parseCidr,
  sameNetwork,
} from '../../model/network/addresses.js';
import { controlNetwork } from '../../model/network/control-network.js';
import facts from '../../model/nodes/relay.js';
import { type NodeContext, nodeKind } from '../node-kind.js';
import {
  boundSwitch,
  circlesWithoutTree,
  type SwitchOptions,
  switchOptions,
} from '../open-vswitch-node.js';

export interface RelayOptions extends SwitchOptions {
  /** Address on the underlay fabric, `'172.31.0.1/16'`; left out: assigned in order. */
  underlayAddress?: string;
}

export interface RelayPart extends RelayOptions {
  kind: 'relay';
  name: string;
}

/**
 * An overlay node: a machine of its own with its own ovs-vswitchd, reached by tunnels. It can lose
 * its power.
 *
 * @example
 * relay('r1', { dpid: '00000000000000a1' })
 */
export const relay = (name: string, options: RelayOptions = {}): RelayPart => ({
  ...options,
  kind: 'relay',
  name,
});

/**
 * Several relays without options.
 *
 * @example
 * relays('e3', 'r1', 'r2', 'e4')
 */
export const relays = (...names: string[]): RelayPart[] => names.map((name) => relay(name));

export default nodeKind({
  facts,
  order: 20,
  noun: ['relay', 'relays'],
  write: relay,
  fields: { ...switchOptions, underlayAddress: text.optional() },
  resolve(batch, context) {
    const { problems, fabric } = context;
    const given = readAddresses(batch, 'underlayAddress', problems);
    checkFabricApart(context);
    const taken = new Set([...given.values()].map((cidr) => cidr.address));
    const network = fabric.cidr === undefined ? fabricNetwork : formatNetwork(fabric.cidr);
    const next = addressSource(network, taken);
    return batch.map(({ part, path }) => {
      const cidr = given.get(part);
      if (cidr && fabric.cidr && !sameNetwork(cidr, fabric.cidr)) {
        const wanted = `is not in the fabric's ${network}`;
        problems.add(joinPath(path, ['underlayAddress']), `${part.underlayAddress} ${wanted}`);
      }
      const address = part.underlayAddress ?? next();
      if (address === undefined) problems.add(path, `the fabric's ${network} has no free address`);
      return { kind: 'relay', ...boundSwitch(part, context), underlayAddress: address ?? '' };
    });
  },
  needs: ['ovsVersion'],
  circles: circlesWithoutTree,
  circlesRemedy: "spanningTree: 'rstp', or failMode: 'secure'",
  picture: { shape: 'circle', radius: 19 },
  documented: {
    example: "relay('r1')`, `relays('r1', 'r2')",
    is: 'overlay nodes: separate machines, each with its own ovs-vswitchd, which can lose power',
  },
});

/** A relay has addresses in the control network and on its cables as well. */
function checkFabricApart({ fabric: { cidr, path, hasCables }, problems }: NodeContext): void {
  const others = [
    { network: controlNetwork, whose: 'the control network' },
    ...(hasCables ? [{ network: cableNetwork, whose: 'the cables under tunnels' }] : []),
  ];
  for (const { network, whose } of others) {
    const other = parseCidr(network);
    // In a larger network the more exact route wins.
    if (!cidr || !other || cidr.prefix < other.prefix || !overlap(cidr, other)) continue;
    const message = `the fabric's ${formatNetwork(cidr)} overlaps ${network} of ${whose}`;
    problems.add(path, message, "such as '172.31.0.0/16'");
  }
}
