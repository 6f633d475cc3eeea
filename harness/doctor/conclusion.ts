/** What follows from the findings: which datapath, which faults, and what can be run. */
import type { Need, NeedCondition } from '../kinds/fault-needs.js';
import { needsOfKind } from '../kinds/fault-tables.js';
import { faultKinds } from '../kinds/generated/fault-names.js';
import type { Capabilities } from '../model/capabilities.js';
import type { FaultKind } from '../model/resolved.js';
import type { Finding } from './finding.js';

export interface MissingFault {
  kind: FaultKind;
  needs: string;
  /** The faults of this kind that cannot run; left out: all of them. */
  when?: NeedCondition;
}

export interface Conclusion {
  /** The datapath that labs get; null when there is none to get. */
  datapath: 'kernel' | 'user' | null;
  faults: FaultKind[];
  /** Kinds that this machine cannot do, or not always, with what they lack. */
  missingFaults: MissingFault[];
  /** What links and tunnels cannot have on this machine. */
  missingLinks: { what: string; needs: string }[];
  /** Findings that keep any lab from running. */
  blockedBy: string[];
  sentence: string;
}

/** What a missing capability is called, and what links cannot have without it. */
const needs: Record<Need, { name: string; links: string | null }> = {
  netem: { name: 'netem', links: 'delay or jitter on links' },
  tbf: { name: 'tbf', links: 'a bandwidth limit on links' },
  nftIngress: { name: "nftables' ingress hook", links: null },
  nftEgress: {
    name: "nftables' egress hook",
    links: 'loss on links, a bandwidth limit on tunnels',
  },
};

function conditionWords(condition: NeedCondition): string {
  switch (condition) {
    case 'controller':
      return 'where there is a controller';
    case 'across-fabric':
      return 'across the fabric';
    case 'hidden-carrier':
      return 'where the carrier is hidden';
    default:
      return `by ${condition.slice('by-'.length)}`;
  }
}

function missingOf(kind: FaultKind, has: Capabilities): MissingFault[] {
  const { always, sometimes } = needsOfKind(kind);
  const lacking = always.find((need) => !has[need]);
  if (lacking !== undefined) return [{ kind, needs: needs[lacking].name }];
  return sometimes
    .filter(({ need }) => !has[need])
    .map(({ need, when }) => ({ kind, needs: needs[need].name, when }));
}

function datapathOf({ ovsKernelDatapath, tunDevice }: Capabilities): Conclusion['datapath'] {
  // A run takes the kernel's only when it is asked for by name.
  if (tunDevice) return 'user';
  return ovsKernelDatapath ? 'kernel' : null;
}

function sentenceOf(conclusion: Omit<Conclusion, 'sentence'>): string {
  const { datapath, missingFaults, missingLinks, blockedBy } = conclusion;
  if (blockedBy.length > 0)
    return `This machine cannot run a lab yet: see ${blockedBy.join(', ')}.`;
  const where = datapath === 'kernel' ? "the kernel's" : "Open vSwitch's userspace";
  if (missingFaults.length === 0 && missingLinks.length === 0) {
    return `This machine can run every scenario, on ${where} datapath.`;
  }
  const entirely = missingFaults.filter(({ when }) => when === undefined);
  const partly = missingFaults.filter(({ when }) => when !== undefined);
  const faults = byNeed([...entirely, ...partly], ({ kind, when }) =>
    when === undefined ? kind : `${kind} ${conditionWords(when)}`,
  );
  const links = byNeed(missingLinks, ({ what }) => what);
  const without = [
    ...(faults.length > 0 ? [`without these faults: ${faults.join('; ')}`] : []),
    ...(links.length > 0 ? [`without ${links.join('; ')}`] : []),
  ];
  return `This machine can run scenarios on ${where} datapath, ${without.join(', and ')}.`;
}

function byNeed<T extends { needs: string }>(missing: T[], words: (one: T) => string): string[] {
  const all = [...new Set(missing.map((one) => one.needs))];
  return all.map((need) => {
    const own = missing.filter((one) => one.needs === need).map(words);
    return `${[...new Set(own)].join(', ')} (needs ${need})`;
  });
}

export function conclude(findings: readonly Finding[], capabilities: Capabilities): Conclusion {
  const datapath = datapathOf(capabilities);
  const missingFaults = faultKinds.flatMap((kind) => missingOf(kind, capabilities));
  const missingLinks = Object.entries(needs).flatMap(([need, { name, links }]) =>
    links === null || capabilities[need as Need] ? [] : [{ what: links, needs: name }],
  );
  const blockedBy = findings.filter(({ ok }) => ok === 'no').map(({ id }) => id);
  if (datapath === null) blockedBy.push('ovs-module', 'tun');
  const faults = faultKinds.filter(
    (kind) => !missingFaults.some((missing) => missing.kind === kind && missing.when === undefined),
  );
  const conclusion = { datapath, faults, missingFaults, missingLinks, blockedBy };
  return { ...conclusion, sentence: sentenceOf(conclusion) };
}
