/** report.html: one file that explains a failover, with all it needs inside. */
import { bodyOf } from './body.js';
import { clientBundle } from './client-bundle.js';
import { boundedLogs, embeddedJson, type PackedEvents, packed, packedEvents } from './embed.js';
import { pageOf } from './page.js';
import { pageDataOf, type ReportInput, typicalTrial } from './page-data.js';

/** A page stays below it where its history can be thinned enough. */
const pageBytesMax = 1_450_000;
/** The history has so much room at the least, however large the rest is. */
const eventBytesMin = 200_000;
const logCharactersMax = 1_200_000;

/**
 * The page of a judged run. It opens from disk, makes no request, and carries the history, thinned
 * where it is too large (see `packedEvents`).
 */
export async function renderHtml(input: ReportInput): Promise<string> {
  const bundle = await clientBundle();
  const charts = packed(JSON.stringify(input.run.charts));
  const logs = packed(JSON.stringify(boundedLogs(input.logs, logCharactersMax)));
  const chosen = typicalTrial(input.run);
  const pageWith = ({ text, extent }: PackedEvents) => {
    const data = pageDataOf(input, extent);
    return pageOf({
      title: `${data.result.verdict}: ${data.result.scenario} – failover-lab`,
      body: bodyOf(data, input, chosen),
      style: bundle.report.style,
      script: bundle.report.script,
      data: [
        { id: 'page-data', type: 'application/json', text: embeddedJson(data) },
        { id: 'chart-data', type: 'text/plain', text: charts },
        { id: 'event-data', type: 'text/plain', text },
        { id: 'log-data', type: 'text/plain', text: logs },
      ],
    });
  };
  const none = { text: '', extent: { total: input.events.length, embedded: 0, thinned: [] } };
  const room = Math.max(eventBytesMin, pageBytesMax - Buffer.byteLength(pageWith(none)));
  return pageWith(packedEvents(input.events, input.eventBytesMax ?? room));
}
