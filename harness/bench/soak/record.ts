/** The record that a killed run left: whether it can be read, and what it proves. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../errors.js';
import { judge } from '../../judge/judge.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { readHistoryFile } from '../../model/history/reader.js';

export interface SoakRecord {
  verdict: string | null;
  unreadable: string | null;
  /** When the run began to end: a kill after it spoils no measurement. */
  stopNs: number | null;
}

/** Of the only run in `out`; all null when there was nothing to record yet. */
export async function readRecord(out: string): Promise<SoakRecord> {
  const nothing = { verdict: null, unreadable: null, stopNs: null };
  const parent = join(out, 'soak');
  const names = existsSync(parent) ? readdirSync(parent) : [];
  const folder = names.find((name) => /^\d{4}-/.test(name));
  const path = join(parent, folder ?? '', 'history.ndjson');
  if (folder === undefined || !existsSync(path)) return nothing;
  try {
    const { events } = await readHistoryFile(path);
    const [first] = events;
    if (first === undefined) return nothing;
    return { ...nothing, verdict: judge(events).result.verdict, stopNs: stopOf(events) };
  } catch (thrown) {
    return { ...nothing, unreadable: messageOf(thrown) };
  }
}

function stopOf(events: readonly HistoryEvent[]): number | null {
  const stop = events.find((event) => event.kind === 'phase' && event.phase === 'stop');
  return stop?.atNs ?? null;
}
