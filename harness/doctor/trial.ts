/**
 * What the kernel's traffic control and packet filter can do, tried on the loopback interface of
 * a network namespace that exists for the trial alone.
 */

import { atLeast } from '../model/version.js';
import { moduleState } from './kernel-modules.js';
import { kernelRelease, type Machine } from './machine.js';

export const abilities = ['veth', 'netem', 'tbf', 'htb', 'nft-ingress', 'nft-egress'] as const;
export type Ability = (typeof abilities)[number];

export interface TrialResult {
  /** Null when namespaces could be made, else the reason in the words of unshare(1) or its outcome. */
  refused: string | null;
  can: ReadonlySet<Ability>;
}

const moduleOf: Record<Ability, string> = {
  veth: 'veth',
  netem: 'sch_netem',
  tbf: 'sch_tbf',
  htb: 'sch_htb',
  'nft-ingress': 'nf_tables',
  'nft-egress': 'nf_tables',
};

const chain = (hook: string) =>
  `nft add table netdev t && nft 'add chain netdev t ${hook} { type filter hook ${hook} device lo priority 0; }'`;

const attempts: Record<Ability, string> = {
  veth: 'ip link add trial0 type veth peer name trial1',
  netem: 'tc qdisc replace dev lo root netem delay 1ms',
  tbf: 'tc qdisc replace dev lo root tbf rate 1mbit burst 10kb latency 10ms',
  htb: 'tc qdisc replace dev lo root htb',
  'nft-ingress': chain('ingress'),
  'nft-egress': chain('egress'),
};

/** The netdev family came with Linux 4.2, its egress hook with 5.16. */
function bringsItself(ability: Ability, release: string, machine: Machine): boolean {
  const nft = ability === 'nft-ingress' || ability === 'nft-egress';
  if (nft && !machine.exists('/usr/sbin/nft') && !machine.exists('/sbin/nft')) return false;
  if (ability === 'nft-ingress') return atLeast(release, 4, 2);
  if (ability === 'nft-egress') return atLeast(release, 5, 16);
  return true;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

/**
 * An ability whose module is installed but not loaded is not tried, for the trial would load it:
 * the file's presence answers for it.
 */
export async function tryAbilities(machine: Machine): Promise<TrialResult> {
  const release = kernelRelease(machine);
  const installed = abilities.filter((ability) => {
    const { active, path } = moduleState(machine, moduleOf[ability]);
    return !active && path !== null;
  });
  const script = abilities
    .filter((ability) => !installed.includes(ability))
    .map((ability) => `{ ${attempts[ability]}; } 2>/dev/null && echo ${ability}`);
  const user = machine.userId === 0 ? [] : ['--user', '--map-root-user'];
  const result = await machine.run([
    'unshare',
    ...user,
    '--net',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    'sh',
    '-c',
    ['echo entered', ...script, 'true'].join('\n'),
  ]);
  const said = result.stdout.split('\n');
  // What was not tried in time is not known to be missing.
  const entered = said.includes('entered') && result.outcome !== 'timed out';
  return {
    refused: entered ? null : firstLine(result.stderr).replace(/^unshare: /, '') || result.outcome,
    can: new Set([
      ...abilities.filter((ability) => said.includes(ability)),
      ...installed.filter((ability) => bringsItself(ability, release, machine)),
    ]),
  };
}
