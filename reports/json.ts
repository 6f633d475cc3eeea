/** `result.json`: the exported schema's names in the schema's order, two spaces, one line break. */
import { type JudgedRun, runResultSchema } from '../harness/model/result.js';

/** Throws a ZodError when the result does not fit its own schema: such a file is never written. */
export function renderJson(run: JudgedRun): string {
  return `${JSON.stringify(runResultSchema.parse(run.result), null, 2)}\n`;
}
