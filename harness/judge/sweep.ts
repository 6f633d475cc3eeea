/** What a sweep comes to: every case by how long its loss is felt, the worst first. Pure. */
import {
  caseOfTrial,
  type ElementAside,
  type ElementFailure,
  type SweepPlan,
} from '../model/failure-case.js';
import type { Reason } from '../model/reason.js';
import type { JudgedRun, Phases, Summary, TrialResult, Verdict } from '../model/result.js';
import { validTrials } from '../model/trial-status.js';
import type { CampaignResult } from './campaign-result.js';
import { combine } from './combine.js';
import { trialOutageMs } from './median-trial.js';
import { worstDirection } from './outage.js';
import { summarize } from './summary.js';
import { roundMs } from './units.js';
import { type Rank, rankOf, worstBy } from './worst.js';

export const sweepResultVersion = 1;

/**
 * How long a loss is felt: `none` no outage; `brief` under 100 ms; `short` under 1 s; `long` 1 s and
 * more; `never` it did not end by itself; `unknown` no trial says so.
 */
export const feltLevels = ['none', 'brief', 'short', 'long', 'never', 'unknown'] as const;
export type FeltLevel = (typeof feltLevels)[number];

const briefMs = 100;
const longMs = 1000;

export interface SweepCase {
  /** Place in the plan, from 0. */
  place: number;
  failures: ElementFailure[];
  level: FeltLevel;
  verdict: Verdict;
  /** Each once, over all its trials. */
  reasons: Reason[];
  /** Network outage over the valid trials, milliseconds; censored: it did not end by itself. */
  outageMs: Summary;
  /** Of the worst trial: lower bound of an outage that did not end by itself. */
  outageAtLeastMs: number | null;
  /** Probes lost in both directions of the pair that suffered most, in the worst trial. */
  packetsLost: number | null;
  /** Valid trials that came back by themselves, of how many. */
  recovered: number;
  valid: number;
  /** Trials whose attempts are all invalid or interrupted. */
  invalid: number;
  /** Nodes that carry traffic after it and did not before, in any trial. */
  tookOver: string[];
  /** Of the worst trial, after its worst fault. */
  phases: Phases | null;
  /** Indexes of its trials in the run, and of the worst of them. */
  trials: number[];
  worstTrial: number | null;
  /** The hosts that suffered most. */
  worstPair: { from: string; to: string } | null;
}

export interface SweepResult extends CampaignResult {
  schemaVersion: typeof sweepResultVersion;
  counts: {
    cases: number;
    /** Every valid trial came back by itself. */
    recover: number;
    /** At least one valid trial did not. */
    never: number;
    /** No valid trial. */
    unknown: number;
  };
  /** The worst first. */
  cases: SweepCase[];
  aside: ElementAside[];
  pairs: SweepPlan['pairs'];
  rounds: number;
  expectationsLeftOut: string[];
}

/** Judges a sweep by its plan and its judged trials. */
export function judgeSweep(plan: SweepPlan, { result }: JudgedRun): SweepResult {
  const { scenario, question, controller, seed, wallTime, command, environment, doubts } = result;
  const byPlace = new Map<number, TrialResult[]>();
  for (const trial of result.trials) {
    const { place } = caseOfTrial(plan, trial.index);
    byPlace.set(place, [...(byPlace.get(place) ?? []), trial]);
  }
  const cases = plan.cases.map(({ failures }, place) =>
    judgeCase(place, failures, byPlace.get(place) ?? []),
  );
  const never = cases.filter(({ level }) => level === 'never').length;
  const unknown = cases.filter(({ level }) => level === 'unknown').length;
  return {
    ...{ schemaVersion: sweepResultVersion, scenario, question, controller, seed },
    ...{ wallTime, command, environment, doubts },
    verdict: combine<Verdict>([
      ...cases.map(({ verdict }) => verdict),
      ...(doubts.length > 0 || result.interrupted ? (['inconclusive'] as const) : []),
    ]),
    interrupted: result.interrupted,
    counts: { cases: cases.length, recover: cases.length - never - unknown, never, unknown },
    cases: worstFirst(cases),
    aside: plan.aside,
    pairs: plan.pairs,
    rounds: plan.rounds,
    expectationsLeftOut: plan.expectationsLeftOut,
  };
}

function judgeCase(place: number, failures: ElementFailure[], all: TrialResult[]): SweepCase {
  const valid = validTrials(all);
  const worst = worstBy(valid, outageRank);
  const back = valid.filter((trial) => trialOutageMs(trial) !== null || !wasFelt(trial));
  const outageMs = summarize(valid.map((trial) => (wasFelt(trial) ? trialOutageMs(trial) : 0)));
  const recovered = back.length;
  return {
    place,
    failures,
    level: levelOf(outageMs, valid.length, recovered),
    verdict: valid.length === 0 ? 'inconclusive' : combine(valid.map(({ verdict }) => verdict)),
    reasons: distinct((valid.length === 0 ? all : valid).flatMap(({ reasons }) => reasons)),
    outageMs,
    outageAtLeastMs: worst === null ? null : roundMs(worstOf(worst)?.outageAtLeastMs ?? 0),
    packetsLost: valid.length === 0 ? null : Math.max(...valid.map(lostOf)),
    recovered,
    valid: valid.length,
    invalid: all.length - valid.length,
    tookOver: [...new Set(valid.flatMap(({ relays }) => relays.tookOver))],
    phases: worst?.phases ?? null,
    trials: all.map(({ index }) => index),
    worstTrial: worst?.index ?? null,
    worstPair: pairOf(worst),
  };
}

function wasFelt({ network }: TrialResult): boolean {
  return network !== null;
}

function worstOf({ network }: TrialResult) {
  return network === null ? null : worstDirection([network.forward, network.reverse]);
}

function outageRank(trial: TrialResult): Rank {
  const worst = worstOf(trial);
  return worst === null ? [0, 0] : rankOf(worst.outageAtLeastMs, worst.outageMs === null);
}

function lostOf({ network }: TrialResult): number {
  return network === null ? 0 : network.forward.packetsLost + network.reverse.packetsLost;
}

function pairOf(trial: TrialResult | null): SweepCase['worstPair'] {
  const { from, to } = trial?.network ?? {};
  return from === undefined || to === undefined ? null : { from, to };
}

function levelOf({ max }: Summary, valid: number, recovered: number): FeltLevel {
  if (valid === 0) return 'unknown';
  return feltLevel(max, recovered === valid);
}

/** @param outageMs The longest; null: it did not end. */
export function feltLevel(outageMs: number | null, ended: boolean): FeltLevel {
  if (!ended || outageMs === null) return 'never';
  if (outageMs === 0) return 'none';
  return outageMs < briefMs ? 'brief' : outageMs < longMs ? 'short' : 'long';
}

/** The same reason of several trials is one. */
function distinct(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((one) => [JSON.stringify([one.code, one.data]), one])).values()];
}

/** Cases of which nothing is known stand behind all others. */
function worstFirst(cases: readonly SweepCase[]): SweepCase[] {
  const rank = ({ level, outageMs, outageAtLeastMs, packetsLost }: SweepCase): number[] => [
    level === 'unknown' ? 0 : 1,
    level === 'never' ? 1 : 0,
    outageMs.max ?? outageAtLeastMs ?? 0,
    outageMs.median ?? 0,
    packetsLost ?? 0,
  ];
  return [...cases].sort((one, other) => {
    const [mine, yours] = [rank(one), rank(other)];
    const at = mine.findIndex((value, index) => value !== yours[index]);
    return at < 0 ? one.place - other.place : (yours[at] ?? 0) - (mine[at] ?? 0);
  });
}

/** How long the loss of an element alone is felt, by its name; the worst where it fails in several ways. */
export function feltByElement({ cases, aside }: SweepResult): Map<string, FeltLevel | 'cut'> {
  const felt = new Map<string, FeltLevel | 'cut'>();
  for (const { element, why } of aside) {
    if (why === 'cut') felt.set(element.name, 'cut');
  }
  // The worst first: what is known of an element already is worse.
  for (const { failures, level } of cases) {
    const [only, ...others] = failures;
    if (only && others.length === 0 && !felt.has(only.element.name)) {
      felt.set(only.element.name, level);
    }
  }
  return felt;
}
