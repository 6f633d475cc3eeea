/** search.html: what a search found, each with a picture, and every trial. One file without requests. */
import type { FoundFailure, SearchResult } from '../../harness/judge/search-result.js';
import type { ScheduledFailure } from '../../harness/model/finding.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { formatRoundMs } from '../format.js';
import { clientBundle } from '../html/client-bundle.js';
import type { Drawing } from '../html/data.js';
import { type Html, html, named, shortened } from '../html/markup.js';
import { pageOf } from '../html/page.js';
import { curve, linesOf, nounOf, shapeOf } from '../html/view/topology.js';
import { drawingOf } from '../html/view/topology-layout.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { virtualClockText } from '../virtual-clock.js';
import { trialTable, worstTable } from './view-trials.js';
import {
  evidenceText,
  findingsSentence,
  kindText,
  scheduleText,
  searchPlanSentence,
  stateText,
  worstSentence,
} from './words.js';

/** The page of a search; it is complete without its script. */
export async function renderSearchHtml(
  result: SearchResult,
  scenario: ResolvedScenario,
): Promise<string> {
  const { sweep } = await clientBundle();
  const drawing = drawingOf(scenario);
  return pageOf({
    title: `${result.verdict}: search of ${result.scenario} – failover-lab`,
    body: body(result, drawing),
    style: sweep.style,
    script: sweep.script,
    data: [],
  });
}

function body(result: SearchResult, drawing: Drawing | null): Html {
  const { findings, command, verdict, scenario, controller, seed, question } = result;
  const clock = result.environment.clock === 'virtual' ? ` · ${virtualClockText}` : '';
  const worst = worstSentence(result);
  const ranking = worstTable(result);
  return html`
<a class="skip" href="#main">Skip to the report</a>
<header class="top"><span class="brand">failover-lab</span>
<nav aria-label="Sections">${findings.length > 0 && html`<a href="#findings">Findings</a>`}${ranking !== null && html`<a href="#worst">The worst</a>`}<a href="#trials">Trials</a><a href="#record">The record</a></nav>
<button type="button" id="theme" class="quiet">Dark</button></header>
<main id="main">
  <section class="hero" aria-labelledby="question">
    <p class="kicker">search of ${scenario} · ${controller} · seed ${seed}${clock}</p>
    <h1 id="question">${question}</h1>
    <div class="verdict-line"><span class="chip ${verdict}">${verdict}</span><p>${findingsSentence(result)}</p></div>
    ${worst !== null && html`<p class="explanation">${worst}</p>`}
  </section>
  ${
    findings.length > 0 &&
    html`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>${findings.map((finding) => found(finding, drawing))}</section>`
  }
  ${ranking !== null && html`<section id="worst" aria-labelledby="worst-title"><h2 id="worst-title">The worst trials</h2>${ranking}</section>`}
  <section id="trials" aria-labelledby="trials-title"><h2 id="trials-title">Every trial, in order</h2>${trialTable(result)}</section>
  <section id="record" aria-labelledby="record-title"><h2 id="record-title">The record</h2>
    <p>${searchPlanSentence(result.plan, result.options)}</p>
    ${result.doubts.length > 0 && html`<ul>${sentencesOf(result.doubts).map((text) => html`<li dir="auto">${text}</li>`)}</ul>`}
    <pre class="command" tabindex="0" aria-label="Command that repeats the search"><code>${quoteCommand(command)}</code></pre>
    <p>Every event of every trial is in history.ndjson; <a href="report.html">report.html</a> shows the trials one by one.</p>
  </section>
</main>
<footer>Made by failover-lab ${result.environment.failoverLab}.</footer>`;
}

function found(finding: FoundFailure, drawing: Drawing | null): Html {
  const { number, evidence, schedule, command, trials, file } = finding;
  return html`<article class="finding" id="finding-${number}" aria-labelledby="finding-${number}-title">
    <h3 id="finding-${number}-title">Finding ${number}: ${kindText(evidence)}</h3>
    <p class="explanation">${scheduleText(schedule)}</p>
    <p>${evidenceText(evidence)}.</p>
    <p><small>Trial ${trials.found + 1}; ${stateText(finding)}.</small></p>
    ${drawing !== null && html`<div class="scroll-x" tabindex="0" role="region" aria-label="What fails in finding ${number}">${picture(schedule, drawing)}</div>`}
    ${bars(schedule)}
    ${file !== null && html`<p>Scenario: <a href="${file}">${file}</a></p>`}
    ${command !== null && html`<pre class="command" tabindex="0" aria-label="Command that shows finding ${number} again"><code>${quoteCommand(command)}</code></pre>`}
  </article>`;
}

/** The network with what fails set off, and numbered in the order of time. */
function picture(schedule: readonly ScheduledFailure[], drawing: Drawing): Html {
  const numbers = new Map<string, string>();
  schedule.forEach(({ element }, place) => {
    const before = numbers.get(element.name);
    numbers.set(element.name, before === undefined ? `${place + 1}` : `${before}, ${place + 1}`);
  });
  const level = (name: string) => (numbers.has(name) ? 'never' : 'untried');
  return html`<svg class="topology felt-map" viewBox="0 0 ${drawing.width} ${drawing.height}" role="img" aria-label="The network; ${scheduleText(schedule)}">
    ${linesOf(drawing).map((line) => html`<path class="wire felt-${level(line.edge.id)}" d="${curve(line)}"/>`)}
    ${drawing.nodes.map((node) => {
      const number = numbers.get(node.name);
      const y = node.kind === 'controller' ? node.y + 4 : node.y + 35;
      return html`<g class="node ${number === undefined ? 'host' : 'felt-never'}"><title>${node.name}, ${nounOf(node)}</title>${shapeOf(node)}<text x="${node.x}" y="${y}">${shortened(node.name, 16)}${number !== undefined && ` ✕ ${number}`}</text></g>`;
    })}
  </svg>`;
}

/** When each failure stands, on one scale. */
function bars(schedule: readonly ScheduledFailure[]): Html {
  const ends = schedule.map(({ startMs, lastsMs }) => startMs + (lastsMs ?? 0));
  const wholeMs = Math.max(1000, ...ends) * 1.25;
  const x = (ms: number) => Math.round((ms / wholeMs) * 1000);
  return html`<table class="schedule"><tbody>${schedule.map(
    ({ element, faultKind, startMs, lastsMs }) =>
      html`<tr><th scope="row">${named(element.name)} <small>${faultKind}</small></th><td class="felt-bar"><svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true"><rect class="felt-never" x="${x(startMs)}" y="2" height="12" width="${Math.max(4, (lastsMs === null ? 1000 : x(startMs + lastsMs)) - x(startMs))}"/></svg></td><td class="figure">${formatRoundMs(startMs)} – ${lastsMs === null ? 'end' : formatRoundMs(startMs + lastsMs)}</td></tr>`,
  )}</tbody></table>`;
}
