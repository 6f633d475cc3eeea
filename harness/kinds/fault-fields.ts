/** Fields that several kinds of faults share, as they are checked. */
import * as z from 'zod';
import { names, percent, strict, text, whole, word } from '../language/schema/fields.js';
import { shown } from '../model/units.js';

const role = z.discriminatedUnion('kind', [
  strict('relayOnPath', { kind: z.literal('relayOnPath'), from: text, to: text }),
  strict('linkOnPath', {
    kind: z.literal('linkOnPath'),
    from: text,
    to: text,
    hop: whole('hop', 0, 100),
  }),
  strict('anyRelay', { kind: z.literal('anyRelay') }),
  strict('everyRelayBut', { kind: z.literal('everyRelayBut'), nodes: names }),
  strict('linkOf', { kind: z.literal('linkOf'), a: text, b: text }),
]);

export const target = z.union([z.string(), role], {
  error: ({ input }) => {
    const allowed =
      'must be a name, relayOnPath(…), linkOnPath(…), anyRelay(), everyRelayBut(…) or linkOf(…)';
    if (input === undefined) return allowed;
    const several = Array.isArray(input)
      ? '; a fault has one target, so write a step for each'
      : '';
    return `${allowed}, got ${shown(input)}${several}`;
  },
});

export const as = text.optional();
export const direction = word(['both', 'forward', 'reverse']).optional();
export const loss = percent({ min: 0.001 });
export const instance = whole('instance', 0, 7);

export type ReadTarget = z.output<typeof target>;
