/** Where the baseline of a scenario lies, and what it says. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Baseline, parseBaseline } from '../../reports/gate/index.js';
import { LabError, messageOf } from '../errors.js';
import { findScenario } from '../language/load.js';
import { readRegular } from '../safe-files.js';
import type { CommandContext } from './context.js';

export interface BaselinePlace {
  /** The scenario's name, as in a record. */
  name: string;
  file: string;
}

/** Beside the scenario's own file. Throws UNKNOWN_SCENARIO. */
export function baselineFile(scenario: string, context: CommandContext): BaselinePlace {
  const { file, name } = findScenario(scenario, context.root);
  return { name, file: join(dirname(file), `${name}.baseline.json`) };
}

/** Throws WRONG_USE when there is none, RECORD_UNREADABLE when it is none. */
export function readBaseline(
  scenario: string,
  context: CommandContext,
): BaselinePlace & { baseline: Baseline } {
  const place = baselineFile(scenario, context);
  const shown = context.relative(place.file);
  if (existsSync(place.file)) {
    return { ...place, baseline: parseBaseline(textOf(place.file, shown), shown) };
  }
  throw new LabError('WRONG_USE', `${shown} does not exist.`, {
    hint: `Create it with \`failover-lab gate ${scenario} --update\` and commit it.`,
  });
}

/** Longer than a baseline of a thousand trials. */
const baselineBytesMax = 8 * 1024 * 1024;

function textOf(file: string, shown: string): string {
  try {
    return readRegular(file, baselineBytesMax);
  } catch (cause) {
    throw new LabError('RECORD_UNREADABLE', `${shown} cannot be read: ${messageOf(cause)}.`, {
      cause,
    });
  }
}
