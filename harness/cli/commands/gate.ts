/** `failover-lab gate`: compare recovery with the committed baseline; red when it got slower. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import {
  type Baseline,
  baselineOf,
  baselineTrials,
  type GateResult,
  gatePlan,
  judgeGate,
  mergeRuns,
  needsMoreTrials,
  parseBaseline,
  printBaseline,
  renderGateTerminal,
} from '../../../reports/gate/index.js';
import { exitCodes, LabError } from '../../errors.js';
import { findScenario } from '../../scenario/load.js';
import type { ResolvedScenario } from '../../scenario/resolved.js';
import type { CommandContext } from '../context.js';
import { type CommonOptions, commonOptions, readCommonOptions } from '../options.js';
import type { RecordedRun } from '../record.js';
import { exitCodeOf, runScenario } from '../run-scenario.js';

interface GateFlags extends CommonOptions {
  update?: boolean;
  acrossEnvironments?: boolean;
}

export function addGate(program: Command, context: CommandContext): void {
  const command = program
    .command('gate')
    .description('compare recovery with the committed baseline; fails only on evidence')
    .argument('<scenario...>', 'names in scenarios/ or files')
    .option('--update', 'run, and write the baseline beside the scenario')
    .option('--across-environments', 'judge by absolute bounds when the machine differs');
  commonOptions(command).action(async (scenarios: string[], flags: GateFlags) => {
    const results: GateResult[] = [];
    const codes: number[] = [];
    for (const scenario of scenarios) {
      if (flags.update) codes.push(await update(scenario, flags, context));
      else {
        const { result, code } = await gate(scenario, flags, context);
        results.push(result);
        codes.push(code);
      }
    }
    if (flags.json) context.screen.out(`${JSON.stringify(results, null, 2)}\n`);
    context.exit(worst(codes));
  });
}

function baselineFile(scenario: string, context: CommandContext): string {
  const { file, name } = findScenario(scenario, context.root);
  return join(dirname(file), `${name}.baseline.json`);
}

function readBaseline(scenario: string, context: CommandContext): Baseline {
  const file = baselineFile(scenario, context);
  if (existsSync(file)) return parseBaseline(readFileSync(file, 'utf8'), file);
  throw new LabError('WRONG_USE', `${context.relative(file)} does not exist.`, {
    hint: `Make it with \`failover-lab gate ${scenario} --update\` and commit it.`,
  });
}

async function update(
  scenario: string,
  flags: GateFlags,
  context: CommandContext,
): Promise<number> {
  const trials = flags.trials === 1 ? baselineTrials : flags.trials;
  const options = { ...readCommonOptions(flags), scenario, trials };
  const run = await runScenario(context.root, options, context.screen);
  const code = exitCodeOf(run);
  if (code === exitCodes.interrupted) return code;
  const file = baselineFile(scenario, context);
  const periodMs = scenarioOf(run)?.periodMs ?? null;
  writeFileSync(file, printBaseline(baselineOf(run.judged.result, periodMs, trials)));
  context.screen.err(`wrote ${context.relative(file)}\n`);
  return code;
}

/** The first half of the baseline's own plan; the second half only when the first says too little. */
async function gate(
  scenario: string,
  flags: GateFlags,
  context: CommandContext,
): Promise<{ result: GateResult; code: number }> {
  const baseline = readBaseline(scenario, context);
  const plan = gatePlan(baseline, flags.trials === 1 ? undefined : flags.trials);
  const common = { ...readCommonOptions(flags), scenario, seed: plan.seed, trials: plan.trials };
  const runPart = (indexes: number[]) =>
    runScenario(context.root, { ...common, indexes }, context.screen);
  const across = flags.acrossEnvironments === true;
  const first = await runPart(plan.first);
  const options = { scenario: scenarioOf(first), acrossEnvironments: across };
  let result = judgeGate(baseline, first.judged.result, options);
  let interrupted = exitCodeOf(first) === exitCodes.interrupted;
  if (!interrupted && needsMoreTrials(result) && plan.second.length > 0) {
    context.screen.err(
      `inconclusive with ${plan.first.length} trials: adding ${plan.second.length}\n`,
    );
    const second = await runPart(plan.second);
    interrupted = exitCodeOf(second) === exitCodes.interrupted;
    const both = mergeRuns([first.judged.result, second.judged.result]);
    result = judgeGate(baseline, both, { ...options, doubled: true });
  }
  const { columns, colour } = context.screen;
  if (!flags.json) context.screen.out(renderGateTerminal(result, { columns, colour }));
  return { result, code: interrupted ? exitCodes.interrupted : codeOf(result) };
}

function codeOf(result: GateResult): number {
  return exitCodes[result.verdict];
}

function scenarioOf(run: RecordedRun): ResolvedScenario | null {
  const header = run.events.find((event) => event.kind === 'run.header');
  return header?.kind === 'run.header' ? header.scenario : null;
}

/** A regression outranks a doubt, and an interruption outranks all. */
function worst(codes: number[]): number {
  const order = [
    exitCodes.interrupted,
    exitCodes.regression,
    exitCodes.fail,
    exitCodes.inconclusive,
  ];
  return order.find((code) => codes.includes(code)) ?? Math.max(0, ...codes);
}
