/** `failover-lab show`: look at the runs in a browser, also at one that is under way. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../context.js';
import { defaultOut } from '../prepare.js';
import { htmlOf, readRun } from '../record.js';
import { startShowServer } from './server.js';

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** Resolves when the reader ends the server with Ctrl-C, or someone else with SIGTERM. */
function untilEnded(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => done());
  });
}

export function addShow(program: Command, context: CommandContext): void {
  program
    .command('show')
    .description('serve the recorded runs on 127.0.0.1, with a live view of a running one')
    .option('--port <port>', 'TCP port, 0 for a free one', portOf, 0)
    .option('--out <folder>', 'folder of the runs', defaultOut())
    .action(async ({ port, out }: { port: number; out: string }) => {
      const server = await startShowServer({
        runsFolder: resolve(out),
        port,
        renderReport: async (folder) => htmlOf(await readRun(folder)),
        judge: async (folder) => (await readRun(folder)).judged,
      });
      context.screen.out(`${server.url}\n`);
      context.screen.err('Ctrl-C ends it.\n');
      await untilEnded();
      await server.close();
    });
}
