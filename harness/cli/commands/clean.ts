/** `failover-lab clean`: lists what is left of labs on this host, asks, and removes it. */
import { exitCodes, LabError } from '../../errors.js';
import { type AbandonedObject, findAbandoned, removeAbandoned } from '../../sites/abandoned.js';
import { markVariable } from '../../sites/mark.js';
import type { CommandContext } from '../context.js';
import { questions } from '../questions.js';

export interface CleanFlags {
  yes?: boolean;
  json?: boolean;
}

/** List what is left, ask, and remove it. */
export async function clean(flags: CleanFlags, context: CommandContext): Promise<void> {
  if (process.env[markVariable] !== undefined) {
    throw new LabError('WRONG_USE', 'This shell is inside a lab, and a lab cleans up by itself.', {
      hint: 'Run `failover-lab clean` outside the lab.',
    });
  }
  const abandoned = findAbandoned();
  const { removable, kept } = abandoned;
  const print = (document: object) => context.screen.out(`${JSON.stringify(document, null, 2)}\n`);
  if (!flags.json) context.screen.out(listing(removable, kept));
  if (removable.length === 0 || (flags.json && !flags.yes)) {
    if (flags.json) print({ removable, kept });
    return;
  }
  if (!flags.yes && !(await agreed(removable.length))) {
    context.screen.out('Nothing was removed.\n');
    return;
  }
  const stillThere = await removeAbandoned(abandoned);
  if (flags.json) print({ removable, kept, stillThere });
  else context.screen.out(outcome(removable, stillThere));
  if (stillThere.length > 0) context.exit(exitCodes.machineLacks);
}

function lines(objects: AbandonedObject[]): string[] {
  return objects.map(({ kind, name, words }) => `  ${kind} ${name}: ${words}\n`);
}

function listing(removable: AbandonedObject[], kept: AbandonedObject[]): string {
  return [
    ...(removable.length === 0 ? ['No leftovers of labs on this host.\n'] : []),
    ...(removable.length > 0 ? ['Leftovers of labs on this host:\n', ...lines(removable)] : []),
    ...(kept.length > 0 ? ['Not touched:\n', ...lines(kept)] : []),
  ].join('');
}

function outcome(removable: AbandonedObject[], stillThere: AbandonedObject[]): string {
  if (stillThere.length === 0) return `Removed all ${removable.length}.\n`;
  const hint =
    process.getuid?.() === 0 ? '' : 'Removing what other users own needs root: try sudo.\n';
  return `Not removed:\n${lines(stillThere).join('')}${hint}`;
}

async function agreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new LabError(
      'WRONG_USE',
      'Standard input is not a terminal, so there was no confirmation and nothing was removed.',
      {
        hint: 'Use --yes to remove what is listed without confirmation.',
      },
    );
  }
  const asking = questions();
  try {
    return /^y(es)?$/i.test((await asking.ask(`Remove these ${count}? [y/N] `)) ?? '');
  } finally {
    asking.close();
  }
}
