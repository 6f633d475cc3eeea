/** What the network did by itself, as its databases, control channels and tables show it. */
import * as z from 'zod';
import { portMod, portStatus, roleMessage, tableMod } from '../../openflow-facts.js';
import { base, count } from './fields.js';

export const networkEvents = [
  /** The way a packet takes now, by the switches' own flow tables. `nodes` runs host to host. */
  z.object({
    ...base,
    kind: z.literal('path'),
    label: z.string(),
    from: z.string(),
    to: z.string(),
    complete: z.boolean(),
    nodes: z.array(z.string()),
    links: z.array(z.string()),
  }),
  /** Port counters of all switches at a moment, for proof of who carried what. */
  z.object({
    ...base,
    kind: z.literal('counters'),
    label: z.string(),
    ports: z.array(
      z.object({
        node: z.string(),
        port: z.string(),
        rxPackets: count,
        txPackets: count,
        rxBytes: count,
        txBytes: count,
      }),
    ),
  }),
  z.object({
    ...base,
    kind: z.literal('observe.link'),
    node: z.string(),
    port: z.string(),
    state: z.string(),
  }),
  /** A bond sends by another member than before, which is told by its maker's own stamp or log. */
  z.object({
    ...base,
    kind: z.literal('observe.bond'),
    node: z.string(),
    bond: z.string(),
    /** Port of the member; null = none is left. */
    active: z.string().nullable(),
  }),
  z.object({
    ...base,
    kind: z.literal('observe.bfd'),
    node: z.string(),
    port: z.string(),
    state: z.string(),
    forwarding: z.boolean(),
    /** Null = the switch printed something else than a count. */
    flapCount: count.nullable(),
    diagnostic: z.string(),
  }),
  /** An OpenFlow message on a switch's control channel; its stamp is the kernel's, of its packet. */
  z.object({
    ...base,
    kind: z.literal('observe.openflow'),
    node: z.string(),
    message: z.enum([
      'flow-mod',
      'group-mod',
      'port-status',
      'port-mod',
      'barrier',
      'error',
      'role',
      'handshake',
      'connected',
      'disconnected',
    ]),
    /** Of a port-status, port-mod, flow-mod, group-mod or role; left out: its body was cut off. */
    portStatus: portStatus.optional(),
    portMod: portMod.optional(),
    mod: tableMod.optional(),
    role: roleMessage.optional(),
    /** Of a connection: the controller's address, as Open vSwitch has it. */
    target: z.string().optional(),
    /** The body made no sense. */
    malformed: z.literal(true).optional(),
    /** Of a flow-mod: the flow expires after this many seconds without packets; left out: it stays. */
    idleTimeoutS: z.number().int().positive().optional(),
    /** Whose connection, where several controllers are watched apart; from 0. */
    instance: count.optional(),
  }),
  /** Message counts on a control channel since the last such event. */
  z.object({
    ...base,
    kind: z.literal('observe.messages'),
    node: z.string(),
    windowMs: z.number(),
    packetIn: count,
    packetOut: count,
    flowMod: count,
    other: count,
  }),
  /** A JSON line of the controller's own log. `event` is its name for it. */
  z.object({
    ...base,
    kind: z.literal('controller.log'),
    controller: z.string(),
    /** Which of several, from 0. */
    instance: count.optional(),
    event: z.string(),
    fields: z.record(z.string(), z.unknown()),
  }),
] as const;
