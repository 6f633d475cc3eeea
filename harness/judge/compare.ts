/** Several runs of one question side by side: what each strategy costs and what it brings. */
import * as z from 'zod';
import { type Reason, reason, reasonSchema } from '../model/reason.js';
import {
  decidedBy,
  type JudgedRun,
  type RunResult,
  summarySchema,
  type TrialResult,
  totalMachineLossSchema,
  verdictSchema,
} from '../model/result.js';
import { validTrials } from '../model/trial-status.js';
import { totalMachineLoss } from './machine-share.js';
import { medianTrial } from './median-trial.js';
import { largestOf, medianOf } from './units.js';

const nullableNumber = z.number().nullable();

export const compareSideSchema = z.object({
  /** The controller or routing, or the image where sides have several; with its run where two are the same. */
  label: z.string(),
  controller: z.string(),
  scenario: z.string(),
  runId: z.string(),
  verdict: verdictSchema,
  trials: z.number(),
  /** Of them; every figure of the side is over these. */
  valid: z.number(),
  networkOutageMs: summarySchema,
  tcpStallMs: summarySchema,
  /** Median over valid trials of both directions together. */
  packetsLost: nullableNumber,
  reversionPacketsLost: nullableNumber,
  /** Medians over valid trials of what the strategy costs while nothing happens. */
  steadyState: z.object({
    controlMessagesPerSecond: nullableNumber,
    probePacketsPerSecond: nullableNumber,
    controllerCpuPercent: nullableNumber,
    vswitchdCpuPercent: nullableNumber,
  }),
  /** What this machine dropped, and the network did not; null where nothing was counted. */
  machine: totalMachineLossSchema.nullable().default(null),
  /** Throughput of the median trial; times relative to its fault. */
  series: z
    .object({
      trial: z.number(),
      flow: z.string(),
      points: z.array(z.object({ startMs: z.number(), endMs: z.number(), bps: z.number() })),
      outages: z.array(z.object({ startMs: z.number(), endMs: nullableNumber })),
      movingAgainMs: nullableNumber,
      healedMs: nullableNumber,
      trafficEndMs: z.number(),
    })
    .nullable(),
});

export const compareResultSchema = z.object({
  schemaVersion: z.literal(2),
  sides: z.array(compareSideSchema),
  /** What makes the sides less comparable than they look. */
  warnings: z.array(reasonSchema),
});

export type CompareSide = z.infer<typeof compareSideSchema>;
export type CompareResult = z.infer<typeof compareResultSchema>;

/** One side a run, in the order given. */
export function compareRuns(runs: readonly JudgedRun[]): CompareResult {
  const labels = labelsOf(runs.map(({ result }) => result));
  const sides = runs.map((run, index) => {
    const label = labels[index] ?? decidedBy(run.result);
    const repeated = labels.filter((other) => other === label).length > 1;
    return sideOf(run, repeated ? `${index + 1} ${label} (${run.result.runId})` : label);
  });
  const warnings = [
    ...warningsOf(runs.map((run) => run.result)),
    ...sides.flatMap(invalidTrialsOf),
  ];
  return { schemaVersion: 2, sides, warnings };
}

/** By what the sides differ: their controllers, their images, or both. */
function labelsOf(results: readonly RunResult[]): string[] {
  const controllers = results.map(decidedBy);
  const images = results.map(
    ({ environment }) => environment.image?.split(' ')[0] ?? 'this machine',
  );
  if (new Set(images).size < 2) return controllers;
  const same = new Set(controllers).size < 2;
  return results.map((_, side) => (same ? '' : `${controllers[side]}, `) + images[side]);
}

function sideOf(run: JudgedRun, label: string): CompareSide {
  const { result } = run;
  const valid = validTrials(result.trials);
  const median = (of: (trial: TrialResult) => number | null): number | null =>
    medianOf(valid.map(of).filter((value) => value !== null));
  return {
    label,
    controller: decidedBy(result),
    scenario: result.scenario,
    runId: result.runId,
    verdict: result.verdict,
    trials: result.trials.length,
    valid: valid.length,
    networkOutageMs: result.summary.networkOutageMs,
    tcpStallMs: result.summary.tcpStallMs,
    packetsLost: median((trial) => lostIn(trial.network)),
    reversionPacketsLost: median((trial) => lostIn(trial.reversion?.network ?? null)),
    machine: totalMachineLoss(result.trials),
    steadyState: {
      controlMessagesPerSecond: median((trial) => trial.steadyState.controlMessagesPerSecond),
      probePacketsPerSecond: median((trial) => trial.steadyState.probePacketsPerSecond),
      controllerCpuPercent: median((trial) => trial.steadyState.controllerCpuPercent),
      vswitchdCpuPercent: median((trial) => trial.steadyState.vswitchdCpuPercent),
    },
    series: seriesOf(run),
  };
}

function lostIn(network: TrialResult['network']): number | null {
  return network === null ? null : network.forward.packetsLost + network.reverse.packetsLost;
}

/** The median trial's headline flow, shifted so that its fault is zero. */
function seriesOf(run: JudgedRun): CompareSide['series'] {
  const chosen = medianTrial(run);
  if (!chosen?.chart || chosen.trial.fault === null) return null;
  const { trial, chart } = chosen;
  const zeroMs = trial.fault?.injectedAtMs ?? 0;
  const flow =
    chart.throughput.find((each) => each.flow === trial.tcp?.flow) ?? chart.throughput[0];
  if (!flow) return null;
  const shift = (ms: number): number => ms - zeroMs;
  const heal = trial.episodes.find(
    ({ change, injectedAtMs }) => change === 'healed' && injectedAtMs >= zeroMs,
  );
  return {
    trial: trial.index,
    flow: flow.flow,
    points: flow.points.map(({ startMs, endMs, bps }) => ({
      startMs: shift(startMs),
      endMs: shift(endMs),
      bps,
    })),
    outages: chart.windows
      .filter((window) => window.kind === 'outage')
      .map(({ startMs, endMs }) => ({
        startMs: shift(startMs),
        endMs: endMs === null ? null : shift(endMs),
      })),
    movingAgainMs: trial.tcp?.movingAgainMs ?? null,
    healedMs: heal ? shift(heal.injectedAtMs) : null,
    trafficEndMs: shift(Math.max(chart.trafficEndMs, largestOf(flow.points.map((p) => p.endMs)))),
  };
}

/** Every figure of a side is over its valid trials: a warning where that is not all of them. */
function invalidTrialsOf({ label, trials, valid }: CompareSide): Reason[] {
  return valid === trials ? [] : [reason('not-all-valid', { label, valid, trials })];
}

function warningsOf(results: readonly RunResult[]): Reason[] {
  const differ = (of: (result: RunResult) => string | number): boolean =>
    new Set(results.map(of)).size > 1;
  const found = {
    'scenarios-differ': differ((result) => result.scenario),
    'datapaths-differ': differ((result) => result.environment.datapath),
    'machines-differ': differ(({ environment: { kernel, cores } }) => `${kernel} ${cores}`),
    'ovs-versions-differ': differ((result) => result.environment.ovs),
    'some-labs-reused': differ((result) => result.environment.labs ?? 'fresh'),
    'seeds-differ': differ((result) => result.seed),
    'trial-numbers-differ': differ((result) => result.trials.length),
  };
  return (Object.keys(found) as Array<keyof typeof found>)
    .filter((code) => found[code])
    .map((code) => reason(code, {}));
}
