import type { Check, Finding } from '../finding.js';
import { isContainer, kernelRelease, type Machine, osRelease } from '../machine.js';
import { type Ability, tryAbilities } from '../trial.js';

interface Meaning {
  can: string;
  cannot: string;
}

function check(id: Ability, meaning: Meaning, remedy: (machine: Machine) => string): Check {
  return async (machine): Promise<Finding> => {
    const { refused, can } = await tryAbilities(machine);
    if (can.has(id)) return { id, ok: 'yes', sentence: meaning.can };
    if (refused !== null) {
      const sentence = `${id} could not be tried because namespaces are not available.`;
      return { id, ok: 'warning', sentence };
    }
    return { id, ok: 'warning', sentence: meaning.cannot, remedy: remedy(machine) };
  };
}

/** Where a distribution keeps the schedulers that its smallest kernels leave out. */
function schedulerRemedy(machine: Machine): string {
  if (isContainer(machine)) return 'Load it on the host: sudo modprobe sch_netem sch_tbf sch_htb';
  if (osRelease(machine, 'ID') === 'ubuntu') {
    return `sudo apt-get install linux-modules-extra-${kernelRelease(machine)}`;
  }
  return "Boot the distribution's full kernel (Debian: linux-image-amd64).";
}

const filterRemedy = (machine: Machine) =>
  machine.exists('/usr/sbin/nft') || machine.exists('/sbin/nft')
    ? 'Boot Linux 5.16 or newer with nf_tables.'
    : 'sudo apt-get install --no-install-recommends nftables';

export const checkVeth = check(
  'veth',
  { can: 'veth pairs, the cables of a lab.', cannot: 'This kernel cannot create veth pairs.' },
  schedulerRemedy,
);

export const checkNetem = check(
  'netem',
  {
    can: 'netem: links can have delay and jitter.',
    cannot: 'This kernel has no netem: no delay or jitter on links.',
  },
  schedulerRemedy,
);

export const checkTbf = check(
  'tbf',
  {
    can: 'tbf: links can have a rate.',
    cannot: 'This kernel has no tbf: links cannot have a rate; tunnels can, by nftables.',
  },
  schedulerRemedy,
);

export const checkHtb = check(
  'htb',
  {
    can: 'htb: labs do not need it; your own shaping may.',
    cannot: 'This kernel has no htb: labs do not need it.',
  },
  schedulerRemedy,
);

export const checkNftIngress = check(
  'nft-ingress',
  {
    can: 'nftables at ingress: packets can be dropped on arrival.',
    cannot: 'No nftables at ingress: faults that drop packets of control channels cannot run.',
  },
  filterRemedy,
);

export const checkNftEgress = check(
  'nft-egress',
  {
    can: 'nftables at egress: packets can be dropped on departure.',
    cannot: 'No nftables at egress: faults that drop selected packets cannot run.',
  },
  filterRemedy,
);
