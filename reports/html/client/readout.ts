/** The values under the cursor, or at the scrubber's moment, as text that can be copied. */
import type { TrialChart } from '../../../harness/model/result.js';
import { formatBps, formatCounted, formatMs } from '../../format.js';
import { html, named } from '../markup.js';
import { faultAtMs } from '../view/moment.js';
import type { ReaderState } from './state.js';
import { need } from './unpack.js';

/** How many items begin before the moment; items are in the order of time. */
function countBefore<T>(items: T[], start: (item: T) => number, atMs: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && start(item) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastBefore<T>(items: T[], start: (item: T) => number, atMs: number): T | undefined {
  return items[countBefore(items, start, atMs) - 1];
}

/** A delay is stamped at the end of its stretch, which is never longer than this. */
const delayWindowMs = 1500;

interface Reading {
  series: number;
  label: string;
  value: string;
}

/** What each series says at a moment. */
export function readingsAt(chart: TrialChart, atMs: number): Reading[] {
  const rates = chart.throughput.map((flow, index) => {
    const point = lastBefore(flow.points, (each) => each.startMs, atMs);
    const known = point !== undefined && atMs <= point.endMs;
    return { series: index, label: flow.flow, value: known ? formatBps(point.bps) : 'no data' };
  });
  const meters = chart.meters.map((meter, index) => {
    const loss = lastBefore(meter.losses, (each) => each.startMs, atMs);
    const losing = loss !== undefined && atMs < loss.endMs;
    const delay = meter.delay[countBefore(meter.delay, (each) => each.atMs, atMs - 0.001)];
    const fresh = delay !== undefined && delay.atMs - atMs < delayWindowMs;
    const value = losing
      ? `${formatCounted(loss.packets, 'packet')} lost in ${formatMs(loss.endMs - loss.startMs)}`
      : fresh
        ? `delay ${delay.medianMs.toFixed(2)} ms (${delay.minMs.toFixed(2)} to ${delay.maxMs.toFixed(2)})`
        : 'nothing arrives';
    return { series: index + 1, label: `${meter.meter} ${meter.direction}`, value };
  });
  return [...rates, ...meters];
}

/** Returns the function that charts call with the cursor's time, or null when it leaves. */
export function startReadout(state: ReaderState): (atMs: number | null) => void {
  const place = need('#readout');
  let cursorMs: number | null = null;
  const show = () => {
    const { chart, trial } = state;
    if (!chart) return;
    const atMs = cursorMs ?? state.atMs;
    const fault = trial ? faultAtMs(trial) : null;
    const since =
      fault === null
        ? ''
        : `${formatMs(Math.abs(atMs - fault))} ${atMs < fault ? 'before' : 'after'} the fault`;
    place.innerHTML = html`<strong>${(atMs / 1000).toFixed(3)} s</strong> <span>${since}</span>
      ${readingsAt(chart, atMs).map((reading) => html`<span class="reading"><svg class="key series-${reading.series % 6}" viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" rx="3"/></svg>${named(reading.label)} <b>${reading.value}</b></span>`)}`.text;
  };
  state.on('moment', show);
  state.on('trial', show);
  show();
  return (atMs) => {
    cursorMs = atMs;
    show();
  };
}
