/** A way through the network, host to host, as the switches themselves would take it. */
export interface TracedPath {
  /** Host to host, as far as the packet gets. */
  nodes: string[];
  /** Ids of the links and tunnels it crosses. */
  links: string[];
  complete: boolean;
}

/** A packet whose way is asked for. */
export interface TracedPacket {
  /** As `ofproto/trace` wants it, without its ingress port. */
  words: string;
  /** Hardware address of the host it goes to. */
  targetMac: string;
  /** Addresses without prefix length, and ports. */
  protocol: 'tcp' | 'udp';
  source: string;
  target: string;
  sourcePort: number;
  targetPort: number;
}
