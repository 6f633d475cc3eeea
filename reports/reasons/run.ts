/** Sentences on why a run as a whole proves less than it should. */
import type { runShapes } from '../../harness/model/reasons/run.js';
import type { Sentences } from './sentences.js';

const countedText = { started: 'were started', merged: 'are in these runs' } as const;

export const runSentences: Sentences<keyof typeof runShapes> = {
  'history-cut-off': () => 'the history ends before the end of the run',
  'run-interrupted': () => 'the run was interrupted',
  'run-failed': ({ message }) =>
    message === null ? 'the run failed' : `the run failed: ${message}`,
  'left-behind': ({ names }) => `left behind: ${names.join(', ')}`,
  'trials-missing': ({ trials, planned, counted }) =>
    `${trials} of ${planned} trials ${countedText[counted]}`,
  'plan-unknown': () =>
    'a result of an older version does not record how many trials were planned: merge the folders of runs instead',
  'as-written': ({ text }) => text,
};
