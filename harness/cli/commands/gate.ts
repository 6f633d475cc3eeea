/** `failover-lab gate`: compare recovery with the committed baseline; red when it got slower. */

import { adviceOfGate } from '../../../reports/advice/index.js';
import {
  gatePlan,
  parseShard,
  renderGateGithub,
  renderGateJunit,
  renderGateMarkdown,
  renderGateTerminal,
  shardOf,
} from '../../../reports/gate/index.js';
import { withTexts } from '../../../reports/with-texts.js';
import { baselineFile, clockOf, readBaseline } from '../../api/baseline-file.js';
import { type JudgedGate, gate as judgeGate } from '../../api/gate.js';
import { judge, type Run } from '../../api/judge.js';
import { run } from '../../api/run.js';
import { updateBaseline } from '../../api/update-baseline.js';
import { LabError } from '../../errors.js';
import { combine, exitCodeOfVerdict } from '../../judge/combine.js';
import type { Verdict } from '../../model/result.js';
import { writeForCi } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CiFlags, type CommonOptions, readCommonOptions } from '../options.js';
import { tellAdvice } from '../tell-advice.js';

export interface GateFlags extends CommonOptions, CiFlags {
  update?: boolean;
  acrossEnvironments?: boolean;
  shard?: string;
  recorded?: string[];
}

/**
 * Judge against the baselines, or write them, as the words of the command ask.
 * @param trials As asked for; undefined = as many as the baseline's plan needs.
 */
export async function gate(
  scenarios: string[],
  flags: GateFlags,
  trials: number | undefined,
  context: CommandContext,
): Promise<void> {
  const recorded = await Promise.all((flags.recorded ?? []).map(judge));
  refuseStrangers(recorded, scenarios, context);
  if (flags.update) await updateAll(scenarios, flags, trials, recorded, context);
  else if (flags.shard) await runShards(scenarios, flags, trials, context);
  else await gateAll(scenarios, flags, trials, recorded, context);
}

async function gateAll(
  scenarios: string[],
  flags: GateFlags,
  trials: number | undefined,
  recorded: Run[],
  context: CommandContext,
): Promise<void> {
  const { screen } = context;
  // A missing baseline is reported before the first network is built.
  const { trials: _, ...common } = readCommonOptions(flags);
  const clock = clockOf({ recorded, sandbox: common.sandbox });
  for (const scenario of scenarios) readBaseline(scenario, context.root, clock);
  const request = {
    ...common,
    ...(trials === undefined ? {} : { trials }),
    ...(flags.recorded ? { recorded } : {}),
    acrossEnvironments: flags.acrossEnvironments === true,
  };
  const gates: JudgedGate[] = [];
  for (const scenario of scenarios) {
    const gate = await followed(context, (listeners) =>
      judgeGate(scenario, { ...request, ...listeners }),
    );
    gates.push(gate);
    const { columns, colour } = screen;
    if (!flags.json) screen.out(`${renderGateTerminal(gate.result, { columns, colour })}\n`);
    screen.err(`recorded in ${context.relative(gate.folder)}\n`);
    tellAdvice(adviceOfGate(gate.result), screen);
    if (gate.interrupted) break;
  }
  if (flags.json) {
    screen.out(`${JSON.stringify(withTexts(gates.map(({ result }) => result)), null, 2)}\n`);
  }
  const gated = gates.map(({ result, run }) => ({ gate: result, run: run.result }));
  const forms = {
    junit: () => renderGateJunit(gated),
    markdown: () => renderGateMarkdown(gated),
    annotations: () => gates.map(({ result }) => renderGateGithub(result)).join(''),
  };
  writeForCi(forms, flags, screen);
  context.exit(
    exitCodeOfVerdict(
      combine(gates.map(({ result }) => result.verdict)),
      gates.some(({ interrupted }) => interrupted),
    ),
  );
}

async function updateAll(
  scenarios: string[],
  flags: GateFlags,
  trials: number | undefined,
  recorded: Run[],
  context: CommandContext,
): Promise<void> {
  const { trials: _, ...common } = readCommonOptions(flags);
  const request = {
    ...common,
    ...(trials === undefined ? {} : { trials }),
    ...(flags.recorded ? { recorded } : {}),
  };
  const verdicts: Verdict[] = [];
  let interrupted = false;
  for (const scenario of scenarios) {
    const { file, parts } = await followed(context, (listeners) =>
      updateBaseline(scenario, { ...request, ...listeners }),
    );
    if (!flags.recorded) verdicts.push(...parts.map(({ result }) => result.verdict));
    interrupted = file === null;
    if (file === null) break;
    context.screen.err(`wrote ${context.relative(file)}\n`);
  }
  context.exit(exitCodeOfVerdict(combine(verdicts), interrupted));
}

/**
 * A shard cannot know whether the others left a doubt, so together they run the whole plan of the
 * baseline at once. Judging is left to `--recorded`: only what kept trials from running is an error.
 */
async function runShards(
  scenarios: string[],
  flags: GateFlags,
  trials: number | undefined,
  context: CommandContext,
): Promise<void> {
  const shard = parseShard(flags.shard ?? '');
  const common = readCommonOptions(flags);
  const baselines = scenarios.map(
    (scenario) => readBaseline(scenario, context.root, clockOf(common)).baseline,
  );
  const verdicts: Verdict[] = [];
  let interrupted = false;
  for (const [place, baseline] of baselines.entries()) {
    const scenario = scenarios[place] ?? '';
    const plan = gatePlan(baseline, trials);
    const all = trials === undefined ? [...plan.first, ...plan.second] : plan.first;
    const indexes = shardOf(all, shard.i, shard.n);
    const { seed, trials: planned } = plan;
    const request = { ...common, seed, trials: planned, indexes };
    const { result, folder } = await followed(context, (listeners) =>
      run(scenario, { ...request, ...listeners }),
    );
    const complete = result.trials.length === indexes.length;
    verdicts.push(complete ? 'pass' : result.verdict);
    interrupted ||= result.interrupted;
    const many = `${indexes.length} of ${all.length} trials`;
    context.screen.err(`${many} are in ${context.relative(folder)}; join all shards with\n`);
    context.screen.err(`  failover-lab gate ${scenario} --recorded <run...>\n`);
    if (interrupted) break;
  }
  context.exit(exitCodeOfVerdict(combine(verdicts), interrupted));
}

function refuseStrangers(recorded: Run[], scenarios: string[], context: CommandContext): void {
  const names = scenarios.map((scenario) => baselineFile(scenario, context.root, 'real').name);
  const stranger = recorded.find(({ result }) => !names.includes(result.scenario));
  if (!stranger) return;
  const of = stranger.result.scenario;
  throw new LabError(
    'WRONG_USE',
    `${context.relative(stranger.folder)} is a run of ${of}, which is not among ${names.join(', ')}.`,
  );
}
