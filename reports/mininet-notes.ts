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
      return `${setting} is not applied: a Mininet ${value} has no such parameter`;
    case 'stand-in':
      return `${setting} is built as ${value}`;
    case 'shaped-without-tclink':
      return `${setting} applied, as by mn --link tc; mn alone ignores it on a link without cls=TCLink`;
    case 'delay-without-unit':
      return `${setting} has no unit; as tc does, the lab reads it as microseconds`;
    case 'command-not-run':
      return `the command '${setting}' of its class is not run`;
    case 'address-replaced':
      return `${setting} is replaced by ${value}, the node's own address, as in Mininet`;
    case 'port-without-address':
      return 'an interface of a router without an address; the lab assigns one';
    case 'untagged':
      return `without a VLAN in the file; the switches keep such frames in VLAN ${value}`;
    case 'address-given':
      return `${setting}: Mininet assigns no address; the lab assigns ${value} because its traffic needs one`;
    case 'dpid-replaced':
      return `datapath id ${value} because ${unusable(setting)}`;
    case 'dpid-given':
      return `datapath id ${value}; the name has no number, and mn would reject it`;
    case 'spanning-tree-of-scenario':
      return `${setting} is overridden by the scenario's spanningTree: '${value}'`;
    case 'stp-needs-standalone':
      return `${setting} is not applied: Mininet applies it only with failMode='standalone'`;
    case 'host-by-link':
      return 'a host, because only a link mentions it; Mininet does the same';
    case 'link-replaced':
      return 'a link is replaced by a later one with the same key, as in Mininet';
    case 'choices-not-read':
      return 'not read: the options of mn select from it, and a scenario has no such options';
  }
}

/** Why a datapath id cannot be used, by its digits. */
function unusable(digits: string): string {
  if (/^[0x:]*$/i.test(digits)) return 'Open vSwitch does not accept datapath id 0';
  return `another switch already has ${digits}, the number in the name`;
}

const reasons: Readonly<Record<string, string>> = {
  cpu: 'the lab does not limit processors',
  cores: 'the lab does not pin hosts to processors',
  sched: 'the lab does not limit processors',
  period_us: 'the lab does not limit processors',
  privateDirs: 'hosts share the folders of the sandbox',
  datapath: 'it is set with --datapath (default: userspace)',
  reconnectms: 'every switch reconnects to a lost controller after 1 s',
  inband: 'the lab has a separate control network',
  batch: 'how switches are started does not affect the network',
  fast: 'how links are made does not affect the network',
  listenPort: 'the lab does not use it',
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
