/** One fault or heal, and what it did to everything that was measured. */
import * as z from 'zod';
import { explanationSchema } from '../explanation.js';
import { evidenceSchema } from '../recorded/evidence.js';
import { sightingShape } from '../sighting.js';
import { ms } from './fields.js';
import { tcpResultSchema, udpResultSchema } from './flows.js';
import { networkResultSchema } from './network.js';

export const phasesSchema = z.object({
  detectedMs: ms,
  controllerToldMs: ms,
  firstFlowChangeMs: ms,
  lastFlowChangeMs: ms,
  firstPacketForwardMs: ms,
  firstPacketReverseMs: ms,
  tcpMovingMs: ms,
  tcp90Ms: ms,
});

/** The control plane after a controller died or hung; times from the fault on. */
export const controllerRecoverySchema = z.object({
  instance: z.number(),
  /** Master of any switch before; null when no controller asked for a role. */
  wasMaster: z.boolean().nullable(),
  /** When the process was seen to be gone. */
  exitMs: ms,
  /**
   * How long the switches were without a controller in charge: until another instance was master
   * of all of them, or until all were connected to the restarted one. 0 = a slave died; null = to
   * the end.
   */
  outageMs: ms,
  /** Another instance took over (RFC 8456 §5.4.1), by its role messages; null = none did. */
  failover: z
    .object({
      to: z.number(),
      roleRequestMs: z.number(),
      /** The last switch granted the role; null = not all of them did. */
      masterMs: ms,
      firstFlowChangeMs: ms,
    })
    .nullable(),
  /** The same instance was started again; null = it was not. */
  restart: z
    .object({
      processMs: z.number(),
      /** The last switch's OpenFlow handshake; null = not all of them came back. */
      connectedMs: ms,
      switches: z.number(),
      switchesConnected: z.number(),
      firstRoleMs: ms,
      firstFlowChangeMs: ms,
    })
    .nullable(),
});

/** One fault (or its heal) and what it did to everything that was measured. */
export const episodeSchema = z.object({
  stepId: z.string(),
  kind: z.string(),
  change: z.enum(['injected', 'healed']),
  targets: z.array(z.string()),
  injectedAtMs: z.number(),
  uncertaintyMs: z.number(),
  verified: z.boolean(),
  /** What was read back of the change. */
  evidence: evidenceSchema,
  networks: z.array(networkResultSchema),
  tcps: z.array(tcpResultSchema),
  /** Missing in results of older versions. */
  udps: z.array(udpResultSchema).default([]),
  phases: phasesSchema,
  /** By what each phase was seen. */
  phaseEvidence: z.record(z.string(), sightingShape),
  /** Of a controller's crash or hang; null for everything else. */
  controller: controllerRecoverySchema.nullable().default(null),
  /** Names the phase that cost most. */
  explanation: explanationSchema,
});

export type Phases = z.infer<typeof phasesSchema>;
export type ControllerRecovery = z.infer<typeof controllerRecoverySchema>;
export type Episode = z.infer<typeof episodeSchema>;
