/** Commands over recorded runs: `trend` draws medians over time, `merge` joins shards. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { mergeJudged } from '../../../reports/gate/index.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import { renderTrendTerminal, trendOf } from '../../../reports/trend.js';
import { exitCodeOfVerdict } from '../../analysis/combine.js';
import { type JudgedRun, type RunResult, runResultSchema } from '../../analysis/result.js';
import { LabError, messageOf } from '../../errors.js';
import { readRegular } from '../../safe-files.js';
import { type CiFlags, ciOptions, runForms, writeForCi, writeReport } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { defaultOut } from '../prepare.js';
import { readRun } from '../record.js';

/** Longer than the result of a thousand trials. */
const resultBytesMax = 256 * 1024 * 1024;

export function addPastRuns(program: Command, context: CommandContext): void {
  program
    .command('trend')
    .description('medians of past runs of a scenario, with marks where the level changed')
    .argument('<scenario>', 'name, as in runs/')
    .option('--out <dir>', 'folder of runs (default: runs)')
    .option('--json', 'as JSON')
    .action((scenario: string, flags: { out?: string; json?: boolean }) => {
      const runs = resultsOf(join(resolve(flags.out ?? defaultOut()), scenario));
      const trend = trendOf(runs);
      const { columns, colour } = context.screen;
      if (flags.json) context.screen.out(`${JSON.stringify(trend, null, 2)}\n`);
      else context.screen.out(renderTrendTerminal(trend, { columns, colour }));
    });
  const merge = program
    .command('merge')
    .description('join the parts of a run that several machines made with --shard')
    .argument('<run...>', 'folders of runs, or their result.json')
    .option('--out <file>', 'write the joined result.json there, and print the report');
  ciOptions(merge).action(async (paths: string[], flags: CiFlags & { out?: string }) => {
    const merged = mergeJudged(await Promise.all(paths.map(readJudged)));
    const text = `${JSON.stringify(merged.result, null, 2)}\n`;
    const { screen } = context;
    if (flags.out) {
      writeReport(flags.out, '--out', text);
      screen.out(renderTerminal(merged, { columns: screen.columns, colour: screen.colour }));
    } else screen.out(text);
    writeForCi(runForms([merged]), flags, screen);
    context.exit(exitCodeOfVerdict(merged.result.verdict));
  });
}

/** Every readable result of a scenario, oldest first; unreadable ones are left out. */
function resultsOf(folder: string): RunResult[] {
  if (!existsSync(folder)) {
    throw new LabError('WRONG_USE', `${folder} does not exist: no run of that scenario is kept.`);
  }
  return readdirSync(folder)
    .filter((name) => /^\d{4}-/.test(name) && existsSync(join(folder, name, 'result.json')))
    .sort()
    .flatMap((name) => {
      const read = runResultSchema.safeParse(parse(join(folder, name, 'result.json')));
      return read.success ? [read.data] : [];
    });
}

/** A folder with a history is judged again, charts and all; a result alone has no charts. */
async function readJudged(path: string): Promise<JudgedRun> {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (folder && existsSync(join(path, 'history.ndjson'))) return (await readRun(path)).judged;
  const file = folder ? join(path, 'result.json') : path;
  const read = runResultSchema.safeParse(parse(file));
  if (read.success) return { result: read.data, charts: [] };
  throw new LabError('RECORD_UNREADABLE', `${file} is no result of a run.`, { cause: read.error });
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
