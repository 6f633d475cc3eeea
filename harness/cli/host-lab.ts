/** What `--sandbox none` asks of a scenario and of this host, before anything starts. */

import type { TrialPlan } from '../campaign/supervised-lab.js';
import { LabError } from '../errors.js';
import { openFlowPort } from '../lab/lab.js';
import { invalidScenario } from '../language/problems.js';
import { longestInterfaceName } from '../model/network/names.js';
import { onHost, tooLongOnHost } from '../model/network/root-names.js';
import { speaksOpenFlow } from '../model/open-flow.js';
import type { ResolvedScenario } from '../model/resolved.js';
import { takeHostSeat } from '../sites/host-seat.js';

/**
 * The trials with the names that they have on the host, which is taken for them. Throws when names
 * do not fit, when the host is taken, or when it has what the lab would hit.
 */
export async function plansOnHost(
  trials: TrialPlan[],
  { parallel }: { parallel?: number },
): Promise<TrialPlan[]> {
  if ((parallel ?? 1) > 1) {
    throw new LabError('WRONG_USE', 'A host has room for one lab: --parallel needs sandboxes.', {
      hint: 'Leave out --parallel or --sandbox none.',
    });
  }
  const plans = trials.map((plan) => ({ ...plan, scenario: scenarioOnHost(plan.scenario) }));
  const [first] = plans;
  if (first) {
    const { topology, controller } = first.scenario;
    await takeHostSeat({ topology, controllerPorts: portsOf(controller) });
  }
  return plans;
}

function scenarioOnHost(scenario: ResolvedScenario): ResolvedScenario {
  const topology = onHost(scenario.topology);
  const problems = tooLongOnHost(topology).map((name) => ({
    path: 'topology',
    message:
      `with --sandbox none this network needs an interface '${name}' on the host, and a name ` +
      `has room for ${longestInterfaceName} characters`,
    hint: 'give switches and relays shorter names, or leave --sandbox out',
  }));
  if (problems.length > 0) throw invalidScenario(scenario.name, problems);
  return { ...scenario, topology };
}

function portsOf(controller: ResolvedScenario['controller']): number[] {
  if (!speaksOpenFlow(controller)) return [];
  const instances = 'instances' in controller ? (controller.instances ?? 1) : 1;
  return Array.from({ length: instances }, (_, index) => openFlowPort + index);
}
