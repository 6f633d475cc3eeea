/** What the lab does otherwise than `mn --custom` with the same file, in sentences. Pure. */
import type { MininetNote } from '../harness/model/mininet-description.js';

const namesShown = 6;

/** One sentence a note; the first words name the nodes, links or parts of the file. */
export function mininetNoteTexts(notes: readonly MininetNote[] = []): string[] {
  return notes.map((note) => `${listed(note.names)}: ${sentence(note)}`);
}

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  const shown = names.slice(0, namesShown).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function sentence({ code, setting = '', value = '' }: MininetNote): string {
  const key = setting.split('=')[0] ?? '';
  switch (code) {
    case 'not-applied':
      return `${setting} is not applied${because(key)}`;
    case 'unknown-parameter':
      return `${setting} is not applied: Mininet has no such parameter of a ${value}`;
    case 'stand-in':
      return `${setting} is built as ${value}`;
    case 'shaped-without-tclink':
      return `${setting} applied, as by mn --link tc; mn alone ignores it on a link without cls=TCLink`;
    case 'delay-without-unit':
      return `${setting} has no unit: microseconds, as tc takes it`;
    case 'address-given':
      return `${setting}: Mininet gives no address; the lab gives ${value}, since its traffic needs one`;
    case 'dpid-replaced':
      return `datapath id ${value}, since ${unusable(setting)}`;
    case 'dpid-given':
      return `datapath id ${value}; there is no number in the name, and mn would refuse it`;
    case 'spanning-tree-of-scenario':
      return `${setting} gives way to the scenario's spanningTree: '${value}'`;
    case 'stp-needs-standalone':
      return `${setting} is not applied: Mininet applies it with failMode='standalone' alone`;
    case 'host-by-link':
      return 'a host, since only a link mentions it; Mininet does the same';
    case 'link-replaced':
      return 'a link is replaced by a later one with the same key, as in Mininet';
    case 'choices-not-read':
      return 'not read: mn takes from it what its options name, and a scenario has no such options';
  }
}

/** Why a datapath id cannot be used, by its digits. */
function unusable(digits: string): string {
  if (/^[0x:]*$/i.test(digits)) return 'Open vSwitch has no datapath id of zero';
  return `another switch has ${digits}, the number in the name, already`;
}

const reasons: Readonly<Record<string, string>> = {
  cpu: 'the lab does not limit processors',
  cores: 'the lab does not bind hosts to processors',
  sched: 'the lab does not limit processors',
  period_us: 'the lab does not limit processors',
  privateDirs: 'hosts share the folders of the sandbox',
  datapath: '--datapath chooses it (userspace unless stated)',
  reconnectms: 'every switch calls a lost controller again after 1 s',
  inband: 'the control network is a network of its own',
  batch: 'how switches are started changes nothing in the network',
  fast: 'how links are made changes nothing in the network',
  listenPort: 'nothing of the lab asks the switches by it',
  use_htb: 'tbf or nftables limit the bandwidth',
  use_hfsc: 'tbf or nftables limit the bandwidth',
  use_tbf: 'tbf or nftables limit the bandwidth',
  speedup: 'both ends of a link have its bandwidth',
  gro: 'offloads are off on all interfaces',
  txo: 'offloads are off on all interfaces',
  rxo: 'offloads are off on all interfaces',
  disable_gro: 'offloads are off on all interfaces',
};

function because(key: string): string {
  const reason = reasons[key];
  return reason === undefined ? ' by the lab' : `: ${reason}`;
}
