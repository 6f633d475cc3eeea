/** Changes of which a part was not seen, or that failed. */
import { messageOf } from '../../errors.js';
import type { Evidence, EvidenceFact } from '../../model/recorded/evidence.js';
import type { Change } from './fault.js';

/** What is recorded of a change that threw instead of returning what was read back. */
export function failedChange(thrown: unknown): EvidenceFact {
  return { code: 'failed', data: { message: messageOf(thrown) } };
}

/** A change as not verified, with the evidence of another part beside its own. */
export function unproven(change: Change, other: Evidence): Change {
  const parts = [change.evidence, other].flatMap(partsOf);
  return { ...change, verified: false, evidence: { code: 'several', data: { parts } } };
}

function partsOf(evidence: Evidence): Array<string | EvidenceFact> {
  if (typeof evidence === 'string' || evidence.code !== 'several') return [evidence];
  return evidence.data.parts;
}
