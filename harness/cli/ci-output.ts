/**
 * What a CI system reads: files on request, and on GitHub the job's summary and annotations without
 * being asked.
 */
import { dirname } from 'node:path';
import { renderGithub } from '../../reports/github.js';
import { type RefusedRun, renderJunit } from '../../reports/junit.js';
import { renderMarkdown } from '../../reports/markdown.js';
import { LabError, messageOf } from '../errors.js';
import type { JudgedRun } from '../model/result.js';
import { appendToFile, makeFolder, replaceFile } from '../safe-files.js';
import type { CiFlags } from './options.js';
import type { Screen } from './screen.js';

/** The same results in each of the forms; made only when they are wanted. */
export interface CiForms {
  junit(): string;
  markdown(): string;
  /** GitHub workflow commands, a line each. */
  annotations(): string;
}

/** GitHub's own limit of a step's summary is 1 MiB; a longer one would be dropped whole. */
const summaryBytesMax = 1_000_000;

/** `refused`: scenarios that could not be begun, which must not be missing. */
export function runForms(runs: JudgedRun[], refused: readonly RefusedRun[] = []): CiForms {
  return {
    junit: () => renderJunit(runs, refused),
    markdown: () => renderMarkdown(runs, refused),
    annotations: () => runs.map(renderGithub).join(''),
  };
}

/**
 * Write the files that were asked for. On GitHub (`GITHUB_ACTIONS=true`) the Markdown is added to
 * `$GITHUB_STEP_SUMMARY` as well, and annotations go to standard error, which GitHub reads too, so
 * that standard output stays the result's. Throws RUN_FOLDER_UNWRITABLE.
 */
export function writeForCi(
  forms: CiForms,
  flags: CiFlags,
  screen: Screen,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  if (flags.junit !== undefined) writeReport(flags.junit, '--junit', forms.junit());
  if (flags.markdown !== undefined) writeReport(flags.markdown, '--markdown', forms.markdown());
  if (environment.GITHUB_ACTIONS !== 'true') return;
  screen.err(forms.annotations());
  const { GITHUB_STEP_SUMMARY: summary } = environment;
  if (summary) addToSummary(summary, forms.markdown(), screen);
}

/** Writes what an option names a file for. Throws RUN_FOLDER_UNWRITABLE. */
export function writeReport(file: string, option: string, content: string | Buffer): void {
  try {
    makeFolder(dirname(file));
    replaceFile(file, content);
  } catch (cause) {
    const message = `${option} ${file} cannot be written: ${messageOf(cause)}.`;
    const hint = 'Name a new or regular file in a folder that you can write to.';
    throw new LabError('RUN_FOLDER_UNWRITABLE', message, { hint, cause });
  }
}

/** A summary that cannot be written costs a look at the page, not the verdict. */
function addToSummary(file: string, markdown: string, screen: Screen): void {
  const bytes = Buffer.byteLength(markdown);
  if (bytes > summaryBytesMax) {
    screen.err(
      `The job's summary is omitted: it has ${bytes} bytes, and GitHub accepts at most ${summaryBytesMax}.\n`,
    );
    return;
  }
  try {
    appendToFile(file, `${markdown}\n`);
  } catch (thrown) {
    screen.err(`The job's summary ${file} cannot be written: ${messageOf(thrown)}\n`);
  }
}
