/** sweep.html: one file for a whole sweep, which opens from disk and makes no request. */
import type { SweepResult } from '../../harness/judge/sweep.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { clientBundle } from '../html/client-bundle.js';
import { type Html, html } from '../html/markup.js';
import { pageOf } from '../html/page.js';
import { drawingOf } from '../html/view/topology-layout.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { virtualClockText } from '../virtual-clock.js';
import { withoutIdleHosts } from './concerned.js';
import { caseDetails, ranking } from './view-cases.js';
import { mapLegend, mapSvg } from './view-map.js';
import { asideSentences, countsSentence, levelWords, worstSentence } from './words.js';

/** The page of a judged sweep; everything that needs no script is already in it. */
export async function renderSweepHtml(
  result: SweepResult,
  scenario: ResolvedScenario,
): Promise<string> {
  const { sweep } = await clientBundle();
  return pageOf({
    title: `${result.verdict}: sweep of ${result.scenario} – failover-lab`,
    body: body(result, scenario),
    style: sweep.style,
    script: sweep.script,
    data: [],
  });
}

function body(result: SweepResult, whole: ResolvedScenario): Html {
  const scenario = withoutIdleHosts(whole);
  const drawing = drawingOf(scenario);
  const aside = asideSentences(result);
  const parts: Array<[string, string, Html]> = [
    ...(drawing === null
      ? []
      : [
          [
            'map',
            'Map',
            html`<div class="scroll-x" tabindex="0" role="region" aria-label="Map of the network">${mapSvg(result, scenario, drawing)}</div>${mapLegend(result, scenario)}`,
          ] satisfies [string, string, Html],
        ]),
    ['worst', 'Every failure, the worst first', html`${filters(result)}${ranking(result)}`],
    ['cases', 'Case by case', caseDetails(result)],
    ...(aside.length === 0
      ? []
      : [['aside', 'Not failed', sentences(aside)] satisfies [string, string, Html]]),
    ['record', 'The record', record(result)],
  ];
  return html`
<a class="skip" href="#main">Skip to the report</a>
<header class="top"><span class="brand">failover-lab</span>
<nav aria-label="Sections">${parts.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
<button type="button" id="theme" class="quiet">Dark</button></header>
<main id="main">
  <section class="hero" aria-labelledby="question">${head(result)}</section>
  ${parts.map(
    ([id, title, content]) =>
      html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`,
  )}
</main>
<footer>Made by failover-lab ${result.environment.failoverLab}.</footer>`;
}

function head(result: SweepResult): Html {
  const { verdict, scenario, controller, seed, question, environment } = result;
  const worst = worstSentence(result);
  const clock = environment.clock === 'virtual' ? ` · ${virtualClockText}` : '';
  return html`<p class="kicker">sweep of ${scenario} · ${controller} · seed ${seed}${clock}</p>
    <h1 id="question">${question}</h1>
    <div class="verdict-line"><span class="chip ${verdict}">${verdict}</span>
    <p>${countsSentence(result)}</p></div>
    ${worst !== null && html`<p class="explanation">${worst}</p>`}`;
}

/** Without the script nothing is filtered, and the controls are not shown. */
function filters({ cases }: SweepResult): Html {
  const levels = [...new Set(cases.map(({ level }) => level))];
  return html`<div class="toolbar filters" id="filters" hidden>
    <label>Felt <select id="case-level"><option value="">all</option>${levels.map((level) => html`<option value="${level}">${levelWords[level].words}</option>`)}</select></label>
    <label>Text <input type="search" id="case-text" autocomplete="off" spellcheck="false"></label>
    <output id="case-count" for="case-level case-text"></output>
  </div>`;
}

function sentences(texts: readonly string[]): Html {
  return html`<ul>${texts.map((text) => html`<li dir="auto">${text}</li>`)}</ul>`;
}

function record(result: SweepResult): Html {
  const { environment, wallTime, command, doubts, expectationsLeftOut } = result;
  const facts: Array<[string, string]> = [
    ['Begun', wallTime],
    ['Clock', environment.clock === 'virtual' ? virtualClockText : "this machine's"],
    ['Datapath', environment.datapath],
    ['Open vSwitch', environment.ovs],
    ['Kernel', environment.kernel],
  ];
  return html`${doubts.length > 0 && sentences(sentencesOf(doubts))}
  ${expectationsLeftOut.length > 0 && html`<p>These expectations of the scenario apply to no case, because they refer to one particular fault:</p>${sentences(expectationsLeftOut)}`}
  <pre class="command" tabindex="0" aria-label="Command that reproduces the sweep"><code>${quoteCommand(command)}</code></pre>
  <dl class="facts">${facts.map(([title, value]) => html`<div><dt>${title}</dt><dd dir="auto">${value}</dd></div>`)}</dl>
  <p>Every event of every trial is in history.ndjson; <a href="report.html">report.html</a> shows the trials one by one.</p>`;
}
