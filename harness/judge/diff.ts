/** What differs between two runs: numbers, phases, environment and scenario. Facts alone; pure. */
import type { HistoryEvent } from '../model/history/events.js';
import type { JudgedRun, Phases, Verdict } from '../model/result.js';
import { type CompareSide, compareRuns } from './compare.js';
import { medianTrial } from './median-trial.js';

/** A recorded run with the events it was judged by. */
export interface DiffInput {
  judged: JudgedRun;
  events: readonly HistoryEvent[];
}

export type DiffUnit = 'ms' | 'count' | '%' | '/s';

export interface DiffNumber {
  key: keyof typeof numberUnits;
  unit: DiffUnit;
  /** Null = not measured, or the median is of trials that did not recover. */
  a: number | null;
  b: number | null;
  /** Trials of each that did not recover. */
  censored: [a: number, b: number];
}

export interface DiffPhase {
  phase: keyof Phases;
  /** After the fault, of the median trial; null = not observed. */
  aMs: number | null;
  bMs: number | null;
}

/** A value that is not the same in both; undefined = one of them does not have it. */
export interface DiffValue {
  /** Such as `traffic[0].bitrateBps`. */
  path: string;
  a: unknown;
  b: unknown;
}

export interface RunDiff {
  schemaVersion: 1;
  sides: [DiffSide, DiffSide];
  numbers: DiffNumber[];
  phases: DiffPhase[];
  environment: DiffValue[];
  scenario: DiffValue[];
}

export interface DiffSide {
  scenario: string;
  controller: string;
  runId: string;
  /** When it began, ISO 8601. */
  wallTime: string;
  seed: number;
  verdict: Verdict;
  trials: number;
  valid: number;
  /** Throughput of the median trial, zero at its fault; null where it was not recorded. */
  series: CompareSide['series'];
}

const numberUnits = {
  networkOutageMs: 'ms',
  tcpStallMs: 'ms',
  packetsLost: 'count',
  reversionPacketsLost: 'count',
  controlMessagesPerSecond: '/s',
  probePacketsPerSecond: '/s',
  controllerCpuPercent: '%',
  vswitchdCpuPercent: '%',
} as const;

/** Medians over valid trials; phases, throughput and scenario of the median trial of each. */
export function diffRuns(a: DiffInput, b: DiffInput): RunDiff {
  const [before, after] = compareRuns([a.judged, b.judged]).sides as [CompareSide, CompareSide];
  return {
    schemaVersion: 1,
    sides: [sideOf(a, before), sideOf(b, after)],
    numbers: numbersOf(before, after),
    phases: phasesOf(a.judged, b.judged),
    environment: differences(a.judged.result.environment, b.judged.result.environment),
    scenario: differences(scenarioOf(a), scenarioOf(b)),
  };
}

function sideOf({ judged: { result } }: DiffInput, side: CompareSide): DiffSide {
  const { scenario, controller, runId, verdict, trials, valid, series } = side;
  const { wallTime, seed } = result;
  return { scenario, controller, runId, wallTime, seed, verdict, trials, valid, series };
}

function numbersOf(a: CompareSide, b: CompareSide): DiffNumber[] {
  const valuesOf = (side: CompareSide): Record<keyof typeof numberUnits, number | null> => ({
    networkOutageMs: side.networkOutageMs.median,
    tcpStallMs: side.tcpStallMs.median,
    packetsLost: side.packetsLost,
    reversionPacketsLost: side.reversionPacketsLost,
    ...side.steadyState,
  });
  const [before, after] = [valuesOf(a), valuesOf(b)];
  return Object.entries(numberUnits).map(([name, unit]) => {
    const key = name as keyof typeof numberUnits;
    const censored = (side: CompareSide) =>
      key === 'networkOutageMs' || key === 'tcpStallMs' ? side[key].censored : 0;
    return { key, unit, a: before[key], b: after[key], censored: [censored(a), censored(b)] };
  });
}

function phasesOf(a: JudgedRun, b: JudgedRun): DiffPhase[] {
  const [before, after] = [a, b].map((run) => medianTrial(run)?.trial.phases ?? null);
  const names = Object.keys({ ...before, ...after }) as Array<keyof Phases>;
  return names.map((phase) => ({
    phase,
    aMs: before?.[phase] ?? null,
    bMs: after?.[phase] ?? null,
  }));
}

/** The scenario as it was resolved for the first trial, less its name. */
function scenarioOf({ events }: DiffInput): unknown {
  const header = events.find((event) => event.kind === 'run.header');
  if (header?.kind !== 'run.header') return {};
  const { name: _, ...scenario } = header.scenario;
  return scenario;
}

/** Every value that is not the same, by its path, in the order of `a`. */
export function differences(a: unknown, b: unknown, path = ''): DiffValue[] {
  if (isPlain(a) && isPlain(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
      differences(a[key], b[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, index) =>
      differences(a[index], b[index], `${path}[${index}]`),
    ).flat();
  }
  return Object.is(a, b) ? [] : [{ path, a, b }];
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
