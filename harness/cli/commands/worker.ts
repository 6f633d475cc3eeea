/** `failover-lab worker`: executes trials of a queue until it is asked to end. */
import { type WorkerNews, worker as workOn } from '../../api/worker.js';
import type { CommandContext } from '../context.js';
import { type PlaceFlags, sandboxOf } from '../options.js';
import { listenForInterruption } from '../signals.js';

export interface WorkerFlags extends PlaceFlags {
  queue: string;
  name?: string;
  parallel?: number;
}

/** Take trials, one line each, until a signal comes. */
export async function worker(flags: WorkerFlags, { screen }: CommandContext): Promise<void> {
  const { queue, name, parallel, datapath } = flags;
  const signals = listenForInterruption(screen.err, {
    first: 'taking no more trials; a second signal ends those that run',
  });
  try {
    await workOn({
      ...{ queue, sandbox: sandboxOf(flags), datapath },
      ...(name === undefined ? {} : { name }),
      ...(parallel === undefined ? {} : { parallel }),
      onNews: (news) => screen.err(`${lineOf(news)}\n`),
      ...{ signal: signals.interrupted, hurrySignal: signals.killed },
    });
  } finally {
    signals.release();
  }
}

function lineOf(news: WorkerNews): string {
  switch (news.state) {
    case 'ready':
      return `${news.name} takes trials from ${news.queue}, ${news.slots} at a time (${news.environment})`;
    case 'taken':
      return `trial ${news.trial + 1} began`;
    case 'done':
      return `trial ${news.trial + 1} done in ${(news.tookMs / 1000).toFixed(1)} s`;
    case 'failed':
      return `trial ${news.trial + 1} was not executed: ${news.message}`;
    case 'trouble':
      return `queue: ${news.message}`;
  }
}
