/** The interface of one fault kind: prepare → inject → read back → heal → read back. */

import type { Evidence } from '../../model/recorded/evidence.js';
import type {
  FaultKind,
  ResolvedFault,
  ResolvedLink,
  ResolvedTopology,
  ResolvedTunnel,
} from '../../model/resolved.js';
import type { BridgeClient } from '../mininet/client.js';

/** What faults may touch. */
export interface FaultContext {
  bridge: BridgeClient;
  topology: ResolvedTopology;
  controller: ControllerTarget;
  /** OpenFlow ports of the controller's instances. */
  controllerPorts: number[];
  /** How the other kinds are done, for a fault that repeats one of them. */
  definitionOf(kind: FaultKind): FaultDefinition;
  /** Records a change that a standing fault makes by itself, such as one of a flap. */
  transition(transition: Transition): void;
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
  /** What was read back. */
  evidence: Evidence;
}

/** One change of a fault that goes on by itself. */
export interface Transition extends Change {
  state: 'down' | 'up';
}

/** A fault with its undo, before anything was changed: undo comes before do. */
export interface PreparedFault {
  /** Make the change and read it back. Called once; may fail half-way. */
  inject(): Promise<Change>;
  /**
   * Undo as much as was made, each part although another cannot be undone, and read it back.
   * Called after `inject` has ended, also when it failed; called again when it failed itself or its
   * change was not verified; must work when the target died meanwhile.
   */
  heal(): Promise<Change>;
}

/** How one kind of fault is done. What can be written and judged of it: harness/kinds/faults/. */
export interface FaultDefinition {
  /** Work out what to do. Changes nothing. Throws FAULT_NOT_APPLIED when it cannot be done. */
  prepare(
    context: FaultContext,
    fault: ResolvedFault,
    target: BoundTarget,
  ): PreparedFault | Promise<PreparedFault>;
}
