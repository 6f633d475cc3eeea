/** Packets of a link take longer. */
import { duration } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import type { Duration } from '../../model/units.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind, type HitLink } from '../fault-kind.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * Packets take longer. Needs `sch_netem` in the kernel.
 *
 * @example
 * at('5s', addedDelay(linkOf('s1', 's2'), '50ms', { jitter: '5ms' }))
 */
export const addedDelay = (
  target: Target,
  delay: Duration,
  options: DirectedOptions & { jitter?: Duration } = {},
): DirectedOptions & On<'delay'> & { delay: Duration; jitter?: Duration } => ({
  ...options,
  kind: 'delay',
  target,
  delay,
});

export default faultKind({
  kind: 'delay',
  order: 120,
  write: addedDelay,
  fields: {
    target,
    as,
    direction,
    delay: duration({ min: 1, max: 60_000 }),
    jitter: duration({ max: 60_000 }).default(0),
  },
  parameters: ({ delay, jitter }) => ({ delayMs: delay, jitterMs: jitter }),
  hits: 'link',
  misfit,
  needs: { always: ['netem'], sometimes: [] },
  touches: 'data',
  draws: { delay: ['20ms', '200ms'] },
  documented: {
    example: "addedDelay(linkOf('s1', 's2'), '50ms')",
    does: 'packets take longer, by netem at both ends',
    hits: 'link, or tunnel over a cable',
  },
});

/** A delay takes the queue of a wire, so there must be one, and it must be free. */
function misfit({ tunnel, wire }: HitLink) {
  if (tunnel !== null && wire === null) {
    return {
      message: `'${tunnel.id}' is a tunnel across the fabric: it has no queue to delay packets`,
      hint: 'run the tunnel over: cable(), or delay the link of a host',
    };
  }
  const taken =
    wire !== null && (wire.bandwidthBps !== null || wire.delayMs > 0 || wire.queuePackets !== null);
  if (!taken) return undefined;
  return {
    message: `'${wire.id}' has a bandwidth, delay or queue of its own, which the fault would replace`,
    hint: 'remove it from the link, or delay another link',
  };
}
