/** sweep.json: the result with each reason's sentence beside its data. */
import type { SweepResult } from '../../harness/judge/sweep.js';
import { withTexts } from '../with-texts.js';

export function sweepJson(result: SweepResult): string {
  return `${JSON.stringify(withTexts(result), null, 2)}\n`;
}
