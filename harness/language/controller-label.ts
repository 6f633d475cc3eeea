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
 *
 * and any other program by its command line, options before ` -- `:
 *
 *     command:./my-controller --listen {port}
 *     command:spanningTree=rstp,readyWhen=listening -- ./my-controller --listen {port}
 *     osken:./my_router.py --observe-links
 *     static-flows:./write-flows.sh
 */
import { LabError } from '../errors.js';
import { quoted } from '../model/units.js';
import { splitWords } from './command-words.js';
import { didYouMean } from './problems.js';

/** What each label stands for. */
const labels = {
  floyd: { kind: 'floyd', reaction: 'none' },
  'floyd-timeout': { kind: 'floyd', reaction: 'timeout' },
  'floyd-bfd': { kind: 'floyd', reaction: 'bfd' },
  'fast-failover': { kind: 'floyd', reaction: 'groups' },
  none: { kind: 'none' },
  'ovs-testcontroller': { kind: 'ovs-testcontroller' },
  command: { kind: 'command' },
  osken: { kind: 'osken' },
  'static-flows': { kind: 'static-flows' },
} as const;

type Label = keyof typeof labels;

/** All labels, for help texts. */
export const controllerLabels = Object.keys(labels);

/**
 * The written form of a controller given by its label; the scenario schema judges its options.
 *
 * @throws LabError WRONG_USE when the label is unknown or an option is not `name=value`.
 */
export function parseController(text: string): Record<string, unknown> {
  const colon = text.indexOf(':');
  const label = colon === -1 ? text : text.slice(0, colon);
  const rest = colon === -1 ? '' : text.slice(colon + 1);
  if (!isLabel(label)) {
    throw new LabError(
      'WRONG_USE',
      `there is no controller ${quoted(label)}${didYouMean(label, controllerLabels)}`,
      { hint: `known: ${controllerLabels.join(', ')}` },
    );
  }
  if (label !== 'command' && label !== 'osken' && label !== 'static-flows') {
    return { ...labels[label], ...optionsOf(label, rest) };
  }
  const { options, words } = programOf(label, rest);
  return { ...labels[label], ...options, ...words };
}

function isLabel(text: string): text is Label {
  return Object.hasOwn(labels, text);
}

function optionsOf(label: Label, text: string): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const option of text === '' ? [] : text.split(',')) {
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

const examples = {
  command: './controller --listen {port}',
  osken: './my_router.py',
  'static-flows': './write-flows.sh',
};

/** A command line, with options before ` -- ` if there are any. */
function programOf(label: 'command' | 'osken' | 'static-flows', text: string) {
  const [, first, after] = /^([A-Za-z]+=\S*) -- (.*)$/s.exec(text) ?? [];
  const options = first === undefined ? {} : optionsOf(label, first);
  const words = splitWords(after ?? text);
  if (words === null || words.length === 0) {
    const message =
      words === null
        ? `${quoted(text)} has an unclosed quote`
        : `${label} needs a ${label === 'osken' ? 'list of applications' : 'command line'}`;
    const example = examples[label];
    throw new LabError('WRONG_USE', message, {
      hint: `write ${label}:${example}, options before it: ${label}:spanningTree=rstp -- …`,
    });
  }
  if (label !== 'osken') return { options, words: { argv: words } };
  // What begins with a dash is for osken-manager: --observe-links, --name=value.
  const applications = words.filter((word) => !word.startsWith('-'));
  return { options, words: { applications, arguments: words.filter((w) => w.startsWith('-')) } };
}
