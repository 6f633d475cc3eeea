/** A gate as Markdown, for a job's summary and for a comment on a pull request. Pure. */

import type { GateMetric, GateResult } from '../../harness/judge/gate/result.js';
import { adviceOfGate } from '../advice/index.js';
import { attemptText } from '../attempts.js';
import { escapeCodeBlock, escapeMarkdown } from '../escape.js';
import { formatMs } from '../format.js';
import { facts, machineLine, name, sign, signed, table, todo } from '../markdown.js';
import { boundText } from '../reasons/gate.js';
import { sentencesOf } from '../reasons/index.js';
import type { GatedRun } from './junit.js';
import { rangeChart, rangeLegend } from './range-chart.js';
import { gateColumns, gateRows } from './table.js';

/** Fits a comment on GitHub without a scroll bar. */
const chartColumns = 76;
const invalidMax = 10;

/** Every gate in turn; with several, a table of verdicts first. */
export function renderGateMarkdown(gated: readonly GatedRun[]): string {
  const parts = gated.map(gateText);
  return `${(gated.length > 1 ? [verdictTable(gated), ...parts] : parts).join('\n\n')}\n`;
}

function verdictTable(gated: readonly GatedRun[]): string {
  const rows = gated.map(({ gate }) => [
    name(gate.scenario),
    signed(gate.verdict),
    String(gate.trials.valid),
  ]);
  return table(['gate', 'verdict', 'valid trials'], rows);
}

function gateText({ gate, run }: GatedRun): string {
  const { valid, baseline } = gate.trials;
  const blocks = [
    `### ${sign(gate.verdict)} gate of ${name(gate.scenario)}: ${gate.verdict}`,
    `${valid} valid trials of ${name(gate.controller)} against ${baseline} in the baseline`,
    list(sentencesOf(gate.reasons)),
    gate.metrics.length === 0 ? '' : metricTable(gate),
    charts(gate),
    list(boundLines(gate)),
    invalidTrials(gate),
    list(gate.trials.attempts.map(attemptText)),
    machineLine(run.trials),
    facts(run),
    todo(adviceOfGate(gate)),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
}

function metricTable(gate: GateResult): string {
  const rows = gateRows(gate).map((cells, place) =>
    gateColumns.map((column) => {
      const metric = gate.metrics[place];
      return column === 'verdict' && metric
        ? signed(metric.verdict)
        : escapeMarkdown(cells[column]);
    }),
  );
  return table([...gateColumns], rows);
}

function charts(gate: GateResult): string {
  const drawn = gate.metrics.flatMap((metric) => chartOf(metric));
  if (drawn.length === 0) return '';
  return ['```text', ...[...drawn, rangeLegend].map(escapeCodeBlock), '```'].join('\n');
}

function chartOf(metric: GateMetric): string[] {
  const lines = rangeChart(metric, chartColumns);
  return lines.length === 0 ? [] : [metric.label, ...lines, ''];
}

function boundLines(gate: GateResult): string[] {
  return gate.metrics.flatMap(({ label, bound }) =>
    bound ? [`${label} may be at most ${formatMs(bound.limitMs)}: ${boundText(bound)}`] : [],
  );
}

function invalidTrials({ trials: { invalid } }: GateResult): string {
  if (invalid.length === 0) return '';
  const lines = invalid.map(
    ({ index, reasons }) =>
      `trial ${index + 1}: ${sentencesOf(reasons).join('; ') || 'no reason given'}`,
  );
  const more = invalid.length - invalidMax;
  const shown = [...lines.slice(0, invalidMax), ...(more > 0 ? [`${more} more`] : [])];
  return `<details><summary>${invalid.length} invalid trials</summary>\n\n${list(shown)}\n\n</details>`;
}
