/** What a scenario asks of the machine, against what the machine can do. */

import { type Need, type NeedCondition, needWords } from '../../kinds/fault-needs.js';
import { needsOfFault } from '../../kinds/fault-tables.js';
import { nodeKindOf } from '../../kinds/node-tables.js';
import type { Capabilities } from '../../model/capabilities.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { joinPath, type Problem } from '../problems.js';
import { checkFlowNeeds } from './flow-needs.js';

/**
 * Everything the machine lacks for a scenario, each with what to do instead. Paths point into the
 * resolved scenario.
 */
export function checkCapabilities(
  resolved: ResolvedScenario,
  capabilities: Capabilities,
): Problem[] {
  return [
    ...checkLinks(resolved, capabilities),
    ...checkBondNeeds(resolved, capabilities),
    ...checkFaultNeeds(resolved, capabilities),
    ...checkPrograms(resolved, capabilities),
  ];
}

/** A delayed link is netem's, with its loss and rate. Other links have tbf, and filters for loss. */
function checkLinks({ topology }: ResolvedScenario, has: Capabilities): Problem[] {
  const links = topology.links.flatMap((link, index) => {
    const path = joinPath('topology.links', [index]);
    if (link.delayMs > 0) return has.netem ? [] : [lacksNetem(`${path}.delay`, link.id)];
    return [
      ...(link.lossPercent > 0 && !has.nftEgress
        ? [lacksFilter(`${path}.loss`, `loss on ${link.id}`)]
        : []),
      ...(link.bandwidthBps !== null && !has.tbf
        ? [lacksTbf(`${path}.bandwidth`, `a bandwidth limit on ${link.id}`)]
        : []),
    ];
  });
  // Across the fabric a tunnel has no queue of its own: both are filters on its way.
  const tunnels = topology.tunnels.flatMap((tunnel, index) => {
    const path = joinPath('topology.tunnels', [index]);
    if (has.nftEgress) return [];
    return [
      ...(tunnel.lossPercent > 0 ? [lacksFilter(`${path}.loss`, `loss on ${tunnel.id}`)] : []),
      ...(tunnel.bandwidthBps !== null
        ? [lacksFilter(`${path}.bandwidth`, `a bandwidth limit on ${tunnel.id}`)]
        : []),
    ];
  });
  return [...links, ...tunnels];
}

/** Open vSwitch does all else that a bond can do. */
function checkBondNeeds({ topology }: ResolvedScenario, has: Capabilities): Problem[] {
  if (has.bonding) return [];
  return (topology.bonds ?? []).flatMap(({ id, monitor }, index) => {
    if (monitor.by !== 'arp') return [];
    const path = joinPath('topology.bonds', [index, 'arp']);
    const message = `watching ${id} by ARP needs Linux bonding, which this machine lacks`;
    return [{ path, message, hint: 'use miimon, or run with --clock virtual' }];
  });
}

function checkFaultNeeds(resolved: ResolvedScenario, has: Capabilities): Problem[] {
  return resolved.timeline.flatMap(({ action }, index) => {
    if (action.kind !== 'inject') return [];
    const { fault } = action;
    const lacking = needsOfFault(fault, resolved).find(({ need }) => !has[need]);
    if (lacking === undefined) return [];
    const path = joinPath('timeline', [index]);
    return [lacks(path, fault.kind, lacking.need, lacking.when)];
  });
}

const conditionWords: Partial<Record<NeedCondition, string>> = {
  controller: ', because the scenario has a controller',
  'across-fabric': ', because the tunnel crosses the fabric',
  'hidden-carrier': ', because the carrier of the link is hidden',
};

const hints: Record<Need, string> = {
  netem:
    'remove delay and jitter (loss and bandwidth work without netem), or run on a machine where `modprobe sch_netem` works',
  tbf: "cap the traffic instead, iperf3(…, { bitrate: '50Mbit/s' })",
  nftIngress: 'use powerOff(…) or cableCut(…) of a cable, which need no kernel feature',
  nftEgress: 'use powerOff(…) or cableCut(…) of a cable, which need no kernel feature',
};

function lacks(path: string, what: string, need: Need, when: NeedCondition | null = null): Problem {
  const why = when === null ? '' : (conditionWords[when] ?? '');
  const message = `${what} needs ${needWords[need]}, which this machine lacks${why}`;
  return { path, message, hint: hints[need] };
}

const lacksNetem = (path: string, id: string) => lacks(path, `delay on ${id}`, 'netem');
const lacksFilter = (path: string, what: string) => lacks(path, what, 'nftEgress');
const lacksTbf = (path: string, what: string) => lacks(path, what, 'tbf');

function checkPrograms({ flows, topology }: ResolvedScenario, has: Capabilities): Problem[] {
  const problems: Problem[] = [];
  const needed = new Set(topology.nodes.flatMap(({ kind }) => nodeKindOf(kind).needs ?? []));
  if (has.ovsVersion === null && needed.has('ovsVersion')) {
    const hint = 'apt-get install openvswitch-switch';
    problems.push({ path: 'topology', message: 'Open vSwitch is not installed', hint });
  }
  return [...problems, ...checkFlowNeeds(flows, has)];
}
