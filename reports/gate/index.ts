/** The gate: baselines, the judgement against them, shards. Everything here is pure. */
export {
  type Baseline,
  baselineOf,
  type Fingerprint,
  fingerprintDifferences,
  fingerprintOf,
  parseBaseline,
  printBaseline,
} from './baseline.js';
export { type GateCase, gateCases } from './cases.js';
export { renderGateGithub } from './github.js';
export {
  type GateArms,
  type GateOptions,
  judgeGate,
  judgeReadings,
  needsMoreTrials,
} from './judge.js';
export { type GatedRun, renderGateJunit } from './junit.js';
export { renderGateMarkdown } from './markdown.js';
export { type MergeOptions, mergeJudged, mergeRuns } from './merge.js';
export { baselineTrials, type GatePlan, gatePlan } from './plan.js';
export { readingsOf, type TrialReadings } from './readings.js';
export { type GateMetric, type GateResult, type GateVerdict, gateResultSchema } from './result.js';
export { parseShard, type Shard, shardOf } from './shard.js';
export { type GateTerminalOptions, renderGateTerminal } from './terminal.js';
