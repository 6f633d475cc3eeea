/** One port of an Open vSwitch is set down by an OpenFlow port-mod. */
import { LabError } from '../../errors.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedLink, ResolvedTopology } from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';
import type { Change, FaultDefinition } from './fault.js';
import { onlyLink } from './target.js';

const portDown: FaultDefinition = {
  prepare({ bridge, topology }, fault, target) {
    const link = onlyLink(fault, target);
    if ('underlay' in link) {
      throw new LabError(
        'FAULT_NOT_APPLIED',
        `${link.id} is a tunnel: Open vSwitch cannot set its port down.`,
      );
    }
    const end = endOf(topology, link, fault.parameters.at);
    return {
      inject: () => setPort(bridge, end, 'down'),
      heal: () => setPort(bridge, end, 'up'),
    };
  },
};

export default portDown;

/** Whichever the bridge speaks. */
const versions = 'OpenFlow10,OpenFlow11,OpenFlow12,OpenFlow13,OpenFlow14,OpenFlow15';

type End = ResolvedLink['a'];

/** The end at that node, or the first one that runs Open vSwitch. */
function endOf({ nodes }: ResolvedTopology, { id, a, b }: ResolvedLink, at: unknown): End {
  const switches = new Set(
    nodes.filter((node) => has(node, 'open-vswitch')).map(({ name }) => name),
  );
  const found = [a, b].find(({ node }) => switches.has(node) && (at === undefined || node === at));
  if (found) return found;
  const wanted = typeof at === 'string' ? ` at ${at}` : '';
  throw new LabError('FAULT_NOT_APPLIED', `${id} has no port of Open vSwitch${wanted}.`);
}

async function setPort(bridge: BridgeClient, end: End, word: 'down' | 'up'): Promise<Change> {
  const { ovs } = bridge.node(end.node);
  if (ovs === null) throw new LabError('INTERNAL', `${end.node} has no Open vSwitch.`);
  const ofctl = (...words: string[]) =>
    bridge.run(null, ['ovs-ofctl', '--timeout=3', '-O', versions, ...words]);
  const socket = `unix:${ovs.folder}/${ovs.bridge}.mgmt`;
  const { beforeNs, afterNs, status, stderr } = await ofctl('mod-port', socket, end.port, word);
  const shown = await ofctl('show', socket);
  const seen = shown.status === 0 ? configIn(shown.stdout, end.port) : null;
  const verified = status === 0 && seen?.includes('PORT_DOWN') === (word === 'down');
  const refused = status === 0 ? null : stderr.trim();
  const data = { node: end.node, port: end.port, config: seen, refused };
  return { beforeNs, afterNs, verified, evidence: { code: 'openflow-port', data } };
}

/** Flags of a port's configuration in what `ovs-ofctl show` prints; null when it is not there. Pure. */
function configIn(shown: string, port: string): string[] | null {
  const [, behind] = shown.split(`(${port}): `);
  const flags = /^\s*config:\s+(.*)$/m.exec(behind ?? '')?.[1];
  return flags === undefined ? null : flags.split(' ').filter((flag) => flag !== '0');
}
