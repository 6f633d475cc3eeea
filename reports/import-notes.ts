/** What an import did not take from a file, or not as it stands, in sentences. Pure. */
import type { ImportNote, ImportNoteCode } from '../harness/model/import-note.js';

const namesShown = 6;

/** One sentence a note; the first words name the nodes, links or fields of the file. */
export function importNoteTexts(notes: readonly ImportNote[]): string[] {
  return notes.map((note) => `${listed(note.names)}: ${sentences[note.code](note)}`);
}

/** `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = namesShown): string {
  const more = names.length - most;
  const shown = names.slice(0, most).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

type Sentence = (note: ImportNote) => string;

const sentences: Readonly<Record<ImportNoteCode, Sentence>> = {
  'fields-not-needed': () => 'fields that the network does not need',
  'speed-in-words': ({ setting = '' }) =>
    `'${setting}' states no speed in bit/s; the links have no limit`,
  'too-fast': ({ setting = '' }) =>
    `${setting} is not applied: a link of a lab has at most 1 Gbit/s; without a limit it carries what the machine can`,
  'too-slow': ({ setting = '' }) => `${setting} is not applied: a link has at least 1 kbit/s`,
  'no-coordinates': () => 'no latitude and longitude; their links have no delay',
  'no-delays': () => 'no delays, because of --no-delays',
  'link-to-itself': () => 'an edge from a node to itself is not a link',
  'both-directions': () => 'an edge in each direction is one link, which carries both',
  apart: () => 'not joined to the rest, and left out',
  outside: () => 'a link that leads out of the lab',
  'other-kind': ({ setting = '' }) =>
    `a lab cannot run '${setting}': a router of FRR with OSPF stands in, without the node's configuration`,
  'no-protocol': () => 'no routing protocol in its files; OSPF with default timers stands in',
  'linux-as-router': () => 'several links or forwarding: a router with static routes',
  'command-not-taken': ({ setting = '' }) => `the command '${setting}' is not run`,
  'key-not-taken': ({ setting = '' }) => `${setting} is not applied`,
  'config-not-taken': ({ setting = '' }) =>
    `the line '${setting}' of the configuration is not applied`,
  'daemon-not-started': ({ setting = '' }) =>
    `the file daemons does not start ${setting}; what the configuration states for it is left out`,
  'address-not-taken': ({ setting = '' }) =>
    `the address ${setting} is not applied: one address for each link, and none elsewhere`,
  'loopback-of-one': ({ setting = '' }) => `the loopback ${setting} is a single address`,
  'router-id-not-taken': ({ setting = '', value = 'an address that the lab assigns' }) =>
    `the router id ${setting} is not applied: it is the address of the loopback, ${value}`,
  'route-not-taken': ({ setting = '' }) =>
    `the route ${setting} is not applied: no router of the file has that address`,
  'costs-differ': ({ setting = '' }) => `its ends cost ${setting}; both cost the first`,
  'mtu-not-taken': ({ setting = '' }) => `an MTU of ${setting} is not applied: 576 to 9000 bytes`,
  'script-ended': ({ setting = '' }) =>
    `the script ended here, with ${setting}; what it stated until then is taken`,
  'other-networks': () => 'the one with the most nodes is taken',
  'other-topologies': () => 'further entries of topos; the first one is taken',
  'program-not-run': () => 'programs that the script starts; they are not run',
  'network-card': () => 'an interface of the machine, which a lab does not have',
  'no-such-file': ({ setting = '' }) => `the configuration ${setting} is not beside the script`,
  'controller-not-taken': ({ setting = '' }) =>
    `the controller (${setting}) is yours to start: the scenario has none; write command([…]) or osken([…])`,
  'controller-and-loops': () =>
    "Mininet's own controller would let broadcasts circle in the loops of this network; the scenario has none",
  'ports-of-the-lab': () => 'port numbers are counted by the lab, in the order of links',
  'element-not-read': () => 'elements of the file that are neither nodes nor edges',
};
