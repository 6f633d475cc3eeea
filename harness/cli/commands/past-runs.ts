/** Commands over recorded runs: `trend` draws medians over time, `merge` joins shards. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { mergeRuns } from '../../../reports/gate/index.js';
import { renderTrendTerminal, trendOf } from '../../../reports/trend.js';
import { type RunResult, runResultSchema } from '../../analysis/result.js';
import { exitCodes, LabError, messageOf } from '../../errors.js';
import type { CommandContext } from '../context.js';
import { defaultOut } from '../prepare.js';

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
  program
    .command('merge')
    .description('join the parts of a run that several machines made with --shard')
    .argument('<run...>', 'folders of runs, or their result.json')
    .option('--out <file>', 'write the joined result.json there')
    .action((paths: string[], flags: { out?: string }) => {
      const merged = mergeRuns(paths.map(readResult));
      const text = `${JSON.stringify(merged, null, 2)}\n`;
      if (flags.out) {
        mkdirSync(resolve(flags.out, '..'), { recursive: true });
        writeFileSync(flags.out, text);
      } else context.screen.out(text);
      context.exit(exitCodes[merged.verdict]);
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

function readResult(path: string): RunResult {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? join(path, 'result.json')
    : path;
  const read = runResultSchema.safeParse(parse(file));
  if (read.success) return read.data;
  throw new LabError('RECORD_UNREADABLE', `${file} is no result of a run.`, { cause: read.error });
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new LabError('RECORD_UNREADABLE', `${file} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
