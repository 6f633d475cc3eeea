/**
 * Why something is as it is, as data: a code and what belongs to it. Sentences are made of it in
 * `reports/reasons/`, and nowhere else.
 */
import * as z from 'zod';
import { compareShapes } from './reasons/compare.js';
import { fidelityShapes } from './reasons/fidelity.js';
import { gateShapes } from './reasons/gate.js';
import { runShapes } from './reasons/run.js';
import { trialShapes } from './reasons/trial.js';
import { verdictShapes } from './reasons/verdict.js';

/**
 * Whose doing it is that a trial proves nothing.
 * - `machine`: the machine was too busy or its clock was stepped; run again, the trial may be valid.
 * - `network`: the network was not in the state that the measurement starts from.
 * - `plan`: the scenario asks for what cannot be measured; run again, it ends the same.
 * - `instrument`: a part of the lab failed or gave no data.
 * - `interrupted`: the trial was ended from outside, or its record was cut off.
 */
export const reasonCauses = ['machine', 'network', 'plan', 'instrument', 'interrupted'] as const;

/** The data of each code. */
export const reasonShapes = {
  ...trialShapes,
  ...fidelityShapes,
  ...verdictShapes,
  ...runShapes,
  ...gateShapes,
  ...compareShapes,
} as const;

export type ReasonCause = (typeof reasonCauses)[number];
export type ReasonCode = keyof typeof reasonShapes;
export type ReasonData<C extends ReasonCode> = z.infer<(typeof reasonShapes)[C]>;

/** One reason of a known code. */
export interface ReasonOf<C extends ReasonCode> {
  /** A stable word for programs, such as `sender-late`. */
  code: C;
  /** Of what makes a trial invalid. */
  cause?: ReasonCause | undefined;
  /** The trial that it is about, 0-based, where it stands among reasons of a whole run. */
  trial?: number | undefined;
  /** The metric of a gate that it is about. */
  metric?: string | undefined;
  data: ReasonData<C>;
}

export type Reason = { [C in ReasonCode]: ReasonOf<C> }[ReasonCode];

const common = {
  cause: z.enum(reasonCauses).optional(),
  trial: z.number().int().nonnegative().optional(),
  metric: z.string().optional(),
};

const shapes = Object.entries(reasonShapes).map(([code, data]) =>
  z.object({ code: z.literal(code), ...common, data }),
);

export const reasonSchema = z.discriminatedUnion(
  'code',
  shapes as [(typeof shapes)[number], ...typeof shapes],
) as unknown as z.ZodType<Reason, Reason>;

/** A reason, without a cause: a remark, or why a verdict is what it is. */
export function reason<C extends ReasonCode>(code: C, data: ReasonData<C>): Reason {
  return { code, data } as Reason;
}

/** A reason why a trial is not valid. */
export function invalidBy<C extends ReasonCode>(
  cause: ReasonCause,
  code: C,
  data: ReasonData<C>,
): Reason {
  return { code, cause, data } as Reason;
}
