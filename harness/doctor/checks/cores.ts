import type { Check } from '../finding.js';
import type { Machine } from '../machine.js';

/** Counts a list such as `0-1,4`. */
function countOf(list: string): number {
  return list.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Processors as cpu.max of control groups limits them (kernel: cgroup-v2.rst), or null. */
function quota(machine: Machine): number | null {
  const [limit, period] = (machine.read('/sys/fs/cgroup/cpu.max') ?? 'max').trim().split(' ');
  if (limit === 'max' || limit === undefined || period === undefined) return null;
  return Number(limit) / Number(period);
}

export const checkCores: Check = (machine) => {
  const cores = countOf((machine.read('/sys/devices/system/cpu/online') ?? '0').trim());
  const allowed = quota(machine);
  if (allowed !== null && allowed < 2) {
    return {
      id: 'cores',
      ok: 'warning',
      sentence:
        `A limit allows this container ${allowed} of ${cores} processor cores: probes are ` +
        'late, and such trials are flagged.',
      remedy: 'Start the container with: docker run --cpus 2',
    };
  }
  const noun = cores === 1 ? 'core' : 'cores';
  if (cores >= 2) return { id: 'cores', ok: 'yes', sentence: `${cores} processor ${noun}.` };
  return {
    id: 'cores',
    ok: 'warning',
    sentence: 'One processor core: traffic and probes share it, and late probes are flagged.',
    remedy: 'Give the machine two cores, or cap the traffic (bitrate) well below 100 Mbit/s.',
  };
};
