/**
 * What `failover-lab drive <scenario>` speaks: JSON, one object a line. Requests come on standard
 * input, replies and the greeting leave on standard output; standard error is for people.
 *
 * 1. The scenario's own timeline is not walked. When the lab is ready and traffic has been clean as
 *    long as the scenario asks, the command prints a `greeting`; when it cannot get there, `farewell`.
 * 2. Every request is answered once, by `done` or `refused` with its id. `kill`, `inject` and `heal` answer when the
 *    change was read back; `recovered` when the sustained window has passed or its time is over.
 *    Requests are carried out one after the other.
 * 3. `stop` heals what stands, tears the lab down and answers with the judged result; the command
 *    then ends with that verdict's exit code. The end of standard input stops without an answer.
 */
import * as z from 'zod';
import { readBoundedJson } from '../bounded-json.js';
import { LabError } from '../errors.js';
import { killingKinds } from '../kinds/generated/fault-names.js';
import { reasonSchema } from './reason.js';
import { evidenceSchema } from './recorded/evidence.js';
import { resolvedFault } from './resolved.js';
import { networkResultSchema, type RunResult, runResultSchema } from './result.js';

export const driveProtocolVersion = 2;

const id = z.number().int().nonnegative();

export const driveRequest = z.discriminatedUnion('verb', [
  /** Kill a node: silent power-off unless `how` says otherwise. */
  z.object({
    id,
    verb: z.literal('kill'),
    node: z.string().min(1),
    how: z.enum(killingKinds),
  }),
  /** Any fault of the scenario language, resolved. */
  z.object({ id, verb: z.literal('inject'), fault: resolvedFault.omit({ id: true }) }),
  /** Heal one fault; null = all that stand, newest first. */
  z.object({ id, verb: z.literal('heal'), faultId: z.string().nullable() }),
  /** Wait for the recovery from the newest change; null = the scenario's recovery deadline. */
  z.object({ id, verb: z.literal('recovered'), timeoutMs: z.number().positive().nullable() }),
  /** The way of a packet now, by the switches' own tables. */
  z.object({ id, verb: z.literal('path'), from: z.string(), to: z.string() }),
  z.object({ id, verb: z.literal('stop') }),
]);

export const requestLimits = { characters: 256 * 1024, depth: 32 };

/** Reads one request. Throws WRONG_USE naming the field. */
export function readDriveRequest(line: string): DriveRequest {
  const read = readBoundedJson(line, requestLimits);
  if ('problem' in read) throw new LabError('WRONG_USE', `The request is ${read.problem}.`);
  const parsed = driveRequest.safeParse(read.value);
  if (parsed.success) return parsed.data;
  const what = z.prettifyError(parsed.error);
  throw new LabError('WRONG_USE', `The line is not a request:\n${what}`);
}

/** The id of a line that is not a request, so that its refusal can be matched; 0 = it has none. */
export function idOfRefused(line: string): number {
  const read = readBoundedJson(line, requestLimits);
  const found = z.object({ id }).safeParse('value' in read ? read.value : null);
  return found.success ? found.data.id : 0;
}

/** Names for them, so that the declarations of the answers do not write them out. */
export interface DrivenResult extends RunResult {}
export interface DrivenNetwork extends z.infer<typeof networkResultSchema> {}

const drivenResult: z.ZodType<DrivenResult> = runResultSchema;
const drivenNetwork: z.ZodType<DrivenNetwork> = networkResultSchema;

/** A change that was applied and read back. */
export const driveChange = z.object({
  faultId: z.string(),
  kind: z.string(),
  targets: z.array(z.string()),
  /** Milliseconds after traffic start. */
  atMs: z.number(),
  uncertaintyMs: z.number(),
  evidence: evidenceSchema,
});

/**
 * What the newest change did so far, judged as of the moment at which the recovery was seen or the
 * wait was over: what had not come back by then counts as dark up to then.
 */
export const driveRecovery = z.object({
  stepId: z.string(),
  /** Everything that is measured was good for the sustained window, by the record as well. */
  recovered: z.boolean(),
  /** Why not; empty when it recovered. */
  unrecovered: z.array(reasonSchema).optional(),
  networks: z.array(drivenNetwork),
  /** Why the numbers prove nothing; empty = they stand. */
  reasons: z.array(reasonSchema),
});

export const drivePath = z.object({ complete: z.boolean(), nodes: z.array(z.string()) });

/** The result that each verb is answered with. */
export const driveResults = {
  kill: driveChange,
  inject: driveChange,
  heal: z.object({ healed: z.array(driveChange) }),
  recovered: driveRecovery,
  path: drivePath,
  stop: z.object({
    /** Folder of the run, absolute. */
    folder: z.string(),
    result: drivenResult,
  }),
} as const;

const driveError = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});

/** What the command prints. */
export const driveMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('greeting'),
    protocol: z.literal(driveProtocolVersion),
    scenario: z.string(),
    folder: z.string(),
    nodes: z.array(z.string()),
  }),
  /** The answer to a request; its shape is the verb's in `driveResults`. */
  z.object({ type: z.literal('done'), id, result: z.unknown() }),
  /** The request was not carried out, with the reason; the lab goes on. */
  z.object({ type: z.literal('refused'), id, error: driveError }),
  /** The lab is gone, with the reason; no further reply will come. */
  z.object({ type: z.literal('farewell'), error: driveError }),
]);

export type DriveRequest = z.infer<typeof driveRequest>;
export type DriveVerb = DriveRequest['verb'];
export type DriveMessage = z.infer<typeof driveMessage>;
export type DriveChange = z.infer<typeof driveChange>;
export type DriveRecovery = z.infer<typeof driveRecovery>;
export type DrivePath = z.infer<typeof drivePath>;
export type DriveResult<V extends DriveVerb> = z.infer<(typeof driveResults)[V]>;
