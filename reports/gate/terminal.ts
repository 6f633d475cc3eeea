/** A gate for people at a terminal. Pure: text in, text out. */

import type { GateResult } from '../../harness/judge/gate/result.js';
import { attemptText } from '../attempts.js';
import { escapeText } from '../escape.js';
import { totalMachineLossText } from '../machine-loss.js';
import { boundText } from '../reasons/gate.js';
import { sentencesOf } from '../reasons/index.js';
import type { TerminalOptions } from '../terminal/layout.js';
import { type Styles, stylesFor, verdictStyle } from '../terminal/style.js';
import { renderTable } from '../terminal/table.js';
import { wrapText } from '../terminal/wrap.js';
import { gateColumns, gateRows } from './table.js';

/** The verdict first, then one line per metric, then the reasons in words. No final newline. */
export function renderGateTerminal(result: GateResult, options: TerminalOptions): string {
  const styles = stylesFor(options.colour);
  const lines = [headline(result, styles)];
  if (result.metrics.length > 0) lines.push('', ...table(result, options, styles));
  const said = [
    ...sentencesOf(result.reasons),
    ...remarks(result),
    ...boundLines(result),
    ...invalidLines(result),
    ...result.trials.attempts.map(attemptText),
    ...machineLines(result),
  ];
  if (said.length > 0) lines.push('');
  for (const reason of said) {
    lines.push(...wrapText(escapeText(reason), options.columns - 2).map((line) => `  ${line}`));
  }
  return lines.join('\n');
}

/** What this machine dropped in all trials. */
function machineLines({ trials }: GateResult): string[] {
  const text = totalMachineLossText(trials.machine);
  return text === null ? [] : [text];
}

function headline(result: GateResult, styles: Styles): string {
  const paint = result.verdict === 'regression' ? styles.red : verdictStyle(styles, result.verdict);
  const verdict = paint(styles.bold(result.verdict.toUpperCase()));
  const trials = `${result.trials.valid} valid trials against ${result.trials.baseline}`;
  return `${verdict}  ${escapeText(`${result.scenario} (${result.controller})`)}, ${trials} in the baseline`;
}

function table(result: GateResult, { columns }: TerminalOptions, styles: Styles): string[] {
  const head = gateColumns.map((title) => ({
    title,
    align: 'left' as const,
    shrinks: title === 'shift',
  }));
  const rows = gateRows(result, { brief: columns < 110 }).map((cells) =>
    gateColumns.map((title) => cells[title]),
  );
  return renderTable(head, rows, { columns, indent: 2, headStyle: styles.dim });
}

/** What a passing metric still has to say; other metrics' reasons are in the result's own. */
function remarks(result: GateResult): string[] {
  const said = new Set(sentencesOf(result.reasons));
  return result.metrics.flatMap(({ metric, reasons }) =>
    sentencesOf(reasons.map((reason) => ({ ...reason, metric }))).filter((line) => !said.has(line)),
  );
}

function boundLines(result: GateResult): string[] {
  return result.metrics.flatMap(({ label, bound }) =>
    bound ? [`${label} may be at most ${bound.limitMs} ms: ${boundText(bound)}`] : [],
  );
}

function invalidLines(result: GateResult): string[] {
  return result.trials.invalid.map(
    ({ index, reasons }) =>
      `trial ${index + 1} is invalid: ${sentencesOf(reasons).join('; ') || 'no reason given'}`,
  );
}
