/** `failover-lab run <scenario>`: run, judge, report. */
import type { Command } from 'commander';
import { busyAdvice } from '../../../reports/advice.js';
import { parseShard, shardOf } from '../../../reports/gate/index.js';
import { renderJson } from '../../../reports/json.js';
import type { RefusedRun } from '../../../reports/junit.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import { exitCodeOfAll } from '../../analysis/combine.js';
import type { JudgedRun, RunResult } from '../../analysis/result.js';
import { parsePrecision } from '../../analysis/until-precise.js';
import { wallTime } from '../../clock.js';
import { LabError } from '../../errors.js';
import { listScenarios } from '../../scenario/load.js';
import { refuseIdle } from '../arguments.js';
import { type CiFlags, ciOptions, runForms, writeForCi } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import {
  type CommonOptions,
  commonOptions,
  parallelOption,
  readCommonOptions,
  replaceOption,
  reuseOption,
} from '../options.js';
import type { RecordedRun } from '../record.js';
import { readUnfinished, resumedOptions } from '../resume.js';
import { exitCodeOf, runScenario } from '../run-scenario.js';

interface RunFlags extends CommonOptions, CiFlags {
  all?: boolean;
  untilPrecise?: string;
  shard?: string;
  resume?: string | true;
}

/** Trials that `--until-precise` may add at the most, unless `--trials` says more. */
const mostTrials = 60;

export function addRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .description('build a scenario, break it, measure the recovery, report')
    .argument('[scenario]', 'name in scenarios/ or a file')
    .option(
      '--all',
      'run every scenario in scenarios/, one after the other; ends with 1 if one fails, else 130, 64 or 69, 2, 0',
    )
    .option('--until-precise <width>', "add trials until the median is known to ±'10%' or ±'20ms'")
    .option('--shard <i/n>', 'run only part i of n of the trials; join the parts with merge')
    .option(
      '--resume [run]',
      'run what is missing of an interrupted run, and add it to its record (default: the newest)',
    );
  ciOptions(replaceOption(reuseOption(parallelOption(commonOptions(command))))).action(
    async (scenario: string | undefined, flags: RunFlags) => {
      if (flags.all && flags.reuse) {
        const message = '--all runs scenarios whose labs cannot be used again.';
        throw new LabError('WRONG_USE', message, {
          hint: 'Leave --reuse out, or name a scenario.',
        });
      }
      if (flags.all && scenario !== undefined) {
        throw new LabError('WRONG_USE', `--all runs every scenario, and ${scenario} names one.`, {
          hint: `Leave out --all to run ${scenario} alone.`,
        });
      }
      if (flags.all) refuseIdle(command, '--all', ['resume', 'shard', 'untilPrecise']);
      if (flags.resume !== undefined) {
        // The record decides them, so that the plan stays the one that was begun.
        refuseIdle(command, '--resume', [
          'seed',
          'trials',
          'parallel',
          'shard',
          'untilPrecise',
          'replace',
        ]);
        refuseIdle(
          command,
          '--resume',
          ['out', 'sandbox', 'datapath'].filter(
            (name) => name !== 'out' || typeof flags.resume === 'string',
          ),
        );
      }
      if (flags.untilPrecise !== undefined) refuseIdle(command, '--until-precise', ['shard']);
      if (flags.all) {
        await runAll(flags, context);
        return;
      }
      const run = await runOnce(scenario, flags, context);
      const { columns, colour } = context.screen;
      if (flags.json) context.screen.out(renderJson(run.judged));
      else {
        context.screen.out(renderTerminal(run.judged, { columns, colour }));
        context.screen.err(`\nrecorded in ${context.relative(run.folder)}\n`);
      }
      writeForCi(runForms([run.judged]), flags, context.screen);
      context.exit(exitCodeOf(run));
    },
  );
}

/**
 * Every scenario in turn, one line each, and one exit code of all (`exitCodeOfAll`). A scenario that
 * cannot be begun is reported in its line, and the others are run.
 */
async function runAll(flags: RunFlags, context: CommandContext): Promise<void> {
  const { screen } = context;
  const judged: JudgedRun[] = [];
  const refused: RefusedRun[] = [];
  for (const scenario of listScenarios(context.root)) {
    const options = { scenario, ...readCommonOptions(flags), quiet: true };
    const run = await runScenario(context.root, options, screen).catch((thrown: unknown) => {
      if (thrown instanceof LabError) return thrown;
      throw thrown;
    });
    if (run instanceof LabError) {
      refused.push({
        scenario,
        message: run.message,
        exitCode: run.exitCode,
        wallTime: wallTime().toISOString(),
      });
      screen.out(`${'not run'.padEnd(12)} ${scenario.padEnd(24)} ${firstLine(run.message)}\n`);
      if (run.hint) screen.err(`${run.message}\n${run.hint}\n`);
      continue;
    }
    judged.push(run.judged);
    screen.out(lineOf(scenario, run.judged));
    if (run.judged.result.interrupted) break;
  }
  const results = judged.map(({ result }) => result);
  screen.err(`${countsOf(results, refused)}\n`);
  writeForCi(runForms(judged, refused), flags, screen);
  context.exit(
    exitCodeOfAll(
      results.map(({ verdict }) => verdict),
      refused,
      results.some(({ interrupted }) => interrupted),
    ),
  );
}

function lineOf(scenario: string, { result }: JudgedRun): string {
  const { verdict, reasons, trials, cleanup } = result;
  const seconds = trials.reduce((sum, trial) => sum + trial.timing.totalMs, 0) / 1000;
  const why = [reasons[0], busyAdvice(result)].filter(Boolean).join('; ');
  const time = seconds.toFixed(1).padStart(6);
  return `${verdict.padEnd(12)} ${scenario.padEnd(24)} ${time} s  leftovers ${cleanup.leftovers.length}${why && `  ${why}`}\n`;
}

/** `12 pass, 1 fail, 1 not run`. */
function countsOf(results: readonly RunResult[], refused: readonly RefusedRun[]): string {
  const words = [...results.map(({ verdict }) => verdict), ...refused.map(() => 'not run')];
  return ['pass', 'fail', 'inconclusive', 'not run']
    .map((word) => [words.filter((each) => each === word).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

async function runOnce(
  scenario: string | undefined,
  flags: RunFlags,
  context: CommandContext,
): Promise<RecordedRun> {
  const common = readCommonOptions(flags);
  if (flags.resume !== undefined) {
    const resume = await readUnfinished(flags.resume, common.out);
    const options = resumedOptions(resume, { ...common, scenario });
    if (flags.reuse && !options.reuse) {
      const message = `${resume.folder} was begun with a fresh lab for every trial.`;
      throw new LabError('WRONG_USE', message, { hint: 'Go on with it without --reuse.' });
    }
    const planned = resume.done.length + (options.indexes?.length ?? 0);
    context.screen.err(`${resume.done.length} of ${planned} trials are done\n`);
    return runScenario(context.root, options, context.screen, { resume });
  }
  if (scenario === undefined) {
    throw new LabError('WRONG_USE', 'run needs the name of a scenario.', {
      hint: `There are: ${listScenarios(context.root).join(', ')}.`,
    });
  }
  if (flags.untilPrecise !== undefined) {
    const { untilPrecise } = flags;
    // Refused before anything is built.
    parsePrecision(untilPrecise);
    const trials = Math.max(common.trials, mostTrials);
    return runScenario(context.root, { ...common, scenario, trials, untilPrecise }, context.screen);
  }
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const all = Array.from({ length: common.trials }, (_, index) => index);
  const part = shard ? { indexes: shardOf(all, shard.i, shard.n) } : {};
  return runScenario(context.root, { ...common, scenario, ...part }, context.screen);
}
