/** Why a trial is invalid, as data: a code, whose doing it is, and a sentence for people. */
import { z } from 'zod';

/**
 * Whose doing it is that a trial says nothing.
 * - `machine`: the machine was too busy or its clock was stepped; run again, the trial may be valid.
 * - `network`: the network was not in the state that the measurement starts from.
 * - `plan`: the scenario asks for what cannot be measured; run again, it ends the same.
 * - `instrument`: a part of the lab failed or gave no data.
 * - `interrupted`: the trial was ended from outside, or its record was cut off.
 */
export const reasonCauses = ['machine', 'network', 'plan', 'instrument', 'interrupted'] as const;

export const reasonSchema = z.object({
  /** A stable word for programs, such as `sender-late`. */
  code: z.string(),
  cause: z.enum(reasonCauses),
  /** One sentence without a full stop, with its numbers. */
  text: z.string(),
});

export type ReasonCause = (typeof reasonCauses)[number];
export type Reason = z.infer<typeof reasonSchema>;

/** The sentences of some reasons, in their order. */
export function textsOf(reasons: readonly Reason[]): string[] {
  return reasons.map((reason) => reason.text);
}
