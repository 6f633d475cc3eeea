/** What numbers were taken on, in a few words. Pure. */
import type { Environment } from '../harness/model/history/events.js';

/** `userspace`; empty for a network that is not a lab's. */
export function datapathText({ datapath }: Pick<Environment, 'datapath'>): string {
  return { kernel: 'kernel', user: 'userspace', none: '' }[datapath];
}

/** The programs that a lab's numbers depend on; of a watched network, that it is one. */
export function programsText(environment: Environment): string {
  const { ovs, mininet, iperf3, kernel } = environment;
  const datapath = datapathText(environment);
  if (datapath === '') return `a network that is watched · judged on Linux ${kernel}`;
  return `Open vSwitch ${ovs} (${datapath}) · Mininet ${mininet} · iperf3 ${iperf3} · Linux ${kernel}`;
}
