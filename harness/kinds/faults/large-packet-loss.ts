/** Packets above a size are lost, as behind a broken path MTU. */
import { bytes } from '../../language/schema/fields.js';
import type { Target } from '../../language/written/targets.js';
import type { ByteSize } from '../../model/units.js';
import { as, direction, target } from '../fault-fields.js';
import { faultKind } from '../fault-kind.js';
import { filter } from '../fault-needs.js';
import type { DirectedOptions, On } from '../written-fault.js';

/**
 * Packets above a size vanish, smaller ones pass: a broken path MTU.
 *
 * @example
 * at('5s', largePacketLoss(linkOf('e3', 'r1'), { largerThan: '1000B' }))
 */
export const largePacketLoss = (
  target: Target,
  options: DirectedOptions & { largerThan: ByteSize },
): DirectedOptions & On<'large-packet-loss'> & { largerThan: ByteSize } => ({
  ...options,
  kind: 'large-packet-loss',
  target,
});

export default faultKind({
  kind: 'large-packet-loss',
  order: 80,
  write: largePacketLoss,
  fields: { target, as, direction, largerThan: bytes({ min: 100, max: 9000 }) },
  parameters: ({ largerThan }) => ({ largerThanBytes: largerThan }),
  hits: 'link',
  idle({ parameters: { largerThanBytes } }, { fabric, links }) {
    const largest = Math.max(fabric?.mtuBytes ?? 0, ...links.map(({ mtuBytes }) => mtuBytes));
    if (typeof largerThanBytes !== 'number' || largerThanBytes < largest) return undefined;
    const message = `no packet is larger than the MTU of ${largest} bytes, so no packets would be lost`;
    return { field: 'largerThan', message };
  },
  needs: filter,
  touches: 'data',
  draws: { largerThan: ['1000B'] },
  documented: {
    example: "largePacketLoss(linkOf('e3', 'r1'), { largerThan: '1000B' })",
    does: 'only packets above a size are lost',
  },
});
