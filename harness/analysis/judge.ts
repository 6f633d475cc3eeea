/** The whole analysis: a history in, a judged run out. Pure and deterministic. */
import type { HistoryEvent } from '../history/events.js';
import { concludeRun } from './conclude.js';
import type { JudgedRun } from './result.js';
import { runDoubts, wasInterrupted } from './run-end.js';
import { summaryOfTrials } from './summary.js';
import { judgeTrial } from './trial.js';
import { recordRun } from './trial-record.js';

/**
 * Judges a run from its recorded events, complete or cut off. The same history always gives the
 * same result.
 * @throws LabError RECORD_UNREADABLE when the history has no header.
 */
export function judge(events: readonly HistoryEvent[]): JudgedRun {
  const run = recordRun(events);
  const { header } = run;
  const judged = run.trials.map(judgeTrial);
  const trials = judged.map((trial) => trial.result);
  const plan = {
    trials: header.trials,
    indexes: header.indexes ?? null,
    endsEarly: header.untilPrecise !== undefined,
  };
  const doubts = runDoubts(run, trials);
  const labs = [...new Map(run.trials.map(({ lab, cleanup }) => [lab, cleanup])).values()];
  const exitCodes = labs.map((cleanup) => cleanup?.mnCleanExitCode ?? null);
  const leftovers = [
    ...labs.flatMap((cleanup) => cleanup?.leftovers ?? []),
    ...(run.end?.leftovers ?? []),
  ];
  return {
    result: {
      schemaVersion: 1,
      runId: header.runId,
      scenario: header.scenario.name,
      question: header.scenario.question,
      seed: header.seed,
      wallTime: header.wallTime,
      command: header.command,
      controller: header.scenario.controller.label,
      environment: header.environment,
      mininetNotes: header.scenario.topology.mininetFile?.notes ?? [],
      ...concludeRun({ plan, doubts }, trials),
      plan,
      interrupted: wasInterrupted(run, trials),
      doubts,
      trials,
      summary: summaryOfTrials(trials),
      cleanup: {
        leftovers,
        mnCleanExitCode:
          exitCodes.find((code) => code !== null && code !== 0) ?? exitCodes[0] ?? null,
      },
    },
    charts: judged.map((trial) => trial.chart),
  };
}
