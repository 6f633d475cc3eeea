/** Which parameters and classes of Mininet's the lab applies, replaces or refuses. */
import { asPython, type MininetNode, type MininetNotes } from '../../model/mininet-description.js';
import { printable, quoted } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';

/** What the resolving of one file collects. */
export interface MininetReading {
  /** Where the file stands in the scenario. */
  path: string;
  problems: Problems;
  notes: MininetNotes;
}

interface Kind {
  what: 'host' | 'switch' | 'link';
  /** Classes that are built as they are. */
  classes: readonly string[];
  /** Classes that another stands in for. */
  standIns: Readonly<Record<string, string>>;
  /** Parameters that the lab applies or checks. */
  applied: readonly string[];
  /** Parameters that Mininet reads and the lab does not. */
  notApplied: readonly string[];
  /** Parameters that make the network another one. */
  refused: readonly string[];
}

export const hostKind: Kind = {
  what: 'host',
  classes: ['Host', 'Node'],
  standIns: { CPULimitedHost: 'Host' },
  applied: ['ip', 'mac', 'defaultRoute', 'inNamespace'],
  notApplied: ['cpu', 'cores', 'sched', 'period_us', 'privateDirs', 'lo', 'waitExited'],
  refused: ['name'],
};

export const switchKind: Kind = {
  what: 'switch',
  classes: ['OVSSwitch', 'OVSKernelSwitch', 'OVSBridge'],
  standIns: { UserSwitch: 'OVSSwitch', IVSSwitch: 'OVSSwitch', LinuxBridge: 'OVSBridge' },
  applied: ['dpid', 'stp', 'failMode', 'protocols', 'inNamespace'],
  notApplied: [
    ...['datapath', 'reconnectms', 'inband', 'batch', 'listenPort', 'opts', 'dpopts', 'verbose'],
    ...['prio', 'ip', 'mac', 'defaultRoute', 'privateDirs', 'lo', 'waitExited'],
  ],
  refused: ['name'],
};

export const linkKind: Kind = {
  what: 'link',
  classes: ['Link', 'TCLink', 'TCULink'],
  standIns: { OVSLink: 'Link' },
  applied: ['bw', 'delay', 'jitter', 'loss', 'max_queue_size', 'intfName1', 'intfName2'],
  notApplied: [
    ...[
      'addr1',
      'addr2',
      'ip',
      'mac',
      'ifconfig',
      'up',
      'fast',
      'gro',
      'txo',
      'rxo',
      'disable_gro',
    ],
    ...['speedup', 'use_hfsc', 'use_htb', 'use_tbf', 'latency_ms', 'enable_ecn', 'enable_red'],
  ],
  refused: ['params1', 'params2', 'intf', 'cls1', 'cls2'],
};

/** Refuses what cannot be built the same, and notes what is left out or replaced. */
export function checkOptions(
  { cls, options, own }: Pick<MininetNode, 'cls' | 'options' | 'own'>,
  name: string,
  kind: Kind,
  { path, problems, notes }: MininetReading,
  builtAs = `a ${kind.what}`,
): void {
  const refused: string[] = [];
  for (const [key, value] of Object.entries(options)) {
    const setting = `${printable(key)}=${asPython(value)}`;
    // None is what these have when nothing is stated.
    if (value === null || kind.applied.includes(key)) continue;
    if (kind.refused.includes(key)) refused.push(key);
    else if (kind.notApplied.includes(key)) notes.add('not-applied', name, setting);
    // A class of the file's own has parameters of its own, and its config was called with them.
    else if (own === undefined) notes.add('unknown-parameter', name, setting, kind.what);
  }
  if (cls) {
    const standIn = cls.mininet ? kind.standIns[cls.name] : undefined;
    const derived = own !== undefined && [...kind.classes, 'CPULimitedHost'].includes(own.base);
    if (derived) notes.add('stand-in', name, `cls=${cls.name}`, builtAs);
    else if (standIn) notes.add('stand-in', name, `cls=${cls.name}`, standIn);
    else if (!cls.mininet || !kind.classes.includes(cls.name)) refused.push(`cls=${cls.name}`);
  }
  if (refused.length === 0) return;
  const message = `the ${kind.what} ${quoted(name)} uses what the lab does not support: ${refused.join(', ')}`;
  const hint = refused.some((setting) => setting.startsWith('cls='))
    ? `remove cls=, or use one of Mininet's own classes: ${kind.classes.join(', ')}`
    : `remove ${refused.join(', ')}${kind.what === 'link' ? '; a host gets its address by addHost(name, ip=…)' : ''}`;
  problems.add(path, message, hint);
}

/** A stated value that cannot be; the sentence has all that is needed to find and mend it. */
export function refuseValue(
  { path, problems }: MininetReading,
  what: string,
  setting: string,
  allowed: string,
): void {
  const [key = ''] = setting.split('=');
  problems.add(joinPath(path, [key]), `${what} has ${setting}; ${allowed}`);
}
