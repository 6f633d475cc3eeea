/** Which process of a lab something was seen of: its role, and what tells it from others of that role. */
import * as z from 'zod';

const count = z.number().int().nonnegative();

export const processId = z.discriminatedUnion('role', [
  /** The Python program that holds Mininet. */
  z.object({ role: z.literal('bridge') }),
  /** The program that drives the lab from inside. */
  z.object({ role: z.literal('runner') }),
  /** By its shell Mininet holds a node. */
  z.object({ role: z.literal('shell'), node: z.string() }),
  /** A daemon of Open vSwitch. Plain switches share theirs, which bear the name of the first. */
  z.object({ role: z.literal('switch'), node: z.string(), program: z.string() }),
  /** Which of how many instances, from 0. */
  z.object({
    role: z.literal('controller'),
    instance: count,
    instances: z.number().int().positive(),
  }),
  z.object({ role: z.literal('iperf3'), flow: z.string(), side: z.enum(['client', 'server']) }),
  z.object({ role: z.literal('meter'), meter: z.string() }),
  /** What only looks: at control channels, at packets that the machine drops, or at routers. */
  z.object({
    role: z.literal('watch'),
    of: z.enum(['control-channels', 'dropped-packets', 'routing']),
  }),
  /** A program of the user's, by its name in the scenario. */
  z.object({ role: z.literal('program'), program: z.string(), node: z.string() }),
  /** A name in an older record that no role stands for. */
  z.object({ role: z.literal('other'), name: z.string() }),
]);

export type ProcessId = z.infer<typeof processId>;
export type ProcessRole = ProcessId['role'];

const watchNames = {
  'control-channels': 'watch of the control channels',
  'dropped-packets': 'watch of dropped packets',
  routing: 'watch of the routers',
} as const;

/** The name by which messages and reports call it, such as `ovs-vswitchd of r1`. Never parse it. */
export function processName(id: ProcessId): string {
  switch (id.role) {
    case 'bridge':
    case 'runner':
      return id.role;
    case 'shell':
      return `shell of ${id.node}`;
    case 'switch':
      return `${id.program} of ${id.node}`;
    case 'controller':
      return id.instances > 1 ? `controller-${id.instance}` : 'controller';
    case 'iperf3':
      return `iperf3 ${id.side} ${id.flow}`;
    case 'meter':
      return `meter ${id.meter}`;
    case 'watch':
      return watchNames[id.of];
    case 'program':
      return `program ${id.program} on ${id.node}`;
    case 'other':
      return id.name;
  }
}
