/** A search as JSON, JUnit XML and Markdown. */
import type { SearchResult } from '../../harness/judge/search-result.js';
import { escapeMarkdown } from '../escape.js';
import { type JunitCase, junitDocument } from '../junit-document.js';
import { name, sign } from '../markdown.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { withTexts } from '../with-texts.js';
import { renderSearch } from './terminal.js';
import {
  evidenceText,
  findingsSentence,
  kindText,
  scheduleText,
  stateText,
  worstSentence,
} from './words.js';

/** search.json: findings with their sentence beside their data. */
export function searchJson(result: SearchResult): string {
  const findings = result.findings.map((finding) => ({
    ...finding,
    text: `${scheduleText(finding.schedule)}: ${evidenceText(finding.evidence)}`,
  }));
  return `${JSON.stringify({ ...(withTexts(result) as object), findings }, null, 2)}\n`;
}

/** A test case for the search as a whole, and one for every finding, which fails. */
export function searchJunit(result: SearchResult): string {
  const { scenario, seed, controller, command, wallTime, verdict, doubts } = result;
  const className = `${scenario}.search`;
  const undecided = [findingsSentence(result), ...sentencesOf(doubts)].join('\n');
  const whole: JunitCase = {
    ...{ name: 'the search is complete', className, timeS: 0 },
    problem: verdict === 'inconclusive' ? { kind: 'error', message: undecided } : null,
  };
  const found = result.findings.map(
    (finding): JunitCase => ({
      ...{ name: `finding ${finding.number}: ${kindText(finding.evidence)}`, className, timeS: 0 },
      problem: {
        kind: finding.state === 'confirmed' ? 'failure' : 'error',
        message: [
          `${scheduleText(finding.schedule)}: ${evidenceText(finding.evidence)}`,
          stateText(finding),
          ...(finding.command ? [quoteCommand(finding.command)] : []),
        ].join('\n'),
      },
    }),
  );
  return junitDocument([
    {
      name: `search of ${scenario}`,
      wallTime,
      properties: { seed: String(seed), controller, command: quoteCommand(command) },
      cases: [whole, ...found],
      output: renderSearch(result, { columns: 100, colour: false }),
    },
  ]);
}

export function searchMarkdown(result: SearchResult): string {
  const worst = worstSentence(result);
  const found = result.findings.map((finding) => {
    const command = finding.command ? `\n  \`${quoteCommand(finding.command)}\`` : '';
    const text = `${scheduleText(finding.schedule)}: ${evidenceText(finding.evidence)} (${stateText(finding)})`;
    return `- **${kindText(finding.evidence)}**: ${escapeMarkdown(text)}${command}`;
  });
  const blocks = [
    `### ${sign(result.verdict)} search of ${name(result.scenario)}: ${result.verdict}`,
    `**${escapeMarkdown(findingsSentence(result))}**`,
    worst === null ? '' : escapeMarkdown(worst),
    found.join('\n'),
    `\`${quoteCommand(result.command)}\``,
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}
