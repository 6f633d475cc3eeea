/** `failover-lab list`: the scenarios, the question each answers, and the file each is in. */
import { basename } from 'node:path';
import {
  type ListedScenario,
  renderScenarioList,
} from '../../../reports/terminal/scenario-list.js';
import { LabError } from '../../errors.js';
import { findScenario, scenarioWords } from '../../language/find.js';
import { loadScenario } from '../../language/load.js';
import { resolveScenario } from '../../language/resolve.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { CommandContext } from '../context.js';
import { errorText } from '../error-text.js';
import { layoutOf } from '../layout.js';

export interface ListFlags {
  json?: boolean;
}

/** Print every scenario that is found by name: the project's, then the package's. */
export async function list({ json }: ListFlags, context: CommandContext): Promise<void> {
  const rows: ListedScenario[] = [];
  const refused: Array<{ name: string; error: LabError }> = [];
  for (const name of scenarioWords(context.root)) {
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
      from: placeOf(name, context),
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
  } else context.screen.out(renderScenarioList(rows, layoutOf(context.screen)));
  for (const { error } of refused) {
    context.screen.err(errorText(error));
  }
  const [first] = refused;
  if (first) context.exit(first.error.exitCode);
}

/** `scenarios/mine.ts`, or the package for one that comes with it. */
function placeOf(word: string, context: CommandContext): string {
  const { file, bundled } = findScenario(word, context.root);
  return bundled ? `the package failover-lab (${basename(file)})` : context.relative(file);
}

async function planToList(word: string, context: CommandContext): Promise<ResolvedScenario> {
  const { written, name } = await loadScenario(word, context.root);
  return resolveScenario(written, { name, seed: 0 });
}
