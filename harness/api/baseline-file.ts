/** Where the baseline of a scenario lies, and what it says. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LabError, messageOf } from '../errors.js';
import { type Baseline, parseBaseline } from '../judge/gate/baseline.js';
import { findScenario } from '../language/load.js';
import { readRegular } from '../safe-files.js';
import { guestSite } from '../sites/guest.js';
import type { SiteOption } from '../sites/names.js';
import type { Run } from './judge.js';

export interface BaselinePlace {
  /** The scenario's name, as in a record. */
  name: string;
  file: string;
}

/** Which clock a baseline's numbers were read from; each has a file of its own. */
export type BaselineClock = 'real' | 'virtual';

/**
 * Beside the scenario's own file; in the project for a scenario that comes with the package, whose
 * folder the next install replaces. Throws UNKNOWN_SCENARIO.
 */
export function baselineFile(scenario: string, root: string, clock: BaselineClock): BaselinePlace {
  const { file, name, bundled } = findScenario(scenario, root);
  const folder = bundled ? join(root, 'scenarios') : dirname(file);
  const kind = clock === 'virtual' ? 'virtual.baseline' : 'baseline';
  return { name, file: join(folder, `${name}.${kind}.json`) };
}

/** Throws WRONG_USE when there is none, RECORD_UNREADABLE when it is none. */
export function readBaseline(
  scenario: string,
  root: string,
  clock: BaselineClock,
): BaselinePlace & { baseline: Baseline } {
  const place = baselineFile(scenario, root, clock);
  const shown = relative(process.cwd(), place.file);
  if (existsSync(place.file)) {
    return { ...place, baseline: parseBaseline(textOf(place.file, shown), shown) };
  }
  throw new LabError('WRONG_USE', `${shown} does not exist.`, {
    hint: `Create it with \`failover-lab gate ${scenario} ${clock === 'virtual' ? '--clock virtual ' : ''}--update\` and commit it.`,
  });
}

/** The clock of what is to be judged: of the records, or else of the lab that is asked for. */
export function clockOf({
  recorded = [],
  sandbox,
}: {
  recorded?: readonly Run[];
  sandbox?: SiteOption;
}): BaselineClock {
  const [first] = recorded;
  if (first) return first.result.environment.clock ?? 'real';
  return sandbox === guestSite ? 'virtual' : 'real';
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
