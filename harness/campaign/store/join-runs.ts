/** Parts of one plan, recorded apart (by shards, or by a gate that doubled), taken as one run. */
import { type MergeOptions, mergeJudged } from '../../judge/gate/merge.js';
import type { HistoryEvent } from '../../model/history/events.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { RecordedRun } from './read-run.js';

export interface JoinedRun extends Pick<RecordedRun, 'events' | 'judged'> {
  folders: string[];
}

/** Throws WRONG_USE when they are not parts of one plan. */
export function joinRuns(parts: readonly RecordedRun[], options: MergeOptions = {}): JoinedRun {
  return {
    folders: parts.map(({ folder }) => folder),
    events: parts.flatMap(({ events }) => events),
    judged: mergeJudged(
      parts.map(({ judged }) => judged),
      options,
    ),
  };
}

/** The scenario as it was executed; null when the record has no head. */
export function scenarioOf(events: readonly HistoryEvent[]): ResolvedScenario | null {
  const header = events.find((event) => event.kind === 'run.header');
  return header?.kind === 'run.header' ? header.scenario : null;
}
