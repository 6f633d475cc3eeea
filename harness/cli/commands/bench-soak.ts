/** `failover-lab bench soak`: random kills at random moments, and what must hold after each. */
import { randomInt } from 'node:crypto';
import { renderTable } from '../../../reports/terminal/table.js';
import { type SoakOptions, type SoakResult, soak } from '../../bench/soak.js';
import { exitCodes, LabError } from '../../errors.js';
import { medianOf } from '../../judge/units.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface SoakFlags {
  minutes: number;
  kills: number;
  parallel: number;
  sandbox: SoakOptions['sandbox'];
  of: SoakOptions['of'];
  seed?: number;
  json?: boolean;
}

/** Run and kill until the time is over, and end with 1 when something did not hold. */
export async function runSoak(flags: SoakFlags, context: CommandContext): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'MACHINE_LACKS',
      'The soak creates its own machine (namespaces), which needs root.',
    );
  }
  const { minutes, kills, parallel, sandbox, of, seed = randomInt(2 ** 31) } = flags;
  context.screen.err(`soak, seed ${seed}\n`);
  const interruption = listenForInterruption(context.screen.err);
  try {
    const onProgress = (text: string) => context.screen.err(`${text}\n`);
    const signal = interruption.interrupted;
    const result = await soak({ minutes, kills, parallel, sandbox, of, seed, onProgress, signal });
    const text = flags.json
      ? JSON.stringify(result, null, 2)
      : table(result, context.screen.columns).join('\n');
    context.screen.out(`${text}\n`);
    const { leftovers, foreignChanges, unreadable, wrongPasses } = result;
    if (leftovers + foreignChanges + unreadable + wrongPasses > 0) context.exit(exitCodes.fail);
    else if (result.kills === 0) context.exit(exitCodes.inconclusive);
  } finally {
    interruption.release();
  }
}

const seconds = (ms: number | null) => (ms === null ? '–' : `${(ms / 1000).toFixed(2)} s`);

function table(result: SoakResult, columns: number): string[] {
  const killed = result.rounds.filter(({ victim }) => victim !== null);
  const rows = [...new Set(killed.map(({ victim }) => victim ?? ''))].sort().map((victim) => {
    const own = killed.filter((reading) => reading.victim === victim);
    const times = own.flatMap(({ cleanMs }) => (cleanMs === null ? [] : [cleanMs]));
    const passes = own.filter(({ verdict }) => verdict === 'pass').length;
    const [median, most] =
      times.length === 0 ? [null, null] : [medianOf(times), Math.max(...times)];
    return [victim, String(own.length), seconds(median), seconds(most), String(passes)];
  });
  const titles = ['killed', 'times', 'clean after', 'at most', 'passed'];
  const head = titles.map((title, index) => ({
    title,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  return [
    ...renderTable(head, rows, { columns }),
    `${result.kills} kills in ${result.rounds.length} runs, seed ${result.seed}: ` +
      `${result.leftovers} with leftovers, ${result.foreignChanges} with foreign changes, ` +
      `${result.unreadable} unreadable records, ${result.wrongPasses} wrong passes.`,
    `From a kill to a clean machine: median ${seconds(result.medianCleanMs)}, ` +
      `at most ${seconds(result.maxCleanMs)}.`,
    ...(result.kept === null ? [] : [`Records of what went wrong: ${result.kept}`]),
  ];
}
