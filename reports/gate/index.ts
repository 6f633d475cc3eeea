/** The gate: baselines, the judgement against them, shards. Everything here is pure. */
export {
  type Baseline,
  baselineOf,
  type Fingerprint,
  parseBaseline,
  printBaseline,
} from './baseline.js';
export {
  type GateArms,
  type GateOptions,
  judgeGate,
  judgeReadings,
  needsMoreTrials,
} from './judge.js';
export { mergeRuns } from './merge.js';
export { baselineTrials, type GatePlan, gatePlan } from './plan.js';
export { readingsOf, type TrialReadings } from './readings.js';
export { type GateMetric, type GateResult, type GateVerdict, gateResultSchema } from './result.js';
export { parseShard, type Shard, shardOf } from './shard.js';
export { type GateCase, type GateCells, gateCases } from './table.js';
export { type GateTerminalOptions, renderGateTerminal } from './terminal.js';
