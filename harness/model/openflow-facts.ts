/** What a message on a control channel states, as far as a recovery is about it. */
import * as z from 'zod';

/** A port as a switch reports it (OpenFlow 1.3.5 §7.4.3). */
export const portStatus = z.object({
  port: z.string(),
  /** `changed`: a reason that the specification does not have. */
  change: z.enum(['added', 'deleted', 'modified', 'changed']),
  linkUp: z.boolean(),
  /** OFPPS_LIVE; null = OpenFlow 1.0, which does not have it. */
  live: z.boolean().nullable(),
});

export const portSettings = ['down', 'no receive', 'no forward'] as const;

/** A controller sets a port's configuration (OpenFlow 1.3.5 §7.3.4.3). */
export const portMod = z.object({
  port: z.number().int(),
  set: z.array(z.enum(portSettings)),
  cleared: z.array(z.enum(portSettings)),
});

export const modCommands = ['add', 'modify', 'modify-strict', 'delete', 'delete-strict'] as const;

/** A change of the flow table, or of the group with this number. */
export const tableMod = z.object({
  /** A number: one that the specification does not have. */
  command: z.union([z.enum([...modCommands, 'unknown']), z.number().int()]),
  group: z.number().int().optional(),
});

export const controllerRoles = ['nochange', 'equal', 'master', 'slave'] as const;

/** A controller asks for a role, or a switch grants it (OpenFlow 1.3.5 §7.3.9). */
export const roleMessage = z.object({
  direction: z.enum(['request', 'reply']),
  role: z.enum([...controllerRoles, 'unknown']),
});

export type PortStatus = z.infer<typeof portStatus>;
export type PortMod = z.infer<typeof portMod>;
export type TableMod = z.infer<typeof tableMod>;
export type RoleMessage = z.infer<typeof roleMessage>;

/** What an event of a message has beside its kind. */
export interface OpenFlowFacts {
  portStatus?: PortStatus;
  portMod?: PortMod;
  mod?: TableMod;
  role?: RoleMessage;
  malformed?: true;
}
