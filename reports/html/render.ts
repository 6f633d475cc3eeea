/** report.html: one file that explains a failover, with all it needs inside. */
import { bodyOf } from './body.js';
import { clientBundle } from './client-bundle.js';
import { boundedLogs, embeddedJson, packed, packedEvents } from './embed.js';
import { pageOf } from './page.js';
import { pageDataOf, type ReportInput, typicalTrial } from './page-data.js';

/** Keeps a run of ten trials under 1.5 MB with charts, script and result beside the history. */
const eventBytesMax = 760_000;
const logCharactersMax = 1_200_000;

/**
 * The page of a judged run. It opens from disk, makes no request, and carries the history, thinned
 * where it is too large (see `packedEvents`).
 */
export async function renderHtml(input: ReportInput): Promise<string> {
  const bundle = await clientBundle();
  const events = packedEvents(input.events, input.eventBytesMax ?? eventBytesMax);
  const data = pageDataOf(input, events.extent);
  const logs = boundedLogs(input.logs, logCharactersMax);
  const chosen = typicalTrial(input.run);
  return pageOf({
    title: `${data.result.verdict}: ${data.result.scenario} – failover-lab`,
    body: bodyOf(data, input, chosen),
    style: bundle.report.style,
    script: bundle.report.script,
    data: [
      { id: 'page-data', type: 'application/json', text: embeddedJson(data) },
      { id: 'chart-data', type: 'text/plain', text: packed(JSON.stringify(input.run.charts)) },
      { id: 'event-data', type: 'text/plain', text: events.text },
      { id: 'log-data', type: 'text/plain', text: packed(JSON.stringify(logs)) },
    ],
  });
}
