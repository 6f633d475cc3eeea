/** `diff`: two recorded runs, and what is different between them. */
import { diffRuns, type RunDiff } from '../judge/diff.js';
import { judge } from './judge.js';

/**
 * Read and judge two records, and compare them: numbers, phases, environment and scenario. It
 * builds no network and gives no verdict; `gate` does.
 * @param a Folder of a run, or its history.ndjson. Throws RECORD_UNREADABLE.
 */
export async function diff(a: string, b: string): Promise<RunDiff> {
  const [before, after] = await Promise.all([judge(a), judge(b)]);
  return diffRuns(before, after);
}
