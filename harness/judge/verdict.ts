/** From a trial's numbers to one of three words, with its reasons. */
import { type Reason, reason } from '../model/reason.js';
import type { ExpectationResult, TrialResult, Verdict } from '../model/result.js';
import { combine } from './combine.js';
import type { EpisodeView } from './episode.js';
import { idleFlowRemarks } from './idle-flows.js';
import { neverMoved } from './tcp.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { spanMs } from './units.js';
import { unknownValueRemarks } from './unreadable.js';

export interface Judgement {
  verdict: Verdict;
  reasons: Reason[];
}

/**
 * Invalid beats all; then a failed expectation or a network that is dark at the end though no
 * expectation asks for that, then an expectation without evidence.
 */
export function trialVerdict(
  trial: TrialRecord,
  invalid: readonly Reason[],
  expectations: readonly ExpectationResult[],
  views: readonly EpisodeView[],
  darkAtEnd: TrialResult['darkAtEnd'],
): Judgement {
  const remarks = [
    ...oversizeRemarks(trial, views),
    ...controllerRemarks(trial),
    ...unknownValueRemarks(trial),
    ...idleFlowRemarks(trial),
  ];
  if (invalid.length > 0) return { verdict: 'inconclusive', reasons: [...invalid, ...remarks] };
  const failed = expectations.filter((expectation) => expectation.verdict === 'fail');
  const open = expectations.filter((expectation) => expectation.verdict === 'inconclusive');
  const alone = expectations.length === 0 ? withoutExpectations(views) : { lost: [], healed: [] };
  const failures = [
    ...darkReasons(trial, darkAtEnd),
    ...failed.map((one) => reason('expectation-failed', quoted(one))),
    ...alone.lost,
  ];
  const verdict = combine([
    ...expectations.map((expectation) => expectation.verdict),
    ...(failures.length > 0 ? (['fail'] as const) : []),
  ]);
  const undecided = open.map((one) => reason('expectation-open', quoted(one)));
  return { verdict, reasons: [...failures, ...undecided, ...alone.healed, ...remarks] };
}

function quoted({ id, text, measured, bound, unit, detail }: ExpectationResult) {
  return { id, text, measured, bound, unit, detail: measured === null ? detail : null };
}

/** Directions that end dark, except those of a meter of which the scenario expects it. */
function darkReasons({ scenario }: TrialRecord, darkAtEnd: TrialResult['darkAtEnd']): Reason[] {
  const expected = scenario.expectations
    .filter(({ metric }) => metric === 'staysDark')
    .map(({ of }) => of);
  return darkAtEnd
    .filter(({ meter }) => !expected.includes(meter))
    .map(({ from, to, sinceMs, forMs }) => reason('dark-at-end', { from, to, sinceMs, forMs }));
}

/** Without expectations nothing may stay away; what only a heal brought back is reported. */
function withoutExpectations(views: readonly EpisodeView[]): { lost: Reason[]; healed: Reason[] } {
  const directions = views.flatMap((view) =>
    view.meters.flatMap(({ network }) =>
      (['forward', 'reverse'] as const).map((direction) => ({
        where: { meter: network.meter, direction },
        result: network[direction],
      })),
    ),
  );
  const away = directions.filter(({ result }) => !result.recovered);
  const byHeal = away.filter(({ result }) => result.outageEnding === 'heal');
  return {
    lost: away
      .filter((one) => !byHeal.includes(one))
      .map(({ where }) => reason('never-recovered', where)),
    healed: byHeal.map(({ where, result }) =>
      reason('recovered-by-heal', { ...where, atLeastMs: result.outageAtLeastMs }),
    ),
  };
}

/** A declared oversize segment that stalls TCP is a finding, and is reported. */
function oversizeRemarks(trial: TrialRecord, views: readonly EpisodeView[]): Reason[] {
  if (!trial.scenario.allowOversize) return [];
  const still = views[0]?.tcps.filter((tcp) => neverMoved(tcp.series)) ?? [];
  return still.map(({ result: { flow, mssBytes } }) =>
    reason('oversize-stall', { flow, mssBytes }),
  );
}

/** A controller that ended by itself belongs to what was measured, and may explain it. */
function controllerRemarks({ events, trafficStartNs, trafficEndNs }: TrialRecord): Reason[] {
  return eventsOf(events, 'process.exit')
    .filter(({ process, expected }) => process.role === 'controller' && !expected)
    .filter(({ atNs }) => atNs >= trafficStartNs && atNs <= trafficEndNs)
    .map(({ atNs, process, signal, exitCode }) => {
      const atMs = spanMs(atNs - trafficStartNs);
      return reason('controller-ended', { process, signal, exitCode, atMs });
    });
}
