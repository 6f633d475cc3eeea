/** Arguments that would be accepted and mean something else: refused before a command begins. */
import type { Command } from 'commander';
import { LabError } from '../errors.js';

/** Options whose values are a list; every other option counts once. */
const listOptions = ['--recorded', '--recorded-slower'];

/** Throws WRONG_USE for an empty word, or an option that stands twice. Pure. */
export function refuseMeaningless(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const empty = words.findIndex((word) => word === '' || /^--[\w-]+=$/.test(word));
  if (empty >= 0) {
    const before = words[empty] === '' ? words[empty - 1] : words[empty]?.slice(0, -1);
    throw new LabError('WRONG_USE', `The argument after ${before ?? 'the command'} is empty.`, {
      hint: 'Give a value or omit the option; a shell variable may be unset.',
    });
  }
  const names = words.flatMap((word) => /^--[a-z][\w-]*/.exec(word)?.[0] ?? []);
  const twice = names.find(
    (name, place) => !listOptions.includes(name) && names.indexOf(name) !== place,
  );
  if (twice === undefined) return;
  throw new LabError('WRONG_USE', `${twice} is given more than once.`, {
    hint: 'Give the option once; otherwise only the last value would be used.',
  });
}

/** Options of failover-lab that are not npm's own, which npm takes when `--` is left out. */
const optionsOfRuns = [
  ...[
    'seed',
    'trials',
    'controller',
    'controllers',
    'routing',
    'out',
    'sandbox',
    'datapath',
    'parallel',
  ],
  ...[
    'reuse',
    'replace',
    'until-precise',
    'shard',
    'resume',
    'junit',
    'markdown',
    'update',
    'recorded',
  ],
  ...['elements', 'faults', 'budget', 'objective', 'at-once'],
  ...['on', 'queue', 'ssh-config'],
  ...['across-environments', 'minutes', 'kills', 'pairs', 'seconds', 'repetitions', 'hogs'],
];

/**
 * Throws WRONG_USE when npm swallowed options: `npm run scenario X --seed=4` gives the script
 * `X` alone, and `npm_config_seed=4` in its environment. Pure.
 */
export function refuseSwallowedByNpm(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): void {
  const script = environment.npm_lifecycle_event;
  if (script === undefined) return;
  const swallowed = optionsOfRuns.flatMap((name) => {
    const value = environment[`npm_config_${name.replaceAll('-', '_')}`];
    if (value === undefined || value === '') return [];
    return value === 'true' ? [`--${name}`] : [`--${name}=${value}`];
  });
  if (swallowed.length === 0) return;
  // The words that the script itself has, less `node` and the program.
  const own = (environment.npm_lifecycle_script ?? '').split(/\s+/).length - 2;
  const given = argv.slice(Math.max(0, own)).join(' ');
  const right = ['npm run', script, '--', given, ...swallowed].filter(Boolean).join(' ');
  throw new LabError('WRONG_USE', `npm took ${swallowed.join(' ')} as its own option.`, {
    hint: `Put the options of failover-lab after two dashes: ${right}`,
  });
}

/**
 * Throws WRONG_USE when options were given that have no effect beside another one.
 * @param because The option or argument that makes them meaningless, as people write it.
 * @param options Attribute names of the options, such as `untilPrecise`.
 */
export function refuseIdle(command: Command, because: string, options: readonly string[]): void {
  const idle = command.options.find(
    (option) =>
      options.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (!idle) return;
  throw new LabError('WRONG_USE', `${idle.long} has no effect beside ${because}.`, {
    hint: 'Omit one of them.',
  });
}
