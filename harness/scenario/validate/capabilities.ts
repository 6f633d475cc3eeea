/** What a scenario asks of the machine, against what the machine can do. */
import type { Capabilities } from '../capabilities.js';
import { joinPath, type Problem } from '../problems.js';
import type { ResolvedFault, ResolvedScenario, ResolvedTopology } from '../resolved.js';

/** Faults that drop packets by a filter where they leave, whatever they hit. */
const byFilter: ReadonlySet<ResolvedFault['kind']> = new Set([
  'blackhole',
  'packet-loss',
  'large-packet-loss',
  'bfd-packet-loss',
  'rate-collapse',
  'partition',
  'control-packet-loss',
  'control-channel-loss',
]);

/** Faults of an OpenFlow channel drop what arrives at the controller's side as well. */
const alsoAtIngress: ReadonlySet<ResolvedFault['kind']> = new Set([
  'control-packet-loss',
  'control-channel-loss',
]);

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

function checkFaultNeeds({ timeline, topology }: ResolvedScenario, has: Capabilities): Problem[] {
  return timeline.flatMap(({ action }, index) => {
    if (action.kind !== 'inject') return [];
    const { fault } = action;
    const path = joinPath('timeline', [index]);
    if (fault.kind === 'delay') return has.netem ? [] : [lacksNetem(path, fault.id)];
    const hooks = has.nftEgress && (has.nftIngress || !alsoAtIngress.has(fault.kind));
    return filters(fault, topology) && !hooks ? [lacksFilter(path, fault.id)] : [];
  });
}

function filters({ kind, target, parameters }: ResolvedFault, topology: ResolvedTopology): boolean {
  if (byFilter.has(kind)) return true;
  const down = kind === 'flap' ? parameters.downKind : kind;
  if (down === 'blackhole') return true;
  // A cable is taken down at its interfaces; across the fabric there is none to take down.
  const across = topology.tunnels.filter(({ underlay }) => underlay === null);
  const hit = target.kind !== 'link' || across.some(({ id }) => id === target.link);
  return down === 'cable-cut' && across.length > 0 && hit;
}

function lacksNetem(path: string, what: string): Problem {
  return {
    path,
    message: `delay on ${what} needs the kernel's sch_netem, which this machine lacks`,
    hint: 'leave delay and jitter out; loss and bandwidth work without netem; or run where `modprobe sch_netem` works',
  };
}

function lacksFilter(path: string, what: string): Problem {
  return {
    path,
    message: `${what} needs nftables with the netdev egress hook (Linux 5.16), which this machine lacks`,
    hint: 'use linkDown(…) or powerOff(…), which need nothing',
  };
}

function lacksTbf(path: string, what: string): Problem {
  return {
    path,
    message: `${what} needs the kernel's sch_tbf, which this machine lacks`,
    hint: "cap the traffic instead, iperf3(…, { bitrate: '50Mbit/s' })",
  };
}

function checkPrograms({ flows, topology }: ResolvedScenario, has: Capabilities): Problem[] {
  const problems: Problem[] = [];
  if (has.ovsVersion === null && topology.nodes.some(({ kind }) => kind !== 'host')) {
    const hint = 'apt-get install openvswitch-switch';
    problems.push({ path: 'topology', message: 'Open vSwitch is not installed', hint });
  }
  if (has.iperf3Version === null && flows.length > 0) {
    problems.push({
      path: 'traffic',
      message: 'iperf3 is not installed',
      hint: 'apt-get install iperf3',
    });
  }
  return problems;
}
