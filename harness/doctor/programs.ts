/** Versions of the programs that a lab runs. */
import type { Machine } from './machine.js';

export const ovsQuestion = ['ovs-vsctl', '--version'];
export const iperf3Question = ['iperf3', '--version'];

/** The version of Open vSwitch's tools, such as `3.1.0`, or null. */
export async function ovsVersion(machine: Machine): Promise<string | null> {
  const { stdout } = await machine.run(ovsQuestion);
  return /Open vSwitch\) (\d+[\d.]*)/.exec(stdout)?.[1] ?? null;
}

/** The version of iperf3, such as `3.12`, or null. */
export async function iperf3Version(machine: Machine): Promise<string | null> {
  const { stdout } = await machine.run(iperf3Question);
  return /^iperf (\d+[\d.]*)/m.exec(stdout)?.[1] ?? null;
}
