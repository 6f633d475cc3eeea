/** Names of what a campaign and its workers share in Redis, and for how long it is kept. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { fingerprintOf } from '../../../judge/gate/baseline.js';
import { type MachineFacts, machineFacts } from '../place.js';

/** Before every name in Redis. */
export const prefix = 'failover-lab';

/** A worker that was not seen for this long is gone, in seconds. */
export const workerSeenS = 15;
export const renewEveryMs = 5000;

/** A campaign that was not seen for this long is gone, and its trials are executed no more, in seconds. */
export const campaignSeenS = 120;

/** Records that were not taken are removed after a day, in seconds. */
export const recordKeptS = 24 * 3600;

export const workerKey = (id: string) => `${prefix}:worker:${id}`;
export const workersPattern = `${prefix}:worker:*`;
export const campaignKey = (runId: string) => `${prefix}:campaign:${runId}`;
export const cancelledKey = (runId: string) => `${prefix}:cancelled:${runId}`;
export const cancelChannel = `${prefix}:cancel`;
export const recordsKey = (runId: string) => `${prefix}:records:${runId}`;

/** A worker, as it registers. */
export const registered = z.strictObject({
  id: z.string().max(300),
  name: z.string().max(200),
  slots: z.number().int().positive().max(64),
  /** `--sandbox` as the worker was started. */
  sandbox: z.string().max(20),
  facts: machineFacts,
});

export type Registered = z.infer<typeof registered>;

/** The queue of the machines that may share a record: one version, one fingerprint. */
export function queueOf({ package: name, environment }: MachineFacts): string {
  const fingerprint = JSON.stringify(fingerprintOf(environment));
  const hash = createHash('sha256').update(fingerprint).digest('hex').slice(0, 12);
  return `trials-${name}-${hash}`;
}
