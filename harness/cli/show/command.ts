/** `failover-lab show`: look at the runs in a browser, also at one that is under way. */
import { resolve } from 'node:path';
import { renderDiffHtml } from '../../../reports/diff/html.js';
import { trendPageHtml } from '../../../reports/html/run-list.js';
import { diff } from '../../api/diff.js';
import { judge } from '../../api/judge.js';
import { htmlOf } from '../../api/write-reports.js';
import { trendIn } from '../commands/past-runs.js';
import type { CommandContext } from '../context.js';
import { startShowServer } from './server.js';

export interface ShowFlags {
  port: number;
  out: string;
}

/** Resolves when the reader ends the server with Ctrl-C, or someone else with SIGTERM. */
function untilEnded(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => done());
  });
}

/** Serve until a signal ends it. */
export async function show({ port, out }: ShowFlags, context: CommandContext): Promise<void> {
  const server = await startShowServer({
    runsFolder: resolve(out),
    port,
    renderReport: async (folder) => htmlOf(await judge(folder)),
    judge: async (folder) => (await judge(folder)).judged,
    diff: async (before, after) => renderDiffHtml(await diff(before, after)),
    trend: (folder) => trendPageHtml(trendIn(folder)),
  });
  context.screen.out(`${server.url}\n`);
  context.screen.err('Press Ctrl-C to stop.\n');
  await untilEnded();
  await server.close();
}
