/**
 * Controllers by label, as `--controller` and `compare` take them:
 *
 *     floyd | floyd-timeout | floyd-bfd | fast-failover | none | ovs-testcontroller
 *
 * with options after a colon, separated by commas, named as in the scenario:
 *
 *     floyd:decisionEvery=5s
 *     floyd-timeout:probeEvery=200ms,probeMultiplier=3
 *     fast-failover:bfd=10ms*3
 *     none:spanningTree=rstp
 */
import { LabError } from '../errors.js';
import { didYouMean } from './problems.js';
import { quoted } from './units.js';

/** What each label stands for. */
const labels = {
  floyd: { kind: 'floyd', reaction: 'none' },
  'floyd-timeout': { kind: 'floyd', reaction: 'timeout' },
  'floyd-bfd': { kind: 'floyd', reaction: 'bfd' },
  'fast-failover': { kind: 'floyd', reaction: 'groups' },
  none: { kind: 'none' },
  'ovs-testcontroller': { kind: 'ovs-testcontroller' },
} as const;

/** All labels, for help texts. */
export const controllerLabels = Object.keys(labels);

/**
 * The written form of a controller given by its label; the scenario schema judges its options.
 *
 * @throws LabError WRONG_USE when the label is unknown or an option is no `name=value`.
 */
export function parseController(text: string): Record<string, unknown> {
  const colon = text.indexOf(':');
  const label = colon === -1 ? text : text.slice(0, colon);
  const options = colon === -1 ? '' : text.slice(colon + 1);
  const meaning = Object.entries(labels).find(([known]) => known === label)?.[1];
  if (meaning === undefined) {
    throw new LabError(
      'WRONG_USE',
      `there is no controller ${quoted(label)}${didYouMean(label, controllerLabels)}`,
      { hint: `known: ${controllerLabels.join(', ')}` },
    );
  }
  const written: Record<string, unknown> = { ...meaning };
  for (const option of options === '' ? [] : options.split(',')) {
    const [, key, value] = /^([A-Za-z]+)=(.+)$/.exec(option) ?? [];
    if (key === undefined || value === undefined || key === 'kind' || key === 'reaction') {
      throw new LabError('WRONG_USE', `${quoted(option)} is not an option of ${label}`, {
        hint: `write options as ${label}:name=value,name=value`,
      });
    }
    written[key] = /^\d+$/.test(value) ? Number(value) : value;
  }
  return written;
}
