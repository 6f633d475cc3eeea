/** A file of another program becomes a scenario: read, planned, and written as text. */
import { basename } from 'node:path';
import { LabError, messageOf } from '../../errors.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import { printable } from '../../model/units.js';
import { readRegular } from '../../safe-files.js';
import type { Problem } from '../problems.js';
import { examineScenario } from '../resolve.js';
import { formatList, formatOf } from './formats.js';
import { type ImportedNetwork, type ImportOptions, refused } from './imported.js';
import { type PlannedScenario, planScenario } from './plan-scenario.js';
import { Call, constantsOf, evaluated, importsOf, textOf } from './source.js';

/** The largest map of the Topology Zoo has half a megabyte. */
const bytesMax = 16 * 1024 * 1024;

export interface Imported {
  network: ImportedNetwork;
  isMap: boolean;
  plan: PlannedScenario;
  /** The scenario file. */
  text: string;
  /** As `validate` resolves it; undefined where it has problems. */
  resolved: ResolvedScenario | undefined;
  problems: Problem[];
}

/**
 * Read a file and make a scenario of it. Nothing is built or started.
 *
 * @param path As people gave it; its ending decides the format.
 * @throws LabError IMPORT_REFUSED with file, line, value and what to do.
 */
export async function importFile(path: string, options: ImportOptions): Promise<Imported> {
  const format = formatOf(path);
  if (format === undefined) {
    const message = `${path}: no format is known for this ending`;
    throw new LabError('IMPORT_REFUSED', message, { hint: `can be imported: ${formatList()}` });
  }
  if (!format.isMap && (options.as !== undefined || options.delays === false)) {
    const option = options.as === undefined ? '--no-delays' : `--as ${options.as}`;
    const message = `${option} is for maps, and ${path} is a ${format.name}.`;
    throw new LabError('WRONG_USE', message, { hint: `Omit ${option.split(' ')[0]}.` });
  }
  const file = { path, text: readText(path) };
  const network = await format.read(file, options);
  const plan = planScenario(network);
  if (plan === undefined) {
    const hint = 'a scenario needs two hosts with traffic between them';
    throw refused(file, null, 'no two of its nodes reach each other', hint);
  }
  const text = scenarioText(network, plan, path);
  const written = evaluated(plan.fields, await import('../../index.js'));
  const { resolved, problems } = examineScenario(written, { name: scenarioName(path), seed: 0 });
  return { network, isMap: format.isMap, plan, text, resolved, problems };
}

function readText(path: string): string {
  try {
    return readRegular(path, bytesMax);
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing
      ? `there is no file ${path}`
      : `${path} cannot be read: ${messageOf(thrown)}`;
    throw new LabError('IMPORT_REFUSED', message, { hint: 'check the path' });
  }
}

/** `Abilene.graphml` is `abilene`: a name that a scenario can have. */
export function scenarioName(path: string): string {
  const bare = basename(path).replace(/\.(clab\.ya?ml|[A-Za-z]+)$/i, '');
  const name = bare
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 50) || 'imported';
}

function scenarioText(network: ImportedNetwork, { fields }: PlannedScenario, path: string): string {
  const scenario = new Call('scenario', [fields]);
  const names = importsOf(scenario);
  const flat = `import { ${names.join(', ')} } from 'failover-lab';`;
  const broken = `import {\n${names.map((one) => `  ${one},\n`).join('')}} from 'failover-lab';`;
  const constants = constantsOf(scenario).map(({ name, value }) => {
    const start = `const ${name} = `;
    return `${start}${textOf(value, 0, start.length)};\n\n`;
  });
  const from = printable(basename(path), 80).replaceAll('*/', '* /');
  return [
    `/** Written by failover-lab import from the ${network.format} ${from}. */\n`,
    `${flat.length <= 100 ? flat : broken}\n\n`,
    ...constants,
    `export default ${textOf(scenario, 0, 15)};\n`,
  ].join('');
}
