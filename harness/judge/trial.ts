/** One trial: events in, result and chart out. */

import type { TrialChart, TrialResult } from '../model/result.js';
import { statusOf } from '../model/trial-status.js';
import { changesOf, wholeTraffic } from './changes.js';
import { chartOf } from './chart.js';
import { judgeEpisode, type Measurements } from './episode.js';
import { judgeExpectation } from './expectations.js';
import { judgeFidelity } from './fidelity.js';
import { flowResults } from './flows.js';
import { headlinesOf } from './headline.js';
import { invalidReasons } from './invalid.js';
import { listedOutages, marksOf } from './listed-outages.js';
import { machineDoubts } from './machine-doubt.js';
import { machineLossOf } from './machine-share.js';
import { meterRecords } from './meter-record.js';
import { processorUseOf } from './processor-use.js';
import { relaysOf } from './relays.js';
import { steadyStateOf } from './steady-state.js';
import { flowSeries } from './throughput.js';
import { timingOf } from './timing.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { spanMs } from './units.js';
import { trialVerdict } from './verdict.js';

export interface JudgedTrial {
  result: TrialResult;
  chart: TrialChart;
}

/** Judges one trial. */
export function judgeTrial(trial: TrialRecord): JudgedTrial {
  const changes = changesOf(trial);
  const measured: Measurements = {
    trial,
    changes,
    meters: meterRecords(trial),
    flows: flowSeries(trial),
  };
  const episodes = changes
    .filter((change) => !change.tidiesUp)
    .map((change) => judgeEpisode(measured, change));
  const planned = trial.scenario.timeline.length > 0;
  const views =
    episodes.length === 0 && !planned ? [judgeEpisode(measured, wholeTraffic(trial))] : episodes;
  const outages = views.flatMap((view) => view.meters.flatMap((m) => [m.forward, m.reverse]));
  const expectations = trial.scenario.expectations.map((expectation) =>
    judgeExpectation(expectation, views, trial.scenario.limits.recoveryDeadlineMs),
  );
  const doubts = machineDoubts({ measured, views, expectations });
  const fidelity = judgeFidelity(trial, measured.meters, changes, outages, doubts);
  const invalid = invalidReasons(trial, views, fidelity);
  const headlines = headlinesOf(views, trial);
  const result: TrialResult = {
    index: trial.index,
    attempt: trial.attempt,
    attempts: [],
    seed: trial.seed,
    stratum: trial.start.stratum,
    phaseOffsetMs: trial.start.phaseOffsetMs,
    status: statusOf(invalid),
    ...trialVerdict(trial, invalid, expectations, views, headlines.darkAtEnd),
    invalid,
    controller: episodes.find((view) => view.episode.controller)?.episode.controller ?? null,
    ...headlines,
    fidelity,
    machine: machineLossOf(trial, measured.meters, views),
    processors: processorUseOf(trial),
    expectations,
    episodes: episodes.map((view) => view.episode),
    flows: flowResults(trial, measured.flows),
    paths: eventsOf(trial.events, 'path').map((path) => ({
      label: path.label,
      from: path.from,
      to: path.to,
      complete: path.complete,
      nodes: path.nodes,
      atMs: spanMs(path.atNs - trial.trafficStartNs),
    })),
    relays: relaysOf(trial, changes),
    marks: marksOf(trial),
    outages: planned || episodes.length > 0 ? [] : listedOutages(trial, views),
    steadyState: steadyStateOf(trial, changes),
    timing: timingOf(trial),
    cleanup: cleanupOf(trial),
  };
  return { result, chart: chartOf(measured, views) };
}

function cleanupOf({ cleanup }: TrialRecord): TrialResult['cleanup'] {
  return {
    leftovers: cleanup?.leftovers ?? [],
    mnCleanExitCode: cleanup?.mnCleanExitCode ?? null,
    mnCleanMs: cleanup?.mnCleanMs ?? null,
    mnCleanRemoved: cleanup?.mnCleanRemoved ?? [],
  };
}
