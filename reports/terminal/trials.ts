/** Repeated trials: a line each, and what they say together. */
import type { JudgedRun, Summary, TrialResult } from '../../harness/model/result.js';
import { validTrials } from '../../harness/model/trial-status.js';
import { overTrials } from '../attempts.js';
import { formatMs, formatRoundMs, unknown } from '../format.js';
import { formatOutage, formatStall } from '../headline.js';
import type { Layout } from './layout.js';
import { verdictStyle } from './style.js';
import { renderTable } from './table.js';

/** Trial, place in the controller's period, both outages, stall, verdict. */
export function renderTrials(run: JudgedRun, median: TrialResult | null, layout: Layout): string[] {
  const { styles, columns } = layout;
  const rows = run.result.trials.map((trial) => [
    `${trial === median ? '▸' : ' '} ${trial.index + 1}`,
    trial.phaseOffsetMs === null ? unknown : formatRoundMs(Math.round(trial.phaseOffsetMs)),
    trial.network === null ? unknown : formatOutage(trial.network.forward),
    trial.network === null ? unknown : formatOutage(trial.network.reverse),
    trial.tcp === null ? unknown : formatStall(trial.tcp),
    verdictStyle(styles, trial.verdict)(trial.verdict),
  ]);
  return renderTable(
    [
      { title: 'trial', align: 'right' },
      { title: 'phase', align: 'right' },
      { title: 'forward', align: 'right' },
      { title: 'reverse', align: 'right' },
      { title: 'TCP stall', align: 'right' },
      { title: 'verdict', align: 'left' },
    ],
    rows,
    { columns, indent: 2, headStyle: styles.dim },
  );
}

/** Median with its interval, extremes and censored count, for both numbers. */
export function renderSummary(run: JudgedRun, layout: Layout): string[] {
  const { summary, trials } = run.result;
  const { networkOutageMs, tcpStallMs } = summary;
  const valid = validTrials(trials).length;
  const over = valid === trials.length ? [] : [`  over ${overTrials(valid, trials.length)}`];
  const table = renderTable(
    [
      { title: '', align: 'left' },
      { title: 'median', align: 'right' },
      { title: '95 % CI', align: 'left' },
      { title: 'min', align: 'right' },
      { title: 'max', align: 'right' },
      { title: 'n', align: 'right' },
      { title: 'censored', align: 'right' },
    ],
    [
      ['network outage', ...summaryCells(networkOutageMs, layout)],
      ['TCP stall', ...summaryCells(tcpStallMs, layout)],
    ],
    { columns: layout.columns, indent: 2, headStyle: layout.styles.dim },
  );
  return [...table, ...over];
}

function summaryCells(summary: Summary, { styles }: Layout): string[] {
  return [
    styles.bold(valueOrCensored(summary.median, summary)),
    intervalText(summary),
    formatMs(summary.min),
    valueOrCensored(summary.max, summary),
    String(summary.n),
    summary.censored === 0 ? '0' : styles.red(String(summary.censored)),
  ];
}

/** A missing rank is a censored one, as long as anything was measured. */
function valueOrCensored(value: number | null, summary: Summary): string {
  if (value !== null) return formatMs(value);
  return summary.n > 0 && summary.censored > 0 ? 'censored' : unknown;
}

/** `[1.208 s, 8.120 s]`; says so when there are too few trials for one. */
export function intervalText(summary: Summary): string {
  if (summary.ci95 === null) return summary.n === 0 ? unknown : 'needs 6 trials';
  const [low, high] = summary.ci95;
  return `[${formatMs(low)}, ${high === null ? 'censored' : formatMs(high)}]`;
}
