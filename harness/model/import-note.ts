/** What an import did not take from a file, or not as it stands, as data; `reports/` has the sentences. */

export type ImportNoteCode =
  /** Fields that describe, and decide nothing. */
  | 'fields-not-needed'
  /** A speed in words, such as `OC-192c`. */
  | 'speed-in-words'
  /** `setting` is more than a link of a lab can have. */
  | 'too-fast'
  /** `setting` is less than a link of a lab can have. */
  | 'too-slow'
  /** Nodes without a place: their links have no delay. */
  | 'no-coordinates'
  /** The user wanted none. */
  | 'no-delays'
  | 'link-to-itself'
  /** A line each way between two nodes is one link. */
  | 'both-directions'
  /** Not joined to the largest part of the map. */
  | 'apart'
  /** An element of the file that is no node and no link. */
  | 'element-not-read'
  /** A link that leads out of the lab. */
  | 'outside'
  /** `setting` is a kind whose programs a lab does not have: a router stands in. */
  | 'other-kind'
  /** A router without a protocol in its files. */
  | 'no-protocol'
  /** A Linux node with several links. */
  | 'linux-as-router'
  /** A command on a node. */
  | 'command-not-taken'
  /** A key of a node. */
  | 'key-not-taken'
  /** A line of a configuration. */
  | 'config-not-taken'
  /** The configuration has a protocol whose daemon, `setting`, is not started. */
  | 'daemon-not-started'
  | 'address-not-taken'
  /** The loopback has a network; a single address is taken. */
  | 'loopback-of-one'
  /** `value` is the router id. */
  | 'router-id-not-taken'
  | 'route-not-taken'
  /** The ends of a link state two costs. */
  | 'costs-differ'
  | 'mtu-not-taken'
  /** The script ended before its end, by `setting`: what it stated until then is taken. */
  | 'script-ended'
  | 'other-networks'
  /** Of a file with several topologies the first is taken. */
  | 'other-topologies'
  /** A program that the script starts by itself. */
  | 'program-not-run'
  /** An interface of the machine at a node. */
  | 'network-card'
  | 'no-such-file'
  /** A controller that is elsewhere, at `setting`, or another program. */
  | 'controller-not-taken'
  /** Mininet's own controller in a network with loops. */
  | 'controller-and-loops'
  /** Port numbers that the script states. */
  | 'ports-of-the-lab';

export interface ImportNote {
  code: ImportNoteCode;
  /** Nodes, links, fields or elements of the file. */
  names: string[];
  /** As the file states it. */
  setting?: string;
  /** What is there instead. */
  value?: string;
}

/** Collects notes; elements with the same one share it. */
export class ImportNotes {
  readonly list: ImportNote[] = [];

  add(code: ImportNoteCode, name: string, setting?: string, value?: string): void {
    const same = this.list.find(
      (note) => note.code === code && note.setting === setting && note.value === value,
    );
    if (same) {
      if (!same.names.includes(name)) same.names.push(name);
      return;
    }
    this.list.push({
      code,
      names: [name],
      ...(setting === undefined ? {} : { setting }),
      ...(value === undefined ? {} : { value }),
    });
  }
}
