/** Shapes of controllers. */
import * as z from 'zod';
import { parseDuration } from '../../model/units.js';
import { duration, gotOther, percent, strict, text, whole, word } from './fields.js';

/** `'100ms*3'`: interval and multiplier. */
export const bfdPair = z.unknown().transform((value, context) => {
  const wrong = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const [interval, multiplier, ...rest] = typeof value === 'string' ? value.split('*') : [];
  if (multiplier === undefined || rest.length > 0 || !/^[1-9]\d{0,2}$/.test(multiplier)) {
    return wrong("must be interval*multiplier such as '100ms*3'");
  }
  const parsed = parseDuration(interval);
  if ('problem' in parsed) return wrong(parsed.problem);
  if (parsed.value < 1) return wrong('the interval must be at least 1 ms');
  return { intervalMs: parsed.value, multiplier: Number(multiplier) };
});

/** How many processes; all switches connect to all of them. */
const instances = whole('instances', 1, 8).default(1);

const floyd = strict('floyd', {
  kind: z.literal('floyd'),
  decisionEvery: duration({ min: 100, max: 600_000 }).default(10_000),
  reaction: word(['none', 'timeout', 'bfd', 'groups']).default('none'),
  probeEvery: duration({ min: 50, max: 60_000 }).default(100),
  probeMultiplier: whole('probeMultiplier', 1, 100).default(3),
  bfd: bfdPair.optional(),
  hold: duration({ max: 600_000 }).default(1000),
  hysteresis: percent().default(10),
  extraDetection: duration({ max: 60_000 }).default(0),
  instances,
  heartbeat: bfdPair.default({ intervalMs: 100, multiplier: 3 }),
});

/** Loop protection of the switches, for controllers that flood. */
const spanningTree = word(['none', 'stp', 'rstp']).optional();

/** The kernel takes no NUL in a word of a command line or of an environment. */
const commandText = text.refine((word) => !word.includes('\0'), {
  error: 'has a NUL character, which a command line cannot contain',
});
const words = z.array(commandText, { error: 'must be a list of strings' });
const program = words
  .min(1, { error: 'must name a program' })
  .refine(([first]) => first?.trim() !== '', { error: 'must name a program first', path: [0] });
const environment = z.record(z.string(), commandText).superRefine((variables, context) => {
  for (const name of Object.keys(variables)) {
    if (/^[^=\0]+$/.test(name)) continue;
    const message = "is not the name of a variable: a string without '=' is expected";
    context.addIssue({ code: 'custom', path: [name], message });
  }
});

const command = strict('command', {
  kind: z.literal('command'),
  argv: program,
  instances,
  readyWhen: text.optional(),
  readyWithin: duration({ min: 100, max: 600_000 }).default(20_000),
  environment: environment.default({}),
  spanningTree,
});

const staticFlows = strict('staticFlows', {
  kind: z.literal('static-flows'),
  argv: program,
  readyWhen: text.optional(),
  readyWithin: duration({ min: 100, max: 600_000 }).default(20_000),
  environment: environment.default({}),
  spanningTree,
});

export const controllerSchema = z.discriminatedUnion(
  'kind',
  [
    floyd,
    strict('noController', { kind: z.literal('none'), spanningTree }),
    strict('ovsTestController', { kind: z.literal('ovs-testcontroller'), spanningTree }),
    strict('osken', {
      kind: z.literal('osken'),
      applications: words.min(1, { error: 'must name at least one application' }),
      arguments: words.default([]),
      spanningTree,
    }),
    command,
    staticFlows,
  ],
  {
    error: ({ input }) =>
      'must be floyd(…), fastFailover(…), noController(…), ovsTestController(), osken(…), ' +
      `command(…) or staticFlows(…)${gotOther(input)}`,
  },
);

/** A controller with its units turned into numbers and its defaults filled in. */
export type ReadController = z.output<typeof controllerSchema>;
