/** Commands that look without starting a network: list, validate, doctor. */
import type { Command } from 'commander';
import { diagnose, probeCapabilities } from '../../doctor/doctor.js';
import { renderDoctor } from '../../doctor/render.js';
import { exitCodes } from '../../errors.js';
import { listScenarios, loadScenario } from '../../scenario/load.js';
import { resolveScenario } from '../../scenario/resolve.js';
import type { CommandContext } from '../context.js';

export function addInspection(program: Command, context: CommandContext): void {
  program
    .command('list')
    .description('the scenarios, and the question each answers')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => list(context, flags.json === true));
  program
    .command('validate')
    .description('check scenarios and print the plan; starts nothing, needs no root')
    .argument('<scenario...>', 'names or files')
    .option('--json', 'the resolved scenarios as JSON')
    .action((names: string[], flags: { json?: boolean }) =>
      validate(context, names, flags.json === true),
    );
  program
    .command('doctor')
    .description('what this machine can run, and what to do about what it lacks')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => doctor(context, flags.json === true));
}

async function list(context: CommandContext, json: boolean): Promise<void> {
  const rows = [];
  for (const name of listScenarios(context.root)) {
    const { written } = await loadScenario(name, context.root);
    const plan = resolveScenario(written, { name, seed: 0 });
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
  if (json) context.screen.out(`${JSON.stringify(rows, null, 2)}\n`);
  else
    for (const row of rows) {
      context.screen.out(
        `${row.name}\n  ${row.question}\n  ${row.nodes} nodes; ${[...new Set(row.faults)].join(', ') || 'no fault'}; ${row.expected.join('; ')}\n`,
      );
    }
}

async function validate(context: CommandContext, names: string[], json: boolean): Promise<void> {
  const capabilities = await probeCapabilities();
  const plans = [];
  for (const name of names) {
    const loaded = await loadScenario(name, context.root);
    plans.push(resolveScenario(loaded.written, { name: loaded.name, seed: 0, capabilities }));
  }
  if (json) {
    const document = plans.length === 1 ? plans[0] : plans;
    context.screen.out(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  for (const plan of plans) context.screen.out(`${plan.name}: valid. ${plan.question}\n`);
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
