/** Markdown for a job's summary and for a comment on a pull request. */

import { medianTrial } from '../harness/judge/median-trial.js';
import {
  decidedBy,
  type JudgedRun,
  type RunResult,
  type Summary,
  type TrialResult,
  type Verdict,
} from '../harness/model/result.js';
import { adviceOf } from './advice/index.js';
import { attemptLines, attemptsSentence } from './attempts.js';
import { controllerStory } from './controller.js';
import { programsText } from './environment-text.js';
import { escapeCodeBlock, escapeMarkdown, escapeText, shorten } from './escape.js';
import { explanationText } from './explanation.js';
import { formatCount, formatMs, formatQuantity, unknown } from './format.js';
import {
  faultName,
  formatMeasured,
  formatOutage,
  formatStall,
  headlineSentence,
  medianText,
} from './headline.js';
import type { RefusedRun } from './junit.js';
import { machineLossText } from './machine-loss.js';
import { sentencesOf } from './reasons/index.js';
import { formatSilence, whySilenceDiffers } from './receiver-silence.js';
import { quoteCommand } from './shell.js';
import { renderThroughput } from './terminal/chart.js';
import { stylesFor } from './terminal/style.js';
import { intervalText } from './terminal/trials.js';
import { directionLabel, endpointsOf } from './vocabulary.js';

const chartColumns = 76;
const nameMax = 60;

/** All runs: a table of verdicts when there are several, then each run. */
export function renderMarkdown(runs: JudgedRun[], refused: readonly RefusedRun[] = []): string {
  const missing = refused.map(
    ({ scenario, message }) => `### ❌ ${name(scenario)}: not run\n\n${escapeMarkdown(message)}`,
  );
  const heads = runs.length > 1 ? [verdictTable(runs)] : [];
  const parts = [...heads, ...missing, ...runs.map(runText)];
  return `${parts.join('\n\n')}\n`;
}

/** A name in a heading or a cell. */
export function name(text: string): string {
  return escapeMarkdown(shorten(escapeText(text), nameMax));
}

/** A gate's regression is as red as a failure. */
export function sign(verdict: Verdict | 'regression'): string {
  if (verdict === 'pass') return '✅';
  return verdict === 'inconclusive' ? '⚠️' : '❌';
}

/** The sign and the word: a reader may see, or have read to him, only one of them. */
export function signed(verdict: Verdict | 'regression'): string {
  return `${sign(verdict)} ${verdict}`;
}

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (index === 0 ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function verdictTable(runs: JudgedRun[]): string {
  const rows = runs.map(({ result }) => [
    name(result.scenario),
    signed(result.verdict),
    name(decidedBy(result)),
    medianText(result.summary.networkOutageMs),
    medianText(result.summary.tcpStallMs),
    String(result.trials.length),
  ]);
  return table(
    ['scenario', 'verdict', 'controller', 'network outage', 'TCP stall', 'trials'],
    rows,
  );
}

function runText(run: JudgedRun): string {
  const { result } = run;
  const chosen = medianTrial(run);
  const silence = chosen === null ? null : whySilenceDiffers(chosen.trial);
  const title = `### ${sign(result.verdict)} ${name(result.scenario)}: ${result.verdict}`;
  // The reasons of the run hold those of its trials, each with the trial's number.
  const reasons = [...new Set(sentencesOf(result.reasons))];
  const blocks = [
    title,
    `${escapeMarkdown(result.question)}\n**${headlineSentence(run)}**`,
    reasons
      .slice(0, 10)
      .map((reason) => `- ${escapeMarkdown(reason)}`)
      .join('\n'),
    attemptDetails(result),
    machineLine(result.trials),
    result.trials.length > 1 ? summaryTable(run) : '',
    ...(chosen === null
      ? []
      : [worstFault(chosen.trial), numbers(chosen.trial, result.trials.length > 1)]),
    chosen?.chart === undefined ? '' : chartBlock(chosen.trial, chosen.chart),
    silence === null
      ? ''
      : `The receiver's silence and the outage differ: ${escapeMarkdown(silence)}.`,
    chosen === null || chosen.trial.explanation === null
      ? ''
      : `Where the time went: ${escapeMarkdown(explanationText(chosen.trial.explanation))}`,
    ...(chosen === null ? [] : [controllerLines(chosen.trial), expectations(chosen.trial)]),
    result.trials.length > 1 ? trialDetails(run) : '',
    facts(result),
    todo(adviceOf(result)),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** What to do now, at the end; empty where there is nothing to do. */
export function todo(advice: readonly string[]): string {
  if (advice.length === 0) return '';
  return `**What to do now**\n\n${advice.map((line) => `- ${escapeMarkdown(line)}`).join('\n')}`;
}

/** With several faults: which one the numbers are of. */
function worstFault(trial: TrialResult): string {
  const { fault } = trial;
  if (fault === null || (fault.of <= 1 && fault.change === 'injected')) return '';
  return `The numbers refer to ${escapeMarkdown(faultName(trial) ?? '')}.`;
}

/** What this machine dropped, as one sentence; empty where it dropped nothing. */
export function machineLine(trials: readonly TrialResult[]): string {
  const text = machineLossText(trials);
  return text === null ? '' : `${escapeMarkdown(text)}.`;
}

function numbers(trial: TrialResult, isMedian: boolean): string {
  if (trial.network === null) return '';
  const ends = endpointsOf(trial);
  const rows = (['forward', 'reverse'] as const).map((direction) => {
    const measured = trial.network?.[direction];
    return [
      `network ${name(directionLabel(direction, ends))}`,
      measured === undefined ? unknown : formatOutage(measured),
      measured === undefined ? unknown : formatCount(measured.packetsLost),
      (measured && formatSilence(measured)) ?? unknown,
    ];
  });
  if (trial.tcp !== null) {
    rows.push([`TCP ${name(trial.tcp.flow)}`, formatStall(trial.tcp), '', '']);
  }
  const title = isMedian ? `trial ${trial.index + 1}, the median` : '';
  return table([title, 'interrupted for', 'packets lost', 'receiver silent'], rows);
}

function attemptDetails(result: RunResult): string {
  const sentence = attemptsSentence(result);
  if (sentence === null) return '';
  const lines = attemptLines(result).map((line) => `- ${escapeMarkdown(line)}`);
  return `<details><summary>${sentence}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function summaryTable({ result }: JudgedRun): string {
  const trials = result.trials.length;
  const row = (title: string, summary: Summary): string[] => [
    title,
    `**${medianText(summary)}**`,
    escapeMarkdown(intervalText(summary)),
    formatMs(summary.min),
    summary.censored > 0 ? 'censored' : formatMs(summary.max),
    `${summary.n === trials ? trials : `${summary.n} valid of ${trials}`} (${summary.censored})`,
  ];
  return table(
    ['', 'median', '95 % CI', 'min', 'max', 'trials (censored)'],
    [
      row('network outage', result.summary.networkOutageMs),
      row('TCP stall', result.summary.tcpStallMs),
    ],
  );
}

function chartBlock(trial: TrialResult, chart: JudgedRun['charts'][number]): string {
  const lines = renderThroughput(trial, chart, {
    columns: chartColumns,
    styles: stylesFor(false),
    height: 6,
  });
  return ['```text', ...lines.map(escapeCodeBlock), '```'].join('\n');
}

/** When a controller died: who took over, and when it was back. */
function controllerLines(trial: TrialResult): string {
  return controllerStory(trial)
    .map(({ label, text }) => `- ${label}: ${escapeMarkdown(text)}`)
    .join('\n');
}

function expectations(trial: TrialResult): string {
  if (trial.expectations.length === 0) return '';
  const rows = trial.expectations.map((expectation) => [
    escapeMarkdown(expectation.text),
    signed(expectation.verdict),
    formatMeasured(expectation),
    formatQuantity(expectation.margin, expectation.unit),
  ]);
  return table(['expected', 'verdict', 'measured', 'margin'], rows);
}

function trialDetails({ result }: JudgedRun): string {
  const rows = result.trials.map((trial) => [
    String(trial.index + 1),
    signed(trial.verdict),
    trial.network === null ? unknown : formatOutage(trial.network.forward),
    trial.network === null ? unknown : formatOutage(trial.network.reverse),
    trial.tcp === null ? unknown : formatStall(trial.tcp),
  ]);
  const trials = table(['trial', 'verdict', 'forward', 'reverse', 'TCP stall'], rows);
  return `<details><summary>All ${result.trials.length} trials</summary>\n\n${trials}\n\n</details>`;
}

/** The machine, the seed and the command that made a run. */
export function facts(result: RunResult): string {
  const { environment } = result;
  const line = escapeMarkdown(`${programsText(environment)} · seed ${result.seed}`);
  return `<sub>${line}</sub>\n\n\`\`\`sh\n${escapeCodeBlock(quoteCommand(result.command))}\n\`\`\``;
}
