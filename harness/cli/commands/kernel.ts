/** `failover-lab kernel build | path | remove`. */
import { hostMachine } from '../../doctor/host-machine.js';
import { LabError } from '../../errors.js';
import { buildKernel, kernelCache, locateKernel } from '../../sites/guest-kernel.js';
import type { CommandContext } from '../context.js';
import { removeCache } from '../remove-cache.js';
import { showBuild } from '../show-build.js';
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
  removeCache(kernelCache(), screen);
}
