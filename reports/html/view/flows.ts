/** Every iperf3 flow over the whole trial, where there is more than one TCP flow. */
import type { TrialResult } from '../../../harness/model/result.js';
import { flowCells, flowsWorthATable } from '../../flow-cells.js';
import { type Html, html } from '../markup.js';

export function flows(trial: TrialResult): Html | null {
  const rows = flowsWorthATable(trial).map(flowCells);
  if (rows.length === 0) return null;
  return html`<h3>Flows</h3><div class="scroll-x" tabindex="0" role="region" aria-label="Table of flows"><table>
    <thead><tr><th scope="col">Flow</th><th scope="col">Direction</th><th scope="col" class="figure">Ran</th><th scope="col" class="figure">Received</th><th scope="col" class="figure">Lost</th><th scope="col" class="figure">Jitter</th><th scope="col">Error of iperf3</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr data-flow="${row.flow}"><th scope="row" dir="auto">${row.flow}</th>
      <td dir="auto">${row.way}</td><td class="figure">${row.ran}</td><td class="figure">${row.received}</td>
      <td class="figure">${row.lost}</td><td class="figure">${row.jitter}</td><td class="evidence" dir="auto">${row.error}</td></tr>`,
    )}</tbody></table></div>`;
}
