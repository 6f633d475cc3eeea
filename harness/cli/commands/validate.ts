/** `failover-lab validate`: checks scenarios against their rules and this machine; starts nothing. */
import { renderPlan } from '../../../reports/terminal/plan.js';
import { probeCapabilities } from '../../doctor/doctor.js';
import { LabError } from '../../errors.js';
import { listScenarios, loadScenario } from '../../language/load.js';
import { resolveScenario } from '../../language/resolve.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { CommandContext } from '../context.js';
import { errorText } from '../error-text.js';
import { layoutOf } from '../layout.js';

export interface ValidateFlags {
  controller?: string;
  json?: boolean;
}

/** Print the plan of each scenario, and everything that is wrong with the others. */
export async function validate(
  scenarios: string[],
  { controller, json }: ValidateFlags,
  context: CommandContext,
): Promise<void> {
  const names = scenarios.length > 0 ? scenarios : listScenarios(context.root);
  // The machine is asked while the scenario is read.
  const asked = probeCapabilities();
  const plans: ResolvedScenario[] = [];
  const refusals: LabError[] = [];
  for (const name of names) {
    try {
      const loaded = await loadScenario(name, context.root);
      const options = { name: loaded.name, seed: 0, capabilities: await asked };
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
  context.screen.out(plans.map((plan) => renderPlan(plan, layoutOf(context.screen))).join('\n'));
  for (const refusal of refusals) context.screen.err(errorText(refusal));
  const [first] = refusals;
  if (first) context.exit(first.exitCode);
}
