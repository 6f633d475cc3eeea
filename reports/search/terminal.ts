/** A search at the terminal: what was found, how to see it again, and the worst that was tried. Pure. */
import type { FoundFailure, SearchResult } from '../../harness/judge/search-result.js';
import { escapeText } from '../escape.js';
import { formatCounted } from '../format.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { type Layout, layoutOf, type TerminalOptions } from '../terminal/layout.js';
import { indented, section } from '../terminal/section.js';
import { verdictStyle } from '../terminal/style.js';
import { renderTable } from '../terminal/table.js';
import { clip, wrapText } from '../terminal/wrap.js';
import {
  evidenceText,
  findingsSentence,
  kindText,
  outageText,
  scheduleText,
  searchPlanSentence,
  stateText,
  worstSentence,
  worstTrials,
} from './words.js';

const worstShown = 8;

/** No line is wider than `columns`; it ends with a line break. */
export function renderSearch(result: SearchResult, options: TerminalOptions): string {
  const layout = layoutOf(options);
  const { columns, styles } = layout;
  const wrapped = (texts: readonly string[]) =>
    indented(texts.flatMap((text) => wrapText(escapeText(text), columns - 2)));
  const { verdict, scenario, controller, seed } = result;
  const word = verdictStyle(styles, verdict)(verdict.toUpperCase());
  const lines = [
    `${styles.bold(word)}  search of ${escapeText(scenario)} · ${escapeText(controller)} · seed ${seed}`,
    ...wrapped([result.question]),
    '',
    ...wrapped([findingsSentence(result), worstSentence(result) ?? ''].filter(Boolean)),
    ...result.findings.flatMap((finding) =>
      section(
        `Finding ${finding.number}: ${kindText(finding.evidence)}`,
        told(finding, layout),
        layout,
      ),
    ),
    ...section('The worst trials', worst(result, layout), layout),
    ...section(
      'Run details',
      wrapped([searchPlanSentence(result.plan, result.options), ...sentencesOf(result.doubts)]),
      layout,
    ),
  ];
  return `${lines.map((line) => clip(line, columns).trimEnd()).join('\n')}\n`;
}

function told(finding: FoundFailure, { columns }: Layout): string[] {
  const { evidence, schedule, trials, foundWith, command } = finding;
  const simpler =
    foundWith > schedule.length
      ? `made simpler from ${formatCounted(foundWith, 'failure')} to ${schedule.length}`
      : '';
  const again =
    trials.again.length > 0
      ? `${formatCounted(trials.again.length, 'later trial')} showed it as well`
      : '';
  const texts = [
    scheduleText(schedule),
    evidenceText(evidence),
    [`trial ${trials.found + 1}`, stateText(finding), simpler, again].filter(Boolean).join('; '),
  ];
  return indented([
    ...texts.flatMap((text) => wrapText(escapeText(text), columns - 2)),
    ...(command ? wrapText(quoteCommand(command), columns - 2) : []),
  ]);
}

function worst(result: SearchResult, { columns, styles }: Layout): string[] {
  return renderTable(
    [
      { title: 'trial', align: 'right' },
      { title: 'what failed', align: 'left', shrinks: true },
      { title: 'outage', align: 'right' },
      { title: 'verdict', align: 'left' },
    ],
    worstTrials(result, worstShown).map((trial) => [
      String(trial.index + 1),
      escapeText(scheduleText(trial.schedule)),
      outageText(trial),
      verdictStyle(styles, trial.verdict)(trial.verdict),
    ]),
    { columns, indent: 2, headStyle: styles.dim },
  );
}
