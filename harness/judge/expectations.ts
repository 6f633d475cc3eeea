/** What the scenario expected, beside what was measured. No sample is never a pass. */
import type { ResolvedExpectation } from '../model/resolved.js';
import type { ExpectationResult } from '../model/result.js';
import type { EpisodeView } from './episode.js';
import { readMetric } from './metrics.js';
import type { Reading } from './readings/reading.js';
import { thresholds } from './thresholds.js';
import { roundMs } from './units.js';

/** Judges one expectation against the changes of a trial; `deadlineMs` bounds every recovery. */
export function judgeExpectation(
  expectation: ResolvedExpectation,
  views: readonly EpisodeView[],
  deadlineMs: number,
): ExpectationResult {
  const bounds = boundsOf(expectation);
  const reading = readMetric(expectation, views);
  const judged = compare(reading, bounds, deadlineMs);
  return {
    id: expectation.id,
    text: expectation.text,
    verdict: judged.verdict,
    measured: reading.value === null ? null : roundMs(reading.value),
    atLeast: reading.value === null && reading.atLeast !== null ? roundMs(reading.atLeast) : null,
    untilHeal: reading.untilHeal === true && reading.othersLonger !== true,
    bound: judged.bound,
    margin: judged.margin === null ? null : roundMs(judged.margin),
    unit: reading.unit,
    detail: reading.detail,
  };
}

interface Bounds {
  atMost: number | null;
  atLeast: number | null;
}

/** Metrics that are statements rather than numbers have a bound of their own. */
function boundsOf({ metric, atMost, atLeast }: ResolvedExpectation): Bounds {
  if (metric === 'keepsContact') return { atMost: atMost ?? thresholds.contactLossMs, atLeast };
  if (metric === 'losesContact') return { atMost, atLeast: atLeast ?? thresholds.contactLossMs };
  if (metric === 'staysDark') return { atMost, atLeast: atLeast ?? 1 };
  if (metric === 'stalls' && atMost === null) return { atMost, atLeast: atLeast ?? 1 };
  return { atMost, atLeast };
}

type Comparison = Pick<ExpectationResult, 'verdict' | 'bound' | 'margin'>;

function compare(reading: Reading, { atMost, atLeast }: Bounds, deadlineMs: number): Comparison {
  if (reading.value !== null) {
    const compared = compareValue(reading.value, atMost, atLeast);
    // It may have been the heal: then it would have lasted longer, by itself.
    const open = reading.unclear === true && atMost !== null && compared.verdict === 'pass';
    return open ? { ...compared, verdict: 'inconclusive' } : compared;
  }
  if (reading.atLeast === null) {
    return { verdict: 'inconclusive', bound: atMost ?? atLeast, margin: null };
  }
  // Censored: the value is somewhere above `atLeast`; past the deadline it is never. What only the
  // heal ended was not ended by the network, however soon the heal came.
  if (atMost !== null) {
    const broken =
      reading.atLeast > atMost || reading.atLeast >= deadlineMs || reading.untilHeal === true;
    return { verdict: broken ? 'fail' : 'inconclusive', bound: atMost, margin: null };
  }
  const kept = atLeast !== null && reading.atLeast >= atLeast;
  return { verdict: kept ? 'pass' : 'inconclusive', bound: atLeast, margin: null };
}

function compareValue(value: number, atMost: number | null, atLeast: number | null): Comparison {
  const margins: Array<{ bound: number; margin: number }> = [];
  if (atMost !== null) margins.push({ bound: atMost, margin: atMost - value });
  if (atLeast !== null) margins.push({ bound: atLeast, margin: value - atLeast });
  const tightest = margins.sort((a, b) => a.margin - b.margin)[0];
  if (!tightest) return { verdict: 'inconclusive', bound: null, margin: null };
  return { verdict: tightest.margin < 0 ? 'fail' : 'pass', ...tightest };
}
