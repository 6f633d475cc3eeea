/** Throughput of two runs over each other as SVG, the fault at zero. */
import type { RunDiff } from '../../harness/judge/diff.js';
import { formatBps, formatRoundMs } from '../format.js';
import { type Html, html } from '../html/markup.js';
import { roundStep } from '../terminal/axis.js';

type Series = NonNullable<RunDiff['sides'][number]['series']>;

const size = { width: 1200, height: 330 };
const plot = { left: 110, top: 20, right: 1180, bottom: 295 };

/** Null when neither run has throughput around a fault. */
export function diffChart({ sides }: RunDiff): Html | null {
  const drawn = sides.flatMap(({ series }, index) => (series ? [{ series, index }] : []));
  if (drawn.length === 0) return null;
  const startMs = Math.min(...drawn.flatMap(({ series }) => series.points.map((p) => p.startMs)));
  const endMs = Math.max(1, ...drawn.map(({ series }) => series.trafficEndMs));
  const rates = drawn.flatMap(({ series }) => series.points.map(({ bps }) => bps));
  const topBps = Math.max(1000, ...rates) * 1.08;
  const x = (ms: number) =>
    Math.round(plot.left + ((ms - startMs) / (endMs - startMs)) * (plot.right - plot.left));
  const y = (bps: number) => Math.round(plot.bottom - (bps / topBps) * (plot.bottom - plot.top));
  const step = ({ points }: Series) =>
    points.map(({ startMs: from, endMs: to, bps }) => `M${x(from)} ${y(bps)}H${x(to)}`).join('');
  const risers = ({ points }: Series) =>
    points
      .slice(1)
      .map(({ startMs: at, bps }, index) => `M${x(at)} ${y(points[index]?.bps ?? bps)}V${y(bps)}`)
      .join('');
  const label = 'Throughput of A and B in seconds from the fault';
  return html`<svg class="throughput" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
    <g class="axes">${ticks(0, topBps, 5).map((bps) => html`<path class="grid" d="M${plot.left} ${y(bps)}H${plot.right}"/><text class="rate" x="${plot.left - 8}" y="${y(bps) + 5}">${formatBps(bps).replace('.0 ', ' ')}</text>`)}
    ${ticks(startMs, endMs, 10).map((ms) => html`<path class="grid" d="M${x(ms)} ${plot.top}V${plot.bottom + 5}"/><text class="time" x="${x(ms)}" y="${plot.bottom + 22}">${formatRoundMs(ms)}</text>`)}</g>
    <path class="zero" d="M${x(0)} ${plot.top}V${plot.bottom}"/>
    ${drawn.map(({ series, index }) => html`<path class="side-${'ab'[index]}" d="${step(series)}${risers(series)}"/>`)}
  </svg>`;
}

/** Multiples of a round step from `start` to `end`, about `count` of them. */
function ticks(start: number, end: number, count: number): number[] {
  const step = roundStep((end - start) / count);
  const first = Math.ceil(start / step);
  return Array.from({ length: Math.floor(end / step) - first + 1 }, (_, i) => (first + i) * step);
}
