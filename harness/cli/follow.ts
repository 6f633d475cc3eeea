/** Shows a campaign's progress on the screen, and lets Ctrl-C end it from its first record on. */

import { escapeText } from '../../reports/escape.js';
import { MachineLines } from '../../reports/terminal/machines.js';
import type { LabRequest } from '../api/options.js';
import type { Progress } from '../campaign/progress.js';
import type { CommandContext } from './context.js';
import { type Progress as Shown, showProgress } from './progress.js';
import type { Screen } from './screen.js';
import { type Interruption, interruption } from './signals.js';

export type Listeners = Required<Pick<LabRequest, 'root' | 'onProgress' | 'signal' | 'killSignal'>>;

/**
 * Call the api with what a command listens with. Before the first record is opened Ctrl-C ends the
 * command by itself, since nothing is to be healed. `quiet`: without lines of progress.
 */
export async function followed<T>(
  { root, screen }: CommandContext,
  call: (listeners: Listeners) => Promise<T>,
  { quiet = false } = {},
): Promise<T> {
  const signals = interruption(screen.err);
  const onProgress = progressOn(screen, quiet, signals);
  const { interrupted: signal, killed: killSignal } = signals;
  try {
    return await call({ root, onProgress, signal, killSignal });
  } finally {
    signals.release();
  }
}

function progressOn(screen: Screen, quiet: boolean, signals: Interruption) {
  const shown = new Map<string, Shown>();
  const machines = new MachineLines();
  return (progress: Progress): void => {
    const { label } = progress;
    const prefix = label === '' ? '' : `${label}  `;
    switch (progress.kind) {
      case 'opened':
        signals.listen();
        shown.set(label, showProgress(screen, { quiet, prefix }));
        break;
      case 'event':
        // Elsewhere a trial's events come at once, when it is over.
        if (!machines.any || progress.event.kind === 'run.header') {
          shown.get(label)?.see(progress.event);
        }
        break;
      case 'judged':
        shown.get(label)?.judged(progress.trial);
        break;
      case 'failed': {
        const { message, hint } = progress.error;
        screen.err(`${message}\n${hint ? `${hint}\n` : ''}`);
        break;
      }
      case 'replaced': {
        const rest = `up to ${progress.left} more replacements`;
        const text = `trial ${progress.trial + 1} is invalid for a reason on this machine, not in the network: it is run again (${rest})`;
        screen.err(`${prefix}${text}\n`);
        break;
      }
      case 'machine': {
        const { news } = progress;
        const line = machines.take(news);
        if (line === null) break;
        const [first] = shown.values();
        const often = ['begun', 'phase', 'done'].includes(news.state);
        if (often && !quiet) first?.doing(escapeText(news.machine), line, news.state === 'done');
        if (often) break;
        if (news.state === 'failed') first?.doing(escapeText(news.machine), null);
        const whole = `${escapeText(news.machine)}  ${line}`;
        if (first) first.note(whole);
        else screen.err(`${whole}\n`);
        break;
      }
      case 'added':
        screen.err(`inconclusive with ${progress.after} trials: adding ${progress.added}\n`);
        break;
      case 'ended':
        shown.get(label)?.end();
    }
  };
}
