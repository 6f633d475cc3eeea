/** JUnit XML of a sweep: a test case for every failure, named by what fails. */
import type { SweepCase, SweepResult } from '../../harness/judge/sweep.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { type JunitCase, junitDocument } from '../junit-document.js';
import { sentencesOf } from '../reasons/index.js';
import { quoteCommand } from '../shell.js';
import { renderSweep } from './terminal.js';
import { caseName, largestText } from './words.js';

/** A file without failures and errors means verdict `pass`, and nothing else does. */
export function sweepJunit(result: SweepResult, scenario: ResolvedScenario): string {
  const { scenario: name, seed, controller, environment, command, wallTime } = result;
  return junitDocument([
    {
      name: `sweep of ${name}`,
      wallTime,
      properties: {
        seed: String(seed),
        controller,
        datapath: environment.datapath,
        openVSwitch: environment.ovs,
        kernel: environment.kernel,
        command: quoteCommand(command),
      },
      cases: [whole(result), ...result.cases.map((one) => caseOf(one, name))],
      output: renderSweep(result, scenario, { columns: 100, colour: false }),
    },
  ]);
}

/** Doubts about the sweep as a whole, not about a single case. */
function whole({ doubts, interrupted, scenario }: SweepResult): JunitCase {
  const told = [...(interrupted ? ['the sweep was interrupted'] : []), ...sentencesOf(doubts)].join(
    '\n',
  );
  const problem = told === '' ? null : ({ kind: 'error', message: told } as const);
  return { name: 'the sweep is complete', className: `${scenario}.sweep`, timeS: 0, problem };
}

function caseOf(one: SweepCase, scenario: string): JunitCase {
  const message = [`outage ${largestText(one)}`, ...sentencesOf(one.reasons)].join('\n');
  const kind = one.verdict === 'fail' ? 'failure' : 'error';
  return {
    name: caseName(one),
    className: `${scenario}.sweep`,
    timeS: 0,
    problem: one.verdict === 'pass' ? null : { kind, message },
  };
}
