/** Throughput, loss strip and one-way delay, all on one time axis. */
import uPlot from 'uplot';
import type { TrialChart } from '../../../harness/model/result.js';
import { formatBps, formatRoundMs } from '../../format.js';
import { framed, timeAxis, valueAxis } from './chart-frame.js';
import { startReadout } from './readout.js';
import type { ReaderState } from './state.js';
import { colour } from './theme.js';
import { need } from './unpack.js';

export const seriesCount = 6;

/** The colour token of the n-th series. */
export function seriesToken(index: number): string {
  return `series-${index % seriesCount}`;
}

/** Steps: each interval's rate from its start to its end, with a break after the last. */
export function throughputTable(
  points: TrialChart['throughput'][number]['points'],
): [number[], Array<number | null>] {
  const times: number[] = [];
  const rates: Array<number | null> = [];
  points.forEach((point, index) => {
    times.push(point.startMs);
    rates.push(point.bps);
    const next = points[index + 1];
    if (!next || next.startMs > point.endMs + 1) {
      times.push(point.endMs);
      rates.push(next ? null : point.bps);
    }
  });
  return [times, rates];
}

/**
 * Tables on one time axis. A null within a table is a break of its line, also where the other
 * tables have times of their own beside it.
 */
function joined(tables: uPlot.AlignedData[], endMs: number): uPlot.AlignedData {
  const frame: uPlot.AlignedData = [
    [0, endMs],
    [null, null],
  ];
  const keepWide = 2;
  const all = [frame, ...tables];
  return uPlot.join(
    all,
    all.map((table) => table.map((_column, index) => (index === 0 ? 0 : keepWide))),
  );
}

function throughputChart(
  state: ReaderState,
  onCursor: (atMs: number | null) => void,
): [Omit<uPlot.Options, 'width'>, uPlot.AlignedData] {
  const flows = state.chart?.throughput ?? [];
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const series: uPlot.Series[] = flows.map((flow, index) => ({
    label: flow.flow,
    stroke: colour(seriesToken(index)),
    ...(flows.length === 1 ? { fill: colour('series-0-fill') } : {}),
    width: 1.75,
    spanGaps: true,
    points: { show: false },
    ...(stepped ? { paths: stepped } : {}),
  }));
  const options = framed(
    state,
    { height: 240, labels: true, onCursor },
    {
      series: [{}, { show: false }, ...series],
      axes: [
        timeAxis(false),
        valueAxis((values) => values.map((value) => formatBps(value).replace('.0 ', ' '))),
      ],
      scales: { y: { range: (_chart, _min, max) => [0, Math.max(1, (max ?? 1) * 1.08)] } },
    },
  );
  const tables = flows.map((flow) => throughputTable(flow.points) as uPlot.AlignedData);
  return [options, joined(tables, state.endMs)];
}

/** Lanes of the loss strip from top to bottom: one per meter and direction. */
function drawLosses(chart: uPlot, state: ReaderState): void {
  const { ctx, bbox } = chart;
  const meters = state.chart?.meters ?? [];
  const lane = bbox.height / Math.max(1, meters.length);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  meters.forEach((meter, index) => {
    const top = bbox.top + lane * index + lane * 0.2;
    ctx.fillStyle = colour('lane');
    ctx.fillRect(bbox.left, top, bbox.width, lane * 0.6);
    ctx.fillStyle = colour('fail');
    for (const loss of meter.losses) {
      const from = chart.valToPos(loss.startMs, 'x', true);
      const to = chart.valToPos(loss.endMs, 'x', true);
      if (to < bbox.left || from > bbox.left + bbox.width) continue;
      ctx.fillRect(from, top, Math.max(devicePixelRatio, to - from), lane * 0.6);
    }
  });
  ctx.restore();
}

function lossChart(
  state: ReaderState,
  onCursor: (atMs: number | null) => void,
): [Omit<uPlot.Options, 'width'>, uPlot.AlignedData] {
  const meters = state.chart?.meters ?? [];
  const several = new Set(meters.map((meter) => meter.meter)).size > 1;
  const count = Math.max(1, meters.length);
  const options = framed(
    state,
    { height: 24 + count * 22, labels: false, onCursor },
    {
      series: [{}, { show: false }],
      axes: [
        timeAxis(false),
        {
          ...valueAxis(() => []),
          grid: { show: false },
          splits: () => meters.map((_meter, index) => count - index - 0.5),
          values: () =>
            meters.map((meter) =>
              several ? `${meter.meter} ${meter.direction}` : meter.direction,
            ),
        },
      ],
      scales: { y: { range: [0, count] } },
      draw: (chart) => drawLosses(chart, state),
    },
  );
  return [
    options,
    [
      [0, state.endMs],
      [null, null],
    ],
  ];
}

/** Delay by time; where windows are missing, because nothing arrived, the lines are broken. */
function delayTable(points: TrialChart['meters'][number]['delay']): uPlot.AlignedData {
  const steps = points.slice(1).map((point, index) => point.atMs - (points[index]?.atMs ?? 0));
  const usualMs = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const rows: Array<[number, number | null, number | null, number | null]> = [];
  points.forEach((point, index) => {
    rows.push([point.atMs, point.medianMs, point.maxMs, point.minMs]);
    if ((steps[index] ?? 0) > usualMs * 2.5) rows.push([point.atMs + usualMs, null, null, null]);
  });
  return [0, 1, 2, 3].map((column) => rows.map((row) => row[column])) as uPlot.AlignedData;
}

function delayChart(
  state: ReaderState,
  onCursor: (atMs: number | null) => void,
): [Omit<uPlot.Options, 'width'>, uPlot.AlignedData] {
  const meters = state.chart?.meters ?? [];
  const series: uPlot.Series[] = [{}, { show: false }];
  const bands: uPlot.Band[] = [];
  const tables: uPlot.AlignedData[] = [];
  meters.forEach((meter, index) => {
    const stroke = colour(seriesToken(index + 1));
    const first = series.length;
    const edge: uPlot.Series = { width: 0, points: { show: false }, spanGaps: false };
    series.push({ stroke, width: 1.5, points: { show: false }, spanGaps: false }, edge, edge);
    bands.push({ series: [first + 1, first + 2], fill: colour(`${seriesToken(index + 1)}-fill`) });
    tables.push(delayTable(meter.delay));
  });
  const options = framed(
    state,
    { height: 170, labels: false, onCursor },
    {
      series: series.map((each) => ({ ...each })),
      bands,
      axes: [timeAxis(true), valueAxis((values) => values.map((value) => formatRoundMs(value)))],
      scales: { y: { range: (_chart, _min, max) => [0, Math.max(0.1, (max ?? 0.1) * 1.1)] } },
    },
  );
  return [options, joined(tables, state.endMs)];
}

const parts = [
  { title: 'Throughput', make: throughputChart },
  { title: 'Lost packets of the meter, one mark each', make: lossChart },
  {
    title: 'One-way delay: median, with the range from minimum to maximum shaded',
    make: delayChart,
  },
];

function drawAll(state: ReaderState, onCursor: (atMs: number | null) => void): uPlot[] {
  const place = need('#charts');
  place.replaceChildren();
  return parts.map(({ title, make }) => {
    const head = document.createElement('h3');
    head.textContent = title;
    const box = document.createElement('div');
    box.className = 'chart';
    place.append(head, box);
    const [options, data] = make(state, onCursor);
    return new uPlot({ ...options, width: Math.max(280, place.clientWidth) }, data, box);
  });
}

/** Starts the charts and keeps them at the state's trial, zoom, moment, theme and width. */
export function startTimeCharts(state: ReaderState): void {
  const onCursor = startReadout(state);
  let charts: uPlot[] = [];
  const renew = () => {
    for (const chart of charts) chart.destroy();
    charts = drawAll(state, onCursor);
    need('#charts').dataset.ready = 'yes';
  };
  const follow = () => {
    const [min, max] = state.zoom;
    for (const chart of charts) {
      if (chart.scales.x?.min !== min || chart.scales.x?.max !== max)
        chart.setScale('x', { min, max });
    }
    need('#charts').dataset.zoom = `${min} ${max}`;
  };
  state.on('trial', renew);
  state.on('theme', renew);
  state.on('zoom', follow);
  state.on('moment', () => {
    for (const chart of charts) chart.redraw(false, false);
  });
  new ResizeObserver(() => {
    const width = Math.max(280, need('#charts').clientWidth);
    for (const chart of charts)
      if (chart.width !== width) chart.setSize({ width, height: chart.height });
  }).observe(need('#charts'));
  renew();
  follow();
}
