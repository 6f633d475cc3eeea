/** Shapes of faults and steps. */
import { z } from 'zod';
import { bitrate, bytes, duration, percent, strict, text, whole, word } from './fields.js';

const role = z.discriminatedUnion('kind', [
  strict('relayOnPath', { kind: z.literal('relayOnPath'), from: text, to: text }),
  strict('linkOnPath', {
    kind: z.literal('linkOnPath'),
    from: text,
    to: text,
    hop: whole('hop', 0, 100),
  }),
  strict('anyRelay', { kind: z.literal('anyRelay') }),
  strict('everyRelayBut', { kind: z.literal('everyRelayBut'), nodes: z.array(text) }),
  strict('linkOf', { kind: z.literal('linkOf'), a: text, b: text }),
]);

const target = z.union([z.string(), role], {
  error: 'must be a name, relayOnPath(…), linkOnPath(…), anyRelay(), everyRelayBut(…) or linkOf(…)',
});

const as = text.optional();
const direction = word(['both', 'forward', 'reverse']).optional();
const loss = percent({ min: 0.001 });
const instance = whole('instance', 0, 7);

const plain = <Kind extends string>(kind: Kind) =>
  strict(kind, { kind: z.literal(kind), target, as });
const directed = <Kind extends string>(kind: Kind) =>
  strict(kind, { kind: z.literal(kind), target, as, direction });

export const faultSchemas = [
  plain('power-off'),
  plain('vswitchd-crash'),
  plain('vswitchd-hang'),
  plain('link-down'),
  plain('control-channel-loss'),
  directed('cable-cut'),
  directed('blackhole'),
  strict('packet-loss', { kind: z.literal('packet-loss'), target, as, direction, loss }),
  strict('bfd-packet-loss', { kind: z.literal('bfd-packet-loss'), target, as, direction, loss }),
  strict('control-packet-loss', { kind: z.literal('control-packet-loss'), target, as, loss }),
  strict('large-packet-loss', {
    kind: z.literal('large-packet-loss'),
    target,
    as,
    direction,
    largerThan: bytes({ min: 100, max: 9000 }),
  }),
  strict('rate-collapse', {
    kind: z.literal('rate-collapse'),
    target,
    as,
    direction,
    bitrate: bitrate({ min: 8000, max: 1e9 }),
  }),
  strict('delay', {
    kind: z.literal('delay'),
    target,
    as,
    direction,
    delay: duration({ min: 1, max: 60_000 }),
    jitter: duration({ max: 60_000 }).default(0),
  }),
  strict('flap', {
    kind: z.literal('flap'),
    target,
    as,
    period: duration({ min: 100, max: 60_000 }),
    down: percent({ min: 1, max: 99 }).default(50),
    by: word(['link-down', 'blackhole', 'cable-cut']).default('blackhole'),
  }),
  strict('partition', { kind: z.literal('partition'), as, nodes: z.array(text) }),
  strict('controller-crash', { kind: z.literal('controller-crash'), as, instance }),
  strict('controller-hang', { kind: z.literal('controller-hang'), as, instance }),
] as const;

const faultSchema = z.discriminatedUnion('kind', faultSchemas, {
  error: () => 'is not a fault; write powerOff(…), linkDown(…), packetLoss(…) or another one',
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

export type ReadTarget = z.output<typeof target>;
export type ReadFault = z.output<typeof faultSchema>;
export type ReadHeal = z.output<typeof healSchema>;
export type ReadStep = z.output<typeof stepSchema>;
