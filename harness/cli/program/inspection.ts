/** `failover-lab list`, `validate`, `doctor`: their words; what they do is loaded when called. */
import type { Command } from 'commander';
import type { DoctorFlags } from '../commands/doctor.js';
import type { ListFlags } from '../commands/list.js';
import type { ValidateFlags } from '../commands/validate.js';
import type { CommandContext } from '../context.js';
import { controllerHelp } from '../options.js';

export function addInspection(program: Command, context: CommandContext): void {
  program
    .command('list')
    .description('list the scenarios and the question each one answers')
    .option('--json', 'print JSON')
    .action(async (flags: ListFlags) => {
      const { list } = await import('../commands/list.js');
      await list(flags, context);
    });
  program
    .command('validate')
    .description('check scenarios and print the plan; starts nothing, needs no root')
    .argument('[scenario...]', 'names or files (default: all in scenarios/)')
    .option('--controller <name>', controllerHelp)
    .option('--json', 'print the resolved scenarios as JSON')
    .action(async (names: string[], flags: ValidateFlags) => {
      const { validate } = await import('../commands/validate.js');
      await validate(names, flags, context);
    });
  program
    .command('doctor')
    .description('report what this machine can run, and how to get what is missing')
    .option('--json', 'print JSON')
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('../commands/doctor.js');
      await doctor(flags, context);
    });
}
