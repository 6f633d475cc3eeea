/** `failover-lab kernel build | path | remove`. */
import { existsSync, rmSync } from 'node:fs';
import { createLogUpdate } from 'log-update';
import { hostMachine } from '../../doctor/host-machine.js';
import { LabError, messageOf } from '../../errors.js';
import {
  type BuildProgress,
  buildKernel,
  kernelCache,
  locateKernel,
} from '../../sites/guest-kernel.js';
import type { CommandContext } from '../context.js';
import type { Screen } from '../screen.js';
import { listenForInterruption } from '../signals.js';

export interface KernelBuildFlags {
  source?: string;
}

/** Commands that answer at once. */
const patienceMs = 15_000;

/** Build the kernel, showing how far it is, and print its file. */
export async function build({ source }: KernelBuildFlags, { screen }: CommandContext) {
  const interruption = listenForInterruption(screen.err);
  const progress = showBuild(screen);
  try {
    const { file, built } = await buildKernel({
      machine: hostMachine(patienceMs),
      source,
      onProgress: progress.see,
      signal: interruption.interrupted,
    });
    progress.end();
    if (!built) screen.err('This kernel was built before.\n');
    screen.out(`${file}\n`);
  } finally {
    progress.end();
    interruption.release();
  }
}

/** Print the file of the kernel that guests use. Throws MACHINE_LACKS when there is none. */
export async function path({ screen }: CommandContext): Promise<void> {
  const kernel = await locateKernel(hostMachine(patienceMs));
  if ('refused' in kernel) {
    throw new LabError('MACHINE_LACKS', kernel.refused, { hint: kernel.hint });
  }
  screen.out(`${kernel.file}\n`);
}

/** Remove the cache of kernels. Throws SANDBOX_FAILED. */
export function remove({ screen }: CommandContext): void {
  const cache = kernelCache();
  if (!existsSync(cache)) {
    screen.err(`There is nothing to remove: ${cache} does not exist.\n`);
    return;
  }
  try {
    rmSync(cache, { recursive: true });
  } catch (cause) {
    throw new LabError('SANDBOX_FAILED', `${cache} cannot be removed: ${messageOf(cause)}`, {
      cause,
    });
  }
  screen.err(`Removed ${cache}\n`);
}

const barCells = 24;

/** A bar at a terminal; elsewhere a line for each step. */
function showBuild(screen: Screen) {
  const update = screen.live ? createLogUpdate(process.stderr) : null;
  let shown = '';
  return {
    see({ step, share }: BuildProgress) {
      if (update) {
        const done = Math.round(share * barCells);
        const bar = '█'.repeat(done) + '░'.repeat(barCells - done);
        update(`${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${step}`);
      } else if (step !== shown) screen.err(`${step}\n`);
      shown = step;
    },
    end() {
      update?.clear();
      update?.done();
    },
  };
}
