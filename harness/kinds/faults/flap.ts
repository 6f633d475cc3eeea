/** A link that goes down and comes back, again and again. */
import { duration, percent, word } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import type { Duration, Percent } from '../../model/units.js';
import { as, target } from '../fault-fields.js';
import { type FaultDescriptor, faultKind } from '../fault-kind.js';
import type { ConditionalNeed, FaultNeeds } from '../fault-needs.js';
import { repeatableKinds, repeatedByDefault } from '../generated/fault-names.js';
import type { FaultOptions, On } from '../written-fault.js';

export interface FlapOptions {
  /** Length of one down-and-up cycle. */
  period: Duration;
  /** Share of the period that it is down; left out: `'50%'`. */
  down?: Percent;
  /** How it goes down; left out: packets vanish silently. */
  by?: (typeof repeatableKinds)[number];
}

/**
 * A link goes down and comes back, again and again, until healed.
 *
 * @example
 * at('5s', flap(linkOf('e3', 'r1'), { period: '2s', down: '50%' }))
 */
export const flap = (
  target: Target,
  options: FlapOptions & FaultOptions,
): FaultOptions & FlapOptions & On<'flap'> => ({
  ...options,
  kind: 'flap',
  target,
});

export default faultKind({
  kind: 'flap',
  order: 130,
  write: flap,
  fields: {
    target,
    as,
    period: duration({ min: 100, max: 60_000 }),
    down: percent({ min: 1, max: 99 }).default(50),
    by: word(repeatableKinds).default(repeatedByDefault),
  },
  parameters: ({ period, down, by }) => ({ periodMs: period, dutyPercent: down, downKind: by }),
  hits: 'link',
  needs: needsOfRepeated,
  excludes: 'cut',
  touches: 'data',
  comesAndGoes: true,
  draws: { period: ['1s', '300ms'] },
  documented: {
    example: "flap(linkOf('e3', 'r1'), { period: '2s', down: '50%' })",
    does: 'goes down and comes up repeatedly until healed; each change is recorded',
  },
});

/** A flap needs what the kind needs by which it takes its link down. */
function needsOfRepeated(repeatable: readonly FaultDescriptor[]): FaultNeeds {
  const each = repeatable.flatMap(({ kind, needs }) =>
    needs === undefined || typeof needs === 'function' ? [] : [{ kind, needs }],
  );
  const always = each.flatMap(({ kind, needs }) =>
    needs.always.map((need): ConditionalNeed => {
      return { need, when: `by-${kind}`, holds: ({ parameters }) => parameters.downKind === kind };
    }),
  );
  const sometimes = each.flatMap(({ kind, needs }) =>
    needs.sometimes.map(
      ({ holds, ...conditional }): ConditionalNeed => ({
        ...conditional,
        holds: (fault, context) => fault.parameters.downKind === kind && holds(fault, context),
      }),
    ),
  );
  return { always: [], sometimes: [...always, ...sometimes] };
}
