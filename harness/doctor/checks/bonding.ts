import type { Check } from '../finding.js';
import { moduleState } from '../kernel-modules.js';
import type { Machine } from '../machine.js';

/** Whether the kernel has Linux bonding, or a module that it loads when a bond is made. */
export const hasBonding = (machine: Machine): boolean => isThere(machine, 'bonding');

/** The same of VLAN devices. */
export const hasVlans = (machine: Machine): boolean => isThere(machine, '8021q');

function isThere(machine: Machine, module: string): boolean {
  const { active, path } = moduleState(machine, module);
  return active || path !== null;
}

/** Bonds work either way; only watching by ARP needs the kernel. */
export const checkBonding: Check = async (machine) => ({
  id: 'bonding',
  ok: 'yes',
  sentence: hasBonding(machine)
    ? "Linux bonding: bonds of hosts are the kernel's."
    : "This kernel has no bonding: bonds of hosts are Open vSwitch's, and cannot watch by ARP.",
});
