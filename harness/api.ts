/**
 * The door for programs:
 *
 *     import { run } from 'failover-lab/api';
 *
 *     const { result } = await run('relay-failover-fast');
 *     console.log(`dark for ${result.summary.networkOutageMs.median} ms`);
 *
 * Every call that builds labs reports what happens to `onProgress`, ends early by `signal`, and
 * throws LabError with a code, a message and a hint. What a measurement came to is never an error:
 * it is the result, with its verdict.
 */

export { sentencesOf } from '../reports/reasons/index.js';
export {
  type CompareRequest,
  type Comparison,
  compare,
} from './api/compare.js';
export { diff } from './api/diff.js';
export { type GateRequest, gate, type JudgedGate } from './api/gate.js';
export { judge, type Run } from './api/judge.js';
export type { LabRequest, RunRequest } from './api/options.js';
export { type ReportFormat, type ReportOptions, report } from './api/report.js';
export { type ResumeRequest, resume, run } from './api/run.js';
export { type SearchRun, search } from './api/search.js';
export type { SearchRequest } from './api/search-request.js';
export { readSweep, type Sweep, type SweepRequest, sweep } from './api/sweep.js';
export {
  type BaselineRequest,
  type UpdatedBaseline,
  updateBaseline,
} from './api/update-baseline.js';
export type { Progress } from './campaign/progress.js';
export { LabError } from './errors.js';
export type { RunDiff } from './judge/diff.js';
export type { SweepCase, SweepResult } from './judge/sweep.js';
export type { HistoryEvent } from './model/history/events.js';
export type { RunResult, TrialResult } from './model/result.js';
