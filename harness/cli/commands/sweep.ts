/** `failover-lab sweep`: every element fails in turn; one table and a map. */
import { sweepJson } from '../../../reports/sweep/json.js';
import { sweepJunit } from '../../../reports/sweep/junit.js';
import { sweepMarkdown } from '../../../reports/sweep/markdown.js';
import { renderSweep } from '../../../reports/sweep/terminal.js';
import {
  asideSentences,
  caseName,
  changeLines,
  planSentence,
  progressSentence,
} from '../../../reports/sweep/words.js';
import { readSweep, resumeSweep, type Sweep, sweep as sweepScenario } from '../../api/sweep.js';
import { scenarioIn } from '../../api/sweep-record.js';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { exitCodeOfVerdict } from '../../judge/combine.js';
import { changeSince } from '../../judge/sweep-change.js';
import { listScenarios } from '../../language/load.js';
import { caseOfTrial, type SweepPlan } from '../../model/failure-case.js';
import type { TrialResult } from '../../model/result.js';
import { writeForCi } from '../ci-output.js';
import type { CommandContext } from '../context.js';
import { followed, type Listeners } from '../follow.js';
import { type CiFlags, type CommonOptions, readCommonOptions } from '../options.js';

export interface SweepFlags extends CommonOptions, CiFlags {
  elements?: string;
  faults?: string;
  pairs?: number;
  since?: string;
  resume?: string | true;
}

/** Sweep, print the table, and end with the exit code of its verdict. */
export async function sweep(
  scenario: string | undefined,
  flags: SweepFlags,
  context: CommandContext,
): Promise<void> {
  const { screen } = context;
  const swept = await runSweep(scenario, flags, context);
  const network = scenarioIn(swept);
  const { columns, colour } = screen;
  screen.out(
    flags.json ? sweepJson(swept.swept) : renderSweep(swept.swept, network, { columns, colour }),
  );
  if (flags.since !== undefined && !flags.json) {
    const before = await readSweep(flags.since);
    screen.out(`\n${changeLines(changeSince(before.swept, swept.swept)).join('\n')}\n`);
  }
  screen.err(`\nrecorded in ${context.relative(swept.folder)}\n`);
  writeForCi(
    {
      junit: () => sweepJunit(swept.swept, network),
      markdown: () => sweepMarkdown(swept.swept, network),
      annotations: () => '',
    },
    flags,
    screen,
  );
  context.exit(exitCodeOfVerdict(swept.swept.verdict, swept.swept.interrupted));
}

async function runSweep(
  scenario: string | undefined,
  flags: SweepFlags,
  context: CommandContext,
): Promise<Sweep> {
  const { elements, faults, pairs, resume } = flags;
  const common = readCommonOptions(flags);
  if (resume !== undefined) {
    const onResume = (done: number, planned: number) =>
      context.screen.err(`${done} of ${planned} trials are done\n`);
    return followed(
      context,
      (listeners) =>
        resumeSweep(resume, {
          ...common,
          ...withProgress(listeners, context),
          onResume,
          ...(scenario === undefined ? {} : { scenario }),
        }),
      { quiet: true },
    );
  }
  if (scenario === undefined) {
    throw new LabError('WRONG_USE', 'sweep needs the name of a scenario.', {
      hint: `Scenarios: ${listScenarios(context.root).join(', ')}.`,
    });
  }
  const request = {
    ...common,
    ...(elements === undefined ? {} : { elements: wordsOf(elements) }),
    ...(faults === undefined ? {} : { faults: wordsOf(faults) }),
    ...(pairs === undefined ? {} : { pairs }),
  };
  return followed(
    context,
    (listeners) => sweepScenario(scenario, { ...request, ...withProgress(listeners, context) }),
    { quiet: true },
  );
}

/** What fails is a better line of progress than the number of its trial. */
function withProgress(listeners: Listeners, { screen }: CommandContext) {
  let plan: SweepPlan | undefined;
  const done = new Set<number>();
  const startNs = nowNs();
  const tell = (trial: TrialResult) => {
    if (!plan) return;
    done.add(trial.index);
    const one = plan.cases[caseOfTrial(plan, trial.index).place];
    const planned = plan.cases.length * plan.rounds;
    const timing = { done: done.size, planned, elapsedMs: (nowNs() - startNs) / 1e6 };
    if (one) screen.err(`${progressSentence(caseName(one), trial, timing)}\n`);
  };
  return {
    ...listeners,
    onPlan: (planned: SweepPlan) => {
      plan = planned;
      screen.err(`${planSentence(planned)}\n`);
      for (const line of asideSentences(planned)) screen.err(`${line}\n`);
    },
    onProgress: (progress: Parameters<Listeners['onProgress']>[0]) => {
      listeners.onProgress(progress);
      if (progress.kind === 'judged') tell(progress.trial);
    },
  };
}

function wordsOf(list: string): string[] {
  return list.split(',').map((word) => word.trim());
}
