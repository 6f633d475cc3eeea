/** The first screen: question, verdict, three numbers, the network, where the time went. */

import { decidedBy, type TrialResult, type Verdict } from '../../../harness/model/result.js';
import { adviceOf } from '../../advice/index.js';
import { attemptLines, attemptsSentence } from '../../attempts.js';
import { controllerStory } from '../../controller.js';
import { explanationText } from '../../explanation.js';
import { formatMs } from '../../format.js';
import { sentencesOf } from '../../reasons/index.js';
import { whyTheyDiffer } from '../../why-they-differ.js';
import type { PageData } from '../data.js';
import { type Html, html, named } from '../markup.js';
import { trialNumbers } from './numbers.js';

const signs: Record<string, string> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** Words of the gate that mean the same as a verdict. */
const kinships: Record<string, string> = { regression: 'fail' };

/** A verdict as a word with a sign; colour only repeats what the word says. */
export function verdictChip(verdict: Verdict | string): Html {
  const known = verdict in signs ? verdict : (kinships[verdict] ?? 'inconclusive');
  return html`<span class="chip ${known}"><span aria-hidden="true">${signs[known]}</span> ${verdict}</span>`;
}

export function pageHead(data: PageData): Html {
  const { result } = data;
  const attempts = attemptsSentence(result);
  const reasons = [
    ...sentencesOf(result.reasons),
    ...adviceOf(result),
    ...(attempts === null ? [] : [attempts, ...attemptLines(result)]),
  ];
  return html`
    <p class="kicker">${named(result.scenario)} <span aria-hidden="true">·</span> ${result.routing === null ? 'controller' : 'routing'} ${named(decidedBy(result))}
      <span aria-hidden="true">·</span> seed ${result.seed} <span aria-hidden="true">·</span> <time>${result.wallTime}</time></p>
    <h1 id="question" dir="auto">${result.question}</h1>
    <div class="verdict-line" data-verdict="${result.verdict}">
      ${verdictChip(result.verdict)}
      ${reasons.length > 0 && html`<ul class="reasons">${reasons.map((reason) => html`<li dir="auto">${reason}</li>`)}</ul>`}
    </div>`;
}

/** Everything of the first screen that changes with the trial shown. */
export function trialHead(data: PageData, trialIndex: number): Html {
  const trial = data.result.trials[trialIndex];
  if (!trial) return html`<p>No trial was recorded.</p>`;
  const many = data.result.trials.length > 1;
  return html`
    ${many && html`<p class="which">Trial ${trial.index + 1} of ${data.result.trials.length} ${verdictChip(trial.verdict)}</p>`}
    ${trialNumbers(data.result, trial)}
    <p class="explanation" dir="auto">${explanationText(trial.explanation)}</p>
    <p class="why" dir="auto">${whyTheyDiffer(trial)}</p>
    ${controllerLines(trial)}
    ${faultLine(data, trialIndex)}`;
}

/** When a controller died: who took over, and when it was back. */
function controllerLines(trial: TrialResult): Html | null {
  const story = controllerStory(trial);
  if (story.length === 0) return null;
  return html`<dl class="facts">${story.map(({ label, text }) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function faultLine(data: PageData, trialIndex: number): Html | null {
  const fault = data.result.trials[trialIndex]?.fault;
  if (!fault) return html`<p class="fault-line">No fault was injected.</p>`;
  const targets = fault.targets.map((target, index) => [index > 0 && ', ', named(target)]);
  const which = fault.of > 1 ? ` ${fault.number} of ${fault.of}, the worst` : '';
  const healed = fault.change === 'healed' ? 'heal of ' : '';
  return html`<p class="fault-line">Fault${which}: <strong>${healed}${fault.kind}</strong> on ${targets}
    at ${formatMs(fault.injectedAtMs)} ± ${formatMs(fault.uncertaintyMs)},
    ${fault.verified ? 'read back as applied' : html`<strong>not proven to have taken effect</strong>`}.</p>`;
}
