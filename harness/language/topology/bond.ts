/** Bonds: two or more links of a host that are one interface to it. */
import type { Duration } from '../../model/units.js';
import type { PlainLinkOptions } from './link-options.js';

interface BondWires extends Omit<PlainLinkOptions, 'id' | 'metric' | 'vlan'> {
  /** Name of the bond for reports; left out: `bond-<host>`. */
  id?: string;
  /** The VLAN of the switches' ports, 1 to 4094. Left out: none. */
  vlan?: number;
  /** How often the carrier of each member is looked at. Left out: `'100ms'`. */
  miimon?: Duration;
  /** How long a member must be down before that counts, a multiple of `miimon`. Left out: 0. */
  downDelay?: Duration;
  /** How long a member must be up again before it is used, a multiple of `miimon`. Left out: 0. */
  upDelay?: Duration;
}

export interface ActiveBackupOptions extends BondWires {
  /** One member is active, the others wait. */
  mode?: 'active-backup';
  /**
   * The member that is active whenever it is up: its switch, or the id of its link. Left out: the
   * one that comes up first begins, and whichever is active stays active.
   */
  primary?: string;
  /**
   * Watch members by ARP requests in place of their carrier. `target` is a host, a router or an address
   * in the host's subnet. A member over which nobody answers for two intervals is down. Linux bonding
   * alone can do so.
   */
  arp?: { target: string; every: Duration };
}

export interface LacpOptions extends BondWires {
  /** IEEE 802.3ad (LACP): all members carry traffic, and host and switch agree on them. */
  mode: 'lacp';
  /** How often each end tells the other that it is there: every 30 s or every second. Left out: `'slow'`. */
  rate?: 'slow' | 'fast';
}

export type BondOptions = ActiveBackupOptions | LacpOptions;

export type BondPart = BondOptions & {
  kind: 'bond';
  host: string;
  to: readonly string[];
};

/**
 * A bond of a host: a link to each of the switches, which are one interface to the host. Its links
 * are called `<host>-<switch>`, as those that `link(…)` makes. LACP needs one switch for all members:
 * two switches are not one system.
 *
 * @example
 * bond('h1', ['s1', 's2'], { primary: 's1', miimon: '50ms' })
 * bond('h1', ['s1', 's1'], { mode: 'lacp', rate: 'fast' })
 */
export const bond = (host: string, to: readonly string[], options: BondOptions = {}): BondPart => ({
  ...options,
  kind: 'bond',
  host,
  to,
});
