/** `failover-lab bench farm`: what a trial costs beyond its own time on other machines. */
import { benchFarm } from '../../api/bench-farm.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CommonOptions, readCommonOptions } from '../options.js';

export interface BenchFarmFlags extends CommonOptions {
  scenario: string;
  emptyMs: number;
}

/** Have empty trials executed by the machines that are named, and print what they cost. */
export async function runFarm(flags: BenchFarmFlags, context: CommandContext): Promise<void> {
  const { scenario, emptyMs, trials } = flags;
  const request = { ...readCommonOptions({ ...flags, trials: 1 }), scenario, emptyMs, trials };
  const quietly = { quiet: true };
  const result = await followed(
    context,
    (listeners) => benchFarm({ ...request, ...listeners }),
    quietly,
  );
  const { screen } = context;
  if (flags.json) {
    screen.out(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { done, surplus, tookMs, readyMs, slots, costMs, jobCharacters } = result;
  screen.out(
    [
      `${done} of ${result.trials} empty trials of ${emptyMs} ms in ${(tookMs / 1000).toFixed(1)} s, ${slots} at a time`,
      `${costMs.toFixed(0)} ms a trial beyond its own time; ${((1000 * done) / tookMs).toFixed(1)} trials a second`,
      `machines ready in ${(readyMs / 1000).toFixed(1)} s; a job has ${jobCharacters} characters; ${surplus} trials were executed twice`,
      `Node ${result.node}, ${result.cores} cores, load before the bench ${result.loadBefore.toFixed(1)}`,
      ...result.failures.map((failure) => `failed: ${failure}`),
      '',
    ].join('\n'),
  );
  if (done < result.trials) context.exit(2);
}
