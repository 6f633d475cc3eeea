/** `failover-lab shell`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import type { ShellFlags } from '../commands/shell.js';
import type { CommandContext } from '../context.js';
import { labOptions } from '../options.js';

export function addShell(program: Command, context: CommandContext): void {
  const command = program
    .command('shell')
    .description("build a lab and open Mininet's command line in it")
    .argument('<scenario>', 'name in scenarios/ or a file');
  labOptions(command).action(async (scenario: string, flags: ShellFlags) => {
    const { shell } = await import('../commands/shell.js');
    await shell(scenario, flags, context);
  });
}
