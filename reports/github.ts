/** Workflow commands that GitHub turns into annotations of a job. */
import type { JudgedRun, RunResult } from '../harness/model/result.js';
import { adviceOf } from './advice/index.js';
import { escapeText, shorten } from './escape.js';
import { formatQuantity } from './format.js';
import { headlineSentence } from './headline.js';
import { sentencesOf } from './reasons/index.js';
import { detailText } from './reasons/reading.js';

/** Annotations at most of one run; GitHub itself shows ten of a kind a step. */
const annotationsMax = 10;
const nameMax = 60;

/** One line an annotation: the run's verdict first, then every expectation that did not hold. */
export function renderGithub(run: JudgedRun): string {
  const { result } = run;
  const title = `${shorten(escapeText(result.scenario), nameMax)}: ${result.verdict}`;
  const reasons = sentencesOf(result.reasons).map(escapeText);
  const todo = adviceOf(result).map(escapeText);
  const message = [headlineSentence(run), ...reasons, ...todo].join('\n');
  const lines = [annotation(levelOf(result.verdict), title, message), ...missed(result)];
  return `${lines.slice(0, annotationsMax).join('\n')}\n`;
}

function missed(result: RunResult): string[] {
  return result.trials.flatMap((trial) =>
    trial.expectations
      .filter((expectation) => expectation.verdict !== 'pass')
      .map((expectation) => {
        const title = `${shorten(escapeText(result.scenario), nameMax)}, trial ${trial.index + 1}`;
        const measured = formatQuantity(expectation.measured, expectation.unit);
        const told = detailText(expectation.detail);
        const detail = told === '' ? '' : `; ${escapeText(told)}`;
        const message = `${escapeText(expectation.text)}: measured ${measured}${detail}`;
        return annotation(levelOf(expectation.verdict), title, message);
      }),
  );
}

function levelOf(verdict: RunResult['verdict']): 'notice' | 'warning' | 'error' {
  if (verdict === 'pass') return 'notice';
  return verdict === 'fail' ? 'error' : 'warning';
}

/** `::error title=…::…`; both parts are encoded so that they cannot start a command of their own. */
export function annotation(
  level: 'notice' | 'warning' | 'error',
  title: string,
  message: string,
): string {
  return `::${level} title=${encodeProperty(title)}::${encodeMessage(message)}`;
}

function encodeMessage(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function encodeProperty(text: string): string {
  return encodeMessage(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
