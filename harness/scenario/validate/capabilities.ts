/** What a scenario asks of the machine, against what the machine can do. */
import type { Capabilities } from '../capabilities.js';
import { joinPath, type Problem } from '../problems.js';
import type { ResolvedFault, ResolvedScenario } from '../resolved.js';

const lossByNft: ReadonlySet<ResolvedFault['kind']> = new Set([
  'packet-loss',
  'large-packet-loss',
  'control-packet-loss',
  'bfd-packet-loss',
  'blackhole',
  'cable-cut',
  'partition',
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

function checkLinks({ topology }: ResolvedScenario, has: Capabilities): Problem[] {
  const wires = (['links', 'tunnels'] as const).flatMap((list) =>
    topology[list].map((wire, index) => ({ wire, path: joinPath(`topology.${list}`, [index]) })),
  );
  return wires.flatMap(({ wire, path }) => {
    const problems: Problem[] = [];
    if (wire.delayMs > 0 && !has.netem) problems.push(lacksNetem(`${path}.delay`, wire.id));
    if (wire.lossPercent > 0 && !has.nftEgress && !has.netem) {
      problems.push(lacksNft(`${path}.loss`, `loss on ${wire.id}`));
    }
    if (wire.bandwidthBps !== null && !has.tbf && !has.htb && !has.netem) {
      problems.push({
        path: `${path}.bandwidth`,
        message: `a bandwidth limit on ${wire.id} needs the kernel's sch_tbf or sch_htb, which this machine lacks`,
        hint: "cap the traffic instead, iperf3(…, { bitrate: '50Mbit/s' })",
      });
    }
    return problems;
  });
}

function checkFaultNeeds({ timeline }: ResolvedScenario, has: Capabilities): Problem[] {
  return timeline.flatMap(({ action }, index) => {
    if (action.kind !== 'inject') return [];
    const { kind, id } = action.fault;
    const path = joinPath('timeline', [index]);
    if (kind === 'delay' && !has.netem) return [lacksNetem(path, id)];
    const byNft = lossByNft.has(kind) || flapsByNft(action.fault);
    if (byNft && !has.nftEgress && !has.nftIngress) return [lacksNft(path, id)];
    if (kind !== 'rate-collapse' || has.tbf || has.htb) return [];
    return [
      {
        path,
        message: `${id} needs the kernel's sch_tbf or sch_htb, which this machine lacks`,
        hint: "lose packets instead, packetLoss(…, '20%')",
      },
    ];
  });
}

function flapsByNft({ kind, parameters }: ResolvedFault): boolean {
  return kind === 'flap' && parameters.downKind !== 'link-down';
}

function lacksNetem(path: string, what: string): Problem {
  return {
    path,
    message: `delay on ${what} needs the kernel's sch_netem, which this machine lacks`,
    hint: 'leave delay and jitter out; loss and bandwidth work without netem; or run where `modprobe sch_netem` works',
  };
}

function lacksNft(path: string, what: string): Problem {
  return {
    path,
    message: `${what} needs nftables with the netdev hooks, which this machine lacks`,
    hint: 'use linkDown(…) or powerOff(…), which need nothing',
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
