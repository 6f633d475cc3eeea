/** From a judged run and its history to the plain data that a page carries. */
import { compareRuns } from '../../harness/judge/compare.js';
import type { GateResult } from '../../harness/judge/gate/result.js';
import { medianTrial } from '../../harness/judge/median-trial.js';
import type { HistoryEvent } from '../../harness/model/history/events.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import type { JudgedRun } from '../../harness/model/result.js';
import type { EventExtent, PageData } from './data.js';
import { drawingOf } from './view/topology-layout.js';

export interface ReportInput {
  run: JudgedRun;
  events: HistoryEvent[];
  /** Log files by name. */
  logs: Record<string, string>;
  /** All runs of a comparison, in the order in which they are shown. */
  compare?: readonly JudgedRun[];
  /** What the gate says of the run. */
  baseline?: GateResult;
  /** Bound on the packed history within the page; larger ones are thinned. */
  eventBytesMax?: number;
}

function scenarioOf(events: HistoryEvent[]): ResolvedScenario | null {
  const header = events.find((event) => event.kind === 'run.header');
  return header?.kind === 'run.header' ? header.scenario : null;
}

/**
 * Zero of a trial's charts on the monotonic clock. The first fault's stamps give it exactly, since
 * the result counts from the same zero; without a fault it is the start of the traffic phase.
 */
function zeroNsOf(run: JudgedRun, events: HistoryEvent[]): Array<number | null> {
  return run.result.trials.map((trial) => {
    const own = events.filter(
      (event) => event.trial === trial.index && (event.attempt ?? 0) === trial.attempt,
    );
    const first = trial.episodes.find((episode) => episode.change === 'injected');
    const injected = own.find((event) => event.kind === 'fault.injected');
    if (injected?.kind === 'fault.injected' && first) {
      return (injected.beforeNs + injected.afterNs) / 2 - first.injectedAtMs * 1e6;
    }
    const traffic = own.find((event) => event.kind === 'phase' && event.phase === 'traffic');
    return traffic?.atNs ?? null;
  });
}

/** Index of the trial shown first: the one that every report takes for the run. */
export function typicalTrial(run: JudgedRun): number {
  const chosen = medianTrial(run)?.trial;
  return chosen === undefined ? 0 : run.result.trials.indexOf(chosen);
}

export function pageDataOf(input: ReportInput, extent: EventExtent): PageData {
  const { run, events } = input;
  const scenario = scenarioOf(events);
  return {
    result: run.result,
    drawing: scenario === null ? null : drawingOf(scenario),
    zeroNs: zeroNsOf(run, events),
    compare: input.compare ? compareRuns(input.compare).sides : [],
    events: extent,
    scenarioJson: scenario === null ? '' : JSON.stringify(scenario, null, 2),
  };
}
