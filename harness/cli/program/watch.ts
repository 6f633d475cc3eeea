/** `failover-lab watch` and `mark`: words and options. What they do is loaded when they are called. */
import type { Command } from 'commander';
import type { WatchFlags } from '../commands/watch.js';
import type { CommandContext } from '../context.js';

export function addWatch(program: Command, context: CommandContext): void {
  program
    .command('watch')
    .description('measure outages between two machines by ssh, while you break the network by hand')
    .requiredOption(
      '--between <machines>',
      'two machines, named as for ssh: h3.example,h4.example; =address after one states how the other reaches it',
    )
    .option('--via <program>', 'what reaches a machine, with its options', 'ssh')
    .option('--during <time>', 'end after this time, such as 10m')
    .option('--until <event>', 'ctrl-c: continue until it is pressed (default without --during)')
    .option('--rate <count>', 'probes a second each way', '1000')
    .option('--port <number>', 'UDP port at both machines', '47400')
    .option('--at-most <time>', 'fail if an outage is longer, such as 500ms')
    .option('--keep <time>', 'how long an end continues while it cannot be reached', '15m')
    .option('--on-outage <command>', 'run a command of this machine when an outage is seen')
    .option('--yes', 'send without asking')
    .option('--json', 'print the result as JSON')
    .option('--out <folder>', 'folder for records', 'runs')
    .addHelpText(
      'after',
      '\nNothing is installed on the machines but Python 3. Keys: any key marks the moment, q ends.\nSee docs/watch.md.',
    )
    .action(async (flags: WatchFlags) => {
      const { watch } = await import('../commands/watch.js');
      await watch(flags, context);
    });
  program
    .command('mark')
    .description('mark this moment in a watch that is running on this machine')
    .argument('<text>', 'what happened, such as "pulled the cable"')
    .option('--watch <name>', 'which watch, where several are running')
    .action(async (text: string, flags: { watch?: string }) => {
      const { mark } = await import('../commands/watch.js');
      await mark(text, flags, context);
    });
}
