/** Every command in the documents is one that this program has, with its options and arguments. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Command, CommanderError } from 'commander';
import { buildProgram } from '../../harness/cli/main.js';
import { networks } from '../../harness/cli/program/init-choices.js';
import { exitCodes, LabError } from '../../harness/errors.js';
import { splitControllers, splitWords } from '../../harness/language/command-words.js';
import { parseController } from '../../harness/language/controller-label.js';
import { listScenarios, withoutPrefix } from '../../harness/language/find.js';
import { packageRoot } from '../../harness/package-root.js';
import { blocksOf, page, pages, spansOf, tableOf } from '../documents.js';

const { scripts } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The program with its output in a list. */
function program(): { command: Command; printed: string[] } {
  const printed: string[] = [];
  const screen = {
    ...{ columns: 200, colour: false, live: false },
    out: (text: string) => void printed.push(text),
    err: (text: string) => void printed.push(text),
  };
  const context = { root: packageRoot(), screen, exit: () => {}, relative: (path: string) => path };
  return { command: buildProgram(context), printed };
}

/** Without the comment at the end; a # within quotes is none. */
function withoutComment(line: string): string {
  return line.replace(/(^|\s)#(?=\s)[^'"]*$/, '').trim();
}

const shellLines = pages().flatMap((one) =>
  blocksOf(one)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ content }) => content.replaceAll('\\\n', ' ').split('\n'))
    .map(withoutComment)
    .filter(Boolean)
    .map((line) => ({ page: one.path, line })),
);

const ours = /^(?:sudo )?(?:npx )?(?:failover-lab |npm (?:run|test)\b|node harness\/setup\/start)/;
const spans = pages().flatMap((one) =>
  spansOf(one)
    .filter((span) => ours.test(span))
    // A command that is only named has no arguments to check.
    .map((line) => ({ page: one.path, line: line.replace(/^failover-lab (\w+)$/, '$& --help') })),
);

/** Why a command cannot be given as it is written; null when it can. */
function problemOf(line: string): string | null {
  const words = splitWords(line);
  if (words === null) return 'a quote is not closed';
  if (words[0] === 'sudo') words.shift();
  if (words[0] === 'npx') words.splice(0, words.indexOf('failover-lab'));
  const [first = '', second = '', ...rest] = words;
  if (first === 'failover-lab') return problemOfArguments([second, ...rest]);
  if (first === 'node' && second === 'harness/setup/start.mjs') return problemOfArguments(rest);
  if (first === 'npm' && second === 'test') return problemOfFiles(rest.filter((w) => w !== '--'));
  if (first === 'npm' && second === 'run') return problemOfScript(rest);
  if (first === 'npm' && second === 'install') return rest.length === 0 ? null : 'nothing else';
  return first === 'cd' || /^[A-Z_]+=/.test(first)
    ? null
    : `${first} is not a program of these documents`;
}

function problemOfFiles(files: string[]): string | null {
  const missing = files.find((file) => !existsSync(join(packageRoot(), file)));
  return missing === undefined ? null : `${missing} does not exist`;
}

/** npm keeps options before ` -- ` to itself. */
function problemOfScript([name = '', ...words]: string[]): string | null {
  const script = scripts[name];
  if (script === undefined) return `package.json has no script ${name}`;
  const dashes = words.indexOf('--');
  const own = dashes === -1 ? words : words.slice(0, dashes);
  if (own.some((word) => word.startsWith('-'))) return 'npm takes options before -- for its own';
  const start = 'node harness/setup/start.mjs ';
  if (!script.startsWith(start)) return null;
  const given = [...own, ...(dashes === -1 ? [] : words.slice(dashes + 1))];
  return problemOfArguments([...script.slice(start.length).split(' '), ...given]);
}

const withScenarios = new Set([
  'run',
  'validate',
  'compare',
  'gate',
  'drive',
  'shell',
  'trend',
  'sweep',
  'search',
]);

const writtenByInit: string[] = Object.values(networks).map(({ scenario }) => scenario);

function problemOfArguments(words: string[]): string | null {
  const rest = [...words];
  let { command } = program();
  for (;;) {
    const found = command.commands.find((one) => one.name() === rest[0]);
    if (!found) break;
    command = found;
    rest.shift();
  }
  if (command.parent === null) {
    const known = rest.length === 0 || /^([A-Z]+|--(test|build|help|version))$/.test(rest[0] ?? '');
    return known ? null : `no command ${rest[0]}`;
  }
  if (rest.includes('--help')) return null;
  if (command.commands.length > 0) return rest.length === 0 ? null : `no command ${rest.join(' ')}`;
  try {
    const { operands, unknown } = command.parseOptions(rest);
    if (unknown.length > 0) return `${command.name()} has no ${unknown.join(' ')}`;
    return problemOfOperands(command, operands) ?? problemOfControllers(command);
  } catch (thrown) {
    if (thrown instanceof CommanderError || thrown instanceof LabError) return thrown.message;
    throw thrown;
  }
}

function problemOfOperands(command: Command, operands: string[]): string | null {
  const known = command.registeredArguments;
  const least = known.filter(({ required }) => required).length;
  const most = known.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : known.length;
  if (operands.length < least || operands.length > most) {
    return `${command.name()} takes ${least} to ${most} arguments, not ${operands.length}`;
  }
  const missing = command.options.find(
    (option) => option.mandatory && command.getOptionValue(option.attributeName()) === undefined,
  );
  if (missing) return `${command.name()} needs ${missing.long}`;
  const { controllers, routing, images } = command.opts<Record<string, string | undefined>>();
  if (command.name() === 'compare' && !controllers && !routing && !images) {
    return 'compare needs --controllers, --routing or --images';
  }
  if (!withScenarios.has(command.name())) return null;
  const named = operands.filter((word) => /^[a-z]/.test(word)).map(withoutPrefix);
  const scenarios = [...listScenarios(packageRoot()), ...writtenByInit];
  const unknown = named.find((word) => !scenarios.includes(word));
  return unknown === undefined ? null : `there is no scenario ${unknown}`;
}

/** Throws as the program does for a label that is not one. */
function problemOfControllers(command: Command): null {
  const { controller, controllers } = command.opts<{ controller?: string; controllers?: string }>();
  const several = splitControllers(controllers ?? '') ?? [];
  const labels = controller === undefined ? several : [controller, ...several];
  for (const label of labels) parseController(label);
  return null;
}

test('commands in blocks and in the text are ones that the program has', () => {
  expect(shellLines.length).toBeGreaterThan(25);
  expect(spans.length).toBeGreaterThan(10);
  const problems = [...shellLines, ...spans].flatMap(({ page: where, line }) => {
    const problem = problemOf(line);
    return problem === null ? [] : [`${where}: ${line}: ${problem}`];
  });
  expect(problems).toEqual([]);
});

test('a command that is wrong is found', () => {
  const wrong: Array<[line: string, says: RegExp]> = [
    ['failover-lab rnu relay-failover', /no command rnu/],
    ['failover-lab run relay-failover --sed 3', /no --sed/],
    ['failover-lab run relay-failover --trials many', /whole number/],
    ['failover-lab run relay-failover --sandbox jail', /sandbox/],
    ['failover-lab run relay-failovr', /no scenario relay-failovr/],
    ['failover-lab compare relay-failover', /needs --controllers/],
    ['failover-lab run relay-failover --controller flod', /no controller/],
    ['failover-lab report one two', /arguments/],
    ['npm run scenario relay-failover --seed 3', /npm takes options/],
    ['npm run scenarioo', /no script/],
    ['npm test -- test/lab/fault.spec.ts', /does not exist/],
    ['failover-lap list', /not a program/],
  ];
  for (const [line, says] of wrong) expect(problemOf(line) ?? 'nothing', line).toMatch(says);
});

test('the table of commands has every command', () => {
  const rows = tableOf(page('docs/running.md'), 'command', 'what it does');
  const named = rows.map(([cell = '']) => /^`(\w+)/.exec(cell)?.[1]);
  const { command } = program();
  // What one machine starts on another is not for people.
  const shown = command.createHelp().visibleCommands(command);
  const names = shown.map((one) => one.name()).filter((name) => name !== 'help');
  expect(named.toSorted()).toEqual(names.toSorted());
  const benches = command.commands.find((one) => one.name() === 'bench')?.commands ?? [];
  const row = rows.find(([cell]) => cell?.startsWith('`bench'))?.[1] ?? '';
  for (const bench of benches) expect(row).toContain(`\`${bench.name()}\``);
});

test('every option in the tables of options is one of the commands that the row names', () => {
  const rows = pages().flatMap((one) =>
    [...one.text.matchAll(/^\| (`--[^|]*(?:\\\|[^|]*)*)\| ([^|]*)/gm)].map(
      ([, cell = '', says = '']) => ({
        flags: cell.match(/--[a-z-]+/g) ?? [],
        commands: /^\((.*?)\)/.exec(says)?.[1]?.match(/\w+/g) ?? ['run'],
      }),
    ),
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const { flags, commands } of rows) {
    for (const name of commands) {
      const command = program().command.commands.find((one) => one.name() === name);
      const known = command?.options.map(({ long }) => long) ?? [];
      for (const flag of flags) expect(known, `${name} ${flag}`).toContain(flag);
    }
  }
});

test('the table of exit codes is the one of --help', () => {
  const rows = tableOf(page('docs/reading-the-numbers.md'), 'code', 'meaning');
  expect(rows.map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
  const { command, printed } = program();
  command.outputHelp();
  const help = printed.join('');
  for (const [code = '', meaning = ''] of rows) {
    expect(help).toContain(`${code.padStart(3)}  ${meaning.replaceAll('`', '')}`);
  }
});
