/** `failover-lab compare`: several controllers or images on one scenario, trials taking turns, one table. */

import { adviceOf } from '../../../reports/advice/index.js';
import { renderCompare } from '../../../reports/compare/terminal.js';
import { withTexts } from '../../../reports/with-texts.js';
import { compare as compareSides } from '../../api/compare.js';
import type { Run } from '../../api/judge.js';
import { LabError } from '../../errors.js';
import { combine, exitCodeOfVerdict } from '../../judge/combine.js';
import { splitControllers } from '../../language/command-words.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CommonOptions, readCommonOptions } from '../options.js';
import { tellAdvice } from '../tell-advice.js';

export interface CompareFlags extends CommonOptions {
  controllers?: string;
  images?: string;
}

/** Run every side of the scenario, turn by turn, and print the table. */
export async function compare(
  scenario: string,
  flags: CompareFlags,
  context: CommandContext,
): Promise<void> {
  const { controller, routing: _, ...common } = readCommonOptions(flags);
  const sides =
    flags.images === undefined && flags.controllers === undefined && flags.routing !== undefined
      ? { routings: routingsOf(flags.routing), ...(controller ? { controller } : {}) }
      : flags.images === undefined
        ? { controllers: controllersOf(flags.controllers) }
        : {
            images: imagesOf(flags.images, flags.controllers),
            ...(controller ? { controller } : {}),
          };
  const {
    folder,
    sides: runs,
    compared,
  } = await followed(context, (listeners) =>
    compareSides(scenario, { ...common, ...listeners, ...sides }),
  );
  const { columns, colour } = context.screen;
  if (flags.json) context.screen.out(`${JSON.stringify(withTexts(compared), null, 2)}\n`);
  else context.screen.out(renderCompare(compared, { columns, colour }));
  context.screen.err(`\nrecorded in ${context.relative(folder)}\n`);
  const advice = runs.flatMap(({ result }) => adviceOf(result));
  tellAdvice([...new Set(advice)], context.screen);
  context.exit(exitCodeOfSides(runs));
}

/** Throws WRONG_USE. */
function imagesOf(images: string, controllers: string | undefined): string[] {
  if (controllers !== undefined) {
    const message = '--images and --controllers each name the sides.';
    throw new LabError('WRONG_USE', message, { hint: 'Use --controller for one controller.' });
  }
  const names = images.split(',').map((name) => name.trim());
  if (names.length >= 2 && !names.includes('')) return names;
  throw new LabError('WRONG_USE', `--images needs at least two names, and has '${images}'.`, {
    hint: 'Write debian-12,debian-13.',
  });
}

/** Throws WRONG_USE. */
function routingsOf(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  if (names.length >= 2 && !names.includes('')) return names;
  throw new LabError('WRONG_USE', `--routing needs at least two names, and has '${list}'.`, {
    hint: 'Write ospf-tuned,ospf-bfd.',
  });
}

/** Throws WRONG_USE. */
function controllersOf(controllers: string | undefined): string[] {
  if (controllers === undefined) {
    throw new LabError(
      'WRONG_USE',
      'compare needs --controllers, --images or --routing, which name the sides.',
      {
        hint: 'Write --controllers floyd,fast-failover:bfd=10ms*3.',
      },
    );
  }
  const bare = controllers.replaceAll(/'[^']*'|"[^"]*"/g, 'quoted');
  if (bare.split(',').some((name) => name.trim() === '')) {
    const message = `--controllers has an empty name: ${controllers}.`;
    throw new LabError('WRONG_USE', message, { hint: 'Separate the names with one comma each.' });
  }
  const labels = splitControllers(controllers);
  if (labels === null || labels.length < 2) {
    throw new LabError(
      'WRONG_USE',
      labels === null
        ? '--controllers has an unclosed quote.'
        : '--controllers needs at least two names, separated by commas.',
      { hint: 'write floyd,fast-failover:bfd=10ms*3; quote commas of a command line' },
    );
  }
  return labels;
}

/** Expectations differ between strategies: a side that fails them is an answer, one without is not. */
function exitCodeOfSides(sides: readonly Run[]): number {
  const results = sides.map(({ result }) => result);
  const answers = results.map(({ verdict }) => (verdict === 'fail' ? 'pass' : verdict));
  const interrupted = results.some((result) => result.interrupted);
  return exitCodeOfVerdict(combine(answers), interrupted);
}
