/** Looks at a machine without changing it, and says what it can do. */
import type { Capabilities } from '../model/capabilities.js';
import { checkBonding, hasBonding, hasVlans } from './checks/bonding.js';
import { checkCgroups } from './checks/cgroups.js';
import { checkClockSource } from './checks/clock-source.js';
import { checkCores } from './checks/cores.js';
import { checkIperf3 } from './checks/iperf3.js';
import { checkMininet } from './checks/mininet.js';
import { checkNamespaces } from './checks/namespaces.js';
import { checkNode } from './checks/node.js';
import { checkOsKen } from './checks/os-ken.js';
import { checkOvs } from './checks/ovs.js';
import { checkOvsHost } from './checks/ovs-host.js';
import { checkOvsModule } from './checks/ovs-module.js';
import { checkOvsMtu } from './checks/ovs-mtu.js';
import { checkPython } from './checks/python.js';
import { checkRouters } from './checks/routers.js';
import * as control from './checks/traffic-control.js';
import { checkTunDevice, tunPath } from './checks/tun-device.js';
import { type Conclusion, conclude } from './conclusion.js';
import type { Check, Finding } from './finding.js';
import { hostMachine } from './host-machine.js';
import type { Machine } from './machine.js';
import { iperf3Version, ovsVersion } from './programs.js';
import { socketFacts } from './socket-facts.js';
import { tryAbilities } from './trial.js';

const checks: readonly Check[] = [
  checkNode,
  checkPython,
  checkMininet,
  checkOsKen,
  checkOvs,
  checkOvsMtu,
  checkOvsModule,
  checkOvsHost,
  checkTunDevice,
  checkIperf3,
  checkRouters,
  checkNamespaces,
  control.checkVeth,
  control.checkNetem,
  control.checkTbf,
  control.checkHtb,
  control.checkNftIngress,
  control.checkNftEgress,
  checkBonding,
  checkCgroups,
  checkCores,
  checkClockSource,
];

/**
 * Every finding, in the order in which a reader would mend them. Takes less than a second.
 * @param further Checks of sites.
 */
export function runDoctor(
  machine: Machine = hostMachine(),
  further: readonly Check[] = [],
): Promise<Finding[]> {
  return Promise.all([...checks, ...further].map(async (check) => check(machine)));
}

/** What scenarios may use on this machine; for validation before anything starts. */
export async function probeCapabilities(machine: Machine = hostMachine()): Promise<Capabilities> {
  const [{ can }, module, ovs, iperf3] = await Promise.all([
    tryAbilities(machine),
    checkOvsModule(machine),
    ovsVersion(machine),
    iperf3Version(machine),
  ]);
  return {
    netem: can.has('netem'),
    tbf: can.has('tbf'),
    htb: can.has('htb'),
    nftIngress: can.has('nft-ingress'),
    nftEgress: can.has('nft-egress'),
    bonding: hasBonding(machine),
    vlans: hasVlans(machine),
    ovsKernelDatapath: module.ok === 'yes',
    tunDevice: machine.openError(tunPath) === null,
    ovsVersion: ovs,
    iperf3Version: iperf3,
    ...socketFacts(machine),
  };
}

export interface Diagnosis {
  findings: Finding[];
  capabilities: Capabilities;
  conclusion: Conclusion;
}

/** Findings, capabilities and what follows, over one look at the machine: `doctor --json`. */
export async function diagnose(
  machine: Machine = hostMachine(),
  further: readonly Check[] = [],
): Promise<Diagnosis> {
  const [findings, capabilities] = await Promise.all([
    runDoctor(machine, further),
    probeCapabilities(machine),
  ]);
  return { findings, capabilities, conclusion: conclude(findings, capabilities) };
}
