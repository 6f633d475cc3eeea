/** A link that goes down and comes back, again and again, until it is healed. */

import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { repeatableKinds } from '../../kinds/generated/fault-names.js';
import type { Change, FaultContext, FaultDefinition, PreparedFault } from './fault.js';
import { pause } from './pause.js';
import { numberParameter } from './target.js';
import { failedChange } from './unproven.js';

const flap: FaultDefinition = {
  async prepare(context: FaultContext, fault, target) {
    const kind = repeatableKinds.find((one) => one === fault.parameters.downKind);
    if (!kind)
      throw new LabError('INTERNAL', `A flap by ${fault.parameters.downKind} does not exist.`);
    const down = context.definitionOf(kind);
    const periodMs = numberParameter(fault, 'periodMs');
    const downMs = (periodMs * numberParameter(fault, 'dutyPercent')) / 100;
    return flapping(await down.prepare(context, fault, target), {
      downMs,
      upMs: periodMs - downMs,
      transition: (state, change) => context.transition({ state, ...change }),
    });
  },
};

export default flap;

export interface FlapRhythm {
  downMs: number;
  upMs: number;
  /** Every change after the first, seen or not. */
  transition(state: 'down' | 'up', change: Change): void;
}

/**
 * Injects and heals `down` in turn. A heal at any moment waits for the change that is being made and
 * for nothing else. A change that fails or was not seen is recorded so, and ends the cycle.
 */
export function flapping(down: PreparedFault, rhythm: FlapRhythm): PreparedFault {
  const stop = new AbortController();
  let cycling: Promise<void> = Promise.resolve();
  /** The change that brought the link up last; null while it is down, or may be. */
  let up: Change | null = null;

  const change = async (state: 'down' | 'up') => {
    const beforeNs = nowNs();
    if (state === 'down') up = null;
    const made = await (state === 'down' ? down.inject() : down.heal()).catch((thrown) => {
      return { beforeNs, afterNs: nowNs(), verified: false, evidence: failedChange(thrown) };
    });
    if (state === 'up' && made.verified) up = made;
    rhythm.transition(state, made);
    return made.verified;
  };
  const cycle = async () => {
    for (let state: 'down' | 'up' = 'up'; ; state = state === 'up' ? 'down' : 'up') {
      await pause(state === 'up' ? rhythm.downMs : rhythm.upMs, stop.signal);
      if (stop.signal.aborted || !(await change(state))) return;
    }
  };
  return {
    async inject() {
      const injected = await down.inject();
      if (injected.verified) cycling = cycle();
      return injected;
    },
    async heal() {
      const beforeNs = nowNs();
      stop.abort();
      await cycling;
      // Between two downs the link is up already, and from now on it stays so.
      return up ? { ...up, beforeNs, afterNs: nowNs() } : down.heal();
    },
  };
}
