/** Where the baseline of a scenario lies, and what it says. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Baseline, parseBaseline } from '../../reports/gate/index.js';
import { LabError } from '../errors.js';
import { findScenario } from '../scenario/load.js';
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
    return { ...place, baseline: parseBaseline(readFileSync(place.file, 'utf8'), shown) };
  }
  throw new LabError('WRONG_USE', `${shown} does not exist.`, {
    hint: `Make it with \`failover-lab gate ${scenario} --update\` and commit it.`,
  });
}
