/** A link that goes down and comes back, again and again, until it is healed. */
import { LabError } from '../errors.js';
import { blackhole } from './blackhole.js';
import type { ActiveFault, Change, FaultContext, FaultDefinition } from './fault.js';
import { cableCut, linkDown } from './link-down.js';
import { numberParameter } from './target.js';

const downKinds = [linkDown, blackhole, cableCut];

export const flap: FaultDefinition = {
  kind: 'flap',
  async inject(context: FaultContext, fault, target) {
    const down = downKinds.find((definition) => definition.kind === fault.parameters.downKind);
    if (!down) throw new LabError('INTERNAL', `flap knows no ${fault.parameters.downKind}.`);
    const periodMs = numberParameter(fault, 'periodMs');
    const downMs = (periodMs * numberParameter(fault, 'dutyPercent')) / 100;
    let standing: ActiveFault | undefined = await down.inject(context, fault, target);
    const { injected } = standing;
    let lastHeal: Change = injected;
    let stopped = false;
    let wake = () => {};
    const pause = (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    const cycle = async () => {
      while (!stopped) {
        await pause(downMs);
        if (stopped) return;
        if (standing) lastHeal = await standing.heal();
        standing = undefined;
        await pause(periodMs - downMs);
        if (stopped) return;
        standing = await down.inject(context, fault, target);
      }
    };
    const cycling = cycle();
    // A cycle that fails is told by heal, which awaits it.
    cycling.catch(() => {});
    return {
      injected,
      async heal() {
        stopped = true;
        wake();
        await cycling;
        // Between two downs the link is up already: the last heal is the heal.
        return standing ? standing.heal() : lastHeal;
      },
    };
  },
};
