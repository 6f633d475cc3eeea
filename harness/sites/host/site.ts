import { checkOvsHostAnswers } from '../../doctor/checks/ovs-host.js';
import { LabError } from '../../errors.js';
import { longestInterfaceName } from '../../model/network/names.js';
import { onHost, tooLongOnHost } from '../../model/network/root-names.js';
import { openFlowPorts } from '../../model/open-flow.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { watchTraces } from '../namespaces/leftovers.js';
import { needsRoot } from '../namespaces/needs-root.js';
import { commandFor, openChild } from '../namespaces/open.js';
import { namespaceSite } from '../namespaces/site.js';
import type { LabOpening, RunTraces, SiteProgram } from '../site.js';
import { claimHost } from './claim.js';
import { hostObjects, hostObjectWords, hostOvsFolder, removeHostObjects } from './objects.js';

const program: SiteProgram = {
  async on(machine) {
    if (machine.userId !== 0) return needsRoot('none', machine.userId);
    const own = namespaceSite('none', machine);
    return {
      ...own,
      async trouble(datapath) {
        const trouble = await own.trouble(datapath);
        if (trouble) return trouble;
        const answers = await checkOvsHostAnswers(machine);
        if (answers.ok === 'yes') return undefined;
        return { ...answers, sentence: `${answers.sentence} --sandbox none requires it.` };
      },
      environment: async () => ({ network: 'host' }),
      adapt,
      claim,
      open,
      clear,
      watch,
    };
  },
};
export default program;

/** The names that the network has on the host, which may be too long there. */
function adapt(scenario: ResolvedScenario) {
  const topology = onHost(scenario.topology);
  const problems = tooLongOnHost(topology).map((name) => ({
    path: 'topology',
    message:
      `with --sandbox none this network needs an interface '${name}' on the host, and a name ` +
      `has room for ${longestInterfaceName} characters`,
    hint: 'give switches and relays shorter names, or omit --sandbox',
  }));
  return { scenario: { ...scenario, topology }, problems };
}

async function claim({ scenario, parallel }: { scenario: ResolvedScenario; parallel: number }) {
  if (parallel > 1) {
    throw new LabError(
      'WRONG_USE',
      'The host can run one lab at a time; --parallel needs sandboxes.',
      {
        hint: 'Omit --parallel or --sandbox none.',
      },
    );
  }
  const { topology, controller } = scenario;
  await claimHost({ topology, controllerPorts: openFlowPorts(controller) });
}

function open(opening: LabOpening) {
  const keepFolders = [...opening.keepFolders, hostOvsFolder];
  return openChild(commandFor({ ...opening, keepFolders }, { onHost: true }), opening);
}

/** The kernel took the processes of a runner that was killed; what they had on the host is marked. */
function clear(): string[] {
  const objects = hostObjects();
  removeHostObjects(objects);
  return objects.map(hostObjectWords);
}

function watch(runId: string): RunTraces {
  const traces = watchTraces(runId);
  return {
    ...traces,
    // A host holds one such lab at a time: what is marked now is this run's.
    leftovers: () => [...traces.leftovers(), ...hostObjects().map(hostObjectWords)],
  };
}
