import type { Check } from '../finding.js';

/** Mininet limits the processor of hosts with cgroups; labs do without, and say so. */
export const checkCgroups: Check = (machine) => {
  if (machine.exists('/sys/fs/cgroup/cgroup.controllers')) {
    return { id: 'cgroups', ok: 'yes', sentence: 'Control groups, version 2.' };
  }
  if (machine.exists('/sys/fs/cgroup/cpu') || machine.exists('/sys/fs/cgroup/cpuacct')) {
    return { id: 'cgroups', ok: 'yes', sentence: 'Control groups, version 1.' };
  }
  return {
    id: 'cgroups',
    ok: 'warning',
    sentence: 'No control groups are mounted: hosts cannot have a share of the processor.',
    remedy: 'sudo mount -t cgroup2 none /sys/fs/cgroup',
  };
};
