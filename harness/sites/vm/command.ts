/** The command line of a guest: user-mode Linux, an ordinary process. Pure. */
import { markVariable, ownerVariable } from '../mark.js';
import { systemPath } from '../system-path.js';

/** Where the guest sees the program, the run's logs and Node, wherever they lie on the host. */
export const guestPaths = {
  program: '/lab/program',
  logs: '/lab/logs',
  node: '/lab/node',
  /** With an image: the folder of the host in which Node lies. */
  nodeFolder: '/lab/node-folder',
} as const;

/** Descriptors by which the guest's kernel reaches these folders: no path of the host goes in. */
export const folderDescriptors = { program: 10, logs: 11, image: 12, node: 13 } as const;

/** The guest's wall time at boot, in nanoseconds since 1970: 2026-01-01 00:00:00 UTC. */
const wallTimeAtBootNs = '1767225600000000000';

export interface GuestCommand {
  argv: string[];
  environment: Record<string, string>;
}

/**
 * argv and environment of a guest. The words that its kernel gets are the same for the same trial on
 * every machine, since they are an input of what happens inside.
 */
export function guestCommand(options: {
  /** File of the guest's kernel. */
  kernel: string;
  /** Decides every random number inside. */
  seed: number;
  memoryMiB: number;
  /** Folder in which the guest's memory is kept, in a file without a name. */
  memoryFolder: string;
  /** Of the trial, below the folder of all logs: `trial-0`. */
  logs: string;
  /** The image's tree is open at its descriptor, and becomes the root. */
  withImage?: boolean;
  /** Number of the processor that it stays on, see processor.ts; null: any. */
  processor: number | null;
  /** Program and arguments that become the runner, as the guest sees them. */
  runner: string[];
  /** Mark of the run, and start of the supervisor, see mark.ts. */
  mark: string;
  owner: string;
}): GuestCommand {
  const { kernel, seed, memoryMiB, memoryFolder, logs, withImage, processor, runner } = options;
  return {
    argv: [
      // The kernel ends the guest when the supervisor dies, and the guest's processes with it.
      ...['setpriv', '--pdeathsig', 'KILL', '--'],
      ...(processor === null ? [] : ['taskset', '--cpu-list', `${processor}`]),
      // Without random addresses, which would decide where the guest's memory begins.
      ...['setarch', '--addr-no-randomize', kernel],
      ...['time-travel=inf-cpu', `time-travel-start=${wallTimeAtBootNs}`],
      ...[`random-seed=${seed}`, 'norandmaps', `mem=${memoryMiB}M`],
      ...['root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro'],
      ...['con0=fd:0,fd:1', 'con=null', 'quiet', 'panic=-1'],
      `init=/proc/self/fd/${folderDescriptors.program}/harness/sites/vm/guest/init.sh`,
      // For the guest's first program: its environment, then its arguments.
      ...[`LAB_LOGS=${logs}`, ...(withImage ? ['LAB_IMAGE=1'] : []), '--', ...runner],
    ],
    environment: {
      PATH: systemPath,
      TMPDIR: memoryFolder,
      [markVariable]: options.mark,
      [ownerVariable]: options.owner,
    },
  };
}
