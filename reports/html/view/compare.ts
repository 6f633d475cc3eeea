/** Several strategies side by side on one scale. */
import type { CompareSide } from '../../../harness/judge/compare.js';
import type { JudgedRun, Summary } from '../../../harness/model/result.js';
import { formatCount, formatMs, formatPercent, formatQuantity } from '../../format.js';
import { type Html, html, named } from '../markup.js';
import { dotStrip, outageDots, scaleFor } from './dots.js';
import { verdictChip } from './first-screen.js';
import { formatInterval, formatMedian } from './numbers.js';

function largest(summary: Summary): string {
  return summary.censored > 0 ? 'did not recover' : formatMs(summary.max);
}

/** The colour that stands for a side everywhere on the page. */
export function sideKey(index: number): Html {
  return html`<svg class="key series-${index % 6}" viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" rx="3"/></svg>`;
}

function row(side: CompareSide, index: number): Html {
  const { networkOutageMs, tcpStallMs, steadyState } = side;
  const interval = formatInterval(networkOutageMs);
  return html`<tr data-strategy="${side.label}" data-median="${networkOutageMs.median ?? 'null'}">
    <th scope="row">${sideKey(index)} ${named(side.label)}</th>
    <td>${verdictChip(side.verdict)}</td>
    <td class="figure">${side.valid} of ${side.trials}</td>
    <td class="figure"><strong>${formatMedian(networkOutageMs)}</strong>${interval !== null && html`<br><small>${interval}</small>`}</td>
    <td class="figure">${largest(networkOutageMs)}</td>
    <td class="figure">${formatMedian(tcpStallMs)}</td>
    <td class="figure">${formatCount(side.packetsLost)}</td>
    <td class="figure">${formatCount(side.reversionPacketsLost)}</td>
    <td class="figure">${formatQuantity(steadyState.controlMessagesPerSecond, '')}</td>
    <td class="figure">${formatQuantity(steadyState.probePacketsPerSecond, '')}</td>
    <td class="figure">${formatPercent(steadyState.controllerCpuPercent)}</td>
  </tr>`;
}

const columns = [
  'Valid trials',
  'Network outage, median',
  'Largest',
  'TCP stall',
  'Packets lost',
  'Lost on return',
  'Control messages/s',
  'Probes/s',
  'Controller CPU',
];

/** The table of medians, with what makes the sides less comparable than they look. */
export function compareTable(sides: CompareSide[], warnings: string[]): Html {
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Table of strategies"><table class="compare">
    <thead><tr><th scope="col">Strategy</th><th scope="col">Verdict</th>${columns.map((title) => html`<th scope="col" class="figure">${title}</th>`)}</tr></thead>
    <tbody>${sides.map(row)}</tbody></table></div>
    ${warnings.length > 0 && html`<ul class="warnings">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`}`;
}

/** One strip of dots a strategy, all on one scale. */
export function compareStrips(sides: CompareSide[], runs: readonly JudgedRun[]): Html {
  const dots = runs.map((run) => outageDots(run.result.trials));
  const scale = scaleFor(dots.flat().map((dot) => dot.value));
  return html`<div class="compare-strips scroll-x" tabindex="0" role="region" aria-label="Trials of all strategies as dots">${sides.map(
    (side, index) =>
      html`<figure class="strip series-${index % 6}"><figcaption>${named(side.label)}</figcaption>${dotStrip(`Network outage of ${side.label}`, dots[index] ?? [], side.networkOutageMs, scale, null)}</figure>`,
  )}</div>`;
}
