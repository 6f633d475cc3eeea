/** Nodes with every address and identifier bound, each by its kind. */

import { nodeDescriptors } from '../../kinds/generated/node-descriptors.js';
import type { NodeContext, NodeDescriptor } from '../../kinds/node-kind.js';
import {
  type Cidr,
  datapathId,
  fabricNetwork,
  notIpv4,
  parseCidr,
  parseDatapathId,
} from '../../model/network/addresses.js';
import { mininetNameProblem, nodeNameProblem } from '../../model/network/names.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedNode } from '../../model/resolved.js';
import { joinPath, type Problems } from '../problems.js';
import type { ReadController } from '../schema/controller.js';
import { bindIdentifiers } from './given.js';
import { nodePartsOf, partsOf, type ReadNodePart, type ReadTopology } from './parts.js';
import type { Placed } from './placed.js';

const descriptors: readonly NodeDescriptor[] = nodeDescriptors;

/** Binds all nodes, in the order they were written. */
export function resolveNodes(
  topology: ReadTopology,
  controller: ReadController | undefined,
  problems: Problems,
): ResolvedNode[] {
  const placed = nodePartsOf(topology);
  checkNames(placed, problems);
  const context = contextOf(topology, placed, controller, problems);
  const bound = new Map<unknown, ResolvedNode>();
  for (const { kind, resolve } of descriptors) {
    const batch = placed.filter(({ part }) => part.kind === kind);
    if (batch.length === 0) continue;
    const nodes = resolve(batch as unknown as Parameters<typeof resolve>[0], context);
    nodes.forEach((node, index) => void bound.set(batch[index]?.part, node));
  }
  return placed.flatMap(({ part }) => {
    const node = bound.get(part);
    return node === undefined ? [] : [node];
  });
}

function contextOf(
  topology: ReadTopology,
  placed: ReadonlyArray<Placed<ReadNodePart>>,
  controller: ReadController | undefined,
  problems: Problems,
): NodeContext {
  // Without interfaces in the fabric there is none to overlap with.
  const inFabric = placed.some(({ part }) => has(part, 'fabric-address'));
  const tunnels = partsOf(topology, 'gre', 'vxlan', 'geneve');
  return {
    problems,
    notes: topology.notes,
    alone: controller === undefined || controller.kind === 'none',
    protection: controller && 'spanningTree' in controller ? controller.spanningTree : undefined,
    datapathIds: bindDatapathIds(placed, problems),
    fabric: {
      cidr: inFabric ? fabricOf(topology, problems) : undefined,
      path: joinPath(partsOf(topology, 'fabric')[0]?.path ?? 'topology', ['subnet']),
      hasCables: tunnels.some(({ part }) => typeof part.over === 'object'),
    },
  };
}

/** One numbering for all nodes with Open vSwitch, whatever their kind. */
function bindDatapathIds(
  placed: ReadonlyArray<Placed<ReadNodePart>>,
  problems: Problems,
): Map<unknown, string> {
  const switches = placed.filter(({ part }) => has(part, 'open-vswitch'));
  const wanted = "a datapath id: up to 16 hex digits, not zero, such as '00000000000000a1'";
  return bindIdentifiers<ReadNodePart & { dpid?: string }, 'dpid'>(
    switches as ReadonlyArray<Placed<ReadNodePart & { dpid?: string }>>,
    'dpid',
    parseDatapathId,
    datapathId,
    wanted,
    problems,
  );
}

function checkNames(placed: ReadonlyArray<Placed<ReadNodePart>>, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { part, path } of placed) {
    const wrong = part.fromMininet ? mininetNameProblem(part.name) : nodeNameProblem(part.name);
    if (wrong !== undefined) problems.add(joinPath(path, ['name']), wrong);
    const first = seen.get(part.name);
    if (first !== undefined) {
      problems.add(joinPath(path, ['name']), `the name '${part.name}' is taken by ${first}`);
    } else seen.set(part.name, path);
  }
}

/** The fabric's network as written or by default. */
export function fabricOf(topology: ReadTopology, problems: Problems): Cidr | undefined {
  const written = partsOf(topology, 'fabric')[0];
  const subnet = written?.part.subnet ?? fabricNetwork;
  const cidr = parseCidr(subnet);
  if (cidr === undefined) {
    const path = joinPath(written?.path ?? 'topology', ['subnet']);
    problems.add(path, notIpv4(subnet, 'an IPv4 network'), "such as '172.31.0.0/16'");
  }
  return cidr;
}
