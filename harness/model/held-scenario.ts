/**
 * The resolved scenario as a part of something else. The schemas are those of `resolved.ts`, typed by
 * what they give: otherwise each declaration of what holds a scenario writes it out once more.
 */
import type * as z from 'zod';
import { type ResolvedScenario, resolvedScenario } from './resolved.js';

/** An interface has a name that declarations can refer to; the inferred type has none. */
export interface HeldScenario extends ResolvedScenario {}

export const heldScenario: z.ZodType<HeldScenario> = resolvedScenario;

const differing = resolvedScenario.partial();

/** Those fields of a scenario that are not as in the one it is compared with. */
export interface DifferingFields extends z.infer<typeof differing> {}

export const differingFields: z.ZodType<DifferingFields> = differing;
