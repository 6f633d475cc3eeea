/** The interface of one fault kind: inject → read back → heal → read back. */
import type { BridgeClient } from '../mininet/client.js';
import type {
  FaultKind,
  ResolvedFault,
  ResolvedLink,
  ResolvedTopology,
  ResolvedTunnel,
} from '../scenario/resolved.js';

/** What faults may touch. */
export interface FaultContext {
  bridge: BridgeClient;
  topology: ResolvedTopology;
  controller: ControllerTarget;
  /** OpenFlow ports of the controller's instances. */
  controllerPorts: number[];
}

/** The controller as a fault sees it. */
export interface ControllerTarget {
  /** Process id of one instance; undefined while it does not run. */
  pidOf(instance: number): number | undefined;
  crash(instance: number): number;
  restart(instance: number): Promise<void>;
}

/** A target after roles were bound to names. */
export interface BoundTarget {
  nodes: string[];
  link: ResolvedLink | ResolvedTunnel | null;
  controllerInstance: number | null;
  /** What people call it. */
  names: string[];
}

/** A change to the network, with stamps just before and just after it took effect. */
export interface Change {
  beforeNs: number;
  afterNs: number;
  /** Read back from the kernel or the process table, not believed. */
  verified: boolean;
  /** What was read back, as a sentence. */
  evidence: string;
}

export interface ActiveFault {
  injected: Change;
  /** Undo. Called at most once by the runner; must work when the target died meanwhile. */
  heal(): Promise<Change>;
}

export interface FaultDefinition {
  kind: FaultKind;
  inject(context: FaultContext, fault: ResolvedFault, target: BoundTarget): Promise<ActiveFault>;
}
