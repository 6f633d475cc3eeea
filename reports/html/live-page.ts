/** The page of `failover-lab show` for a run that is under way. */
import { clientBundle } from './client-bundle.js';
import { type Html, html, named } from './markup.js';
import { pageOf } from './page.js';

/** Where a recorded run is served. */
export function addressOf(run: { scenario: string; time: string }): string {
  return `/run/${encodeURIComponent(run.scenario)}/${encodeURIComponent(run.time)}`;
}

/** A page of the server, with the scripts of the live view. */
export async function servedPage(title: string, body: Html): Promise<string> {
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

export const top = html`<header class="top"><a class="brand" href="/">failover-lab</a><nav aria-label="Pages"><a href="/">All runs</a></nav><button type="button" id="theme" class="quiet">Dark</button></header>`;

export function livePageHtml(scenario: string, time: string): Promise<string> {
  const address = addressOf({ scenario, time });
  return servedPage(
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
