/** What follows from the findings: which datapath, which faults, and what can be run. */
import type { Capabilities } from '../scenario/capabilities.js';
import { type FaultKind, faultKinds } from '../scenario/resolved.js';
import type { Finding } from './finding.js';

export interface Conclusion {
  /** The datapath that labs get; null when there is none to get. */
  datapath: 'kernel' | 'user' | null;
  faults: FaultKind[];
  /** Kinds that this machine cannot do, with what they lack. */
  missingFaults: { kind: FaultKind; needs: string }[];
  /** Findings that keep any lab from running. */
  blockedBy: string[];
  sentence: string;
}

const packetFilter: FaultKind[] = [
  'blackhole',
  'packet-loss',
  'large-packet-loss',
  'control-packet-loss',
  'bfd-packet-loss',
  'rate-collapse',
  'cable-cut',
  'flap',
  'partition',
  'control-channel-loss',
];

function lacking(kind: FaultKind, capabilities: Capabilities): string | null {
  const { netem, nftEgress } = capabilities;
  if (kind === 'delay' && !netem) return 'netem';
  // Packet sockets see a packet before an ingress filter does: only egress stops it.
  if (packetFilter.includes(kind) && !nftEgress) return "nftables' egress hook";
  return null;
}

function datapathOf({ ovsKernelDatapath, tunDevice }: Capabilities): Conclusion['datapath'] {
  // A run takes the kernel's only when it is asked for by name.
  if (tunDevice) return 'user';
  return ovsKernelDatapath ? 'kernel' : null;
}

function sentenceOf(conclusion: Omit<Conclusion, 'sentence'>): string {
  const { datapath, missingFaults, blockedBy } = conclusion;
  if (blockedBy.length > 0) return `You cannot run a lab yet: see ${blockedBy.join(', ')}.`;
  const where = datapath === 'kernel' ? "the kernel's" : "Open vSwitch's userspace";
  if (missingFaults.length === 0) {
    return `You can run: every scenario, on ${where} datapath.`;
  }
  const needs = [...new Set(missingFaults.map((missing) => missing.needs))];
  const groups = needs.map((need) => {
    const kinds = missingFaults.filter((missing) => missing.needs === need);
    return `${kinds.map(({ kind }) => kind).join(', ')} (needs ${need})`;
  });
  return `You can run: scenarios on ${where} datapath, without these faults: ${groups.join('; ')}.`;
}

export function conclude(findings: readonly Finding[], capabilities: Capabilities): Conclusion {
  const datapath = datapathOf(capabilities);
  const missingFaults = faultKinds.flatMap((kind) => {
    const needs = lacking(kind, capabilities);
    return needs === null ? [] : [{ kind, needs }];
  });
  const blockedBy = findings.filter(({ ok }) => ok === 'no').map(({ id }) => id);
  if (datapath === null) blockedBy.push('ovs-module', 'tun');
  const faults = faultKinds.filter(
    (kind) => !missingFaults.some((missing) => missing.kind === kind),
  );
  const conclusion = { datapath, faults, missingFaults, blockedBy };
  return { ...conclusion, sentence: sentenceOf(conclusion) };
}
