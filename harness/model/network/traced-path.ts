/** A way through the network, host to host, as the switches themselves would take it. */
export interface TracedPath {
  /** Host to host, as far as the packet gets. */
  nodes: string[];
  /** Ids of the links and tunnels it crosses. */
  links: string[];
  complete: boolean;
}
