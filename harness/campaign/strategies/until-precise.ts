/** The trials of a plan, until the median of the network outage is known well enough. Pure. */
import { readingsOf } from '../../judge/gate/readings.js';
import { type Precision, untilPrecise as precisionOf } from '../../judge/until-precise.js';
import type { RecordedRun } from '../store/read-run.js';
import { notBegun, type Strategy } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';

/** @param most Trials that count at the most, those of a resumed record among them. */
export function untilPrecise(
  plans: readonly TrialPlan[],
  precision: Precision,
  most: number,
): Strategy<RecordedRun | undefined> {
  return {
    next(state) {
      const [record] = state.records;
      const readings = record ? readingsOf(record.judged().result) : [];
      const outages = readings.map((row) => row.networkOutageMs);
      return precisionOf(outages, precision, most).done ? [] : notBegun(state, 0, plans);
    },
    outcome: ([run]) => run,
  };
}
