/** The reference as Markdown. */
import type { Command, Option } from 'commander';
import { buildProgram } from '../../harness/cli/main.js';
import { errorCodes, exitCodes } from '../../harness/errors.js';
import { historyEvent } from '../../harness/model/history/events.js';
import { runResultSchema } from '../../harness/model/result.js';
import { terms } from '../../reports/terms.js';
import { type DoorEntry, doorEntries } from './door.js';

const head = `# Reference

Every function, type, command, option, error, event and result field. Written by \`npm run reference\` from the program itself; do not edit. How things are used together is in the other pages, such as [Writing a scenario](scenarios.md).
`;

export function referencePage(): string {
  const entries = doorEntries();
  const parts = [
    head,
    '## Functions and values of a scenario\n',
    ...entries.filter(({ kind }) => kind === 'value').map(valueText),
    '## Types of a scenario\n',
    ...entries.filter(({ kind }) => kind === 'type').map(typeText),
    '## Commands\n',
    ...commandsOf(program()).map(commandText),
    '## Exit codes and errors\n',
    exitTable(),
    '## Events of history.ndjson\n',
    eventTable(),
    '## Fields of result.json\n',
    list(resultFields()),
    '## Terms\n',
    Object.entries(terms)
      .map(([term, meaning]) => `- **${term}**: ${meaning}\n`)
      .join(''),
  ];
  return parts.join('\n');
}

export function program(): Command {
  const screen = { columns: 200, colour: false, live: false, out: () => {}, err: () => {} };
  return buildProgram({ root: '', screen, exit: () => {}, relative: (path) => path });
}

/** Every command that has no commands of its own, with its words. */
export function commandsOf(command: Command, before: string[] = []): Array<[string, Command]> {
  return command.commands.flatMap((one): Array<[string, Command]> => {
    const words = [...before, one.name()];
    return one.commands.length > 0 ? commandsOf(one, words) : [[words.join(' '), one]];
  });
}

/** Kinds of events, from the schema that reads them. */
export function eventKinds(): string[] {
  const { options } = historyEvent as unknown as {
    options: Array<{ shape: { kind: { value?: string; values?: Set<string> } } }>;
  };
  return options.map(({ shape: { kind } }) => kind.value ?? [...(kind.values ?? [])].join(', '));
}

export function resultFields(): string[] {
  // Older results are upgraded before they are read; the schema behind that has the fields.
  const { def } = runResultSchema as unknown as { def: { out: { shape: object } } };
  return Object.keys(def.out.shape);
}

function valueText({ name, signature, text, examples }: DoorEntry): string {
  const example = examples.length > 0 ? `\nExample:\n\n${indented(examples.join('\n'))}\n` : '';
  return `### ${name}\n\n${code(signature)}\n\n${plain(text)}\n${example}`;
}

function typeText({ name, signature, text, fields }: DoorEntry): string {
  const rows = fields.map(
    (field) =>
      `- ${code(`${field.name}${field.optional ? '?' : ''}: ${field.type}`)}${field.text ? ` – ${plain(field.text)}` : ''}\n`,
  );
  const declared = signature === name ? '' : `${code(signature)}\n\n`;
  return `### ${name}\n\n${declared}${text ? `${plain(text)}\n\n` : ''}${rows.join('')}`;
}

function commandText([words, command]: [string, Command]): string {
  const options = command.options.filter(({ hidden }) => !hidden).map(optionText);
  return `### failover-lab ${words}\n\n${code(`${words} ${command.usage()}`)}\n\n${plain(command.description())}.\n\n${options.join('')}`;
}

function optionText({ flags, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? ` One of ${argChoices.join(', ')}.` : '';
  const preset = defaultValue === undefined ? '' : ` Default: ${JSON.stringify(defaultValue)}.`;
  const stated =
    /show|port/.test(flags) || (typeof defaultValue === 'string' && defaultValue.startsWith('/'))
      ? ''
      : preset;
  return `- ${code(flags)} – ${plain(description)}.${choices}${stated}\n`;
}

function exitTable(): string {
  const rows = Object.entries(exitCodes).map(([name, exit]) => {
    const codes = Object.entries(errorCodes).flatMap(([error, leads]) =>
      leads === exit ? [code(error)] : [],
    );
    return `| ${exit} | ${name} | ${codes.join(', ') || 'none'} |\n`;
  });
  return `| exit code | name | errors with it |\n|---|---|---|\n${rows.join('')}`;
}

const eventTable = (): string => list(eventKinds());

function list(names: readonly string[]): string {
  return names.map((name) => `- ${code(name)}\n`).join('');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Code in one line, whatever backticks it holds. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}

/** Text that is not markup: braces of links and angle brackets stay as they are written. */
function plain(text: string): string {
  return text
    .replace(/\{@link (\w+)\}/g, '$1')
    .replace(/</g, '&lt;')
    .replace(/\[/g, '\\[');
}
