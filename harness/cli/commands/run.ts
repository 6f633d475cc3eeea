/** `failover-lab run <scenario>`: run, judge, report. */

import { adviceOf } from '../../../reports/advice/index.js';
import { parseShard, shardOf } from '../../../reports/gate/index.js';
import { renderJson } from '../../../reports/json.js';
import type { RefusedRun } from '../../../reports/junit.js';
import { sentencesOf } from '../../../reports/reasons/index.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import type { Run } from '../../api/judge.js';
import { resume, run as runScenario } from '../../api/run.js';
import { wallTime } from '../../clock.js';
import { exitCodes, LabError } from '../../errors.js';
import { exitCodeOfAll, exitCodeOfRun } from '../../judge/combine.js';
import { listScenarios } from '../../language/load.js';
import type { JudgedRun, RunResult } from '../../model/result.js';
import { runForms, writeForCi } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CiFlags, type CommonOptions, readCommonOptions } from '../options.js';
import { tellAdvice } from '../tell-advice.js';

export interface RunFlags extends CommonOptions, CiFlags {
  all?: boolean;
  untilPrecise?: string;
  shard?: string;
  resume?: string | true;
}

/** Run what the words of the command ask for, and end with its exit code. */
export async function run(
  scenario: string | undefined,
  flags: RunFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.all) {
    await runAll(flags, context);
    return;
  }
  const recorded = await runOnce(scenario, flags, context);
  const { columns, colour } = context.screen;
  if (flags.json) context.screen.out(renderJson(recorded.judged));
  else {
    context.screen.out(renderTerminal(recorded.judged, { columns, colour }));
    context.screen.err(`\nrecorded in ${context.relative(recorded.folder)}\n`);
    tellAdvice(adviceOf(recorded.result), context.screen);
  }
  writeForCi(runForms([recorded.judged]), flags, context.screen);
  context.exit(exitCodeOfRun(recorded.result));
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
    const request = readCommonOptions(flags);
    const run = await followed(
      context,
      (listeners) => runScenario(scenario, { ...request, ...listeners }),
      { quiet: true },
    ).catch((thrown: unknown) => {
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
  const unbegun = results
    .map((result) => ({ exitCode: exitCodeOfRun(result) }))
    .filter(
      ({ exitCode }) => exitCode === exitCodes.machineLacks || exitCode === exitCodes.internal,
    );
  screen.err(`${countsOf(results, refused)}\n`);
  writeForCi(runForms(judged, refused), flags, screen);
  context.exit(
    exitCodeOfAll(
      results.map(({ verdict }) => verdict),
      [...refused, ...unbegun],
      results.some(({ interrupted }) => interrupted),
    ),
  );
}

function lineOf(scenario: string, { result }: JudgedRun): string {
  const { verdict, reasons, trials, cleanup } = result;
  const seconds = trials.reduce((sum, trial) => sum + trial.timing.totalMs, 0) / 1000;
  const why = [...sentencesOf(reasons.slice(0, 1)), adviceOf(result)[0] ?? '']
    .filter(Boolean)
    .join('; ');
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
): Promise<Run> {
  const common = readCommonOptions(flags);
  const { resume: folder, untilPrecise, reuse = false } = flags;
  if (folder !== undefined) {
    const onResume = (done: number, planned: number) =>
      context.screen.err(`${done} of ${planned} trials are done\n`);
    const request = { ...common, reuse, onResume, ...(scenario ? { scenario } : {}) };
    return followed(context, (listeners) => resume(folder, { ...request, ...listeners }));
  }
  if (scenario === undefined) {
    throw new LabError('WRONG_USE', 'run needs the name of a scenario.', {
      hint: `Scenarios: ${listScenarios(context.root).join(', ')}.`,
    });
  }
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const all = Array.from({ length: common.trials }, (_, index) => index);
  const request = {
    ...common,
    ...(untilPrecise === undefined ? {} : { untilPrecise }),
    ...(shard ? { indexes: shardOf(all, shard.i, shard.n) } : {}),
  };
  return followed(context, (listeners) => runScenario(scenario, { ...request, ...listeners }));
}
