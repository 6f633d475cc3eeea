/**
 * How often the gate alarms when nothing changed (A/A) and when detection got slower (A/B), drawn
 * from pools of real trials. The judge is handed in: it is the one that `failover-lab gate` uses.
 */

import { shuffle } from 'simple-statistics';
import { type RandomSource, seededRandom } from '../judge/statistics/index.js';
import type { Reason } from '../model/reason.js';
import type { Pools, PoolTrial } from './pools.js';

/** Verdict of one gate on bare readings. `doubled` = these are all the trials there will be. */
export type GateJudge = (
  baseline: readonly PoolTrial[],
  now: readonly PoolTrial[],
  options: { seed: number; doubled: boolean },
) => { verdict: 'pass' | 'fail' | 'regression' | 'inconclusive'; reasons: Reason[] };

export interface BenchGateOptions {
  seed: number;
  unchangedGates: number;
  slowerGates: number;
  /** Trials of a gate; an inconclusive one takes as many again, once. */
  trials: number;
}

export interface DrawnGate {
  arm: 'unchanged' | 'slower';
  verdict: 'pass' | 'fail' | 'regression' | 'inconclusive';
  doubled: boolean;
  reasons: Reason[];
  baseline: PoolTrial[];
  now: PoolTrial[];
}

export interface GateTally {
  gates: number;
  /** Fail or regression. */
  red: number;
  inconclusive: number;
  doubled: number;
}

export interface BenchGateResult {
  scenario: string;
  pools: { unchanged: number; slower: number };
  unchanged: GateTally;
  slower: GateTally;
  /** Every gate with every reading it was drawn from. */
  gates: DrawnGate[];
}

/**
 * Draws the gates. Within one gate no trial is used twice; across gates the pools are drawn from
 * anew. With a period each arm has one trial per stratum of the plan, as a real gate has.
 */
export function benchGate(
  pools: Pools,
  judge: GateJudge,
  options: BenchGateOptions,
): BenchGateResult {
  const random = seededRandom(options.seed);
  const { unchanged, slower } = pools.trials;
  const draw = (arm: DrawnGate['arm'], gate: number) => {
    const sample = drawArms(pools, arm === 'slower' ? slower : null, options.trials, random);
    return { arm, ...judged(sample, judge, options.trials, gate) };
  };
  const gates = [
    ...Array.from({ length: options.unchangedGates }, (_, gate) => draw('unchanged', gate)),
    ...Array.from({ length: options.slowerGates }, (_, gate) => draw('slower', gate)),
  ];
  return {
    scenario: pools.scenario,
    pools: { unchanged: unchanged.length, slower: slower.length },
    unchanged: tally(gates.filter((gate) => gate.arm === 'unchanged')),
    slower: tally(gates.filter((gate) => gate.arm === 'slower')),
    gates,
  };
}

interface Arms {
  baseline: PoolTrial[];
  /** Twice the trials of a gate: the first half is looked at first. */
  now: PoolTrial[];
}

function judged(arms: Arms, judge: GateJudge, trials: number, seed: number) {
  const first = arms.now.slice(0, trials);
  const said = judge(arms.baseline, first, { seed, doubled: false });
  const doubled = said.verdict === 'inconclusive';
  const now = doubled ? arms.now : first;
  const last = doubled ? judge(arms.baseline, now, { seed, doubled }) : said;
  return { verdict: last.verdict, reasons: last.reasons, doubled, baseline: arms.baseline, now };
}

/** `slower` null: both arms come from the unchanged pool. */
function drawArms(
  pools: Pools,
  slower: readonly PoolTrial[] | null,
  trials: number,
  random: RandomSource,
): Arms {
  const { unchanged } = pools.trials;
  if (pools.periodMs !== null) return drawStrata(unchanged, slower ?? unchanged, random);
  const all = shuffle([...unchanged], random);
  const baseline = all.slice(0, 2 * trials);
  const others = slower ? shuffle([...slower], random) : all.slice(2 * trials);
  return { baseline, now: others.slice(0, 2 * trials) };
}

/** One trial per stratum and arm, two different ones where both arms come from one pool. */
function drawStrata(
  before: readonly PoolTrial[],
  after: readonly PoolTrial[],
  random: RandomSource,
): Arms {
  const arms: Arms = { baseline: [], now: [] };
  for (const place of shuffle([...new Set(before.map(placeOf))], random)) {
    const [baseline] = shuffle(
      before.filter((trial) => placeOf(trial) === place),
      random,
    );
    const [now] = shuffle(
      after.filter((trial) => placeOf(trial) === place && trial !== baseline),
      random,
    );
    if (baseline) arms.baseline.push(baseline);
    if (now) arms.now.push(now);
  }
  return arms;
}

function placeOf({ stratum, phaseOffsetMs }: PoolTrial): string {
  return `${stratum} ${phaseOffsetMs}`;
}

function tally(gates: readonly DrawnGate[]): GateTally {
  return {
    gates: gates.length,
    red: gates.filter(({ verdict }) => verdict === 'regression' || verdict === 'fail').length,
    inconclusive: gates.filter(({ verdict }) => verdict === 'inconclusive').length,
    doubled: gates.filter(({ doubled }) => doubled).length,
  };
}
