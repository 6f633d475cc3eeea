/** Starts a guest: plans by a file, events by another, which its kernel reads and writes in no time. */
import { closeSync, openSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { execa, type Options } from 'execa';
import { LabError } from '../../errors.js';
import { historyBounds } from '../../model/history/line.js';
import type { RunnerPlan } from '../../model/plan.js';
import { packageRoot } from '../../package-root.js';
import { appendToFile, replaceFile } from '../../safe-files.js';
import { startOf } from '../mark.js';
import { runnerProgram } from '../program-folders.js';
import type { LabChannel, LabOpening, RunnerExit } from '../site.js';
import { folderDescriptors, type GuestCommand, guestCommand, guestPaths } from './command.js';
import { followLines } from './growing-file.js';
import type { GuestImage } from './image/locate.js';
import { holdProcessor } from './processor.js';
import { spinLimitSeconds, watchSpinning } from './spinning.js';

/** More than the largest lab uses; what is not used costs nothing. */
const memoryMiB = 2048;
/**
 * BFD sessions run already when a network becomes ready. A change in how it becomes so, by some
 * milliseconds, is not to move the faults against them.
 */
const beginsAtMultipleMs = 1000;
/** A guest computes in no time, so it hardly loses packets that the network did not lose. */
const countDropsEveryMs = 250;
/** A process in uninterruptible sleep outlives SIGKILL; after this it is left to the kernel. */
const killLimitMs = 5_000;

/** Files of the guest's kernel, and of its root where that is not the host's. */
export interface GuestFiles {
  kernel: string;
  image?: GuestImage;
}

/** The guest boots when its first plan is there, since that is one of its inputs. */
export function openGuest(files: GuestFiles, opening: LabOpening): LabChannel {
  let guest: RunningGuest | undefined;
  const exit = deferred<RunnerExit>();
  const gaveUp = deferred<RunnerExit>();
  return {
    send: (message) => {
      if (guest) guest.send(message);
      else if (message.type === 'plan' && message.plan.mode !== 'run') exit.reject(waiting);
      else if (message.type === 'plan') {
        guest = startGuest(files, message.plan, opening);
        guest.ended.then(exit.resolve, exit.reject);
      } else exit.resolve({ exitCode: 0, signal: null });
    },
    kill: () => {
      if (guest) guest.kill();
      else exit.resolve({ exitCode: null, signal: 'SIGKILL' });
      setTimeout(() => gaveUp.resolve({ exitCode: null, signal: null }), killLimitMs).unref();
    },
    ended: exit.promise,
    abandoned: gaveUp.promise,
  };
}

interface RunningGuest {
  send(message: object): void;
  kill(): void;
  ended: Promise<RunnerExit>;
}

function startGuest(files: GuestFiles, plan: RunnerPlan, opening: LabOpening): RunningGuest {
  const { kernel, image } = files;
  const logs = join(opening.folder, 'logs');
  const ofTrial = relative(logs, plan.logFolder);
  // Each trial gets a fresh guest: the trials before would be an input of it.
  const inside: RunnerPlan = {
    ...{ ...plan, keepLab: false, logFolder: `${guestPaths.logs}/${ofTrial}` },
    beginsAtMultipleMs,
    countDropsEveryMs,
  };
  const text = JSON.stringify({ type: 'plan', plan: inside });
  const exchanged = (name: string) => join(plan.logFolder, `guest-${name}`);
  const events = exchanged('events.ndjson');
  replaceFile(exchanged('plan.ndjson'), `${text}\n`);
  replaceFile(
    exchanged('folders'),
    pathsInside(plan, opening, image !== undefined)
      .map((path) => `${path}\n`)
      .join(''),
  );
  appendToFile(events, '');
  const { processor, release } = holdProcessor();
  const command = guestCommand({
    kernel,
    seed: plan.seed,
    memoryMiB,
    memoryFolder: memoryFolder(),
    logs: ofTrial,
    withImage: image !== undefined,
    processor,
    runner: [guestPaths.node, `${guestPaths.program}/${runnerProgram}`],
    mark: opening.runId,
    owner: startOf('self') ?? '',
  });
  const child = spawnWithFolders(command, {
    ...{ program: packageRoot(), logs },
    ...(image ? { image: image.root, node: dirname(process.execPath) } : {}),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', opening.onText);
  }
  child.stdin?.on('error', () => {
    // The guest is gone; `ended` resolves with how.
  });
  let spun = false;
  const watch = watchSpinning(child.pid ?? 0, () => {
    spun = true;
    child.kill('SIGKILL');
  });
  const charactersMax = historyBounds.lineBytes;
  const endFollowing = followLines(events, {
    charactersMax,
    onLine: (line) => {
      watch.moved();
      opening.onEventLine(line);
    },
    onTooLong: () => opening.onEventLine(`(a line of more than ${charactersMax} characters)`),
    cutOffEnd: 'read',
  });
  return {
    send: (message) => void child.stdin?.write(`${JSON.stringify(message)}\n`),
    kill: () => void child.kill('SIGKILL'),
    ended: child.then((result) => {
      release();
      watch.end();
      endFollowing();
      // The history has it all.
      for (const name of ['events.ndjson', 'plan.ndjson', 'folders']) rmSync(exchanged(name));
      if (result.code === 'ENOENT') {
        throw new LabError(
          'SANDBOX_FAILED',
          'setpriv, taskset or setarch of util-linux is not installed.',
        );
      }
      const exit = { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
      return spun ? { ...exit, cause: spinning } : exit;
    }),
  };
}

const waiting = new LabError(
  'WRONG_USE',
  'A guest cannot wait for commands: virtual time would run away meanwhile.',
);

const spinning = {
  code: 'TIMED_OUT' as const,
  message: `The guest computed for ${spinLimitSeconds} s of processor time while its clock stood still, and was ended.`,
  hint: 'A program in it waits in a loop without sleeping, for which virtual time never passes; without --clock virtual it would continue.',
};

/** Start the guest with the folders open at the descriptors where its kernel looks for them. */
function spawnWithFolders(
  { argv, environment }: GuestCommand,
  folders: Partial<Record<keyof typeof folderDescriptors, string>>,
) {
  const [program = '', ...words] = argv;
  const standard = ['pipe', 'pipe', 'pipe'] as const;
  const further: ('ignore' | number)[] = [];
  for (const [name, descriptor] of Object.entries(folderDescriptors)) {
    const folder = folders[name as keyof typeof folders];
    if (folder === undefined) continue;
    const place = descriptor - standard.length;
    while (further.length < place) further.push('ignore');
    further[place] = openSync(folder, 'r');
  }
  try {
    return execa(program, words, {
      stdio: [...standard, ...further] as Options['stdio'] & {},
      // A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which decides.
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      extendEnv: false,
      env: environment,
    });
  } finally {
    for (const opened of further) if (typeof opened === 'number') closeSync(opened);
  }
}

/**
 * What guest/init.sh reads, a line each: where Node is, the folder to work in, and folders below /tmp
 * and /run, which the guest has its own of; everything else it sees anyway, but for an image's root. A controller of the
 * package needs no folder, and gets none: what is mounted is an input of the trial.
 */
function pathsInside(
  { scenario }: RunnerPlan,
  { keepFolders }: LabOpening,
  withImage: boolean,
): string[] {
  const named = ['command', 'osken', 'static-flows'].includes(scenario.controller.kind);
  const kept = named ? keepFolders : [];
  const here = kept.includes(process.cwd()) ? process.cwd() : '/';
  const node = withImage
    ? `${guestPaths.nodeFolder}/${basename(process.execPath)}`
    : process.execPath;
  return [node, here, ...kept.filter((folder) => withImage || /^\/(tmp|run)\//.test(folder))];
}

/** Where there is room for the guest's memory: on a tmpfs, or else where temporary files go. */
function memoryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize >= memoryMiB * 1024 * 1024) return '/dev/shm';
  } catch {
    // Not mounted.
  }
  return tmpdir();
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  return { promise, resolve, reject };
}
