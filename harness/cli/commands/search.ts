/** `failover-lab search`: schedules of failures until the budget is spent; what was found, as files. */
import { searchJson, searchJunit, searchMarkdown } from '../../../reports/search/forms.js';
import { renderSearch } from '../../../reports/search/terminal.js';
import { searchPlanSentence, searchProgress } from '../../../reports/search/words.js';
import { resumeSearch, type SearchRun, search as searchScenario } from '../../api/search.js';
import type { SearchRequest } from '../../api/search-request.js';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { exitCodeOfVerdict } from '../../judge/combine.js';
import { listScenarios } from '../../language/load.js';
import type { SearchObjective } from '../../model/failure-case.js';
import { writeForCi } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CiFlags, type CommonOptions, readCommonOptions } from '../options.js';

export interface SearchFlags extends Omit<CommonOptions, 'trials'>, CiFlags {
  budget: number;
  objective: SearchObjective;
  atOnce: number;
  elements?: string;
  faults?: string;
  resume?: string | true;
}

/** Search, print what was found, and end with 1 where something was. */
export async function search(
  scenario: string | undefined,
  flags: SearchFlags,
  context: CommandContext,
): Promise<void> {
  const { screen } = context;
  const { searched, folder } = await runSearch(scenario, flags, context);
  const { columns, colour } = screen;
  screen.out(flags.json ? searchJson(searched) : renderSearch(searched, { columns, colour }));
  screen.err(`\nrecorded in ${context.relative(folder)}\n`);
  writeForCi(
    {
      junit: () => searchJunit(searched),
      markdown: () => searchMarkdown(searched),
      annotations: () => '',
    },
    flags,
    screen,
  );
  context.exit(exitCodeOfVerdict(searched.verdict, searched.interrupted));
}

async function runSearch(
  scenario: string | undefined,
  flags: SearchFlags,
  context: CommandContext,
): Promise<SearchRun> {
  const { elements, faults, resume, budget, objective, atOnce } = flags;
  const { trials: _, ...common } = readCommonOptions({ ...flags, trials: budget });
  const request: SearchRequest = {
    ...common,
    ...{ budget, objective, atOnce },
    ...(elements === undefined ? {} : { elements: wordsOf(elements) }),
    ...(faults === undefined ? {} : { faults: wordsOf(faults) }),
    ...progressOf(budget, context),
  };
  if (resume !== undefined) {
    const named = scenario === undefined ? {} : { scenario };
    return followed(
      context,
      (listeners) => resumeSearch(resume, { ...request, ...listeners, ...named }),
      { quiet: true },
    );
  }
  if (scenario === undefined) {
    throw new LabError('WRONG_USE', 'search needs the name of a scenario.', {
      hint: `Scenarios: ${listScenarios(context.root).join(', ')}.`,
    });
  }
  return followed(context, (listeners) => searchScenario(scenario, { ...request, ...listeners }), {
    quiet: true,
  });
}

function progressOf(budget: number, { screen }: CommandContext): Partial<SearchRequest> {
  const startNs = nowNs();
  let done = 0;
  let before = 0;
  return {
    onPlan: (plan, options) => screen.err(`${searchPlanSentence(plan, options)}\n`),
    onResume: (trials) => {
      before = trials;
      screen.err(`${trials} trials are done\n`);
    },
    onTrial: (trial, findings) => {
      done += 1;
      const elapsedMs = (nowNs() - startNs) / 1e6;
      const timing = { done, budget: budget - before, elapsedMs, findings };
      screen.err(`${searchProgress(trial, timing)}\n`);
    },
  };
}

function wordsOf(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
