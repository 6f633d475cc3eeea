/**
 * A run against its committed baseline. Pure: the same baseline and run give the same verdict
 * anywhere.
 */

import { LabError } from '../../errors.js';
import { type Reason, reason } from '../../model/reason.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { decidedBy, type RunResult } from '../../model/result.js';
import { isValid, validTrials } from '../../model/trial-status.js';
import { uncountedAttempts } from '../attempts.js';
import { machineBusy } from '../busy.js';
import { combine } from '../combine.js';
import { tooManyUndecided } from '../conclude.js';
import { totalMachineLoss } from '../machine-share.js';
import { type Baseline, fingerprintDifferences, fingerprintOf } from './baseline.js';
import { boundOf } from './bounds.js';
import { judgeMetric } from './judge-metric.js';
import {
  type GateMetricName,
  gateMetrics,
  readingsOf,
  resolutionMsOf,
  type TrialReadings,
} from './readings.js';
import { type GateMetric, type GateResult, type GateVerdict, gateVersion } from './result.js';
import { minimumSeeds } from './trial-counts.js';

export interface GateOptions {
  /** The resolved scenario of the run: period and absolute bounds; null = no bounds known. */
  scenario: ResolvedScenario | null;
  /** Go on when the environments differ; then only absolute bounds decide. */
  acrossEnvironments?: boolean;
  /**
   * Valid trials below this are too few. Left out: ten, as RFC 8456 §4.7 recommends; in virtual time,
   * where nothing but a change moves a number, five.
   */
  minimumTrials?: number;
  /** The trials have been doubled once already. */
  doubled?: boolean;
}

/** Throws WRONG_USE when the baseline belongs to another scenario. */
export function judgeGate(baseline: Baseline, run: RunResult, options: GateOptions): GateResult {
  if (baseline.scenario !== run.scenario) {
    const message = `the baseline belongs to ${baseline.scenario}, the run to ${run.scenario}`;
    throw new LabError('WRONG_USE', message);
  }
  const now = fingerprintOf(run.environment);
  const differences = fingerprintDifferences(baseline.environment, now);
  const refused = differences.length > 0 && options.acrossEnvironments !== true;
  const needed = options.minimumTrials ?? (sameSeeds(baseline) ? minimumSeeds : minimumValid);
  const metrics = refused ? [] : judgeMetrics(baseline, run, options, differences.length > 0);
  const said = refused
    ? refusal(differences)
    : withAdvice(overall(countsOf(run), metrics, needed, leftBehind(run)), run);
  return {
    schemaVersion: gateVersion,
    scenario: run.scenario,
    controller: decidedBy(run),
    seed: run.seed,
    verdict: said.verdict,
    reasons: [...said.reasons, ...notes(baseline, run, refused ? [] : differences)],
    refused,
    doubled: options.doubled ?? false,
    environment: { baseline: baseline.environment, now, differences },
    trials: {
      valid: countsOf(run).valid,
      invalid: invalidTrials(run),
      baseline: baseline.trials.length,
      attempts: uncountedAttempts(run.trials),
      machine: totalMachineLoss(run.trials),
    },
    metrics,
  };
}

/** Whether doubling the trials once may still give an answer. */
export function needsMoreTrials(result: GateResult): boolean {
  return result.verdict === 'inconclusive' && !result.refused && !result.doubled;
}

/** Both arms as bare readings, for gates drawn from pools of trials. */
export interface GateArms {
  baseline: readonly TrialReadings[];
  now: readonly TrialReadings[];
  periodMs: number | null;
  resolutionMs: Record<GateMetricName, number>;
  /** Seed of the bootstrap. */
  seed: number;
  /** Virtual time: trials of one seed are paired. */
  sameSeeds?: boolean;
}

/** The judgement of a gate on valid readings alone: no environment, no invalid trials. */
export function judgeReadings(arms: GateArms, options: GateOptions): Conclusion {
  const metrics = judgeArms(arms, options, false);
  const needed = options.minimumTrials ?? minimumValid;
  return overall({ valid: arms.now.length, invalid: 0 }, metrics, needed);
}

function judgeMetrics(
  baseline: Baseline,
  run: RunResult,
  options: GateOptions,
  boundsOnly: boolean,
): GateMetric[] {
  const resolutionMs = {
    networkOutageMs: resolutionMsOf(run, 'networkOutageMs'),
    tcpStallMs: resolutionMsOf(run, 'tcpStallMs'),
  };
  const { trials, periodMs } = baseline;
  const now = readingsOf(run);
  const pairing = { periodMs, sameSeeds: sameSeeds(baseline) && baseline.seed === run.seed };
  const arms = { baseline: trials, now, ...pairing, resolutionMs, seed: run.seed };
  return judgeArms(arms, options, boundsOnly);
}

/** In virtual time chance decides the same in every trial of a seed. */
function sameSeeds({ environment }: Baseline): boolean {
  return environment.clock === 'virtual';
}

const minimumValid = 10;

function judgeArms(arms: GateArms, { scenario }: GateOptions, boundsOnly: boolean): GateMetric[] {
  return gateMetrics.flatMap((metric) => {
    const judged = judgeMetric({
      ...arms,
      metric,
      resolutionMs: arms.resolutionMs[metric],
      bound: scenario && boundOf(scenario, metric),
      boundsOnly,
    });
    return judged ? [judged] : [];
  });
}

interface TrialCounts {
  valid: number;
  invalid: number;
}

function countsOf(run: RunResult): TrialCounts {
  const valid = validTrials(run.trials).length;
  return { valid, invalid: run.trials.length - valid };
}

interface Conclusion {
  verdict: GateVerdict;
  reasons: Reason[];
}

/** A run that left something behind proves nothing, here as in a run's own verdict. */
function leftBehind(run: RunResult): Reason[] {
  const { leftovers: names } = run.cleanup;
  return names.length > 0 ? [reason('left-behind', { names })] : [];
}

function overall(
  counts: TrialCounts,
  metrics: readonly GateMetric[],
  needed: number,
  doubts: readonly Reason[] = [],
): Conclusion {
  const of = (verdict: GateVerdict) =>
    deciding(metrics)
      .filter((metric) => metric.verdict === verdict)
      .flatMap(({ metric, reasons }) => reasons.map((one) => ({ ...one, metric })));
  const open = [...doubts, ...tooFew(counts, needed)];
  const verdict = combine<GateVerdict>([
    ...deciding(metrics).map((metric) => metric.verdict),
    ...(open.length > 0 ? (['inconclusive'] as const) : []),
  ]);
  const reasons = { regression: [], fail: [], pass: [], inconclusive: open }[verdict];
  return { verdict, reasons: verdict === 'pass' ? [] : [...reasons, ...of(verdict)] };
}

/**
 * TCP resumes only on retransmission ticks, so its stall jumps between a few values. When the
 * network outage has an answer, an undecided stall does not hold the gate open.
 */
function deciding(metrics: readonly GateMetric[]): GateMetric[] {
  const network = metrics.find((metric) => metric.metric === 'networkOutageMs');
  const settled = network !== undefined && network.verdict !== 'inconclusive';
  return metrics.filter(
    (metric) => metric === network || !settled || metric.verdict !== 'inconclusive',
  );
}

function tooFew({ valid, invalid }: TrialCounts, needed: number): Reason[] {
  const reasons: Reason[] = [];
  const trials = valid + invalid;
  if (valid < needed) reasons.push(reason('too-few-trials', { valid, needed }));
  if (tooManyUndecided(invalid, trials)) {
    reasons.push(reason('too-many-invalid', { invalid, trials }));
  }
  return reasons;
}

/** What to do, where the machine's load is why there is no answer. */
function withAdvice(said: Conclusion, { trials }: RunResult): Conclusion {
  if (said.verdict !== 'inconclusive') return said;
  const busy = machineBusy({ verdict: said.verdict, trials });
  return busy === null ? said : { ...said, reasons: [...said.reasons, busy] };
}

function refusal(differences: readonly string[]): Conclusion {
  return {
    verdict: 'inconclusive',
    reasons: [
      reason('baseline-elsewhere', { differences: [...differences] }),
      reason('make-a-baseline', {}),
    ],
  };
}

function notes(baseline: Baseline, run: RunResult, differences: readonly string[]): Reason[] {
  const said: Reason[] = [];
  if (differences.length > 0) {
    said.push(reason('environment-differs', { differences: [...differences] }));
  }
  if (baseline.controller !== decidedBy(run)) {
    const { controller: before } = baseline;
    said.push(reason('controller-changed', { before, now: decidedBy(run) }));
  }
  if (baseline.seed !== run.seed) {
    said.push(reason('seed-changed', { before: baseline.seed, now: run.seed }));
  }
  return said;
}

function invalidTrials(run: RunResult) {
  return run.trials
    .filter((trial) => !isValid(trial))
    .map(({ index, reasons }) => ({ index, reasons }));
}
