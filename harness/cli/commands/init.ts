/** `failover-lab init [folder]`: asks what is left open, and writes the files of a project. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError, messageOf } from '../../errors.js';
import { makeFolder } from '../../safe-files.js';
import type { CommandContext } from '../context.js';
import { type Network, networks, type Pipeline, pipelines } from '../program/init-choices.js';
import { type Questions, questions } from '../questions.js';
import { type ProjectFile, packageName, projectFiles } from './init-files.js';

export interface InitFlags {
  network?: Network;
  ci?: Pipeline;
  package?: string;
  yes?: boolean;
  json?: boolean;
}

/** Write what is missing, and print what was written, what was kept, and what to do next. */
export async function init(word: string, flags: InitFlags, context: CommandContext): Promise<void> {
  const folder = resolve(word);
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    const message = `${context.relative(folder)} is a file; init writes into a folder.`;
    throw new LabError('WRONG_USE', message, { hint: 'Name a folder, or one to be made.' });
  }
  const { network, ci } = await choose(flags, context);
  const files = projectFiles({
    ...{ name: packageName(basename(folder)), network, ci },
    ...(flags.package === undefined ? {} : { spec: flags.package }),
  });
  const written = files.map((file) => ({ path: file.path, isNew: writeNew(folder, file) }));
  const { scenario } = networks[network];
  const place = word === '.' ? null : context.relative(folder);
  const next = nextSteps(place, scenario, !dependsOnUs(folder));
  if (flags.json) {
    const [made, kept] = [true, false].map((which) =>
      written.filter(({ isNew }) => isNew === which).map(({ path }) => path),
    );
    context.screen.out(`${JSON.stringify({ folder, written: made, kept, next }, null, 2)}\n`);
    return;
  }
  const lines = written.map(
    ({ path, isNew }) => `${isNew ? 'written' : 'kept   '}  ${path}${isNew ? '' : ' (it exists)'}`,
  );
  context.screen.out(`${lines.join('\n')}\n\nNext:\n${next.map((one) => `  ${one}\n`).join('')}`);
}

/** The choices that no option states are asked at a terminal; elsewhere the first ones are taken. */
async function choose(
  { network, ci, yes, json }: InitFlags,
  { screen }: CommandContext,
): Promise<{ network: Network; ci: Pipeline }> {
  const silent = yes || json || !process.stdin.isTTY || !screen.live;
  if (silent) return { network: network ?? 'overlay', ci: ci ?? 'github' };
  const terminal = questions();
  try {
    return {
      network: network ?? (await ask(terminal, 'Which network?', networks)),
      ci: ci ?? (await ask(terminal, 'A job for which CI system?', pipelines)),
    };
  } finally {
    terminal.close();
  }
}

/**
 * The choice by its number or name; an empty answer is the first. Asks again for anything else.
 * Throws INTERRUPTED at the end of the input.
 */
async function ask<Name extends string>(
  terminal: Questions,
  question: string,
  choices: Readonly<Record<Name, { words: string }>>,
): Promise<Name> {
  const names = Object.keys(choices) as Name[];
  const lines = names.map((name, index) => `  ${index + 1}  ${name}: ${choices[name].words}\n`);
  for (;;) {
    const answer = await terminal.ask(`${question}\n${lines.join('')}[1] `);
    if (answer === null) {
      throw new LabError('INTERRUPTED', 'The questions were not answered; nothing was written.');
    }
    const chosen = answer === '' ? names[0] : (names[Number(answer) - 1] ?? answer);
    if (names.includes(chosen as Name)) return chosen as Name;
  }
}

/** False when the file exists already; it is left as it is. Throws RUN_FOLDER_UNWRITABLE. */
function writeNew(folder: string, { path, content }: ProjectFile): boolean {
  const file = join(folder, path);
  try {
    makeFolder(dirname(file));
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new LabError('RUN_FOLDER_UNWRITABLE', `${file} cannot be written: ${messageOf(cause)}.`, {
      hint: 'Name a folder that you can write to.',
      cause,
    });
  }
}

/** Whether the project's package.json, which may have been there before, names this package. */
function dependsOnUs(folder: string): boolean {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const { dependencies, devDependencies } = JSON.parse(text);
    return 'failover-lab' in { ...dependencies, ...devDependencies };
  } catch {
    return false;
  }
}

function nextSteps(place: string | null, scenario: string, add: boolean): string[] {
  return [
    ...(place === null ? [] : [`cd ${place}`]),
    add ? 'npm install --save-dev failover-lab' : 'npm install',
    `npx failover-lab validate ${scenario}`,
    `npx failover-lab run ${scenario}`,
  ];
}
