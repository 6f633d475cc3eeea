/** Where the baseline of a scenario lies, and what it says. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { type Baseline, parseBaseline } from '../judge/gate/baseline.js';
import { findScenario } from '../language/load.js';
import { readRegular } from '../safe-files.js';

export interface BaselinePlace {
  /** The scenario's name, as in a record. */
  name: string;
  file: string;
}

/**
 * Beside the scenario's own file; in the project for a scenario that comes with the package, whose
 * folder the next install replaces. Throws UNKNOWN_SCENARIO.
 */
export function baselineFile(scenario: string, root: string): BaselinePlace {
  const { file, name, bundled } = findScenario(scenario, root);
  const folder = bundled ? join(root, 'scenarios') : dirname(file);
  return { name, file: join(folder, `${name}.baseline.json`) };
}

/** Throws WRONG_USE when there is none, RECORD_UNREADABLE when it is none. */
export function readBaseline(
  scenario: string,
  root: string,
): BaselinePlace & { baseline: Baseline } {
  const place = baselineFile(scenario, root);
  const shown = relative(process.cwd(), place.file);
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
