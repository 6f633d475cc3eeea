/** `failover-lab shell`: builds a lab and opens Mininet's own command line in it. */
import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import { warningText } from '../../../reports/recorded/warning.js';
import { holdLab, type RunEnd } from '../../api/held-lab.js';
import type { Progress } from '../../campaign/progress.js';
import { errorCodes, exitCodes, LabError } from '../../errors.js';
import { controlC } from '../../lab/modes/shell.js';
import type { CommandContext } from '../context.js';
import { type CommonOptions, readCommonOptions, refuseVirtualClock } from '../options.js';
import type { Screen } from '../screen.js';

export type ShellFlags = Omit<CommonOptions, 'trials'>;

/** Build the lab, hand the terminal to the shell in it, and take the lab down. */
export async function shell(
  scenario: string,
  flags: ShellFlags,
  context: CommandContext,
): Promise<void> {
  const terminal = terminalOfInput();
  const common = readCommonOptions({ ...flags, trials: 1 });
  refuseVirtualClock('shell', common.sandbox);
  const keys = new Keys(context.screen);
  const leftovers: string[] = [];
  const onProgress = (progress: Progress) => {
    if (progress.kind === 'opened') {
      const logs = context.relative(progress.folder);
      context.screen.err(`Building ${progress.scenario}; logs in ${logs}\n`);
    }
    if (progress.kind !== 'event') return;
    const { event } = progress;
    if (event.kind === 'run.end') leftovers.push(...event.leftovers);
    if (event.kind === 'warning') context.screen.err(`${warningText(event.warning)}\n`);
  };
  try {
    const { interrupted: signal, killed: killSignal } = keys;
    const listeners = { root: context.root, onProgress, signal, killSignal };
    const request = { ...common, ...listeners, replace: 0 };
    const { end } = await holdLab(scenario, request, { operator: keys, terminal });
    for (const one of leftovers) context.screen.err(`left behind: ${one}\n`);
    if (end.error) context.screen.err(`${end.error.message}\n${end.error.hint ?? ''}\n`);
    context.exit(leftovers.length > 0 ? exitCodes.internal : exitCodeOf(end));
  } finally {
    keys.release();
  }
}

function exitCodeOf({ reason, error }: RunEnd): number {
  if (reason === 'interrupted') return exitCodes.interrupted;
  if (!error) return exitCodes.pass;
  return error.code in errorCodes
    ? errorCodes[error.code as keyof typeof errorCodes]
    : exitCodes.internal;
}

/** The device of standard input. Throws WRONG_USE when that is no terminal. */
function terminalOfInput(): { device: string; type: string } {
  if (!isatty(0)) {
    throw new LabError('WRONG_USE', 'failover-lab shell needs a terminal on standard input.', {
      hint: 'To drive a lab from a program, use failover-lab drive.',
    });
  }
  return { device: readlinkSync('/proc/self/fd/0'), type: process.env.TERM ?? 'dumb' };
}

/**
 * Signals of the terminal. While the lab is built Ctrl-C gives it up; in the shell Ctrl-C belongs
 * to the command that runs there. SIGTERM and a terminal that closes end the lab, twice at once.
 */
class Keys {
  readonly mode = 'shell' as const;
  readonly #interrupted = new AbortController();
  readonly #killed = new AbortController();
  readonly #screen: Screen;
  #order: ((order: object) => void) | undefined;
  #ready = false;

  constructor(screen: Screen) {
    this.#screen = screen;
    process.on('SIGINT', this.#onControlC);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, this.#onEnd);
  }

  get interrupted(): AbortSignal {
    return this.#interrupted.signal;
  }

  get killed(): AbortSignal {
    return this.#killed.signal;
  }

  onOpen(order: (order: object) => void): void {
    this.#order = order;
  }

  onNote(note: { note: string; nodes?: string[] }): void {
    if (note.note !== 'ready') return;
    this.#ready = true;
    const verbs = 'kill <node>, heal [node], path <from> <to>, ports [node]';
    this.#screen.err(
      `Ready: ${note.nodes?.join(' ')}\nCommands in addition to those of Mininet: ${verbs}\n`,
    );
  }

  release(): void {
    process.off('SIGINT', this.#onControlC);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, this.#onEnd);
  }

  readonly #onControlC = () => {
    if (this.#ready && !this.#interrupted.signal.aborted) this.#order?.(controlC);
    else this.#onEnd();
  };

  readonly #onEnd = () => {
    if (this.#interrupted.signal.aborted) this.#killed.abort();
    this.#interrupted.abort();
  };
}
