/** `watch`: measures outages between two machines while a person breaks the network. */

import { LabError } from '../errors.js';
import { judge as judgeEvents } from '../judge/judge.js';
import type { WatchListeners } from '../watch/listeners.js';
import { rateWithoutYes, type WatchPlan } from '../watch/request.js';
import { WatchSession } from '../watch/session.js';
import { type Run, runOf } from './judge.js';
import { writeReports } from './write-reports.js';

export type { WatchListeners, WatchNotice } from '../watch/listeners.js';
export { sendMark } from '../watch/marks.js';
export {
  intention,
  machinesOf,
  type WatchPlan,
  wholeOf,
} from '../watch/request.js';

export interface WatchRequest extends WatchListeners {
  plan: WatchPlan;
  /** Somebody agreed to what is sent. */
  agreed: boolean;
  /** Folder for records. */
  out: string;
  /** Words for the record. */
  command: string[];
}

/** Watch, judge and write the reports. Throws LabError before anything was recorded. */
export async function watch({
  plan,
  agreed,
  out,
  command,
  ...listeners
}: WatchRequest): Promise<Run> {
  if (plan.rateHz > rateWithoutYes && !agreed) {
    throw new LabError(
      'WRONG_USE',
      `${plan.rateHz} probes a second exceed ${rateWithoutYes}; more are sent only with --yes.`,
      { hint: `Choose --rate ${rateWithoutYes} or less, or add --yes.` },
    );
  }
  const record = await new WatchSession(plan, listeners).run(out, command);
  const { folder, events } = record;
  const run = { folder, events, judged: judgeEvents(events) };
  await writeReports(run);
  return runOf(run);
}
