/** What a reader wants to know first of a trial: the worst of its faults, and what never came back. */

import type { TrialResult } from '../model/result.js';
import { type EpisodeView, type MeterOutcome, outageRankOf, stallRankOf } from './episode.js';
import type { LossRun } from './loss-periods.js';
import { inStandardsWords } from './standards.js';
import { thresholds } from './thresholds.js';
import type { TrialRecord } from './trial-record.js';
import { spanMs } from './units.js';
import { type Rank, worstBy } from './worst.js';

export type Headlines = Pick<
  TrialResult,
  | 'fault'
  | 'network'
  | 'tcp'
  | 'tcpFault'
  | 'darkAtEnd'
  | 'phases'
  | 'explanation'
  | 'reversion'
  | 'standards'
>;

/**
 * The fault with the longest network outage, and the longest TCP stall, of whichever fault. A heal
 * that left the network dark at the end ranks among the faults.
 */
export function headlinesOf(views: readonly EpisodeView[], trial: TrialRecord): Headlines {
  const faults = views.filter(({ change }) => change.change === 'injected');
  const darkHeals = views.filter(
    (view) => view.change.change === 'healed' && darkRunsOf(view).length > 0,
  );
  const candidates = [...faults, ...darkHeals];
  const worst =
    worstBy(candidates, (view) => [...outageRank(view), ...stallRank(view)]) ?? undefined;
  // A heal after which TCP never moved again counts, as one after which the network is dark does.
  const stillHeals = views.filter(
    ({ change, worstTcp }) => change.change === 'healed' && worstTcp?.result.stallEnding === 'open',
  );
  const stalled =
    worstBy(worst ? [worst, ...candidates, ...stillHeals] : [], stallRank) ?? undefined;
  const heal = views.find(
    (view) =>
      view.change.change === 'healed' &&
      view.change.faultId === worst?.change.faultId &&
      view.change.beforeNs >= worst.change.beforeNs,
  );
  const network = networkOf(worst);
  const reversionNetwork = networkOf(heal);
  const darkAtEnd = darkAtEndOf(views, trial);
  // What was dark before the heal and stays so makes no reversion to measure.
  const wentOn = darkAtEnd.some(({ sinceMs }) => sinceMs < (heal?.episode.injectedAtMs ?? 0));
  const isFault = worst !== undefined && worst.change.faultKind !== null;
  const elsewhere = stalled !== worst && stalled?.worstTcp ? stalled : undefined;
  return {
    fault: isFault ? faultOf(worst, faults) : null,
    network,
    tcp: stalled?.worstTcp?.result ?? null,
    tcpFault: elsewhere
      ? {
          stepId: elsewhere.change.stepId,
          change: elsewhere.change.change,
          kind: elsewhere.episode.kind,
          targets: elsewhere.episode.targets,
        }
      : null,
    darkAtEnd,
    phases: isFault ? worst.episode.phases : null,
    explanation: isFault ? worst.episode.explanation : null,
    reversion: heal ? { network: reversionNetwork, tcp: heal.worstTcp?.result ?? null } : null,
    standards:
      isFault && network
        ? inStandardsWords(
            network,
            wentOn ? null : reversionNetwork,
            trial.scenario.limits.sustainedMs,
          )
        : null,
  };
}

const noRank: Rank = [0, -1];

function outageRank({ worst }: EpisodeView): Rank {
  return worst ? outageRankOf(worst) : noRank;
}

function stallRank({ worstTcp }: EpisodeView): Rank {
  return worstTcp ? stallRankOf(worstTcp) : noRank;
}

function faultOf(view: EpisodeView, faults: readonly EpisodeView[]): TrialResult['fault'] {
  const { change, episode } = view;
  const number = faults.findIndex((fault) => fault.change.faultId === change.faultId) + 1;
  return {
    stepId: change.stepId,
    change: change.change,
    number: Math.max(1, number),
    of: Math.max(1, faults.length),
    kind: episode.kind,
    targets: episode.targets,
    injectedAtMs: episode.injectedAtMs,
    uncertaintyMs: episode.uncertaintyMs,
    verified: episode.verified,
  };
}

function networkOf(view: EpisodeView | undefined): TrialResult['network'] {
  const network = view?.worst?.network;
  if (!network) return null;
  const { from, to, forward, reverse } = network;
  return { from, to, forward, reverse };
}

export interface DarkRun {
  meter: MeterOutcome;
  direction: 'forward' | 'reverse';
  run: LossRun;
}

/** Outages of a change that lasted to the end of the traffic, or until the lab was tidied up. */
export function darkRunsOf({ change, meters }: EpisodeView): DarkRun[] {
  const { tidyingNs } = change;
  return meters.flatMap((meter) =>
    (['forward', 'reverse'] as const).flatMap((direction) =>
      meter[direction].outages
        .filter(
          ({ nextGoodNs, packets }) =>
            // One packet that is missing at the end of a slow meter is not an outage.
            packets >= thresholds.repeatedOutagePackets &&
            (nextGoodNs === null || (tidyingNs !== null && nextGoodNs >= tidyingNs)),
        )
        .map((run) => ({ meter, direction, run })),
    ),
  );
}

function darkAtEndOf(views: readonly EpisodeView[], trial: TrialRecord): TrialResult['darkAtEnd'] {
  return views.flatMap((view) => {
    const endNs = view.change.tidyingNs ?? trial.trafficEndNs;
    return darkRunsOf(view).map(({ meter: { network }, direction, run }) => {
      const sinceNs = Math.max(run.lastGoodNs, trial.trafficStartNs);
      return {
        meter: network.meter,
        from: direction === 'forward' ? network.from : network.to,
        to: direction === 'forward' ? network.to : network.from,
        sinceMs: spanMs(sinceNs - trial.trafficStartNs),
        forMs: spanMs(Math.max(0, endNs - sinceNs)),
      };
    });
  });
}
