/** The trials of a search in a page: the worst of them, and all in order. */
import type { SearchedTrial, SearchResult } from '../../harness/judge/search-result.js';
import { feltLevel } from '../../harness/judge/sweep.js';
import { type Html, html } from '../html/markup.js';
import { kindText, outageText, scheduleText, worstTrials } from './words.js';

const worstShown = 20;

/** Null where no valid trial was bad at all. */
export function worstTable(result: SearchResult): Html | null {
  const worst = worstTrials(result, worstShown).filter(({ score }) => score > 0);
  return worst.length === 0 ? null : table('The worst trials', worst, longestOf(result));
}

export function trialTable(result: SearchResult): Html {
  return table('Trials', result.trials, longestOf(result));
}

/** One scale for all bars of a page. */
function longestOf({ trials }: SearchResult): number {
  return Math.max(1, ...trials.map(({ outageMs }) => outageMs ?? 0));
}

function table(label: string, trials: readonly SearchedTrial[], longestMs: number): Html {
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="${label}"><table><thead><tr><th scope="col" class="figure">trial</th><th scope="col">why</th><th scope="col">what failed</th><th scope="col" class="figure">outage</th><th scope="col" class="felt-bar"><span class="visually-hidden">length</span></th><th scope="col">verdict</th><th scope="col">showed</th></tr></thead>
  <tbody>${trials.map((trial) => row(trial, longestMs))}</tbody></table></div>`;
}

function row(trial: SearchedTrial, longestMs: number): Html {
  const { index, purpose, finding, schedule, valid, verdict, evidence } = trial;
  return html`<tr><td class="figure"><a href="report.html#trial=${index + 1}">${index + 1}</a></td><td>${purpose}${finding !== null && html` <a href="#finding-${finding + 1}">${finding + 1}</a>`}</td><td dir="auto">${scheduleText(schedule)}</td><td class="figure">${valid ? outageText(trial) : '–'}</td><td class="felt-bar">${valid && bar(trial, longestMs)}</td><td><span class="chip ${verdict}">${verdict}</span></td><td>${evidence.map((kind, place) => html`${place > 0 && ', '}${kindText({ kind })}`)}</td></tr>`;
}

function bar({ outageMs, ended }: SearchedTrial, longestMs: number): Html | null {
  if (outageMs === null || outageMs === 0) return null;
  const width = Math.max(6, Math.round((outageMs / longestMs) * 1000));
  return html`<svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true"><rect class="felt-${feltLevel(outageMs, ended)}" x="0" y="2" height="12" width="${width}"/></svg>`;
}
