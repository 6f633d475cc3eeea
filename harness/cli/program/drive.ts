/** `failover-lab drive`: its words and options. What it does is loaded when it is called. */
import type { Command } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { CommandContext } from '../context.js';
import { type CommonOptions, commonOptions } from '../options.js';

export function addDrive(program: Command, context: CommandContext): void {
  const command = program
    .command('drive')
    .description(
      'build a lab and execute commands given as JSON lines on standard input (for test frameworks)',
    )
    .argument('<scenario>', 'name in scenarios/ or a file');
  commonOptions(command).action(async (scenario: string, flags: CommonOptions) => {
    refuseIdle(command, 'drive, which has one trial and speaks JSON', ['trials', 'json']);
    const { drive } = await import('../commands/drive.js');
    await drive(scenario, flags, context);
  });
}
