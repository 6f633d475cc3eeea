/** The sentence of anything that a lab recorded, whichever table it is of. */
import { evidenceSchema } from '../../harness/model/recorded/evidence.js';
import { readinessSchema } from '../../harness/model/recorded/readiness.js';
import { substitutionSchema } from '../../harness/model/recorded/substitution.js';
import { warningSchema } from '../../harness/model/recorded/warning.js';
import { evidenceText } from './evidence.js';
import { readinessText } from './readiness.js';
import { substitutionText } from './substitution.js';
import { warningText } from './warning.js';

/** Null for what is of none of the tables. */
export function recordedText(value: unknown): string | null {
  const evidence = evidenceSchema.safeParse(value);
  if (evidence.success) return evidenceText(evidence.data);
  const readiness = readinessSchema.safeParse(value);
  if (readiness.success) return readinessText(readiness.data);
  const warning = warningSchema.safeParse(value);
  if (warning.success) return warningText(warning.data);
  const substitution = substitutionSchema.safeParse(value);
  return substitution.success ? substitutionText(substitution.data) : null;
}
