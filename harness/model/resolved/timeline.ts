/** The timeline of a resolved scenario: what is injected or healed, on what, and when. */
import * as z from 'zod';
import { faultKinds } from '../../kinds/generated/fault-names.js';

export { faultKinds };

const name = z.string().min(1);

/** What a fault hits; roles are bound to names at run time, or by the seed. */
export const resolvedTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('node'), node: name }),
  z.object({ kind: z.literal('nodes'), nodes: z.array(name) }),
  /** A link or tunnel by its id. */
  z.object({ kind: z.literal('link'), link: name }),
  /** The relay (not an end's edge) that carries from → to when the fault is injected. */
  z.object({ kind: z.literal('relayOnPath'), from: name, to: name }),
  /** The link or tunnel behind hop `hop` (0 = first between two switches) of the path. */
  z.object({ kind: z.literal('linkOnPath'), from: name, to: name, hop: z.number().int() }),
  /** Chosen by the seed when the scenario was resolved. */
  z.object({ kind: z.literal('anyRelay'), node: name }),
  z.object({ kind: z.literal('everyRelayBut'), nodes: z.array(name) }),
  z.object({ kind: z.literal('controller'), instance: z.number().int() }),
]);

export const resolvedFault = z.object({
  id: name,
  kind: z.enum(faultKinds),
  target: resolvedTarget,
  /** Which way, for faults that have one: a→b of the link, or both. */
  direction: z.enum(['both', 'forward', 'reverse']),
  /** Kind-specific numbers, all with their unit in the name. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

export const resolvedStep = z.object({
  id: name,
  when: z.discriminatedUnion('kind', [
    /** Milliseconds after traffic start. */
    z.object({ kind: z.literal('at'), ms: z.number().nonnegative() }),
    /** After an event of another step: its injection, its heal, or the recovery from it. */
    z.object({
      kind: z.literal('after'),
      event: z.enum(['injected', 'recovered', 'healed', 'reverted']),
      step: name,
      delayMs: z.number().nonnegative(),
    }),
  ]),
  /**
   * When set, the step waits for the controller's next tick and then this long: the phase of a
   * fault within the controller's period.
   */
  phase: z
    .object({ periodMs: z.number().positive(), offsetMs: z.number().nonnegative() })
    .nullable(),
  action: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('inject'), fault: resolvedFault }),
    z.object({ kind: z.literal('heal'), faultId: name }),
  ]),
});

export type FaultKind = (typeof faultKinds)[number];
export type ResolvedTarget = z.infer<typeof resolvedTarget>;
export type ResolvedFault = z.infer<typeof resolvedFault>;
export type ResolvedStep = z.infer<typeof resolvedStep>;
