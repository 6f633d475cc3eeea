/** The terminal report, most important first. Pure: a judged run in, text out. */

import { type ChosenTrial, medianTrial } from '../../harness/judge/median-trial.js';
import type { JudgedRun } from '../../harness/model/result.js';
import { attemptLines, attemptsSentence } from '../attempts.js';
import { escapeText } from '../escape.js';
import { renderThroughput } from './chart.js';
import {
  renderExpectations,
  renderFidelity,
  renderMachineLoss,
  renderReversion,
  renderStandards,
} from './details.js';
import { renderCleanup, renderFacts, renderTiming } from './facts.js';
import { renderFlows } from './flows.js';
import { renderNumbers, renderOthers, renderStory, renderTitle } from './headline.js';
import { type Layout, layoutOf, type TerminalOptions } from './layout.js';
import { renderOutages } from './outages.js';
import { renderRows } from './rows.js';
import { indented, section } from './section.js';
import { renderSummary, renderTrials } from './trials.js';
import { renderWaterfall } from './waterfall.js';
import { clip, wrapText } from './wrap.js';

/** The whole report; no line is wider than `columns`, and it ends with a line break. */
export function renderTerminal(run: JudgedRun, options: TerminalOptions): string {
  const layout = layoutOf(options);
  const chosen = medianTrial(run);
  const lines = [
    ...renderTitle(run, layout),
    ...renderAttempts(run, layout),
    ...(chosen === null ? ['', '  no trial was recorded'] : trialSections(run, chosen, layout)),
    ...section('Run details', factLines(run, chosen, layout), layout),
  ];
  return `${lines.map((line) => clip(line, layout.columns).trimEnd()).join('\n')}\n`;
}

/** Nothing when every trial had one attempt. */
function renderAttempts({ result }: JudgedRun, { columns }: Layout): string[] {
  const sentence = attemptsSentence(result);
  if (sentence === null) return [];
  return indented(
    [`${sentence}:`, ...attemptLines(result)].flatMap((line) =>
      wrapText(escapeText(line), columns - 2),
    ),
  );
}

function trialSections(run: JudgedRun, chosen: ChosenTrial, layout: Layout): string[] {
  const { trial, chart } = chosen;
  const many = run.result.trials.length > 1;
  const which = many ? ` of trial ${trial.index + 1}, the median` : '';
  return [
    ...(many ? ['', ...renderSummary(run, layout)] : renderNumbers(trial, layout)),
    ...(many
      ? section(
          `Trial ${trial.index + 1}, the median`,
          renderNumbers(trial, layout).slice(1, -1),
          layout,
        )
      : []),
    ...(many ? [''] : []),
    ...renderStory(trial, layout),
    ...(many ? section('Trials', renderTrials(run, trial, layout), layout) : []),
    ...section(`Outages${which}`, renderOutages(trial, layout), layout),
    ...section('All meters and flows', renderOthers(trial, layout), layout),
    ...section(`Flows${which}, from start to stop`, renderFlows(trial, layout), layout),
    ...(chart === undefined
      ? []
      : section(`Throughput${which}`, renderThroughput(trial, chart, layout), layout)),
    ...(chart === undefined
      ? []
      : section(`iperf3${which}`, renderRows(trial, chart, layout), layout)),
    ...section(`Phases${which}, from the fault on`, renderWaterfall(trial, layout), layout),
    ...section(`Expectations${which}`, renderExpectations(trial, layout), layout),
    ...section(`Reversion${which}`, renderReversion(trial, layout), layout),
    ...section(
      `Metrics by RFC${which}`,
      trial.standards === null ? [] : renderStandards(trial.standards, trial, layout),
      layout,
    ),
  ];
}

function factLines(run: JudgedRun, chosen: ChosenTrial | null, layout: Layout): string[] {
  const fidelity = chosen?.trial.fidelity ?? null;
  return [
    ...(fidelity === null ? [] : renderFidelity(fidelity, layout)),
    ...renderMachineLoss(run.result.trials, layout),
    ...renderFacts(run, layout),
    ...renderTiming(run.result.trials, layout),
    ...renderCleanup(run, layout),
  ];
}
