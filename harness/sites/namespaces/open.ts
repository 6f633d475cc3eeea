/** Starts a lab as a child process: orders on its input, events on a descriptor of their own. */
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import { historyBounds } from '../../model/history/line.js';
import { packageRoot } from '../../package-root.js';
import { startOf } from '../mark.js';
import { programFolders, runnerCommand } from '../program-folders.js';
import type { LabChannel, LabOpening } from '../site.js';
import { type NamespaceOptions, namespaceCommand, type SiteCommand } from './command.js';

/** A process in uninterruptible sleep outlives SIGKILL; after this it is left to the kernel. */
const killLimitMs = 5_000;

/** How the child is spoken with. */
interface Wiring {
  /** Descriptor on which it writes events, a line each. */
  events: 1 | 3;
  /** It ends when its events are no longer read: the only way where this user may not signal it. */
  endsWithReader: boolean;
}

/** Events on descriptor 3, text on 1 and 2; a signal ends it. */
const ordinary: Wiring = { events: 3, endsWithReader: false };

/** The command line of a lab in namespaces, as `opening` asks for it. */
export function commandFor(
  { runId, folder, keepFolders }: LabOpening,
  namespaces: NamespaceOptions,
): SiteCommand {
  return namespaceCommand({
    namespaces,
    mark: runId,
    owner: startOf('self') ?? '',
    keepFolders: [...programFolders(), folder, ...keepFolders],
    insideScript: join(packageRoot(), 'harness/sites/namespaces/inside.sh'),
    runner: runnerCommand(),
  });
}

/** Start `command`. Throws SANDBOX_FAILED when its program is missing. */
export function openChild(
  { argv, environment }: SiteCommand,
  { onEventLine, onText }: LabOpening,
  wiring: Wiring = ordinary,
): LabChannel {
  const [program = '', ...words] = argv;
  const child = execa(program, words, {
    stdio: ['pipe', 'pipe', 'pipe', ...(wiring.events === 3 ? ['pipe' as const] : [])],
    // A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which decides.
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    extendEnv: false,
    env: environment,
  });
  const events = child.stdio[wiring.events] as Readable;
  const charactersMax = historyBounds.lineBytes;
  readLines(events, {
    charactersMax,
    onLine: onEventLine,
    // Not an event either; the record states it as unreadable.
    onTooLong: () => onEventLine(`(a line of more than ${charactersMax} characters)`),
    cutOffEnd: 'read',
  });
  for (const stream of wiring.events === 1 ? [child.stderr] : [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', onText);
  }
  child.stdin?.on('error', () => {
    // The runner is gone; `ended` resolves with how.
  });
  let giveUp = () => {};
  const abandoned = new Promise<{ exitCode: null; signal: null }>((resolve) => {
    giveUp = () => resolve({ exitCode: null, signal: null });
  });
  return {
    send: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    kill: () => {
      if (wiring.endsWithReader) events.destroy();
      else child.kill('SIGKILL');
      setTimeout(giveUp, killLimitMs).unref();
    },
    abandoned,
    ended: child.then((result) => {
      if (result.code === 'ENOENT') {
        throw new LabError('SANDBOX_FAILED', `${program} is not installed.`, {
          hint: 'Run `failover-lab doctor` to see what is missing on this machine.',
        });
      }
      return { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
    }),
  };
}
