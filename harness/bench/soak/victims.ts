/** Processes of failover-lab on the soak's machine, and what each of them is. */
import { markVariable } from '../../sites/mark.js';
import type { QuietMachine } from '../quiet-machine.js';

/** The first whose pattern fits names the kind; the words are those of the table of results. */
const kinds: ReadonlyArray<[RegExp, string]> = [
  [/^\S*node \S*start\.mjs /, 'supervisor'],
  [/^unshare /, 'sandbox'],
  [/^tini /, 'init'],
  [/^\S*node \S*harness\/lab\/main\.js/, 'runner'],
  [/bridge\/main\.py/, 'bridge'],
  [/osken-manager/, 'controller'],
  [/meter\/meter\.py/, 'meter'],
  [/tap\/tap\.py|drops\/watch_drops\.py/, 'watch'],
  [/^iperf3 /, 'iperf3'],
  [/^ovs-vswitchd /, 'ovs-vswitchd'],
  [/^ovsdb-server /, 'ovsdb-server'],
  [/^\S*\/(zebra|ospfd|bfdd|staticd|mgmtd|bgpd|isisd|bird|keepalived|watchfrr) /, 'routing daemon'],
  [/mininet:/, 'node shell'],
];

/** Without these nothing can be measured: a pass of a run that lost one early is a wrong one. */
const essential = new Set([
  ...['supervisor', 'sandbox', 'init', 'runner', 'bridge', 'meter', 'watch', 'iperf3'],
]);

export interface Victim {
  pid: number;
  kind: string;
  /** Arguments joined by spaces. */
  commandLine: string;
}

export function victimsOn(machine: QuietMachine): Victim[] {
  return machine.processes().flatMap(({ pid, commandLine, environment }) => {
    const kind = kindOf(commandLine);
    // The supervisor alone carries no mark: it gives it.
    const marked = environment.some((one) => one.startsWith(`${markVariable}=`));
    return marked || kind === 'supervisor' ? [{ pid, kind, commandLine }] : [];
  });
}

export function isEssential(kind: string): boolean {
  return essential.has(kind);
}

function kindOf(commandLine: string): string {
  return kinds.find(([pattern]) => pattern.test(commandLine))?.[1] ?? 'other';
}
