/** A sweep at the terminal: the answer, every case by how long it is felt, and the map. Pure. */
import type { SweepCase, SweepResult } from '../../harness/judge/sweep.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { escapeText } from '../escape.js';
import { formatCount, formatCounted, formatMs, unknown } from '../format.js';
import { sentencesOf } from '../reasons/index.js';
import { type Layout, layoutOf, type TerminalOptions } from '../terminal/layout.js';
import { indented, section } from '../terminal/section.js';
import { verdictStyle } from '../terminal/style.js';
import { renderTable } from '../terminal/table.js';
import { clip, wrapText } from '../terminal/wrap.js';
import { styleOf, sweepMap } from './map.js';
import {
  asideSentences,
  caseName,
  countsSentence,
  elementsText,
  faultsText,
  largestText,
  levelWords,
  medianText,
  worstSentence,
} from './words.js';

/** The whole report; no line is wider than `columns`, and it ends with a line break. */
export function renderSweep(
  result: SweepResult,
  scenario: ResolvedScenario,
  options: TerminalOptions,
): string {
  const layout = layoutOf(options);
  const { columns, styles } = layout;
  const wrapped = (texts: readonly string[]) =>
    indented(texts.flatMap((text) => wrapText(escapeText(text), columns - 2)));
  const lines = [
    title(result, layout),
    ...wrapped([result.question]),
    '',
    ...wrapped([countsSentence(result), worstSentence(result) ?? ''].filter(Boolean)),
    ...section('Every failure, the worst first', table(result, layout), layout),
    ...section('Map', indented(sweepMap(result, scenario, columns - 2, styles)), layout),
    ...section('Not failed', wrapped(asideSentences(result)), layout),
    ...section('Why', wrapped(whyLines(result)), layout),
    ...section('Run details', wrapped(details(result)), layout),
  ];
  return `${lines.map((line) => clip(line, columns).trimEnd()).join('\n')}\n`;
}

function title({ verdict, scenario, controller, seed }: SweepResult, { styles }: Layout): string {
  const word = verdictStyle(styles, verdict)(verdict.toUpperCase());
  return `${styles.bold(word)}  sweep of ${escapeText(scenario)} · ${escapeText(controller)} · seed ${seed}`;
}

function table({ cases, rounds }: SweepResult, { columns, styles }: Layout): string[] {
  // On a narrow screen names come before phases.
  const wide = columns >= 96;
  const median = rounds > 1 ? [{ title: 'median', align: 'right' as const }] : [];
  const trials = rounds > 1 ? [{ title: 'recovered', align: 'right' as const }] : [];
  const head = [
    { title: '', align: 'left' as const },
    { title: 'fails', align: 'left' as const, shrinks: true },
    { title: 'by', align: 'left' as const },
    ...median,
    { title: rounds > 1 ? 'largest' : 'outage', align: 'right' as const },
    { title: 'lost', align: 'right' as const },
    ...(columns >= 88 ? [{ title: 'detected', align: 'right' as const }] : []),
    ...(wide ? [{ title: 'flows', align: 'right' as const }] : []),
    { title: 'took over', align: 'left' as const, shrinks: true },
    ...trials,
    { title: 'verdict', align: 'left' as const },
  ];
  const rows = cases.map((one) => [
    styleOf(styles, one.level)(levelWords[one.level].sign),
    escapeText(elementsText(one)),
    faultsText(one),
    ...(rounds > 1 ? [medianText(one)] : []),
    largestText(one),
    formatCount(one.packetsLost),
    ...(columns >= 88 ? [formatMs(one.phases?.detectedMs ?? null)] : []),
    ...(wide ? [formatMs(one.phases?.lastFlowChangeMs ?? null)] : []),
    escapeText(one.tookOver.join(', ')) || unknown,
    ...(rounds > 1 ? [`${one.recovered} of ${one.valid}`] : []),
    verdictStyle(styles, one.verdict)(one.verdict),
  ]);
  return renderTable(head, rows, { columns, indent: 2, headStyle: styles.dim });
}

/** Every case that does not pass, with its first reasons. */
export function whyLines({ cases }: SweepResult): string[] {
  return cases
    .filter(({ verdict }) => verdict !== 'pass')
    .slice(0, 20)
    .map((one) => `${caseName(one)}: ${reasonsText(one)}`);
}

function reasonsText({ reasons, valid, invalid, trials }: SweepCase): string {
  if (trials.length === 0) return 'it was not run';
  const told = sentencesOf(reasons).slice(0, 2).join('; ');
  const notValid = invalid > 0 && valid > 0 ? ` (${formatCounted(invalid, 'invalid trial')})` : '';
  return (told || 'no reason was recorded') + notValid;
}

function details(result: SweepResult): string[] {
  const { rounds, expectationsLeftOut, doubts, environment, wallTime } = result;
  const clock = environment.clock === 'virtual' ? 'virtual clock' : "this machine's clock";
  return [
    `${formatCounted(rounds, 'trial')} of each failure, ${clock}, ${wallTime}`,
    ...(expectationsLeftOut.length > 0
      ? [
          `Expectations of the scenario that apply to no case, because they refer to one particular fault: ${expectationsLeftOut.join('; ')}.`,
        ]
      : []),
    ...sentencesOf(doubts),
  ];
}
