/** `failover-lab bench report`: how report.html behaves with a very long history. */
import { formatBytes, formatCount, formatMs } from '../../../reports/format.js';
import { renderHtml } from '../../../reports/html/render.js';
import { renderTable } from '../../../reports/terminal/table.js';
import { defaultOut } from '../../api/places.js';
import { type BenchReportResult, benchReport, type ReportReading } from '../../bench/report.js';
import { newestRun, readRun } from '../../campaign/store/read-run.js';
import type { CommandContext } from '../context.js';

export interface BenchReportFlags {
  events: number;
  repetitions: number;
  json?: boolean;
}

/** Open the page of a long history again and again, and print what a browser measured. */
export async function runReport(
  path: string | undefined,
  flags: BenchReportFlags,
  context: CommandContext,
): Promise<void> {
  const run = await readRun(path ?? newestRun(defaultOut()));
  const result = await benchReport({
    events: run.events,
    eventCount: flags.events,
    repetitions: flags.repetitions,
    renderPage: (events) =>
      renderHtml({
        run: run.judged,
        events,
        logs: {},
        // The bench is about all the events, so none may be left out.
        eventBytesMax: Number.POSITIVE_INFINITY,
      }),
    onProgress: (text) => context.screen.err(`${text}\n`),
  });
  if (flags.json) context.screen.out(`${JSON.stringify(result, null, 2)}\n`);
  else context.screen.out(table(result, context.screen.columns));
}

const rows: Array<[string, keyof ReportReading]> = [
  ['first content', 'firstContentMs'],
  ['all events there', 'readyMs'],
  ['longest task while loading', 'loadingTaskMaxMs'],
  ['longest task while scrolling', 'scrollTaskMaxMs'],
  ['longest gap between frames', 'frameGapMaxMs'],
];

function table(result: BenchReportResult, columns: number): string {
  const head = ['', 'least', 'median', 'most'].map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
  }));
  const body = rows.map(([title, key]) => {
    const sorted = result.readings.map((reading) => reading[key]).sort((a, b) => a - b);
    const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
    return [title, ...[sorted[0] ?? null, middle, sorted.at(-1) ?? null].map(formatMs)];
  });
  const over = result.readings.reduce((sum, each) => sum + each.scrollTasksOver100Ms, 0);
  return `${[
    ...renderTable(head, body, { columns }),
    `tasks over 100 ms while scrolling: ${over}`,
    `${formatCount(result.events)} events, ${formatBytes(result.sizeBytes)}, made in ${formatMs(result.renderMs)}, ${result.browser}, ${result.readings.length} openings`,
    `load before the bench: ${result.loadBefore.toFixed(1)}; other work on the machine lengthens every figure`,
  ].join('\n')}\n`;
}
