/**
 * Something a lab recorded: a code and its data. Records that were written before these codes have a
 * sentence instead, which stays as it was written. Sentences are made in `reports/recorded/`.
 */
import * as z from 'zod';

type Shapes = Record<string, z.ZodType>;

/** One fact of a table of shapes. */
export type FactOf<S extends Shapes> = {
  [C in keyof S & string]: { code: C; data: z.infer<S[C]> };
}[keyof S & string];

/** Several of them that belong together. */
export interface SeveralOf<S extends Shapes> {
  code: 'several';
  data: { parts: Array<string | FactOf<S>> };
}

/** What a record holds: a fact or several, or the sentence of an older record. */
export type Recorded<S extends Shapes> = string | FactOf<S> | SeveralOf<S>;

/** Reads what a record holds of a table of shapes. */
export function recordedSchema<S extends Shapes>(shapes: S): z.ZodType<Recorded<S>, Recorded<S>> {
  const facts = Object.entries(shapes).map(([code, data]) =>
    z.object({ code: z.literal(code), data }),
  );
  const fact = z.discriminatedUnion('code', facts as [(typeof facts)[number], ...typeof facts]);
  const several = z.object({
    code: z.literal('several'),
    data: z.object({ parts: z.array(z.union([z.string(), fact])) }),
  });
  return z.union([z.string(), fact, several]) as unknown as z.ZodType<Recorded<S>, Recorded<S>>;
}
