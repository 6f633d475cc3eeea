/** Shape of a program on a node. */
import * as z from 'zod';
import { stopSignals } from '../../model/resolved/program.js';
import { shown } from '../../model/units.js';
import { duration, strict, text, whole, word } from './fields.js';

const argv = z
  .array(text, { error: ({ input }) => `must be a list of words, got ${shown(input)}` })
  .min(1, { error: 'must have a program' })
  .refine((words) => words.every((one) => !one.includes('\0')), {
    error: 'must not contain zero bytes',
  });

const readyWhen = z.union([text.min(1), strict('a port', { port: whole('port', 1, 65_535) })], {
  error: ({ input }) => `must be a text of its output or { port: 8000 }, got ${shown(input)}`,
});

export const programSchema = strict('a program', {
  kind: z.literal('program'),
  node: text,
  argv,
  as: text.optional(),
  readyWhen: readyWhen.optional(),
  stopWith: word(stopSignals).optional(),
  stop: duration({ min: 1 }).optional(),
});

/** A step of the timeline that starts one. */
export const programStepSchema = strict('at', {
  kind: z.literal('at'),
  time: duration(),
  action: programSchema,
});

export type ReadProgram = z.output<typeof programSchema>;

/** Whether a step, as it was written, starts a program. */
export function startsProgram(step: unknown): boolean {
  if (typeof step !== 'object' || step === null || !('action' in step)) return false;
  const { action } = step;
  return (
    typeof action === 'object' && action !== null && 'kind' in action && action.kind === 'program'
  );
}
