/** The whole analysis: a history in, a judged run out. Pure and deterministic. */
import type { HistoryEvent } from '../model/history/events.js';
import { type JudgedRun, resultVersion } from '../model/result.js';
import { withAttempts } from './attempts.js';
import { concludeRun } from './conclude.js';
import { meterRecords } from './meter-record.js';
import { runDoubts, wasInterrupted } from './run-end.js';
import { summaryOfTrials } from './summary.js';
import { judgeTrial } from './trial.js';
import { type RunRecord, recordRun } from './trial-record.js';

/**
 * Judges a run that ended, complete or cut off, from its recorded events. The same history always
 * gives the same result.
 * @throws LabError RECORD_UNREADABLE when the history has no header.
 */
export function judge(events: readonly HistoryEvent[]): JudgedRun {
  return judgeRecord(recordRun(events));
}

/**
 * Judges a run that goes on, as of `askedNs` (CLOCK_MONOTONIC), or, without it, as of the last
 * moment that the meters have reported. What has not come back by then is dark from the last good
 * packet to that moment, and what has been good for less than the sustained window has not recovered
 * yet. Ask `meterHorizonNs` first whether the meters have reported up to the moment.
 * @throws LabError RECORD_UNREADABLE when the history has no header.
 */
export function judgeSoFar(
  events: readonly HistoryEvent[],
  askedNs: number | null = null,
): JudgedRun {
  return judgeRecord(recordRun(events, { askedNs }));
}

/**
 * Until when the meters of the newest trial have reported what was sent and what arrived; null
 * without a meter that has reported both ways.
 */
export function meterHorizonNs(events: readonly HistoryEvent[]): number | null {
  const trial = recordRun(events, { askedNs: null }).trials.at(-1);
  if (!trial || trial.scenario.meters.length === 0) return null;
  const records = meterRecords(trial);
  if (records.length < 2 * trial.scenario.meters.length) return null;
  return Math.min(...records.map((record) => record.horizonNs));
}

function judgeRecord(run: RunRecord): JudgedRun {
  const { header } = run;
  const judged = withAttempts(run.trials.map(judgeTrial));
  const trials = judged.map((trial) => trial.result);
  const plan = {
    trials: header.trials,
    indexes: header.indexes ?? null,
    endsEarly: header.untilPrecise !== undefined || header.campaign?.kind === 'search',
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
      schemaVersion: resultVersion,
      runId: header.runId,
      scenario: header.scenario.name,
      question: header.scenario.question,
      seed: header.seed,
      wallTime: header.wallTime,
      command: header.command,
      controller: header.scenario.controller.label,
      routing: header.scenario.routing ?? null,
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
