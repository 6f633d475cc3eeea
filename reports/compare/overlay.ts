/** Throughput of several strategies on one time axis: overlaid in colour, stacked without. */
import type { CompareSide } from '../../harness/judge/compare.js';
import { medianOf } from '../../harness/judge/units.js';
import { escapeText, shorten } from '../escape.js';
import { formatMs } from '../format.js';
import {
  axisLabels,
  axisRule,
  columnOf,
  roundStep,
  type TimeSpan,
  timeTicks,
} from '../terminal/axis.js';
import { packParts } from '../terminal/chart.js';
import type { Layout } from '../terminal/layout.js';
import { plotValues, resample } from '../terminal/plot.js';
import type { Style } from '../terminal/style.js';

type Series = NonNullable<CompareSide['series']>;

interface Drawn {
  label: string;
  series: Series;
  style: Style;
}

const overlayHeight = 10;
const stackedHeight = 4;
const marginWidth = 6;

/** Lines of the charts; a sentence when no side has a series. */
export function renderOverlay(
  compare: { sides: ReadonlyArray<Pick<CompareSide, 'label' | 'series'>> },
  layout: Layout & { colour: boolean },
): string[] {
  const { styles, columns } = layout;
  const palette = [
    styles.cyan,
    styles.yellow,
    styles.magenta,
    styles.green,
    styles.blue,
    styles.red,
  ];
  const drawn = compare.sides.flatMap((side, index) => {
    const style = palette[index % palette.length] ?? ((text: string) => text);
    const label = shorten(escapeText(side.label), 40);
    return side.series === null ? [] : [{ label, series: side.series, style }];
  });
  if (drawn.length === 0) return ['no throughput around a fault was recorded'];
  const span = commonSpan(drawn.map((each) => each.series));
  const width = columns - marginWidth;
  const ticks = timeTicks(span, width, 9);
  const axis = [
    `${' '.repeat(marginWidth - 1)}${styles.dim(`└${axisRule(span, width, ticks)}`)}`,
    `${' '.repeat(marginWidth)}${axisLabels(span, width, ticks)}`,
  ];
  const { topBps, cut } = topOf(drawn);
  const body = layout.colour
    ? [...overlaid(drawn, topBps, span, width, layout), ...axis, ...legend(drawn, columns)]
    : [...drawn.flatMap((each) => stacked(each, topBps, span, width)), ...axis];
  return [cut ? 'Mbit/s; higher peaks are clipped' : 'Mbit/s', ...body];
}

/** From shortly before the fault to shortly after the slowest recovery. */
function commonSpan(series: Series[]): TimeSpan {
  const ends = series.map((each) => {
    const dark = each.outages.map((outage) => outage.endMs ?? each.trafficEndMs);
    return Math.max(
      0,
      each.movingAgainMs ?? each.trafficEndMs,
      ...dark.filter((end) => end <= (each.healedMs ?? Infinity)),
    );
  });
  const lengthMs = Math.max(1000, ...ends);
  const limitMs = Math.max(...series.map((each) => each.trafficEndMs));
  return { startMs: -lengthMs * 0.15, endMs: Math.min(lengthMs * 1.3, Math.max(limitMs, 1000)) };
}

/**
 * Top of the common scale. The first interval after a stall may deliver many times the rate, all
 * that a receiver had waiting at once; on its scale the rest of the chart would be a flat line.
 */
function topOf(drawn: Drawn[]): { topBps: number; cut: boolean } {
  const rates = drawn.flatMap(({ series }) => series.points.map((point) => point.bps));
  const usual = medianOf(rates.filter((bps) => bps > 0)) ?? 0;
  const peak = Math.max(1000, ...rates);
  const limit = Math.max(1000, usual * 2);
  return { topBps: Math.min(peak, limit), cut: peak > limit };
}

function scaleFor(peakBps: number, height: number): { step: number; rows: number } {
  const step = roundStep(peakBps / 1e6 / height);
  return { step, rows: Math.max(2, Math.ceil(peakBps / 1e6 / step - 0.02)) };
}

function gridOf(series: Series, topBps: number, span: TimeSpan, width: number, height: number) {
  const { step, rows } = scaleFor(topBps, height);
  const values = resample(series.points, span, width).map((bps) =>
    bps === null ? null : Math.min(bps / 1e6, step * rows),
  );
  const format = (value: number): string =>
    value.toFixed(step < 1 ? 1 : 0).padStart(marginWidth - 2);
  return plotValues(values, { height: rows, max: step * rows, format });
}

/** All series in one frame; where two meet, the later strategy is on top. */
function overlaid(
  drawn: Drawn[],
  topBps: number,
  span: TimeSpan,
  width: number,
  { styles }: Layout,
): string[] {
  const grids = drawn.map(({ series }) => gridOf(series, topBps, span, width, overlayHeight));
  const zero = columnOf(0, span, width);
  const margins = grids[0]?.margins ?? [];
  return margins.map((margin, row) => {
    let line = styles.dim(margin.replace('┼', '┤'));
    for (let column = 0; column < width; column += 1) {
      const owner = grids.findLastIndex((grid) => (grid.rows[row]?.[column] ?? ' ') !== ' ');
      const cell = grids[owner]?.rows[row]?.[column];
      if (cell === undefined) line += column === zero ? styles.dim('┊') : ' ';
      else line += drawn[owner]?.style(cell.replace('┼', '─')) ?? cell;
    }
    return line;
  });
}

/** One low chart a strategy, its outages shaded, its name above. */
function stacked(
  { label, series }: Drawn,
  topBps: number,
  span: TimeSpan,
  width: number,
): string[] {
  const grid = gridOf(series, topBps, span, width, stackedHeight);
  const zero = columnOf(0, span, width);
  const dark = series.outages.map((outage) => {
    const endMs = outage.endMs ?? series.trafficEndMs;
    const last = columnOf(endMs, span, width);
    const short = endMs - outage.startMs < (span.endMs - span.startMs) / width;
    return endMs < span.startMs || outage.startMs > span.endMs
      ? null
      : { first: short ? last : columnOf(outage.startMs, span, width), last };
  });
  return [
    `${' '.repeat(marginWidth)}${label}: ${summaryOf(series)}`,
    ...grid.rows.map((cells, row) => {
      const body = cells.map((cell, column) => {
        if (cell !== ' ') return cell === '┼' ? '─' : cell;
        if (dark.some((each) => each !== null && column >= each.first && column <= each.last))
          return '░';
        return column === zero ? '┊' : ' ';
      });
      return (grid.margins[row] ?? '').replace('┼', '┤') + body.join('');
    }),
  ];
}

function summaryOf({ trial, movingAgainMs }: Series): string {
  const moving =
    movingAgainMs === null
      ? 'TCP not observed to resume'
      : `TCP resumes after ${formatMs(movingAgainMs)}`;
  return `trial ${trial + 1}, ${moving}`;
}

function legend(drawn: Drawn[], columns: number): string[] {
  const parts = drawn.map(({ label, series }) => `── ${label}: ${summaryOf(series)}`);
  const lines = packParts([...parts, '┊ fault'], columns);
  return lines.map((line) =>
    drawn.reduce(
      (text, { label, style }) => text.replace(`── ${label}:`, `${style('──')} ${label}:`),
      line,
    ),
  );
}
