/** What all charts on the time axis have in common: axis, shading, marks, zoom, cursor. */
import type uPlot from 'uplot';
import { outageWindows } from '../../moments.js';
import { faultAtMs } from '../view/moment.js';
import type { ReaderState } from './state.js';
import { colour } from './theme.js';

export const gutter = 78;
const syncKey = 'time';
const font = '12px system-ui, sans-serif';

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

/** Seconds with as many decimals as the step between two marks needs. */
export function axisSeconds(values: number[]): string[] {
  const step = Math.abs((values[1] ?? 1000) - (values[0] ?? 0)) / 1000;
  const decimals = [0, 1, 2, 3].find((each) => isWhole(step * 10 ** each)) ?? 4;
  return values.map((value) => `${(value / 1000).toFixed(decimals)} s`);
}

export function timeAxis(visible: boolean): uPlot.Axis {
  return {
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1, size: 5 },
    font,
    size: visible ? 34 : 8,
    space: 80,
    values: (_chart, values) => (visible ? axisSeconds(values) : values.map(() => '')),
  };
}

export function valueAxis(values: (values: number[]) => string[]): uPlot.Axis {
  return {
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font,
    size: gutter,
    space: 34,
    values: (_chart, list) => values(list),
  };
}

/** Faults while they were in place, and the outages within them, shaded under the data. */
function shadeWindows(chart: uPlot, state: ReaderState): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const shade = (startMs: number, endMs: number, token: string) => {
    const from = chart.valToPos(startMs, 'x', true);
    const to = chart.valToPos(endMs, 'x', true);
    ctx.fillStyle = colour(token);
    ctx.fillRect(from, bbox.top, Math.max(1, to - from), bbox.height);
  };
  for (const span of state.chart?.windows ?? []) {
    if (span.kind !== 'outage') shade(span.startMs, span.endMs ?? state.endMs, 'fault-shade');
  }
  for (const span of state.chart ? outageWindows(state.chart) : []) {
    shade(span.startMs, span.endMs, 'outage-shade');
  }
  ctx.restore();
}

function upright(chart: uPlot, atMs: number, stroke: string, dash: number[], width: number): void {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(atMs, 'x', true)) + 0.5;
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = width * devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** Labels of marks, left out where they would lie on one another. */
function labelMarks(chart: uPlot, state: ReaderState): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colour('muted');
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  let freeFrom = bbox.left;
  for (const mark of [...(state.chart?.marks ?? [])].sort((a, b) => a.atMs - b.atMs)) {
    const x = chart.valToPos(mark.atMs, 'x', true) + 4 * devicePixelRatio;
    const width = ctx.measureText(mark.label).width;
    if (x < freeFrom || x + width > bbox.left + bbox.width) continue;
    ctx.fillText(mark.label, x, bbox.top + 3 * devicePixelRatio);
    freeFrom = x + width + 8 * devicePixelRatio;
  }
  ctx.restore();
}

function drawMarks(chart: uPlot, state: ReaderState, labels: boolean): void {
  for (const mark of state.chart?.marks ?? []) {
    upright(chart, mark.atMs, colour('mark'), [2, 4], 1);
  }
  const fault = state.trial ? faultAtMs(state.trial) : null;
  if (fault !== null) upright(chart, fault, colour('fail'), [], 1);
  upright(chart, state.atMs, colour('accent'), [6, 3], 1.5);
  if (labels) labelMarks(chart, state);
}

/** Options shared by the charts; `labels` writes the marks' names into this one. */
export function framed(
  state: ReaderState,
  options: { height: number; labels: boolean; onCursor: (atMs: number | null) => void },
  own: Pick<uPlot.Options, 'series' | 'axes' | 'scales'> & {
    bands?: uPlot.Band[];
    draw?: (chart: uPlot) => void;
  },
): Omit<uPlot.Options, 'width'> {
  return {
    height: options.height,
    pxAlign: 0,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, setScale: true, dist: 4 },
      sync: {
        key: syncKey,
        setSeries: false,
        filters: { pub: (type) => /mousemove|mouseleave/.test(type) },
      },
      bind: {
        dblclick: () => () => {
          state.zoomTo(0, state.endMs);
          return null;
        },
      },
    },
    scales: { ...own.scales, x: { time: false, min: state.zoom[0], max: state.zoom[1] } },
    series: own.series,
    axes: own.axes ?? [],
    bands: own.bands ?? [],
    hooks: {
      drawClear: [(chart) => shadeWindows(chart, state)],
      draw: [
        (chart) => {
          own.draw?.(chart);
          drawMarks(chart, state, options.labels);
        },
      ],
      setScale: [
        (chart, key) => {
          const { min, max } = chart.scales.x ?? {};
          if (key === 'x' && typeof min === 'number' && typeof max === 'number') {
            state.zoomTo(min, max);
          }
        },
      ],
      setCursor: [
        (chart) => {
          const { left } = chart.cursor;
          const inside = left !== undefined && left !== null && left >= 0;
          options.onCursor(inside ? chart.posToVal(left, 'x') : null);
        },
      ],
    },
  };
}
