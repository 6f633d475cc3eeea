/** A sweep as Markdown, for a job's summary or a comment on a pull request. */
import type { SweepResult } from '../../harness/judge/sweep.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { escapeCodeBlock, escapeMarkdown } from '../escape.js';
import { formatCount, formatMs } from '../format.js';
import { name, sign, signed, table } from '../markdown.js';
import { quoteCommand } from '../shell.js';
import { stylesFor } from '../terminal/style.js';
import { sweepMap } from './map.js';
import { whyLines } from './terminal.js';
import {
  asideSentences,
  countsSentence,
  elementsText,
  faultsText,
  largestText,
  medianText,
  worstSentence,
} from './words.js';

const rowsMax = 50;
const mapColumns = 76;

export function sweepMarkdown(result: SweepResult, scenario: ResolvedScenario): string {
  const { verdict, cases, command } = result;
  const worst = worstSentence(result);
  const rows = cases
    .slice(0, rowsMax)
    .map((one) => [
      name(elementsText(one)),
      name(faultsText(one)),
      medianText(one),
      largestText(one),
      formatCount(one.packetsLost),
      formatMs(one.phases?.detectedMs ?? null),
      name(one.tookOver.join(', ')),
      signed(one.verdict),
    ]);
  const more = cases.length - rows.length;
  const head = ['fails', 'by', 'median', 'largest', 'lost', 'detected', 'took over', 'verdict'];
  const map = sweepMap(result, scenario, mapColumns, stylesFor(false)).join('\n');
  const blocks = [
    `### ${sign(verdict)} sweep of ${name(result.scenario)}: ${verdict}`,
    `**${escapeMarkdown([countsSentence(result), worst ?? ''].join(' ').trim())}**`,
    table(head, rows),
    more > 0 ? `and ${more} more, which are felt less` : '',
    bullets(whyLines(result).slice(0, 10)),
    `\`\`\`\n${escapeCodeBlock(map)}\n\`\`\``,
    bullets(asideSentences(result)),
    `\`${quoteCommand(command).replaceAll('`', "'")}\``,
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
}
