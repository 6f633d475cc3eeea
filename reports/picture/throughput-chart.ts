/**
 * Throughput over time as SVG: one maker for report.html, where it is the chart of readers whose
 * browser runs no script, and for the picture of `report --svg` and `--png`. Elements carry classes
 * alone; the style is that of the page or of the picture.
 */
import type { TrialChart, TrialResult } from '../../harness/model/result.js';
import { formatBps, formatRoundMs } from '../format.js';
import { type Html, html, shortened } from '../html/markup.js';
import { momentsOf, outageWindows, trafficSpan } from '../moments.js';
import { roundStep } from '../terminal/axis.js';

/** Size of the drawing, and the plot within it, in units of the SVG. */
export const chartSize = { width: 1200, height: 330 };
const plot = { left: 130, top: 50, right: 1180, bottom: 300 };
/** Colours that flows take in turn; as many as the page has. */
const colours = 6;

type Points = TrialChart['throughput'][number]['points'];

/** From milliseconds and bit/s to whole units, which keep the paths short. */
interface Scale {
  endMs: number;
  topBps: number;
  x(ms: number): number;
  y(bps: number): number;
}

function scaleOf(chart: TrialChart): Scale {
  let peakBps = 1000;
  for (const { points } of chart.throughput) {
    for (const { bps } of points) peakBps = Math.max(peakBps, bps);
  }
  const topBps = peakBps * 1.08;
  const { endMs } = trafficSpan(chart);
  const share = (ms: number) => Math.max(0, Math.min(endMs, ms)) / endMs;
  return {
    endMs,
    topBps,
    x: (ms) => Math.round(plot.left + share(ms) * (plot.right - plot.left)),
    y: (bps) => Math.round(plot.bottom - (bps / topBps) * (plot.bottom - plot.top)),
  };
}

/** Multiples of a round step from zero to `end`, about `count` of them. */
function multiples(end: number, count: number): number[] {
  const step = roundStep(end / count);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function axes({ endMs, topBps, x, y }: Scale): Html {
  return html`<g class="axes">${multiples(topBps, 5).map(
    (bps) =>
      html`<path class="grid" d="M${plot.left} ${y(bps)}H${plot.right}"/><text class="rate" x="${plot.left - 8}" y="${y(bps) + 5}">${formatBps(bps).replace('.0 ', ' ')}</text>`,
  )}${multiples(endMs, 10).map(
    (ms) =>
      html`<path class="grid" d="M${x(ms)} ${plot.top}V${plot.bottom + 5}"/><text class="time" x="${x(ms)}" y="${plot.bottom + 22}">${formatRoundMs(ms)}</text>`,
  )}</g>`;
}

function shades(chart: TrialChart, { endMs, x }: Scale): Html {
  const shade = (kind: string, startMs: number, untilMs: number) =>
    html`<rect class="${kind}" x="${x(startMs)}" y="${plot.top}" width="${Math.max(1, x(untilMs) - x(startMs))}" height="${plot.bottom - plot.top}"/>`;
  const faults = chart.windows.filter(({ kind }) => kind !== 'outage');
  return html`${faults.map((window) => shade('fault', window.startMs, window.endMs ?? endMs))}${outageWindows(
    chart,
  ).map((window) => shade('outage', window.startMs, window.endMs))}`;
}

/**
 * Each interval's rate as a step, with a gap where no interval was recorded. Of the intervals that
 * share a column the first, least, greatest and last rate are drawn, so that the path's length is
 * bounded by the width.
 */
function steps(points: Points, { x, y }: Scale): string {
  const path: string[] = [];
  let lastEndMs = Number.NEGATIVE_INFINITY;
  let column: number[] = [];
  let at = Number.NaN;
  const close = () => {
    const levels = [Math.max(...column), Math.min(...column), column[column.length - 1]];
    for (const level of column.length > 1 ? levels : []) path.push(`V${level}`);
  };
  for (const point of points) {
    const from = x(point.startMs);
    const level = y(point.bps);
    const joined = point.startMs - lastEndMs < 1;
    lastEndMs = point.endMs;
    if (joined && from === at) {
      column.push(level);
      continue;
    }
    close();
    path.push(joined ? `H${from}V${level}` : `M${from} ${level}`);
    column = [level];
    at = from;
  }
  close();
  return points.length === 0 ? '' : `${path.join('')}H${x(lastEndMs)}`;
}

/** Names of the moments above the plot, in a second line where they would overlap. */
function marks(trial: TrialResult, { x }: Scale): Html {
  const freeFrom = [0, 0];
  return html`${momentsOf(trial).map(({ text, atMs }) => {
    const label = shortened(text, 36);
    const left = x(atMs);
    // About the width of a letter of 13 units; the last label stays inside the drawing.
    const width = [...label].length * 7.6;
    const start = Math.min(left + 3, chartSize.width - width);
    const line = freeFrom.findIndex((from) => start >= from);
    if (line >= 0) freeFrom[line] = start + width + 8;
    return html`<path class="mark" d="M${left} ${plot.top - 6}V${plot.bottom}"/>${line >= 0 && html`<text class="moment" x="${Math.round(start)}" y="${plot.top - 10 - line * 17}">${label}</text>`}`;
  })}`;
}

/** What the drawing shows, for readers who do not see it. */
function inWords(trial: TrialResult, chart: TrialChart): string {
  const flows = chart.throughput.map(({ flow }) => flow).join(', ');
  const moments = momentsOf(trial).map(({ text, atMs }) => `${formatRoundMs(atMs)} ${text}`);
  return [`Throughput of ${flows || 'no flow'} over time`, ...moments].join('; ');
}

/** The chart of one trial, as an `svg` element of `chartSize`. */
export function throughputChart(trial: TrialResult, chart: TrialChart): Html {
  const scale = scaleOf(chart);
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="throughput" viewBox="0 0 ${chartSize.width} ${chartSize.height}" width="${chartSize.width}" height="${chartSize.height}" role="img" aria-label="${inWords(trial, chart)}">${shades(chart, scale)}${axes(scale)}${chart.throughput.map(
    ({ points }, index) =>
      html`<path class="rates series-${index % colours}" d="${steps(points, scale)}"/>`,
  )}${marks(trial, scale)}</svg>`;
}
