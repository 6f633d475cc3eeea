/** Shapes of faults and steps. */
import * as z from 'zod';
import { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';
import { shown } from '../../model/units.js';
import { duration, gotOther, strict, text, whole } from './fields.js';

/** The schema of each kind, in the order of the kinds; `map` alone would lose which is which. */
type SchemasOf<All extends readonly { schema: unknown }[]> = {
  [Index in keyof All]: All[Index]['schema'];
};
type FaultSchemas = SchemasOf<typeof faultDescriptors>;
const faultSchemas = faultDescriptors.map(({ schema }) => schema) as unknown as FaultSchemas;

const faultSchema = z.discriminatedUnion('kind', faultSchemas, {
  error: ({ input }) =>
    `is not a fault; write powerOff(…), linkDown(…), packetLoss(…) or another fault${gotOther(input)}`,
});

const healSchema = strict('heal', { kind: z.literal('heal'), fault: text.optional() });

const actionSchema = z.discriminatedUnion('kind', [...faultSchemas, healSchema], {
  error: ({ input }) => `must be a fault such as powerOff(…), or heal()${gotOther(input)}`,
});

const events = ['injected', 'recovered', 'healed', 'reverted'] as const;
type EventName = (typeof events)[number];

const phase = z.union([z.literal('seeded'), z.literal('any'), duration()]).optional();

/** `after` takes the event itself; a text in its place keeps its quotes in the message. */
const eventName = z.unknown().transform((event, context): EventName => {
  const known = events.find((name) => name === event);
  if (known) return known;
  const given =
    typeof event === 'object' && event !== null && 'given' in event ? event.given : event;
  const quoted = events.find((name) => name === given);
  const message = quoted
    ? `must be the event itself, without quotes: after(${quoted}, …)`
    : `must be one of the events ${events.join(', ')}, got ${shown(given)}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const stepSchema = z.discriminatedUnion(
  'kind',
  [
    strict('at', { kind: z.literal('at'), time: duration(), action: actionSchema, phase }),
    strict('after', {
      kind: z.literal('after'),
      event: eventName,
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
  { error: ({ input }) => `must be at(…), after(…) or every(…)${gotOther(input)}` },
);

export type ReadFault = z.output<typeof faultSchema>;
export type ReadHeal = z.output<typeof healSchema>;
export type ReadStep = z.output<typeof stepSchema>;
