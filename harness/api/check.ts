/** `check`: a property of every trial of a search, as a test states it. */
import { evidenceText, scheduleText } from '../../reports/search/words.js';
import { LabError } from '../errors.js';
import { type SearchRun, search } from './search.js';
import type { CheckedTrial, SearchRequest } from './search-request.js';

/** What may fail, and how much of it in one trial. */
export type FailureOptions = Pick<SearchRequest, 'elements' | 'faults' | 'atOnce' | 'horizonMs'>;

/** A scenario and what of it may fail. */
export interface Failures extends FailureOptions {
  scenario: string;
}

export type CheckOptions = Omit<SearchRequest, keyof FailureOptions | 'property'>;

/**
 * Schedules of failures of a scenario.
 * @param scenario Its name in scenarios/, or its file.
 */
export function failures(scenario: string, options: FailureOptions = {}): Failures {
  return { ...options, scenario };
}

/**
 * Check that `holds` of every trial: it must not throw, nor return false. Of a trial that is not
 * valid it is not asked. Throws PROPERTY_BROKEN with the simplest failures that break it, and the
 * scenario file that shows it; INCONCLUSIVE where no trial was valid; else as `run` does.
 */
export async function check(
  { scenario, ...space }: Failures,
  holds: (trial: CheckedTrial) => unknown,
  options: CheckOptions = {},
): Promise<SearchRun> {
  const run = await search(scenario, { ...options, ...space, property: holds });
  const { findings, trials } = run.searched;
  const [first] = findings;
  if (first) {
    const message = `The property does not hold of ${scheduleText(first.schedule)}: ${evidenceText(first.evidence)}`;
    const hint = `${first.command?.join(' ') ?? run.folder} shows it again.`;
    throw new LabError('PROPERTY_BROKEN', message, { hint, details: { findings } });
  }
  if (trials.some(({ valid }) => valid)) return run;
  throw new LabError('NO_VALID_TRIAL', `None of ${trials.length} trials was valid.`, {
    hint: `failover-lab report ${run.folder} prints the reasons.`,
  });
}
