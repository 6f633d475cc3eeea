/** `worker`: this machine executes trials of a queue. */
import { hostname } from 'node:os';
import { type WorkerNews, workOnQueue } from '../campaign/farm/queue/worker.js';
import { LabError } from '../errors.js';
import type { SiteOption } from '../sites/names.js';
import { checkRequest } from './check-request.js';

export type { WorkerNews };

export interface WorkerRequest {
  /** `redis://farm` */
  queue: string;
  sandbox?: SiteOption;
  datapath?: 'auto' | 'kernel' | 'user';
  /** As campaigns call this machine. Left out: its host name. */
  name?: string;
  /** Trials at a time. Left out: one; in virtual time, the number of processors. */
  parallel?: number;
  onNews?: (news: WorkerNews) => void;
  /** When aborted: no more trials are taken, and it ends when those that are taken are done. */
  signal: AbortSignal;
  /** When aborted: those that are taken are interrupted, and other workers execute them. */
  hurrySignal: AbortSignal;
}

/** Execute trials until `signal` is aborted. Throws MACHINE_LACKS, WRONG_USE. */
export async function worker(request: WorkerRequest): Promise<void> {
  checkRequest(request);
  const { queue, sandbox = 'auto', datapath = 'auto', name = hostname(), parallel } = request;
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,79}$/.test(name)) {
    const hint = 'Allowed: letters, digits and . _ @ -, at most 80 characters.';
    throw new LabError('WRONG_USE', `The worker's name is ${JSON.stringify(name)}.`, { hint });
  }
  await workOnQueue({
    ...{ queue, wanted: { sandbox, datapath }, name, slots: parallel ?? null },
    ...{ leave: request.signal, hurry: request.hurrySignal },
    onNews: request.onNews ?? (() => {}),
  });
}
