/** All trials: two strips of dots, and a table whose buttons choose the trial that is shown. */

import { attemptLines, overTrials } from '../../attempts.js';
import { formatCount, formatMs } from '../../format.js';
import { sentencesOf } from '../../reasons/index.js';
import type { PageData } from '../data.js';
import { type Html, html } from '../markup.js';
import { dotStrip, outageDots, scaleFor, stallDots } from './dots.js';
import { verdictChip } from './first-screen.js';
import { outageText, stallText, summarySentence } from './numbers.js';

export function trialStrips(data: PageData, chosen: number): Html {
  const { trials, summary } = data.result;
  const strips = [
    { title: 'Network outage', dots: outageDots(trials), summary: summary.networkOutageMs },
    { title: 'TCP stall', dots: stallDots(trials), summary: summary.tcpStallMs },
  ];
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Trials as dots">${strips.map(
    (strip) => {
      const scale = scaleFor(strip.dots.map((dot) => dot.value));
      return html`<figure class="strip"><figcaption><strong>${strip.title}</strong> ${summarySentence(strip.summary)}, over ${overTrials(strip.summary.n, trials.length)}</figcaption>
      ${dotStrip(strip.title, strip.dots, strip.summary, scale, chosen)}</figure>`;
    },
  )}</div>`;
}

export function trialTable(data: PageData, chosen: number): Html {
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Table of trials"><table class="trials">
    <thead><tr><th scope="col">Trial</th><th scope="col">Verdict</th><th scope="col" class="figure">Network outage</th><th scope="col" class="figure">TCP stall</th><th scope="col" class="figure">Packets lost</th><th scope="col" class="figure">Phase in period</th><th scope="col">Reasons</th></tr></thead>
    <tbody>${data.result.trials.map(
      (trial, index) => html`<tr class="${index === chosen ? 'chosen' : ''}">
      <th scope="row"><button type="button" class="quiet" data-trial="${index}" aria-pressed="${index === chosen ? 'true' : 'false'}">Trial ${trial.index + 1}</button></th>
      <td>${verdictChip(trial.verdict)}</td>
      <td class="figure">${outageText(trial)}</td><td class="figure">${stallText(trial)}</td>
      <td class="figure">${trial.network ? formatCount(trial.network.forward.packetsLost + trial.network.reverse.packetsLost) : '–'}</td>
      <td class="figure">${formatMs(trial.phaseOffsetMs)}</td>
      <td dir="auto">${[...sentencesOf(trial.reasons), ...attemptLines({ trials: [trial] })].join('; ')}</td></tr>`,
    )}</tbody></table></div>`;
}
