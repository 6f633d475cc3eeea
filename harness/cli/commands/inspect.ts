/** Commands that look without starting a network: list, validate, doctor. */
import type { Command } from 'commander';
import { renderPlan } from '../../../reports/terminal/plan.js';
import {
  type ListedScenario,
  renderScenarioList,
} from '../../../reports/terminal/scenario-list.js';
import type { Layout } from '../../../reports/terminal/section.js';
import { stylesFor } from '../../../reports/terminal/style.js';
import { diagnose, probeCapabilities } from '../../doctor/doctor.js';
import { renderDoctor } from '../../doctor/render.js';
import { exitCodes, LabError } from '../../errors.js';
import { listScenarios, loadScenario } from '../../scenario/load.js';
import { resolveScenario } from '../../scenario/resolve.js';
import type { ResolvedScenario } from '../../scenario/resolved.js';
import type { CommandContext } from '../context.js';
import { controllerHelp } from '../options.js';

interface ValidateFlags {
  controller?: string;
  json?: boolean;
}

export function addInspection(program: Command, context: CommandContext): void {
  program
    .command('list')
    .description('the scenarios, and the question each answers')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => list(context, flags.json === true));
  program
    .command('validate')
    .description('check scenarios and print the plan; starts nothing, needs no root')
    .argument('[scenario...]', 'names or files (default: all in scenarios/)')
    .option('--controller <name>', controllerHelp)
    .option('--json', 'the resolved scenarios as JSON')
    .action((names: string[], flags: ValidateFlags) =>
      validate(context, names.length > 0 ? names : listScenarios(context.root), flags),
    );
  program
    .command('doctor')
    .description('what this machine can run, and what to do about what it lacks')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => doctor(context, flags.json === true));
}

async function list(context: CommandContext, json: boolean): Promise<void> {
  const rows: ListedScenario[] = [];
  const refused: Array<{ name: string; error: LabError }> = [];
  for (const name of listScenarios(context.root)) {
    const plan = await planToList(name, context).catch((thrown: unknown) => {
      if (thrown instanceof LabError) return thrown;
      throw thrown;
    });
    if (plan instanceof LabError) {
      refused.push({ name, error: plan });
      continue;
    }
    const faults = plan.timeline.flatMap((step) =>
      step.action.kind === 'inject' ? [step.action.fault.kind] : [],
    );
    const expected = plan.expectations.map((expectation) => expectation.text);
    rows.push({
      name,
      question: plan.question,
      nodes: plan.topology.nodes.length,
      faults,
      expected,
    });
  }
  if (json) {
    const errors = refused.map(({ name, error: { code, message, hint } }) => ({
      ...{ name, error: { code, message, hint } },
    }));
    context.screen.out(`${JSON.stringify([...rows, ...errors], null, 2)}\n`);
  } else context.screen.out(renderScenarioList(rows, layoutOf(context)));
  for (const { error } of refused) {
    context.screen.err(`${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
  }
  const [first] = refused;
  if (first) context.exit(first.error.exitCode);
}

async function planToList(name: string, context: CommandContext): Promise<ResolvedScenario> {
  const { written } = await loadScenario(name, context.root);
  return resolveScenario(written, { name, seed: 0 });
}

async function validate(
  context: CommandContext,
  names: string[],
  { controller, json }: ValidateFlags,
): Promise<void> {
  const capabilities = await probeCapabilities();
  const plans: ResolvedScenario[] = [];
  const refusals: LabError[] = [];
  for (const name of names) {
    try {
      const loaded = await loadScenario(name, context.root);
      const options = { name: loaded.name, seed: 0, capabilities };
      const chosen = controller === undefined ? options : { ...options, controller };
      plans.push(resolveScenario(loaded.written, chosen));
    } catch (thrown) {
      // People want to see all that is wrong at once; a program gets the first as an error.
      if (json || !(thrown instanceof LabError) || names.length === 1) throw thrown;
      refusals.push(thrown);
    }
  }
  if (json === true) {
    const document = plans.length === 1 ? plans[0] : plans;
    context.screen.out(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  context.screen.out(plans.map((plan) => renderPlan(plan, layoutOf(context))).join('\n'));
  for (const { message, hint } of refusals) {
    context.screen.err(`${message}\n${hint ? `${hint}\n` : ''}`);
  }
  const [first] = refusals;
  if (first) context.exit(first.exitCode);
}

function layoutOf({ screen }: CommandContext): Layout {
  return { columns: Math.max(40, screen.columns), styles: stylesFor(screen.colour) };
}

async function doctor(context: CommandContext, json: boolean): Promise<void> {
  const diagnosis = await diagnose();
  if (json) context.screen.out(`${JSON.stringify(diagnosis, null, 2)}\n`);
  else
    context.screen.out(
      renderDoctor(diagnosis.findings, context.screen.columns, diagnosis.conclusion),
    );
  if (diagnosis.conclusion.blockedBy.length > 0) context.exit(exitCodes.machineLacks);
}
