/** What the command `far` does, which a campaign starts on other machines. */
import { executeJob, jobCharactersMax, type Teller } from '../campaign/farm/far-end.js';
import { stopRun, takeRecords } from '../campaign/farm/outbox.js';
import { packageName } from '../campaign/farm/package.js';
import { factsHere, type PlaceWanted } from '../campaign/farm/place.js';
import { LabError, messageOf } from '../errors.js';
import { checkRequest } from './check-request.js';

export type { FarLine } from '../campaign/farm/job.js';
export { executeJob, jobCharactersMax, stopRun, type Teller };

/** What this machine is for such labs, or why it is not fit for them, as one line of JSON. */
export async function factsLine(text: string): Promise<string> {
  try {
    const { sandbox = 'auto', datapath = 'auto' } = JSON.parse(text) as Partial<PlaceWanted>;
    checkRequest({ sandbox: sandbox as never, datapath });
    return JSON.stringify({ facts: await factsHere({ sandbox, datapath }, packageName()) });
  } catch (thrown) {
    const { code, hint } =
      thrown instanceof LabError ? thrown : { code: 'INTERNAL', hint: undefined };
    const trouble = { code, message: messageOf(thrown), ...(hint ? { hint } : {}) };
    return JSON.stringify({ trouble });
  }
}

/** Records of a run that a campaign does not have, each as `key packed`; they are removed here. */
export function collectLines(runId: string, text: string): string[] {
  return takeRecords(runId, new Set(text.split('\n').filter(Boolean)));
}
