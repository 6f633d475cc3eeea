/** Every outage of a watched network, with the marks between them. */
import type { TrialResult } from '../../../harness/model/result.js';
import { outageRows } from '../../listed-outages.js';
import { type Html, html } from '../markup.js';

export function outages(trial: TrialResult): Html | null {
  const rows = outageRows(trial);
  if (rows.length === 0) return null;
  return html`<h3>Outages</h3><div class="scroll-x" tabindex="0" role="region" aria-label="Table of outages"><table>
    <thead><tr><th scope="col" class="figure">At</th><th scope="col">Direction</th><th scope="col" class="figure">Outage</th><th scope="col" class="figure">Probes lost</th><th scope="col">Mark</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`<tr><td class="figure">${row.at}</td><th scope="row" dir="auto">${row.way}</th>
      <td class="figure">${row.length}</td><td class="figure">${row.lost}</td><td class="evidence" dir="auto">${row.mark}</td></tr>`,
    )}</tbody></table></div>`;
}
