/** The difference of two runs as one HTML file, which needs no script and no network. */
import type { RunDiff } from '../../harness/judge/diff.js';
import { clientBundle } from '../html/client-bundle.js';
import { type Html, html, named } from '../html/markup.js';
import { pageOf } from '../html/page.js';
import { verdictChip } from '../html/view/first-screen.js';
import { diffChart } from './chart.js';
import { headRows, noteOf, numberRows, phaseRows, type Row, valueRows } from './rows.js';

const style = `
.side-a, .side-b { fill: none; stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.side-a { stroke: var(--muted); stroke-dasharray: 6 4; }
.side-b { stroke: var(--accent); }
.zero { stroke: var(--ink); stroke-dasharray: 2 4; }
.key { display: inline-block; width: 28px; border-top: 3px solid var(--accent); vertical-align: middle; }
.key.a { border-top: 3px dashed var(--muted); }
td.value { overflow-wrap: anywhere; }
`;

export async function renderDiffHtml(diff: RunDiff): Promise<string> {
  const { report } = await clientBundle();
  const [a, b] = diff.sides;
  const body = html`
<a class="skip" href="#main">Skip to the comparison</a>
<header class="top"><span class="brand">failover-lab</span></header>
<main id="main">
  <section class="hero" aria-labelledby="title">
    <p class="kicker">${named(a.scenario)} <span aria-hidden="true">·</span> <time>${a.wallTime}</time> and <time>${b.wallTime}</time></p>
    <h1 id="title">What changed from A to B</h1>
    <p class="verdict-line">A ${verdictChip(a.verdict)} B ${verdictChip(b.verdict)}</p>
    ${table('The two runs', '', headRows(diff))}
  </section>
  ${part('Numbers', table('Numbers', 'Number', numberRows(diff)))}
  ${part('Phases after the fault', table('Phases', 'Phase', phaseRows(diff)))}
  ${part('Throughput', html`<p><span class="key a" aria-hidden="true"></span> A, dashed &nbsp; <span class="key" aria-hidden="true"></span> B, solid; the dotted line is the fault</p>${diffChart(diff) ?? html`<p>No throughput around a fault was recorded.</p>`}`)}
  ${part('Environment', changed('Environment', valueRows(diff.environment)))}
  ${part('Scenario', changed('Scenario', valueRows(diff.scenario)))}
  <p>${noteOf(diff)}</p>
</main>`;
  return pageOf({
    title: `${a.scenario}: A and B – failover-lab`,
    body,
    style: `${report.style}${style}`,
    script: '',
    data: [],
  });
}

function part(title: string, content: Html): Html {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}

function table(label: string, title: string, rows: readonly Row[]): Html {
  if (rows.length === 0) return html`<p>Neither run has any.</p>`;
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="${label}"><table>
    <thead><tr><th scope="col">${title}</th><th scope="col">A</th><th scope="col">B</th><th scope="col">Change</th></tr></thead>
    <tbody>${rows.map(([what, a, b, change]) => html`<tr><th scope="row" dir="auto">${what}</th><td class="value" dir="auto">${a}</td><td class="value" dir="auto">${b}</td><td>${change}</td></tr>`)}</tbody>
  </table></div>`;
}

function changed(label: string, rows: readonly Row[]): Html {
  return rows.length === 0 ? html`<p>The same in both runs.</p>` : table(label, 'Value', rows);
}
