/** The cases of a sweep in a page: the ranking, and what is known of each. */
import type { SweepCase, SweepResult } from '../../harness/judge/sweep.js';
import { formatCount, formatCounted, formatMs, unknown } from '../format.js';
import { type Html, html, named } from '../html/markup.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { phaseLabel, phaseOrder } from '../vocabulary.js';
import {
  caseAnchor,
  caseName,
  elementsText,
  faultsText,
  largestText,
  levelWords,
  medianText,
} from './words.js';

/** Every case by how long it is felt, with a bar on one scale for all. */
export function ranking({ cases, rounds }: SweepResult): Html {
  const longest = Math.max(1, ...cases.map(lengthMs));
  const several = rounds > 1;
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Ranking"><table id="ranking">
  <thead><tr><th scope="col">fails</th><th scope="col">by</th>${several && html`<th scope="col" class="figure">median</th>`}<th scope="col" class="figure">${several ? 'largest' : 'outage'}</th><th scope="col" class="felt-bar"><span class="visually-hidden">length</span></th><th scope="col" class="figure">packets lost</th><th scope="col" class="figure">detected</th><th scope="col" class="figure">last flow change</th><th scope="col">took over</th>${several && html`<th scope="col" class="figure">recovered</th>`}<th scope="col">verdict</th></tr></thead>
  <tbody>${cases.map(
    (one) => html`<tr data-level="${one.level}" data-words="${caseName(one).toLowerCase()}">
    <th scope="row"><span class="swatch felt-${one.level}" title="${levelWords[one.level].words}">${levelWords[one.level].sign}</span> <a href="#${caseAnchor(one)}">${named(elementsText(one))}</a></th>
    <td>${faultsText(one)}</td>
    ${several && html`<td class="figure">${medianText(one)}</td>`}
    <td class="figure">${largestText(one)}</td>
    <td class="felt-bar">${bar(one, longest)}</td>
    <td class="figure">${formatCount(one.packetsLost)}</td>
    <td class="figure">${formatMs(one.phases?.detectedMs ?? null)}</td>
    <td class="figure">${formatMs(one.phases?.lastFlowChangeMs ?? null)}</td>
    <td>${one.tookOver.length === 0 ? unknown : one.tookOver.map((name, index) => html`${index > 0 && ', '}${named(name)}`)}</td>
    ${several && html`<td class="figure">${one.recovered} of ${one.valid}</td>`}
    <td><span class="chip ${one.verdict}">${one.verdict}</span></td></tr>`,
  )}</tbody></table></div>`;
}

function lengthMs({ outageMs, outageAtLeastMs }: SweepCase): number {
  return outageMs.max ?? outageAtLeastMs ?? 0;
}

function bar(one: SweepCase, longest: number): Html {
  const width = Math.round((lengthMs(one) / longest) * 1000);
  return html`<svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true"><rect class="felt-${one.level}" x="0" y="2" height="12" width="${Math.max(width, lengthMs(one) > 0 ? 6 : 0)}"/></svg>`;
}

/** What is known of each case; the link of the ranking and of the map leads here. */
export function caseDetails(result: SweepResult): Html {
  return html`${result.cases.map((one) => caseDetail(one, result))}`;
}

function caseDetail(one: SweepCase, result: SweepResult): Html {
  const reasons = sentencesOf(one.reasons);
  const { phases, worstPair } = one;
  const seen = phaseOrder.filter((phase) => phases !== null && phases[phase] !== null);
  return html`<details class="case" id="${caseAnchor(one)}"><summary><span class="swatch felt-${one.level}" aria-hidden="true">${levelWords[one.level].sign}</span> ${named(elementsText(one))} <small>${faultsText(one)}</small> <span class="case-outage">${largestText(one)}</span> <span class="chip ${one.verdict}">${one.verdict}</span></summary>
  ${reasons.length > 0 && html`<ul>${reasons.map((text) => html`<li dir="auto">${text}</li>`)}</ul>`}
  <dl class="facts">
    <div><dt>Outage</dt><dd>${outageText(one)}</dd></div>
    <div><dt>Came back by itself</dt><dd>${one.recovered} of ${formatCounted(one.valid, 'valid trial')}${one.invalid > 0 && `, ${one.invalid} not valid`}</dd></div>
    <div><dt>Packets lost</dt><dd>${formatCount(one.packetsLost)}</dd></div>
    ${worstPair !== null && html`<div><dt>Suffered most</dt><dd>${named(worstPair.from)} – ${named(worstPair.to)}</dd></div>`}
    ${one.worstTrial !== null && html`<div><dt>In report.html</dt><dd><a href="report.html#trial=${one.worstTrial + 1}">trial ${one.worstTrial + 1}</a></dd></div>`}
  </dl>
  ${seen.length > 0 && html`<table><thead><tr><th scope="col">phase</th><th scope="col" class="figure">after the failure</th></tr></thead><tbody>${seen.map((phase) => html`<tr><th scope="row">${phaseLabel(phase, worstPair)}</th><td class="figure">${formatMs(phases?.[phase] ?? null)}</td></tr>`)}</tbody></table>`}
  <h3>Reproduce</h3><pre class="command" tabindex="0" aria-label="Command that fails ${elementsText(one)} alone"><code>${quoteCommand(commandFor(one, result))}</code></pre>
  </details>`;
}

function outageText(one: SweepCase): string {
  const { outageMs, valid } = one;
  if (valid < 2) return largestText(one);
  return `median ${medianText(one)}, largest ${largestText(one)}, smallest ${formatMs(outageMs.min)}`;
}

/** The sweep again with these elements alone; the seed makes its trials the same. */
function commandFor({ failures }: SweepCase, { command, seed }: SweepResult): string[] {
  const names = failures.map(({ element }) => element.name).join(',');
  const kinds = [...new Set(failures.map(({ faultKind }) => faultKind))].join(',');
  const dropped = new Set(['--elements', '--faults', '--pairs', '--seed', '--resume']);
  const kept = command.filter(
    (word, place) => !dropped.has(word) && !dropped.has(command[place - 1] ?? ''),
  );
  return [
    ...kept,
    ...['--seed', String(seed), '--elements', names, '--faults', kinds],
    ...(failures.length > 1 ? ['--pairs', '1'] : []),
  ];
}
