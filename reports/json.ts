/**
 * `result.json`: the exported schema's names in the schema's order, two spaces, one line break; each
 * reason, detail and explanation has its sentence as `text`.
 */

import { type JudgedRun, runResultSchema } from '../harness/model/result.js';
import { withTexts } from './with-texts.js';

/** Throws a ZodError when the result does not fit its own schema: such a file is never written. */
export function renderJson(run: JudgedRun): string {
  return `${JSON.stringify(withTexts(runResultSchema.parse(run.result)), null, 2)}\n`;
}
