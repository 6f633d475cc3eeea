/** `failover-lab report`: its words and options. What it does is loaded when it is called. */
import { type Command, Option } from 'commander';
import { refuseIdle } from '../arguments.js';
import type { ReportFlags } from '../commands/report.js';
import type { CommandContext } from '../context.js';

export function addReport(program: Command, context: CommandContext): void {
  const command = program
    .command('report')
    .description(
      'judge a recorded run again and print the report; needs no network; ends with the exit code of the run',
    )
    .argument('[run]', 'folder of a run or its history.ndjson (default: the newest)')
    .addOption(
      new Option('--format <format>', 'format to print')
        .choices(['terminal', 'json', 'html', 'junit', 'markdown', 'trace'])
        .default('terminal'),
    )
    .option('--json', 'the same as --format json')
    .option('--open', 'write report.html and open it in a browser')
    .option('--svg <file>', 'write the throughput chart as an SVG picture and print nothing')
    .option('--png <file>', 'the same as a PNG picture');
  command.action(async (path: string | undefined, flags: ReportFlags) => {
    if (flags.svg !== undefined) refuseIdle(command, '--svg', ['open', 'json', 'format']);
    if (flags.png !== undefined) refuseIdle(command, '--png', ['open', 'json', 'format']);
    if (flags.open) refuseIdle(command, '--open', ['json', 'format']);
    if (flags.json) refuseIdle(command, '--json', ['format']);
    const { report } = await import('../commands/report.js');
    await report(path, flags, context);
  });
}
