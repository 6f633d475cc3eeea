/** The bridge's side of the conversation, validated: one JSON object a line. */
import * as z from 'zod';
import { evidenceSchema } from '../../model/recorded/evidence.js';

export const protocolVersion = 1;

export const helloSchema = z.object({
  hello: z.literal('failover-lab-bridge'),
  protocol: z.number().int(),
  mininet: z.string(),
  python: z.string(),
});

export const replySchema = z.object({
  id: z.number().int(),
  ok: z.boolean(),
  result: z.unknown(),
  error: z
    .object({ message: z.string(), hint: z.string(), details: z.record(z.string(), z.unknown()) })
    .nullable(),
});

const ns = z.number().nonnegative();
const stamps = { beforeNs: ns, afterNs: ns };

/** What a program printed, and when. `status` is null when it outlived its limit. */
export const commandResult = z.object({
  ...stamps,
  status: z.number().nullable(),
  stdout: z.string(),
  stderr: z.string(),
});

/** A change that the bridge made and read back itself. */
export const changeResult = z.object({
  ...stamps,
  verified: z.boolean(),
  evidence: evidenceSchema,
});

export const signalResult = z.object({
  ...stamps,
  states: z.record(z.string(), z.string().nullable()),
});

export const networkDescription = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      /** Process that holds the node's namespaces; null = the lab's root namespace. */
      pid: z.number().int().positive().nullable(),
      interfaces: z.array(z.string()),
      ovs: z
        .object({
          /** Folder with the instance's sockets. */
          folder: z.string(),
          bridge: z.string(),
          /** Socket by which `ovs-appctl` reaches its ovs-vswitchd. */
          control: z.string(),
          processes: z.record(z.string(), z.number()),
        })
        .nullable(),
    }),
  ),
});

export type CommandResult = z.infer<typeof commandResult>;
export type ChangeResult = z.infer<typeof changeResult>;
export type SignalResult = z.infer<typeof signalResult>;
export type NetworkDescription = z.infer<typeof networkDescription>;
export type LiveNode = NetworkDescription['nodes'][number];
