/** `failover-lab compare`: several controllers on one scenario, trials taking turns, one table. */

import { renderCompare } from '../../../reports/compare/terminal.js';
import { withTexts } from '../../../reports/with-texts.js';
import { compare as compareControllers } from '../../api/compare.js';
import type { Run } from '../../api/judge.js';
import { LabError } from '../../errors.js';
import { combine, exitCodeOfVerdict } from '../../judge/combine.js';
import { splitControllers } from '../../language/command-words.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CommonOptions, readCommonOptions } from '../options.js';

export interface CompareFlags extends CommonOptions {
  controllers: string;
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
  const { controller: _, ...common } = readCommonOptions(flags);
  const { folder, sides, compared } = await followed(context, (listeners) =>
    compareControllers(scenario, { ...common, ...listeners, controllers: labels }),
  );
  const { columns, colour } = context.screen;
  if (flags.json) context.screen.out(`${JSON.stringify(withTexts(compared), null, 2)}\n`);
  else context.screen.out(renderCompare(compared, { columns, colour }));
  context.screen.err(`\nrecorded in ${context.relative(folder)}\n`);
  context.exit(exitCodeOfSides(sides));
}

/** Expectations differ between strategies: a side that fails them is an answer, one without is not. */
function exitCodeOfSides(sides: readonly Run[]): number {
  const results = sides.map(({ result }) => result);
  const answers = results.map(({ verdict }) => (verdict === 'fail' ? 'pass' : verdict));
  const interrupted = results.some((result) => result.interrupted);
  return exitCodeOfVerdict(combine(answers), interrupted);
}
