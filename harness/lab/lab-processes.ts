/** The processes of a lab that are looked at while it runs. */
import type { ProcessGroup } from '../model/history/events.js';
import type { ResolvedTopology } from '../model/resolved.js';
import type { RunningController } from './controllers/controller.js';
import type { BridgeClient } from './mininet/client.js';
import { groupMembers } from './observe/pressure.js';
import type { WatchedProcess } from './observe/process-watch.js';

/** Groups whose processor time is measured. */
export function processGroups(
  bridge: BridgeClient,
  topology: ResolvedTopology,
  controller: RunningController,
): Record<ProcessGroup, number[]> {
  const daemons = topology.nodes.map(
    ({ name }) => bridge.node(name).ovs?.processes['ovs-vswitchd'],
  );
  return {
    // Each instance leads a process group of its own.
    controller: groupMembers(controller.pids()),
    vswitchd: [...new Set(daemons)].filter((pid) => pid !== undefined),
    runner: [process.pid],
  };
}

/** By its shell Mininet holds a node, and everything that works in the node enters by it. */
export function shellsOf(bridge: BridgeClient, topology: ResolvedTopology): WatchedProcess[] {
  return topology.nodes.flatMap(({ name }) => {
    const { pid } = bridge.node(name);
    return pid === null ? [] : [{ process: { role: 'shell', node: name }, node: name, pid }];
  });
}

/** Open vSwitch's; plain switches share theirs, which go by the name of the first. */
export function daemonsOf(bridge: BridgeClient, topology: ResolvedTopology): WatchedProcess[] {
  const found = new Map<number, WatchedProcess>();
  for (const { name } of topology.nodes) {
    for (const [program, pid] of Object.entries(bridge.node(name).ovs?.processes ?? {})) {
      if (!found.has(pid))
        found.set(pid, { process: { role: 'switch', node: name, program }, node: name, pid });
    }
  }
  return [...found.values()];
}
