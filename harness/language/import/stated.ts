/** A network as a file states it, node by node: kinds, commands, configurations, and links. */
import type { Expression } from './source.js';

export interface StatedNode {
  name: string;
  /** In containerlab's words: `linux`, `bridge`, `ovs-bridge`, or one whose programs no lab has. */
  kind: string;
  image: string;
  /** Commands, in order. */
  exec: string[];
  /** Text of the files that are bound into /etc/frr, by name. */
  frrFiles: Map<string, string>;
  /** Options of a host, a bridge or a switch, as they are written. */
  options?: { readonly [key: string]: Expression | undefined };
  /** Keys of which nothing is taken. */
  idle: string[];
}

export interface StatedLink {
  line: number | null;
  ends: [StatedEnd, StatedEnd];
  mtu?: number;
  /** What it does to packets, as it is written, and its delay. */
  wire?: { readonly [key: string]: Expression | undefined };
  delayMs?: number;
}

export interface StatedEnd {
  node: string;
  interface: string;
  /** CIDR. */
  address?: string;
}

export interface StatedNetwork {
  name: string;
  /** `containerlab file`, as people call it. */
  format: string;
  nodes: StatedNode[];
  links: StatedLink[];
  /** Links to something outside of the lab, as the file has them. */
  outside: string[];
  /** A Linux node with several links passes packets on, also where nothing says so. */
  severalLinksRoute: boolean;
  controller?: Expression;
  /** Who decides where no router does. */
  decides?: string;
}
