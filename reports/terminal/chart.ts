/** Throughput over time with the outage shaded, faults and recoveries marked. */

import { trialOutageMs } from '../../harness/judge/median-trial.js';
import type { TrialChart, TrialResult } from '../../harness/model/result.js';
import { escapeText } from '../escape.js';
import { formatMs } from '../format.js';
import {
  type Moment,
  momentsOf,
  type OutageWindow,
  outageWindows,
  trafficSpan,
} from '../moments.js';
import { axisLabels, axisRule, columnOf, roundStep, type TimeSpan, timeTicks } from './axis.js';
import { plotValues, resample } from './plot.js';
import type { Styles } from './style.js';
import { clip, wrapText } from './wrap.js';

/** Top of the axis when nothing was ever delivered. */
const idlePeakBps = 10e6;
const plotHeight = 10;
/** Of several charts, and of the one that looks closer. */
const lowHeight = 5;
const shade = '░';

export interface ChartOptions {
  columns: number;
  styles: Styles;
  height?: number;
}

/** One chart a flow, each with axis, shading, marks and legend. */
export function renderThroughput(
  trial: TrialResult,
  chart: TrialChart,
  options: ChartOptions,
): string[] {
  const span = trafficSpan(chart);
  const zoom = zoomSpan(trial, span, options.columns);
  const windows = outageWindows(chart);
  const moments = momentsOf(trial);
  const many = chart.throughput.length > 1;
  const height = options.height ?? (many ? lowHeight : plotHeight);
  const sized = { ...options, height };
  const lines = chart.throughput.flatMap((series) => [
    `${clip(escapeText(series.flow), 24)}, Mbit/s, by the ${sourceWord(series.source)}`,
    ...plotSeries(series.points, windows, moments, span, sized),
    ...zoomed(series.points, windows, moments, zoom, { ...sized, height: lowHeight }),
  ]);
  if (lines.length === 0) return ['no throughput was recorded'];
  return [...lines, ...legend(moments, windows, options)];
}

/** A second chart of the moments around a fault that the whole run shows as a mere dent. */
function zoomed(
  points: Array<{ startMs: number; endMs: number; bps: number }>,
  windows: OutageWindow[],
  moments: Moment[],
  zoom: TimeSpan | null,
  options: ChartOptions,
): string[] {
  if (zoom === null) return [];
  const inside = points.filter((point) => point.endMs > zoom.startMs && point.startMs < zoom.endMs);
  if (inside.length < 10) return [];
  return [
    '',
    'the same, zoomed to the fault',
    ...plotSeries(inside, windows, moments, zoom, options),
  ];
}

/** Where to look closer: null when the recovery takes enough columns to be seen as it is. */
function zoomSpan(trial: TrialResult, span: TimeSpan, columns: number): TimeSpan | null {
  if (trial.fault === null) return null;
  const outageMs = trialOutageMs(trial);
  const lastMs = Math.max(outageMs ?? Infinity, trial.tcp?.movingAgainMs ?? 0);
  const columnMs = (span.endMs - span.startMs) / columns;
  if (lastMs === 0 || lastMs > 3 * columnMs) return null;
  const { injectedAtMs } = trial.fault;
  return {
    startMs: Math.max(span.startMs, injectedAtMs - 1000),
    endMs: Math.min(span.endMs, injectedAtMs + Math.max(2000, 3 * lastMs)),
  };
}

function sourceWord(source: TrialChart['throughput'][number]['source']): string {
  return source === 'interface' ? "receiving host's interface" : `iperf3 ${source}`;
}

function plotSeries(
  points: Array<{ startMs: number; endMs: number; bps: number }>,
  windows: OutageWindow[],
  moments: Moment[],
  span: TimeSpan,
  options: ChartOptions,
): string[] {
  const { styles } = options;
  const peak = Math.max(...points.map((point) => point.bps), 0) || idlePeakBps;
  // A round step a row keeps every label a short number.
  const stepMbps = roundStep(peak / 1e6 / (options.height ?? plotHeight));
  const height = Math.max(2, Math.ceil(peak / 1e6 / stepMbps - 0.02));
  const maxMbps = stepMbps * height;
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(stepMbps) + 1e-9)));
  const format = (value: number): string => value.toFixed(decimals);
  const marginWidth =
    Math.max(format(0).length, format(maxMbps).length, format(maxMbps / height).length) + 2;
  const width = options.columns - marginWidth;
  const values = resample(points, span, width).map((value) =>
    value === null ? null : value / 1e6,
  );
  const grid = plotValues(values, { height, max: maxMbps, format });
  const dark = shadedColumns(windows, span, width);
  const rows = grid.rows.map((cells, row) => {
    const body = cells.map((cell, column) => {
      if (cell !== ' ') return cell === '┼' ? '─' : cell;
      return dark[column] ? shade : ' ';
    });
    return styles.dim((grid.margins[row] ?? '').replace('┼', '┤')) + colourRow(body, styles);
  });
  const indent = ' '.repeat(marginWidth - 1);
  const ticks = timeTicks(span, width, 9);
  return [
    ...rows.map((row) => row.trimEnd()),
    indent + styles.dim(`└${axisRule(span, width, ticks)}`),
    ...markRows(moments, span, width).map((row) => `${indent} ${styles.bold(row)}`),
    `${indent} ${axisLabels(span, width, ticks)}`,
  ];
}

/** Which columns lie in an outage; an outage always takes at least one. */
function shadedColumns(windows: OutageWindow[], span: TimeSpan, width: number): boolean[] {
  const dark = new Array<boolean>(width).fill(false);
  for (const window of windows) {
    if (window.endMs < span.startMs || window.startMs > span.endMs) continue;
    const last = columnOf(window.endMs, span, width);
    const short = window.endMs - window.startMs < (span.endMs - span.startMs) / width;
    const first = short ? last : columnOf(window.startMs, span, width);
    for (let column = first; column <= last; column += 1) {
      dark[column] = true;
    }
  }
  return dark;
}

function colourRow(cells: string[], styles: Styles): string {
  let text = '';
  for (const group of cells.join('').match(/░+| +|[^░ ]+/g) ?? []) {
    if (group.startsWith(shade)) text += styles.red(group);
    else text += group.startsWith(' ') ? group : styles.cyan(group);
  }
  return text;
}

/** Letters under their moments; a second row where two fall into one column. */
function markRows(moments: Moment[], span: TimeSpan, width: number): string[] {
  const rows: string[][] = [];
  for (const moment of moments) {
    if (moment.atMs < span.startMs || moment.atMs > span.endMs) continue;
    const column = columnOf(moment.atMs, span, width);
    let row = rows.find((cells) => cells[column] === ' ');
    if (row === undefined) {
      row = new Array<string>(width).fill(' ');
      rows.push(row);
    }
    row[column] = moment.letter;
  }
  return rows.map((row) => row.join('').trimEnd());
}

function legend(moments: Moment[], windows: OutageWindow[], options: ChartOptions): string[] {
  const parts = moments.map(
    (moment) => `${moment.letter} ${formatMs(moment.atMs)} ${escapeText(moment.text)}`,
  );
  if (windows.length > 0) {
    const open = windows.some((window) => window.censored);
    parts.push(`${shade} network outage${open ? ' (did not end)' : ''}`);
  }
  return packParts(parts, options.columns);
}

/** Parts side by side, three spaces apart, on as few lines as they need. */
export function packParts(parts: string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 3 + part.length <= columns) {
      lines[lines.length - 1] = `${last}   ${part}`;
    } else if (part.length <= columns) lines.push(part);
    else lines.push(...wrapText(part, columns).map((line) => clip(line, columns)));
  }
  return lines;
}
