/** `failover-lab completion`: prints what makes a shell complete commands, options and scenarios. */
import { Argument, type Command, type Option } from 'commander';
import type { CommandContext } from '../context.js';

/** What the shells call for candidates; not a command of people. */
export const completionWord = '__complete';

const shells = ['bash', 'zsh', 'fish'] as const;

export function addCompletion(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('print a script for your shell that completes commands, options and scenarios')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScripts } = await import('../commands/completion.js');
      context.screen.out(completionScripts[shell](completionWord));
    });
}

/** Prints the candidates for the last of `words`, one a line; none: the shell completes files. */
export async function completeWord(
  program: Command,
  words: readonly string[],
  context: CommandContext,
): Promise<void> {
  const { scenarioWords } = await import('../../language/find.js');
  const { controllerLabels } = await import('../../language/controller-label.js');
  const found = candidates(program, words, {
    scenario: scenarioWords(context.root),
    controller: controllerLabels,
  });
  context.screen.out(found.map((word) => `${word}\n`).join(''));
}

/** Words for arguments and options that are named so. */
type NamedWords = Readonly<Record<'scenario' | 'controller', readonly string[]>>;

/** What may stand in place of the last word. Pure. */
export function candidates(
  program: Command,
  words: readonly string[],
  named: NamedWords,
): readonly string[] {
  const current = words.at(-1) ?? '';
  const { command, operands } = walk(program, words.slice(0, -1));
  const beginning = (all: readonly string[]) => all.filter((word) => word.startsWith(current));
  const valued = optionOf(command, words.at(-2));
  if (valued?.required) return beginning(valuesOf(valued, named));
  if (current.startsWith('-')) {
    return beginning(
      optionsOf(command).flatMap(({ long, hidden }) => (hidden ? [] : (long ?? []))),
    );
  }
  if (command.commands.length > 0) return beginning(namesOf(command));
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[operands] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return [];
  return beginning(argument.argChoices ?? (argument.name() === 'scenario' ? named.scenario : []));
}

/** The command that the words have come to, and how many of its arguments they hold. */
function walk(program: Command, words: readonly string[]): { command: Command; operands: number } {
  let command = program;
  let operands = 0;
  words.forEach((word, place) => {
    if (word.startsWith('-') || optionOf(command, words[place - 1])?.required) return;
    const next = command.commands.find((one) => one.name() === word);
    if (next) command = next;
    else operands += 1;
  });
  return { command, operands };
}

/** Those for people: what one machine starts on another is not among them. */
function namesOf(command: Command): string[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((one) => one.name()).filter((name) => name !== 'help');
}

/** Help is an option of every command, of which commander keeps no entry. */
function optionsOf(command: Command): Array<Pick<Option, 'long' | 'hidden'>> {
  return [...command.options, { long: '--help', hidden: false }];
}

function optionOf(command: Command, word: string | undefined): Option | undefined {
  return command.options.find(
    ({ long, short }) => word !== undefined && [long, short].includes(word),
  );
}

function valuesOf(option: Option, named: NamedWords): readonly string[] {
  if (option.argChoices) return option.argChoices;
  return option.long === '--controller' || option.long === '--controllers' ? named.controller : [];
}
