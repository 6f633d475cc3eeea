/** The throughput chart of a run as a picture that stands alone, for places that show no page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { medianTrial } from '../../harness/judge/median-trial.js';
import type { JudgedRun } from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';
import { headlineSentence } from '../headline.js';
import { html, shortened } from '../html/markup.js';
import { chartSize, throughputChart } from './throughput-chart.js';

/** Size of the picture in pixels: a line of heading, the chart, a line of numbers. */
export const pictureSize = { width: chartSize.width, height: 440 };
const chartTop = 56;
/** Characters of the widest text that the last line holds in its size of letters. */
const sentenceLength = 140;

const fontFamily = 'DejaVu Sans';

/** The page's light colours, with the shades as opacities, which every SVG reader draws alike. */
const style = `
text { font-family: ${fontFamily}, sans-serif; font-size: 13px; fill: #58626b }
.ground { fill: #ffffff }
.scenario { font-size: 24px; fill: #1b2126 }
.verdict { font-size: 24px; fill: #855400 }
.verdict.pass { fill: #14703a }
.verdict.fail { fill: #b3261e }
.sentence { font-size: 15px; fill: #1b2126 }
.rate { text-anchor: end }
.time { text-anchor: middle }
.grid { stroke: #dde2e6; fill: none }
.mark { stroke: #58626b; fill: none; opacity: 0.7 }
.fault { fill: #b3261e; opacity: 0.07 }
.outage { fill: #b3261e; opacity: 0.16 }
.rates { fill: none; stroke-width: 2 }
.series-0 { stroke: #1f5fbf }
.series-1 { stroke: #0e7c7b }
.series-2 { stroke: #b4530f }
.series-3 { stroke: #7b3fb3 }
.series-4 { stroke: #6b6f16 }
.series-5 { stroke: #a8336f }
`;

/** The chart of the run's median trial as an SVG document of 1200 × 440 pixels. */
export function throughputSvg(run: JudgedRun): string {
  const { scenario, verdict } = run.result;
  const chosen = medianTrial(run);
  const { width, height } = pictureSize;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${style}</style><rect class="ground" width="${width}" height="${height}"/><text class="scenario" x="24" y="38">${shortened(scenario, 40)}: <tspan class="verdict ${verdict}">${verdict}</tspan></text><g transform="translate(0 ${chartTop})">${chosen?.chart && throughputChart(chosen.trial, chosen.chart)}</g><text class="sentence" x="24" y="${height - 20}">${shortened(headlineSentence(run), sentenceLength)}</text></svg>
`.text;
}

let started: Promise<void> | undefined;

/**
 * The same as a PNG, drawn by resvg. The letters come from a font that is part of the package, so
 * the picture is the same on every machine, also on one without fonts.
 */
export async function throughputPng(run: JudgedRun): Promise<Buffer> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const module = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  started ??= initWasm(readFileSync(module));
  await started;
  const font = readFileSync(join(packageRoot(), 'reports', 'picture', 'DejaVuSans-subset.ttf'));
  const drawing = new Resvg(throughputSvg(run), {
    font: { fontBuffers: [font], defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
  });
  return Buffer.from(drawing.render().asPng());
}
