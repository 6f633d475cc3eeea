/** The body of report.html: its sections, with everything that needs no script already in place. */

import { compareRuns } from '../../harness/judge/compare.js';
import type { TrialChart } from '../../harness/model/result.js';
import { formatCount } from '../format.js';
import { throughputChart } from '../picture/throughput-chart.js';
import { sentencesOf } from '../reasons/index.js';
import type { PageData } from './data.js';
import { type Html, html } from './markup.js';
import type { ReportInput } from './page-data.js';
import { compareStrips, compareTable } from './view/compare.js';
import { pageHead, trialHead } from './view/first-screen.js';
import { gate } from './view/judgement.js';
import { momentAt, pathStretches, tellingMomentMs } from './view/moment.js';
import { environment, reproduction } from './view/record.js';
import { eras, momentText, topologySvg } from './view/topology.js';
import { trialParts } from './view/trial-parts.js';

function section(id: string, title: string, content: Html): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}

function topologyPanel(data: PageData, charts: TrialChart[], trialIndex: number): Html | null {
  const trial = data.result.trials[trialIndex];
  if (!data.drawing || !trial) return null;
  const chart = charts[trialIndex];
  const atMs = tellingMomentMs(trial, chart);
  const moment = momentAt(trial, chart, atMs);
  return html`<section class="panel network" aria-labelledby="network-title">
    <h2 id="network-title" class="small-title">The network, moment by moment</h2>
    <div id="topology">${topologySvg(data.drawing, moment)}</div>
    <div class="scrubber">
      <div class="scrub-row scripted"><button type="button" id="play" aria-label="Play the failover">▶</button>
      <input type="range" id="scrubber" aria-label="Time" min="0" max="${Math.max(1, Math.ceil(chart?.trafficEndMs ?? atMs))}" step="10" value="${atMs}"></div>
      <div id="jumps" class="jumps scripted"></div>
      <p id="moment">${momentText(moment)}</p>
      <p class="scripted"><a id="permalink" href="#trial=${trialIndex + 1}">Link to this trial and moment</a></p>
    </div>
    <div id="eras">${eras(pathStretches(trial))}</div>
  </section>`;
}

/** Without a script the throughput of the chosen trial; the script puts all charts in its place. */
function chartSection({ result }: PageData, charts: TrialChart[], chosen: number): Html {
  const [trial, chart] = [result.trials[chosen], charts[chosen]];
  return html`
  <div class="toolbar scripted" role="group" aria-label="Zoom">
    <button type="button" data-zoom="fault">Fault</button><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="all">Whole run</button>
    <span class="hint">Drag to zoom, double click to reset; arrow keys, + and − work too.</span>
  </div>
  <div id="charts" tabindex="0" role="group" aria-label="Charts over time: throughput, packet loss and one-way delay" aria-describedby="readout">${trial && chart && throughputChart(trial, chart)}</div>
  <p id="readout" class="readout scripted"></p>
  <div id="legend" class="legend scripted"></div>
  <p class="downloads scripted"><button type="button" data-download="charts">Download the charts of this trial as CSV</button></p>`;
}

function eventNote({ events }: PageData): string {
  if (events.thinned.length === 0) return `${formatCount(events.total)} events, all included.`;
  return `${formatCount(events.embedded)} of ${formatCount(events.total)} events are included; of ${events.thinned.join(', ')} only a sample. The complete record is history.ndjson beside this report.`;
}

function recordSection(data: PageData): Html {
  return html`
  <p class="downloads scripted"><button type="button" data-download="result">Download result.json</button>
  <button type="button" data-download="history">Download history.ndjson${data.events.thinned.length > 0 && ' (sample)'}</button></p>
  <h3>Reproduce</h3>${reproduction(data)}
  <div class="scripted"><h3 id="events-title">Events</h3>
  <p>${eventNote(data)}</p>
  <div class="toolbar filters">
    <label>Kind <select id="event-kind"><option value="">all kinds</option></select></label>
    <label>Text <input type="search" id="event-text" autocomplete="off" spellcheck="false"></label>
    <label><input type="checkbox" id="event-zoom"> only the time range of the charts</label>
    <label><input type="checkbox" id="event-trial"> only this trial</label>
    <output id="event-count" for="event-kind event-text event-zoom event-trial"></output>
  </div>
  <div id="events"></div>
  <pre id="event-detail" tabindex="0" aria-label="Selected event" hidden></pre>
  <h3>Logs</h3><div id="logs"></div></div>
  <h3>Environment</h3>${environment(data)}
  <details><summary>Resolved scenario</summary><pre tabindex="0" aria-label="Resolved scenario">${data.scenarioJson}</pre></details>`;
}

function comparison({ compare }: ReportInput): Html | null {
  if (!compare || compare.length === 0) return null;
  const { sides, warnings } = compareRuns(compare);
  return html`${compareTable(sides, sentencesOf(warnings))}${compareStrips(sides, compare)}<div id="compare-chart"></div>`;
}

function sections(
  data: PageData,
  input: ReportInput,
  chosen: number,
): Array<[string, string, Html]> {
  const compared = comparison(input);
  const any = data.result.trials.length > 0;
  const measured = input.run.charts.some((chart) => chart.trafficEndMs > 0);
  const parts = trialParts(data, chosen);
  const part = (id: string) => html`<div id="${id}">${parts[id]}</div>`;
  const list: Array<[string, string, Html] | null> = [
    compared ? ['compare', 'Strategies side by side', compared] : null,
    measured ? ['timeline', 'Timeline', chartSection(data, input.run.charts, chosen)] : null,
    any ? ['phases', 'Where the time went', part('waterfalls')] : null,
    data.result.trials.length > 1
      ? ['trials', 'Trials', html`${part('strips')}${part('trial-table')}`]
      : null,
    any ? ['expectations', 'Expectations', part('expectation-table')] : null,
    input.baseline ? ['gate', 'Against the baseline', gate(input.baseline)] : null,
    any ? ['evidence', 'Evidence', part('evidence-parts')] : null,
    ['record', 'The record', recordSection(data)],
  ];
  return list.filter((each) => each !== null);
}

/** The whole body. `chosen` is the trial shown first. */
export function bodyOf(data: PageData, input: ReportInput, chosen: number): Html {
  const { charts } = input.run;
  const parts = sections(data, input, chosen);
  return html`
<a class="skip" href="#main">Skip to the report</a>
<header class="top"><span class="brand">failover-lab</span>
<nav aria-label="Sections">${parts.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
<button type="button" id="theme" class="quiet scripted">Dark</button></header>
<main id="main" data-trial="${chosen}">
  <section class="hero" aria-labelledby="question">
    ${pageHead(data)}
    <div class="first"><div id="trial-head">${trialHead(data, chosen)}</div>${topologyPanel(data, charts, chosen)}</div>
  </section>
  ${parts.map(([id, title, content]) => section(id, title, content))}
</main>
<footer>Made by failover-lab ${data.result.environment.failoverLab}. Run ${data.result.runId}.</footer>`;
}
