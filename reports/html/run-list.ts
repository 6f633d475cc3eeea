/** The list of `failover-lab show`: sorted, filtered, and two of its runs chosen for a comparison. */
import { formatCount, formatMs } from '../format.js';
import { renderTrendTerminal, type Trend } from '../trend.js';
import { addressOf, servedPage, top } from './live-page.js';
import { type Html, html, named } from './markup.js';
import { verdictChip } from './view/first-screen.js';

/** A run as the list shows it. */
export interface RunRow {
  scenario: string;
  time: string;
  /** run, or what was made from several: sweep, search, gate, compare. */
  kind: string;
  /** Name of the page in its folder. */
  page: string;
  /** Whether it has a record of its own, which can be seen live and compared. */
  recorded: boolean;
  state: string;
  verdict: string | null;
  /** Its controller or routing; null where the result does not state it, or there is none. */
  strategy: string | null;
  question: string;
  trials: number | null;
  outageMedianMs: number | null;
  /** Trials that never recovered. */
  censored: number;
}

/** Columns that can be sorted by, with what their cells are sorted by. */
const columns: { title: string; figure: boolean; value: (run: RunRow) => string | number }[] = [
  { title: 'Scenario', figure: false, value: ({ scenario }) => scenario },
  { title: 'Kind', figure: false, value: ({ kind }) => kind },
  { title: 'Verdict', figure: false, value: ({ verdict, state }) => verdict ?? state },
  { title: 'Controller', figure: false, value: ({ strategy }) => strategy ?? '' },
  { title: 'Network outage, median', figure: true, value: outageOrder },
  { title: 'Trials', figure: true, value: ({ trials }) => trials ?? -1 },
  { title: 'Time', figure: true, value: ({ time }) => time },
];

/** No recovery is longer than any outage; no reading comes before all. */
function outageOrder({ outageMedianMs, censored }: RunRow): number {
  if (outageMedianMs !== null) return outageMedianMs;
  return censored > 0 ? Number.MAX_SAFE_INTEGER : -1;
}

function cells(run: RunRow): Html[] {
  const address = addressOf(run);
  const place = run.state === 'finished' ? `${address}/${run.page}` : `${address}/`;
  const outage =
    run.outageMedianMs === null && run.censored > 0 ? 'no recovery' : formatMs(run.outageMedianMs);
  return [
    html`<a href="${place}">${named(run.scenario)}</a>`,
    html`${run.kind}`,
    run.verdict === null
      ? html`<span class="chip ${run.state}">${run.state}</span>`
      : verdictChip(run.verdict),
    named(run.strategy ?? '–'),
    html`${outage}`,
    html`${formatCount(run.trials)}`,
    named(run.time),
  ];
}

function row(run: RunRow): Html {
  const name = `${run.scenario}/${run.time}`;
  const choice =
    run.state === 'finished' && run.recorded
      ? html`<input type="checkbox" name="run" value="${name}" aria-label="Compare ${name}">`
      : null;
  const sorted = cells(run).map((cell, index) => {
    const { value, figure } = columns[index] ?? { value: () => '', figure: false };
    if (index === 0) return html`<th scope="row" data-value="${value(run)}">${cell}</th>`;
    return html`<td class="${figure ? 'figure' : ''}" data-value="${value(run)}">${cell}</td>`;
  });
  const trend = `/trend/${encodeURIComponent(run.scenario)}`;
  const more = html`<a href="${addressOf(run)}/">live view</a> <a href="${trend}">trend</a>`;
  return html`<tr><td>${choice}</td>${sorted}<td dir="auto">${run.question}</td>
    <td>${run.recorded ? more : null}</td></tr>`;
}

function rows(runs: RunRow[]): Html {
  if (runs.length === 0) {
    return html`<tr><td colspan="${columns.length + 3}">No run has been recorded yet.</td></tr>`;
  }
  return html`${runs.map(row)}`;
}

/** The rows alone, for the list that renews itself. */
export function runRowsHtml(runs: RunRow[]): string {
  return rows(runs).text;
}

const heads = columns.map(
  ({ title, figure }) => html`<th scope="col" class="${figure ? 'figure' : ''}">${title}</th>`,
);

/** The newest run first. Without scripts two runs can be compared as well. */
export function runListHtml(runs: RunRow[]): Promise<string> {
  return servedPage(
    'Runs – failover-lab',
    html`${top}<main id="main"><section aria-labelledby="runs-title">
    <h1 id="runs-title" class="list-title">Runs</h1>
    <form action="/diff" method="get" id="choice">
    <p class="list-tools"><label id="filter" hidden>Filter <input type="search" id="words" placeholder="scenario, verdict, controller, question"></label>
    <button type="submit" class="quiet" id="compare">Compare two runs</button> <span id="shown" role="status"></span></p>
    <div class="scroll-x" tabindex="0" role="region" aria-label="Table of runs"><table>
    <thead><tr><th scope="col">Compare</th>${heads}<th scope="col">Question</th><th scope="col">More</th></tr></thead>
    <tbody id="runs">${rows(runs)}</tbody></table></div></form></section></main>`,
  );
}

/** The medians of a scenario's past runs, as `failover-lab trend` draws them. */
export function trendPageHtml(trend: Trend): Promise<string> {
  const drawn = renderTrendTerminal(trend, { columns: 100, colour: false, height: 14 });
  return servedPage(
    `${trend.scenario}, trend – failover-lab`,
    html`${top}<main id="main"><section aria-labelledby="trend-title">
    <h1 id="trend-title" class="list-title">${named(trend.scenario)}: trend</h1>
    <div class="scroll-x" tabindex="0" role="region" aria-label="Trend"><pre class="trend">${drawn}</pre></div>
    </section></main>`,
  );
}
