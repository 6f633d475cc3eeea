/** Every part of the page that is text about one trial, for the page as it is made and in the browser. */
import type { PageData } from '../data.js';
import { type Html, html } from '../markup.js';
import { trialHead } from './first-screen.js';
import { flows } from './flows.js';
import { carriers, expectations, fidelity, standards } from './judgement.js';
import { outages } from './outages.js';
import { trialStrips, trialTable } from './trials.js';
import { waterfall } from './waterfall.js';

/** The parts by the id of the element that holds each; a part that a run does not have is left out. */
export function trialParts(data: PageData, index: number): Record<string, Html> {
  const trial = data.result.trials[index];
  if (!trial) return { 'trial-head': trialHead(data, index) };
  const none = html`<p>No fault was injected, so there are no phases of a recovery.</p>`;
  return {
    'trial-head': trialHead(data, index),
    waterfalls: html`${trial.episodes.map(waterfall)}${trial.episodes.length === 0 && none}`,
    'expectation-table': expectations(trial),
    'evidence-parts': html`${outages(trial)}${flows(trial)}${fidelity(trial)}${carriers(trial)}${standards(trial)}`,
    ...(data.result.trials.length > 1
      ? { strips: trialStrips(data, index), 'trial-table': trialTable(data, index) }
      : {}),
  };
}
