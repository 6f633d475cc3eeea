/**
 * The throughput chart as a picture, for places that show no page, such as comments on a pull
 * request. It needs no browser: a small rasteriser draws steps, shades and letters.
 */
import { medianTrial } from '../harness/analysis/median-trial.js';
import type { JudgedRun, TrialChart } from '../harness/analysis/result.js';
import { formatBps, formatRoundMs } from './format.js';
import { headlineSentence } from './headline.js';
import { momentsOf, outageWindows } from './moments.js';
import { Canvas, type Rgb, textWidth } from './png/canvas.js';
import { encodePng } from './png/encode.js';

const size = { width: 1200, height: 440 };
const plot = { left: 150, top: 96, right: 1170, bottom: 360 };

const ink: Rgb = [27, 33, 38];
const muted: Rgb = [88, 98, 107];
const line: Rgb = [221, 226, 230];
const red: Rgb = [179, 38, 30];
const series: readonly Rgb[] = [
  [31, 95, 191],
  [14, 124, 123],
  [180, 83, 15],
  [123, 63, 179],
];
const verdicts: Record<string, Rgb> = { pass: [20, 112, 58], fail: red };

/** A round step that divides `range` into at most `count` parts: 1, 2, 2.5 or 5 times ten to n. */
function roundStep(range: number, count: number): number {
  const raw = Math.max(range, Number.MIN_VALUE) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
}

interface Frame {
  canvas: Canvas;
  endMs: number;
  topBps: number;
  x(ms: number): number;
  y(bps: number): number;
}

function frameOf(canvas: Canvas, chart: TrialChart): Frame {
  const rates = chart.throughput.flatMap((flow) => flow.points.map((point) => point.bps));
  const peakBps = rates.reduce((most, bps) => Math.max(most, bps), 1000);
  const topBps = peakBps * 1.08;
  const endMs = Math.max(1, chart.trafficEndMs);
  const within = (ms: number) => Math.max(0, Math.min(endMs, ms)) / endMs;
  return {
    canvas,
    endMs,
    topBps,
    x: (ms) => plot.left + within(ms) * (plot.right - plot.left),
    y: (bps) => plot.bottom - (bps / topBps) * (plot.bottom - plot.top),
  };
}

function drawAxes({ canvas, endMs, topBps, x, y }: Frame): void {
  const stepBps = roundStep(topBps, 5);
  for (let bps = 0; bps <= topBps; bps += stepBps) {
    canvas.fill(plot.left, y(bps), plot.right - plot.left, 1, line);
    const label = formatBps(bps).replace(/\.0+ /, ' ');
    canvas.text(plot.left - textWidth(label) - 6, y(bps) - 7, label, muted);
  }
  const stepMs = roundStep(endMs, 10);
  for (let ms = 0; ms <= endMs; ms += stepMs) {
    canvas.fill(x(ms), plot.top, 1, plot.bottom - plot.top + 6, line);
    const label = formatRoundMs(ms);
    const left = Math.min(x(ms) - textWidth(label) / 2, size.width - textWidth(label));
    canvas.text(left, plot.bottom + 12, label, muted);
  }
}

function drawWindows({ canvas, x, endMs }: Frame, chart: TrialChart): void {
  const shade = (startMs: number, end: number, opacity: number) =>
    canvas.fill(
      x(startMs),
      plot.top,
      Math.max(1, x(end) - x(startMs)),
      plot.bottom - plot.top,
      red,
      opacity,
    );
  for (const window of chart.windows) {
    if (window.kind !== 'outage') shade(window.startMs, window.endMs ?? endMs, 0.07);
  }
  for (const window of outageWindows(chart)) shade(window.startMs, window.endMs, 0.16);
}

/** Each interval's rate as a step; a drop or rise between neighbours as an upright. */
function drawFlows({ canvas, x, y }: Frame, chart: TrialChart): void {
  chart.throughput.forEach((flow, index) => {
    const colour = series[index % series.length] ?? ink;
    let last: { endMs: number; bps: number } | null = null;
    for (const point of flow.points) {
      const top = y(point.bps) - 1;
      canvas.fill(x(point.startMs), top, Math.max(1, x(point.endMs) - x(point.startMs)), 3, colour);
      if (last !== null && point.startMs - last.endMs < 1) {
        const from = Math.min(top, y(last.bps) - 1);
        canvas.fill(x(point.startMs) - 1, from, 2, Math.abs(top - (y(last.bps) - 1)) + 3, colour);
      }
      last = point;
    }
  });
}

/** Names of the moments above the plot, in a second line where they would lie on one another. */
function drawMoments({ canvas, x }: Frame, moments: Array<{ text: string; atMs: number }>): void {
  const freeFrom = [0, 0];
  for (const moment of moments) {
    const text = [...moment.text].slice(0, 36).join('');
    const left = x(moment.atMs);
    canvas.fill(left, plot.top - 6, 1, plot.bottom - plot.top + 6, muted, 0.7);
    const start = Math.min(left + 4, size.width - textWidth(text) - 4);
    const level = freeFrom.findIndex((from) => start >= from);
    if (level < 0) continue;
    canvas.text(start, plot.top - 20 - level * 18, text, muted);
    freeFrom[level] = start + textWidth(text) + 8;
  }
}

/** The chart of the run's median trial as a PNG of 1200 × 440 pixels. */
export function throughputPng(run: JudgedRun): Buffer {
  const canvas = new Canvas(size.width, size.height, [255, 255, 255]);
  const { scenario, verdict } = run.result;
  const head = `${[...scenario].slice(0, 40).join('')}: `;
  canvas.text(24, 18, head, ink, 3);
  canvas.text(24 + textWidth(head, 3), 18, verdict, verdicts[verdict] ?? [133, 84, 0], 3);
  const chosen = medianTrial(run);
  if (chosen?.chart) {
    const frame = frameOf(canvas, chosen.chart);
    drawWindows(frame, chosen.chart);
    drawAxes(frame);
    drawFlows(frame, chosen.chart);
    drawMoments(frame, momentsOf(chosen.trial));
  }
  const sentence = headlineSentence(run);
  const fits = Math.floor((size.width - 48) / textWidth('x'));
  canvas.text(24, size.height - 32, [...sentence].slice(0, fits).join(''), ink);
  return encodePng(size.width, size.height, canvas.pixels);
}
