/** A program of the user's on a node. */
import * as z from 'zod';

const name = z.string().min(1);

export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL'] as const;

export const resolvedProgram = z.object({
  id: name,
  node: name,
  argv: z.array(z.string()).min(1),
  /** Null = it is ready at once, and may end at any time. */
  readyWhen: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('output'), text: name }),
      z.object({ kind: z.literal('port'), port: z.number().int().positive() }),
    ])
    .nullable(),
  stopSignal: z.enum(stopSignals),
  /** After the start of traffic; null = before the network is ready. */
  startMs: z.number().nonnegative().nullable(),
  /** After the start of traffic; null = when the run ends. */
  stopMs: z.number().positive().nullable(),
});

export type ResolvedProgram = z.infer<typeof resolvedProgram>;
