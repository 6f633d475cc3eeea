/** The pages of `failover-lab show`: the list of runs, and the view of a run that is under way. */
import { formatCount, formatMs } from '../format.js';
import { clientBundle } from './client-bundle.js';
import { type Html, html, named } from './markup.js';
import { pageOf } from './page.js';
import { verdictChip } from './view/first-screen.js';

/** A run as the list shows it. */
export interface RunRow {
  scenario: string;
  time: string;
  state: string;
  verdict: string | null;
  question: string;
  trials: number | null;
  outageMedianMs: number | null;
  /** Trials that never recovered. */
  censored: number;
}

function addressOf(run: { scenario: string; time: string }): string {
  return `/run/${encodeURIComponent(run.scenario)}/${encodeURIComponent(run.time)}`;
}

function row(run: RunRow): Html {
  const address = addressOf(run);
  const finished = run.state === 'finished';
  return html`<tr>
    <th scope="row"><a href="${finished ? `${address}/report.html` : `${address}/`}">${named(run.scenario)}</a></th>
    <td>${run.verdict === null ? html`<span class="chip ${run.state}">${run.state}</span>` : verdictChip(run.verdict)}</td>
    <td class="figure">${run.outageMedianMs === null && run.censored > 0 ? 'no recovery' : formatMs(run.outageMedianMs)}</td>
    <td class="figure">${formatCount(run.trials)}</td>
    <td class="figure">${named(run.time)}</td>
    <td dir="auto">${run.question}</td>
    <td class="figure"><a href="${address}/">live view</a></td>
  </tr>`;
}

function rows(runs: RunRow[]): Html {
  if (runs.length === 0) return html`<tr><td colspan="7">No run has been recorded yet.</td></tr>`;
  return html`${runs.map(row)}`;
}

/** The rows alone, for the list that renews itself. */
export function runRowsHtml(runs: RunRow[]): string {
  return rows(runs).text;
}

async function page(title: string, body: Html): Promise<string> {
  const { live } = await clientBundle();
  return pageOf({
    title,
    body,
    style: live.style,
    script: live.script,
    data: [],
    connect: "'self'",
  });
}

const top = html`<header class="top"><a class="brand" href="/">failover-lab</a><nav aria-label="Pages"><a href="/">All runs</a></nav><button type="button" id="theme" class="quiet">Dark</button></header>`;

export function liveListHtml(runs: RunRow[]): Promise<string> {
  return page(
    'Runs – failover-lab',
    html`${top}<main id="main"><section aria-labelledby="runs-title"><h1 id="runs-title" class="list-title">Runs</h1>
    <div class="scroll-x" tabindex="0" role="region" aria-label="Table of runs"><table>
    <thead><tr><th scope="col">Scenario</th><th scope="col">Verdict</th><th scope="col" class="figure">Network outage, median</th><th scope="col" class="figure">Trials</th><th scope="col" class="figure">Time</th><th scope="col">Question</th><th scope="col">Live</th></tr></thead>
    <tbody id="runs">${rows(runs)}</tbody></table></div></section></main>`,
  );
}

export function livePageHtml(scenario: string, time: string): Promise<string> {
  const address = addressOf({ scenario, time });
  return page(
    `${scenario}, live – failover-lab`,
    html`${top}<main id="main" data-live="${address}/stream" data-judged="${address}/judged.json">
    <section class="hero" aria-labelledby="question">
      <p class="kicker">${named(scenario)} <span aria-hidden="true">·</span> ${named(time)}</p>
      <h1 id="question" dir="auto">Waiting for the record…</h1>
      <p class="verdict-line"><span id="live-state" class="chip running" role="status">connecting</span> <span id="live-phase"></span></p>
      <div class="first"><div id="live-numbers"><div class="numbers">
        <div class="number"><h2 class="small-title">Now</h2><p class="big" id="live-clock">–</p><p class="bound" id="live-trial"></p></div>
        <div class="number"><h2 class="small-title">Throughput</h2><p class="big" id="live-rate">–</p><p class="bound" id="live-host"></p></div>
        <div class="number"><h2 class="small-title">Packets missing so far</h2><p class="big" id="live-lost">–</p><p class="bound" id="live-silence"></p></div>
      </div></div>
      <section class="panel network" aria-labelledby="network-title"><h2 id="network-title" class="small-title">The network now</h2><div id="topology"></div><p id="moment"></p></section></div>
    </section>
    <section aria-labelledby="rate-title"><h2 id="rate-title">Throughput, last minute</h2><div id="live-chart"></div></section>
    <section aria-labelledby="news-title"><h2 id="news-title">What happened</h2><ol id="news" class="news" reversed></ol></section>
    <p id="live-links"><a href="${address}/report.html">report</a> <a href="${address}/history.ndjson">history.ndjson</a> <a href="${address}/result.json">result.json</a></p>
    </main>`,
  );
}
