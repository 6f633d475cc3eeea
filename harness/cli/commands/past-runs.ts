/** Commands over recorded runs: `trend` draws medians over time, `merge` joins shards. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mergeJudged } from '../../../reports/gate/index.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import { renderTrendTerminal, type Trend, trendOf } from '../../../reports/trend.js';
import { withTexts } from '../../../reports/with-texts.js';
import { judge } from '../../api/judge.js';
import { defaultOut } from '../../api/places.js';
import { LabError, messageOf } from '../../errors.js';
import { exitCodeOfRun } from '../../judge/combine.js';
import { withoutPrefix } from '../../language/find.js';
import { type JudgedRun, type RunResult, runResultSchema } from '../../model/result.js';
import { readRegular } from '../../safe-files.js';
import { runForms, writeForCi, writeReport } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import type { CiFlags } from '../options.js';

/** Longer than the result of a thousand trials. */
const resultBytesMax = 256 * 1024 * 1024;

export interface TrendFlags {
  out?: string;
  json?: boolean;
}

export interface MergeFlags extends CiFlags {
  out?: string;
}

/** Print the medians of past runs of a scenario, oldest first. */
export function trend(scenario: string, flags: TrendFlags, context: CommandContext): void {
  const medians = trendIn(join(resolve(flags.out ?? defaultOut()), withoutPrefix(scenario)));
  const { columns, colour } = context.screen;
  if (flags.json) context.screen.out(`${JSON.stringify(medians, null, 2)}\n`);
  else context.screen.out(renderTrendTerminal(medians, { columns, colour }));
}

/** The medians of the runs in a scenario's folder. Throws WRONG_USE when it does not exist. */
export function trendIn(folder: string): Trend {
  const { results, unreadable } = resultsOf(folder);
  return trendOf(results, 'networkOutageMs', unreadable);
}

/** Join the parts, print or write the whole, and end with its exit code. */
export async function merge(
  paths: string[],
  flags: MergeFlags,
  context: CommandContext,
): Promise<void> {
  const merged = mergeJudged(await Promise.all(paths.map(readJudged)));
  const text = `${JSON.stringify(withTexts(merged.result), null, 2)}\n`;
  const { screen } = context;
  if (flags.out) {
    writeReport(flags.out, '--out', text);
    screen.out(renderTerminal(merged, { columns: screen.columns, colour: screen.colour }));
  } else screen.out(text);
  writeForCi(runForms([merged]), flags, screen);
  context.exit(exitCodeOfRun(merged.result));
}

/** Every readable result of a scenario, oldest first, and how many cannot be read. */
function resultsOf(folder: string): { results: RunResult[]; unreadable: number } {
  if (!existsSync(folder)) {
    throw new LabError(
      'WRONG_USE',
      `${folder} does not exist: there are no recorded runs of that scenario.`,
    );
  }
  const read = readdirSync(folder)
    .filter((name) => /^\d{4}-/.test(name) && existsSync(join(folder, name, 'result.json')))
    .sort()
    .map((name) => resultIn(join(folder, name, 'result.json')));
  const results = read.filter((result) => result !== null);
  return { results, unreadable: read.length - results.length };
}

/** Null when it is not the result of a run, such as one that was cut off. */
function resultIn(file: string): RunResult | null {
  try {
    return runResultSchema.safeParse(parse(file)).data ?? null;
  } catch {
    return null;
  }
}

/** A folder with a history is judged again, charts and all; a result alone has no charts. */
async function readJudged(path: string): Promise<JudgedRun> {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (folder && existsSync(join(path, 'history.ndjson'))) return (await judge(path)).judged;
  const file = folder ? join(path, 'result.json') : path;
  const read = runResultSchema.safeParse(parse(file));
  if (read.success) return { result: read.data, charts: [] };
  throw new LabError('RECORD_UNREADABLE', `${file} is not the result of a run.`, {
    cause: read.error,
    hint: 'Name the folder of a run, or the result.json that run or merge wrote.',
  });
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readRegular(file, resultBytesMax));
  } catch (cause) {
    throw new LabError('RECORD_UNREADABLE', `${file} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
