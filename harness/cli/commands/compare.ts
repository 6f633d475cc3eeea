/** `failover-lab compare`: several controllers on one scenario, trials taking turns, one table. */
import { join, resolve } from 'node:path';
import { renderCompare } from '../../../reports/compare/terminal.js';
import { createResultFolder } from '../../campaign/run-folder.js';
import { runTrials } from '../../campaign/schedule.js';
import { LabError } from '../../errors.js';
import { combine, exitCodeOfVerdict } from '../../judge/combine.js';
import { compareRuns } from '../../judge/compare.js';
import { splitControllers } from '../../language/command-words.js';
import { replaceFile } from '../../safe-files.js';
import type { CommandContext } from '../context.js';
import { joinedHtml } from '../joined-run.js';
import { type CommonOptions, readCommonOptions } from '../options.js';
import { type PreparedRun, prepareRun, type RunOptions } from '../prepare.js';
import type { RecordedRun } from '../record.js';
import { type LiveRun, openRun } from '../run-scenario.js';
import { listenForInterruption } from '../signals.js';

export interface CompareFlags extends CommonOptions {
  controllers: string;
}

interface Side {
  label: string;
  options: RunOptions;
  prepared: PreparedRun;
}

/** Run every controller on the scenario, turn by turn, and print the table. */
export async function compare(
  scenario: string,
  flags: CompareFlags,
  context: CommandContext,
): Promise<void> {
  const bare = flags.controllers.replaceAll(/'[^']*'|"[^"]*"/g, 'quoted');
  if (bare.split(',').some((name) => name.trim() === '')) {
    const message = `--controllers has an empty name: ${flags.controllers}.`;
    throw new LabError('WRONG_USE', message, { hint: 'Separate the names with one comma each.' });
  }
  const labels = splitControllers(flags.controllers);
  if (labels === null || labels.length < 2) {
    throw new LabError(
      'WRONG_USE',
      labels === null
        ? '--controllers has an unclosed quote.'
        : '--controllers needs at least two names, separated by commas.',
      { hint: 'write floyd,fast-failover:bfd=10ms*3; quote commas of a command line' },
    );
  }
  const base = { scenario, ...readCommonOptions(flags) };
  // All sides are prepared before a folder is made: what is refused leaves nothing behind.
  const ready: PreparedRun[] = [];
  for (const label of labels) {
    ready.push(await prepareRun(context.root, { ...base, controller: label }));
  }
  const folder = createResultFolder(resolve(base.out), `compare-${ready[0]?.name ?? scenario}`);
  const sides = ready.map((prepared, place): Side => {
    const label = labels[place] ?? '';
    // Sides of the same name, and of other scenarios, must not share a folder.
    const out = join(
      folder,
      `${place + 1}-${label.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 40)}`,
    );
    return { label, options: { ...base, controller: label, out }, prepared };
  });
  const runs = await takeTurns(sides, context);
  const judged = runs.map((run) => run.judged);
  const compared = compareRuns(judged);
  replaceFile(join(folder, 'compare.json'), `${JSON.stringify(compared, null, 2)}\n`);
  const [first] = runs;
  if (first) {
    const html = await joinedHtml({ ...first, folders: [first.folder] }, { compare: judged });
    replaceFile(join(folder, 'report.html'), html);
  }
  const { columns, colour } = context.screen;
  if (flags.json) context.screen.out(`${JSON.stringify(compared, null, 2)}\n`);
  else context.screen.out(renderCompare(compared, { columns, colour }));
  context.screen.err(`\nrecorded in ${context.relative(folder)}\n`);
  context.exit(exitCodeOfSides(runs));
}

/** Trial by trial, every side in turn (A B C A B C), so that the machine's drift hits all alike. */
async function takeTurns(sides: Side[], context: CommandContext): Promise<RecordedRun[]> {
  const interruption = listenForInterruption(context.screen.err);
  const live: LiveRun[] = sides.map(({ prepared, options, label }) =>
    openRun(prepared, options, context.screen, interruption, { prefix: `${label}  ` }),
  );
  try {
    await runTrials(live.map((run) => run.lane));
    return await Promise.all(live.map((run) => run.finish()));
  } finally {
    interruption.release();
  }
}

/** Expectations differ between strategies: a side that fails them is an answer, one without is not. */
function exitCodeOfSides(runs: readonly RecordedRun[]): number {
  const results = runs.map((run) => run.judged.result);
  const answers = results.map(({ verdict }) => (verdict === 'fail' ? 'pass' : verdict));
  const interrupted = results.some((result) => result.interrupted);
  return exitCodeOfVerdict(combine(answers), interrupted);
}
