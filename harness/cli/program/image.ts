/** `failover-lab image`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { ImageBuildFlags } from '../commands/image.js';
import type { CommandContext } from '../context.js';

export function addImage(program: Command, context: CommandContext): void {
  const image = program
    .command('image')
    .description('images for --image: the programs of a guest, from another Debian than this one');
  image
    .command('build')
    .description('make one by mmdebstrap and keep it in your cache; takes minutes')
    .argument('<name>', 'debian-12 or debian-13')
    .option('--mirror <url>', "where Debian's packages come from (default: mmdebstrap's own)")
    .action(async (name: string, flags: ImageBuildFlags) => {
      const { build } = await import('../commands/image.js');
      await build(name, flags, context);
    });
  image
    .command('path')
    .description('print the folder of an image, and what it is made of')
    .argument('<name>', 'debian-12 or debian-13')
    .action(async (name: string) => {
      const { path } = await import('../commands/image.js');
      path(name, context);
    });
  image
    .command('remove')
    .description('remove all images from your cache')
    .action(async () => {
      const { remove } = await import('../commands/image.js');
      remove(context);
    });
}
