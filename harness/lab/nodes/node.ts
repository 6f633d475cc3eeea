/** What a lab asks of a kind of node while it runs: `harness/lab/nodes/<kind>.ts` has the kind's own. */
import type { TracedPacket } from '../../model/network/traced-path.js';
import type { Readiness } from '../../model/recorded/readiness.js';
import type { Warning } from '../../model/recorded/warning.js';
import type { BridgeClient } from '../mininet/client.js';

/** How one kind of node is asked. What can be written of it: harness/kinds/nodes/. */
export interface NodeDefinition {
  /**
   * Names of the ports by which the node would send a packet on that came in by `inPort`; none
   * where it would not, or where that cannot be determined. `warn` gets what kept it from answering.
   */
  outputs(
    bridge: BridgeClient,
    node: string,
    inPort: string,
    packet: TracedPacket,
    warn: (warning: Warning) => void,
  ): Promise<string[]>;
  /**
   * The hardware address that the node sends a packet of its own (`inPort` null), or one that came in
   * by `inPort`, to; null where it is unknown. Left out: it leaves a packet's address as it is.
   */
  nextHop?(
    bridge: BridgeClient,
    node: string,
    inPort: string | null,
    packet: TracedPacket,
  ): Promise<string | null>;
  /** Whether the node does by itself what it will do all the time; left out: at once. */
  settled?(bridge: BridgeClient, node: string): Promise<{ ok: boolean; detail: Readiness }>;
}
