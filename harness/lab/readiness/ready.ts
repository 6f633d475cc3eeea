/** Waits until the network is provably ready; names the condition that was not reached. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import type { Emit } from '../../model/history/emit.js';
import type { RecordedReadiness } from '../../model/recorded/readiness.js';

export interface Seen {
  ok: boolean;
  detail: RecordedReadiness;
}

export interface Condition {
  /** What must be true, as a noun phrase: "every switch is connected to the controller". */
  name: string;
  /** Whether it is true now, and what was seen. */
  check(): Promise<Seen> | Seen;
  /** How often to look. */
  everyMs: number;
}

/** Wait for each condition in turn. Throws NOT_READY naming the first that was not reached. */
export async function awaitReady(
  conditions: Condition[],
  timeoutMs: number,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  const deadlineNs = nowNs() + timeoutMs * 1e6;
  for (const condition of conditions) {
    let seen = await condition.check();
    while (!seen.ok) {
      signal.throwIfAborted();
      if (nowNs() > deadlineNs) {
        emit({ kind: 'ready', atNs: nowNs(), condition: condition.name, ...seen });
        throw new LabError(
          'NOT_READY',
          `The network was not ready within ${timeoutMs / 1000} s: ${condition.name} was not reached.`,
          {
            hint: 'The logs of controller, Open vSwitch and bridge are in the run folder.',
            details: { seen: seen.detail },
          },
        );
      }
      await sleep(condition.everyMs, undefined, { signal });
      seen = await condition.check();
    }
    emit({ kind: 'ready', atNs: nowNs(), condition: condition.name, ...seen });
  }
}
