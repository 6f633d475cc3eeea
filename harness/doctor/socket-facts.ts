/** What sockets of this kernel may ask for, read from /proc. */
import type { Capabilities } from '../model/capabilities.js';
import type { Machine } from './machine.js';

/** The kernel keeps twice what a socket asked for, and iperf3 compares with that. */
const kernelFactor = 2;

/** Facts that cannot be read are left out. */
export function socketFacts(
  machine: Pick<Machine, 'read'>,
): Pick<Capabilities, 'congestionControls' | 'socketBufferMaxBytes'> {
  const loaded = machine.read('/proc/sys/net/ipv4/tcp_available_congestion_control')?.trim();
  const limits = ['rmem_max', 'wmem_max'].map((name) =>
    Number.parseInt(machine.read(`/proc/sys/net/core/${name}`) ?? '', 10),
  );
  const limitBytes = Math.min(...limits);
  return {
    ...(loaded ? { congestionControls: loaded.split(/\s+/) } : {}),
    ...(limitBytes > 0 ? { socketBufferMaxBytes: kernelFactor * limitBytes } : {}),
  };
}
