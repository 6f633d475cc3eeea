/** The gate: baselines, the judgement against them, shards. Everything here is pure. */
export {
  type Baseline,
  baselineOf,
  type Fingerprint,
  parseBaseline,
  printBaseline,
} from '../../harness/judge/gate/baseline.js';
export {
  type GateArms,
  type GateOptions,
  judgeGate,
  judgeReadings,
  needsMoreTrials,
} from '../../harness/judge/gate/judge.js';
export { type MergeOptions, mergeJudged, mergeRuns } from '../../harness/judge/gate/merge.js';
export { type GatePlan, gatePlan } from '../../harness/judge/gate/plan.js';
export { readingsOf, type TrialReadings } from '../../harness/judge/gate/readings.js';
export {
  type GateMetric,
  type GateResult,
  type GateVerdict,
  gateResultSchema,
} from '../../harness/judge/gate/result.js';
export { parseShard, type Shard, shardOf } from '../../harness/judge/gate/shard.js';
export { type GateCase, gateCases } from './cases.js';
export { renderGateGithub } from './github.js';
export { type GatedRun, renderGateJunit } from './junit.js';
export { renderGateMarkdown } from './markdown.js';
export { renderGateTerminal } from './terminal.js';
