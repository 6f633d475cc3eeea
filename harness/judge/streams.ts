/** The streams of one flow one by one: a path that dies takes some of them and leaves the others. */
import { slowStartMs } from '../model/flow-resolution.js';
import type { FlowResult } from '../model/result.js';
import type { FlowPoint } from './throughput.js';
import { NS_PER_MS, spanMs } from './units.js';

/** Nothing where the rows are of a single stream, or of none. */
export function streamsOf(rows: readonly FlowPoint[]): Pick<FlowResult, 'streams'> {
  const count = rows.reduce((most, row) => Math.max(most, row.streamBytes?.length ?? 0), 0);
  if (count < 2) return {};
  return { streams: Array.from({ length: count }, (_, stream) => streamOf(rows, stream)) };
}

function streamOf(rows: readonly FlowPoint[], stream: number) {
  const settledNs = (rows[0]?.startNs ?? 0) + slowStartMs * NS_PER_MS;
  let bytes = 0;
  let spanNs = 0;
  let silentSinceNs: number | null = null;
  let longestNs = 0;
  for (const row of rows) {
    const moved = row.streamBytes?.[stream] ?? 0;
    bytes += moved;
    spanNs += row.endNs - row.startNs;
    silentSinceNs = moved > 0 ? null : (silentSinceNs ?? row.startNs);
    if (silentSinceNs === null || row.startNs < settledNs) continue;
    longestNs = Math.max(longestNs, row.endNs - Math.max(silentSinceNs, settledNs));
  }
  const receivedBps = spanNs > 0 ? Math.round((bytes * 8e9) / spanNs) : 0;
  return { receivedBps, longestSilenceMs: spanMs(longestNs) };
}
