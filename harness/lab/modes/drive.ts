/** Orders from outside instead of a timeline: one after the other, each answered. */

import * as z from 'zod';
import { abortable } from '../../abortable.js';
import { LabError, messageOf } from '../../errors.js';
import { wordsWith } from '../../kinds/node-tables.js';
import { type DriveChange, type DriveRequest, driveRequest } from '../../model/drive-protocol.js';
import { nodesWith } from '../../model/node-traits.js';
import { evidenceSchema } from '../../model/recorded/evidence.js';
import type { ResolvedFault } from '../../model/resolved.js';
import type { Change } from '../faults/fault.js';
import type { Lab } from '../lab.js';
import type { Timeline } from '../timeline/timeline.js';
import { overheadNote } from './overhead.js';

/** What the runner reports to the supervisor about orders, beside the history, on the same pipe. */
export const driveNote = z.discriminatedUnion('note', [
  overheadNote,
  z.object({ note: z.literal('alive') }),
  /** The trial is over, and its lab waits for the next plan. */
  z.object({ note: z.literal('kept') }),
  z.object({ note: z.literal('ready'), nodes: z.array(z.string()) }),
  z.object({ note: z.literal('done'), id: z.number(), result: z.unknown() }),
  z.object({
    note: z.literal('refused'),
    id: z.number(),
    error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
    /** What was read back of a change that was not seen to take effect. */
    readBack: evidenceSchema.optional(),
  }),
]);

export type DriveNote = z.infer<typeof driveNote>;

/** What arrives, in turn; `next` waits for it, null when there will be no more. */
export class ArrivalQueue<T> {
  readonly #arrived: T[] = [];
  #wake: (() => void) | undefined;
  #closed = false;

  push(one: T): void {
    this.#arrived.push(one);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async next(signal: AbortSignal): Promise<T | null> {
    for (;;) {
      const [one] = this.#arrived.splice(0, 1);
      if (one !== undefined) return one;
      if (this.#closed) return null;
      signal.throwIfAborted();
      await abortable<void>(signal, (resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Carry out orders until `stop` or the end of the queue. */
export async function obeyOrders(
  lab: Lab,
  timeline: Timeline,
  startNs: number,
  queue: ArrivalQueue<unknown>,
  tell: (note: DriveNote) => void,
  signal: AbortSignal,
): Promise<void> {
  tell({ note: 'ready', nodes: lab.topology.nodes.map((node) => node.name) });
  let number = 0;
  for (;;) {
    const raw = await queue.next(signal);
    if (raw === null) return;
    const order = driveRequest.parse(raw);
    if (order.verb === 'stop') return;
    try {
      const result = await obey(lab, timeline, startNs, order, `drive-${++number}`);
      tell({ note: 'done', id: order.id, result });
    } catch (thrown) {
      signal.throwIfAborted();
      const known = thrown instanceof LabError ? thrown : undefined;
      const hint = known?.hint === undefined ? {} : { hint: known.hint };
      const error = { code: known?.code ?? 'INTERNAL', message: messageOf(thrown), ...hint };
      const readBack = evidenceSchema.safeParse(known?.details.readBack).data;
      tell({ note: 'refused', id: order.id, error, ...(readBack ? { readBack } : {}) });
    }
  }
}

async function obey(
  lab: Lab,
  timeline: Timeline,
  startNs: number,
  order: DriveRequest,
  stepId: string,
): Promise<unknown> {
  const told = (fault: ResolvedFault, targets: string[], change: Change): DriveChange => ({
    faultId: fault.id,
    kind: fault.kind,
    targets,
    atMs: ((change.beforeNs + change.afterNs) / 2 - startNs) / 1e6,
    uncertaintyMs: (change.afterNs - change.beforeNs) / 2e6,
    evidence: change.evidence,
  });
  switch (order.verb) {
    case 'kill':
    case 'inject': {
      const fault =
        order.verb === 'kill' ? killOf(lab, order, stepId) : { ...order.fault, id: stepId };
      const { change, targets } = await timeline.faults.inject(fault, stepId);
      return told(fault, targets, change);
    }
    case 'heal': {
      const healed: DriveChange[] = [];
      for (const { fault, targets } of timeline.faults.standing(order.faultId)) {
        healed.push(told(fault, targets, await timeline.faults.heal(fault.id, stepId)));
      }
      return { healed };
    }
    case 'recovered':
      return timeline.awaitRecoveryFromLatest(order.timeoutMs);
    case 'path': {
      const { complete, nodes } = await lab.path(order.from, order.to, 'asked');
      return { complete, nodes };
    }
    case 'stop':
      return null;
  }
}

function killOf(
  lab: Lab,
  order: Extract<DriveRequest, { verb: 'kill' }>,
  id: string,
): ResolvedFault {
  const known = nodesWith(lab.topology.nodes, 'forwards').map(({ name }) => name);
  if (!known.includes(order.node)) {
    const words = wordsWith('forwards');
    throw new LabError('WRONG_USE', `${order.node} is not a ${words} in this lab.`, {
      hint: `Known: ${known.join(', ')}.`,
    });
  }
  const target = { kind: 'node' as const, node: order.node };
  return { id, kind: order.how, target, direction: 'both', parameters: {} };
}
