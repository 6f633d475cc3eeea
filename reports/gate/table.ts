/** A gate as plain cells and cases, for whoever draws or writes them. Pure. */

import type { GateMetric, GateResult } from '../../harness/judge/gate/result.js';
import type { Summary } from '../../harness/model/result.js';
import { formatBriefMs, formatMs } from '../format.js';

export const gateColumns = ['metric', 'baseline', 'now', 'shift', 'confidence', 'verdict'] as const;
export type GateCells = Record<(typeof gateColumns)[number], string>;

/** One row per metric; `brief` leaves the intervals out. */
export function gateRows(result: GateResult, { brief = false } = {}): GateCells[] {
  return result.metrics.map((metric) => ({
    metric: metric.label,
    baseline: arm(metric.baseline, brief),
    now: arm(metric.now, brief),
    shift: shift(metric, brief),
    confidence: confidence(metric),
    verdict: metric.verdict,
  }));
}

/** `312 ms (298 ms–330 ms, 1 censored)`. */
function arm({ n, censored, median, ci95 }: Summary, brief: boolean): string {
  if (n === 0) return 'none';
  const details = [
    ...(ci95 && !brief ? [`${bound(ci95[0])}–${bound(ci95[1])}`] : []),
    ...(censored > 0 ? [`${censored} censored`] : []),
  ];
  const middle = median === null ? 'never' : formatMs(median);
  return details.length > 0 ? `${middle} (${details.join(', ')})` : middle;
}

function shift(metric: GateMetric, brief: boolean): string {
  const { method, shiftMs, unbounded, shiftIntervalMs } = metric;
  if (method === 'bounds') return 'not compared';
  const middle = unbounded ? '∞' : shiftMs === null ? '–' : signed(shiftMs, formatMs);
  if (!shiftIntervalMs || brief) return middle;
  const [low, high] = shiftIntervalMs.map((ms) => (ms === null ? '∞' : signed(ms, formatBriefMs)));
  return `${middle} (${low} to ${high})`;
}

function confidence({ method, p, n, bound: limit, moved }: GateMetric): string {
  if (moved) {
    const ways = (['slower', 'faster'] as const).filter((way) => moved[way] > 0);
    const seeds = `${n} ${n === 1 ? 'seed' : 'seeds'}`;
    if (ways.length === 0) return `the same in ${seeds}`;
    return `${ways.map((way) => `${moved[way]} ${way}`).join(', ')} of ${seeds}`;
  }
  if (p === null) return limit ? `bound ${formatMs(limit.limitMs)}` : '–';
  const test = method === 'paired' ? `${n} pairs` : `${n} an arm`;
  return `p ${p < 0.001 ? '< .001' : `= ${p.toFixed(3).replace(/^0/, '')}`}, ${test}`;
}

function signed(ms: number, format: (ms: number) => string): string {
  return ms > 0 ? `+${format(ms)}` : format(ms).replace('-', '−');
}

function bound(ms: number | null): string {
  return ms === null ? '∞' : formatBriefMs(ms);
}
