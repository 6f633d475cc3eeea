/** Shapes of faults and steps. */
import * as z from 'zod';
import { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';
import { duration, strict, text, whole, word } from './fields.js';

/** The schema of each kind, in the order of the kinds; `map` alone would lose which is which. */
type SchemasOf<All extends readonly { schema: unknown }[]> = {
  [Index in keyof All]: All[Index]['schema'];
};
type FaultSchemas = SchemasOf<typeof faultDescriptors>;
const faultSchemas = faultDescriptors.map(({ schema }) => schema) as unknown as FaultSchemas;

const faultSchema = z.discriminatedUnion('kind', faultSchemas, {
  error: () => 'is not a fault; write powerOff(…), linkDown(…), packetLoss(…) or another fault',
});

const healSchema = strict('heal', { kind: z.literal('heal'), fault: text.optional() });

const actionSchema = z.discriminatedUnion('kind', [...faultSchemas, healSchema], {
  error: () => 'must be a fault such as powerOff(…), or heal()',
});

const phase = z.union([z.literal('seeded'), z.literal('any'), duration()]).optional();

export const stepSchema = z.discriminatedUnion(
  'kind',
  [
    strict('at', { kind: z.literal('at'), time: duration(), action: actionSchema, phase }),
    strict('after', {
      kind: z.literal('after'),
      event: word(['injected', 'recovered', 'healed', 'reverted']),
      fault: text.optional(),
      delay: duration(),
      action: actionSchema,
      phase,
    }),
    strict('every', {
      kind: z.literal('every'),
      interval: duration({ min: 100 }),
      action: faultSchema,
      times: whole('times', 1, 50),
      from: duration().optional(),
      healAfter: duration({ min: 10 }).optional(),
    }),
  ],
  { error: () => 'must be at(…), after(…) or every(…)' },
);

export type ReadFault = z.output<typeof faultSchema>;
export type ReadHeal = z.output<typeof healSchema>;
export type ReadStep = z.output<typeof stepSchema>;
