/** `failover-lab kernel`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { KernelBuildFlags } from '../commands/kernel.js';
import type { CommandContext } from '../context.js';

export function addKernel(program: Command, context: CommandContext): void {
  const kernel = program
    .command('kernel')
    .description("the guest's kernel, which --clock virtual needs: build it once");
  kernel
    .command('build')
    .description("build it from Debian's kernel source and keep it in your cache; takes minutes")
    .option('--source <file>', 'archive of the kernel source (default: of the installed package)')
    .action(async (flags: KernelBuildFlags) => {
      const { build } = await import('../commands/kernel.js');
      await build(flags, context);
    });
  kernel
    .command('path')
    .description('print the file of the kernel that guests use')
    .action(async () => {
      const { path } = await import('../commands/kernel.js');
      await path(context);
    });
  kernel
    .command('remove')
    .description('remove all kernels from your cache')
    .action(async () => {
      const { remove } = await import('../commands/kernel.js');
      remove(context);
    });
}
