/** Whether the edges of an outage are sharp, and whether its two readings agree. */
import { invalidBy, type Reason } from '../model/reason.js';
import { edgeSharpness } from './meter-record.js';
import type { DirectionOutage } from './outage.js';
import { starvedIn } from './starvation.js';
import { thresholds } from './thresholds.js';
import type { TrialRecord } from './trial-record.js';
import { NS_PER_MS, roundMs } from './units.js';

/** What made two readings of an outage disagree happened this long around it. */
const AROUND_OUTAGE_NS = 1000 * NS_PER_MS;

/** Edges that are not sharp enough, and readings of one outage that disagree. */
export function edgeReasons(
  { events }: TrialRecord,
  outages: readonly DirectionOutage[],
): Reason[] {
  const reasons: Reason[] = [];
  for (const { record, headline, result } of outages) {
    if (!headline) continue;
    const edge = edgeSharpness(record, headline);
    const limit = edge.exact ? thresholds.edgeGapMs : thresholds.edgeLatenessMs;
    const where = { meter: record.meter, direction: record.direction };
    if (edge.gapMs > limit) {
      const lateMs = roundMs(edge.gapMs);
      reasons.push(invalidBy('machine', 'edges-late', { lateMs, limitMs: limit, ...where }));
    }
    // Stamps span one interval more than the packets lost between them.
    const allowed = Math.max(
      thresholds.disagreementMs,
      (2 * record.intervalNs) / NS_PER_MS,
      ((result.outageMs ?? 0) * thresholds.disagreementPercent) / 100,
    );
    if (result.disagreementMs !== null && result.disagreementMs > allowed) {
      const fromNs = headline.lastGoodNs - AROUND_OUTAGE_NS;
      const untilNs = (headline.nextGoodNs ?? headline.lastLostNs) + AROUND_OUTAGE_NS;
      const starved = starvedIn(events, fromNs, untilNs);
      reasons.push(
        invalidBy(starved === null ? 'instrument' : 'machine', 'readings-disagree', {
          byStampsMs: result.outageMs,
          byPacketsMs: result.lossDerivedMs,
          limitMs: roundMs(allowed),
          starved,
          ...where,
        }),
      );
    }
  }
  return reasons;
}
