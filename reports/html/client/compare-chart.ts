/** Strategies overlaid: one typical trial of each, all with the fault at zero. */
import uPlot from 'uplot';
import type { CompareSide } from '../../../harness/judge/compare.js';
import { formatBps } from '../../format.js';
import { html, named } from '../markup.js';
import { sideKey } from '../view/compare.js';
import { axisSeconds, timeAxis, valueAxis } from './chart-frame.js';
import type { ReaderState } from './state.js';
import { colour } from './theme.js';
import { seriesToken, throughputTable } from './time-charts.js';
import { need } from './unpack.js';

/** From a little before the fault to a little after the slowest strategy has recovered. */
function spanOf(sides: CompareSide[]): [number, number] {
  const ends = sides.map(({ series }) => series?.movingAgainMs ?? series?.trafficEndMs ?? 1000);
  const outages = sides.flatMap(({ series }) => series?.outages ?? []);
  const slowestMs = Math.max(500, ...ends, ...outages.map((outage) => outage.endMs ?? 0));
  return [-slowestMs * 0.3, slowestMs * 1.4];
}

export function startCompareChart(state: ReaderState): void {
  const sides = state.data.compare;
  const place = document.getElementById('compare-chart');
  const drawn = sides.filter((side) => side.series !== null);
  if (drawn.length === 0 || !place) return;
  place.innerHTML =
    html`<h3>Throughput, fault at zero</h3><div class="chart"></div><p class="readout">${sides.map((side, index) => html`<span class="reading">${sideKey(index)}${named(side.label)} ${side.series && html`<small>trial ${side.series.trial + 1}</small>`}</span>`)}</p>`.text;
  const data = uPlot.join(
    drawn.map((side) => throughputTable(side.series?.points ?? []) as uPlot.AlignedData),
  );
  const [startMs, endMs] = spanOf(drawn);
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  let chart: uPlot | undefined;
  const renew = () => {
    chart?.destroy();
    chart = new uPlot(
      {
        width: Math.max(280, place.clientWidth),
        height: 260,
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: true, y: false } },
        scales: {
          x: { time: false, min: startMs, max: endMs },
          y: { range: (_chart, _min, max) => [0, Math.max(1, (max ?? 1) * 1.08)] },
        },
        axes: [
          { ...timeAxis(true), values: (_chart, values) => axisSeconds(values) },
          valueAxis((values) => values.map((value) => formatBps(value))),
        ],
        series: [
          {},
          ...drawn.map((side) => ({
            label: side.label,
            stroke: colour(seriesToken(sides.indexOf(side))),
            width: 1.75,
            spanGaps: true,
            points: { show: false },
            ...(stepped ? { paths: stepped } : {}),
          })),
        ],
      },
      data,
      need<HTMLElement>('#compare-chart .chart'),
    );
  };
  state.on('theme', renew);
  new ResizeObserver(() =>
    chart?.setSize({ width: Math.max(280, place.clientWidth), height: 260 }),
  ).observe(place);
  renew();
}
