/** How a trial ends whose runner could not tell. Pure. */

import { silenceLimitMs } from '../lab/heartbeat.js';
import type { EventOf } from '../model/history/events.js';
import type { RunnerExit } from '../sites/site.js';

export type RunEnd = Pick<EventOf<'run.end'>, 'reason' | 'error'>;

/** What is known of a runner that ended before its trial did. */
export interface LostRunner {
  exit: RunnerExit | null;
  /** By Ctrl-C or an abort. */
  interrupted: boolean;
  /** It had reported that the trial began. */
  started: boolean;
  /** The last lines of its log; empty: it wrote none. */
  lastLines: string[];
}

export function lostRunner({ exit, interrupted, started, lastLines }: LostRunner): RunEnd {
  if (interrupted) {
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted', error };
  }
  if (exit?.cause) return { reason: 'failed', error: exit.cause };
  const how = exit?.signal ?? `status ${exit?.exitCode}`;
  const message = `The runner ended with ${how} before the trial.`;
  const hint =
    lastLines.length > 0
      ? `Its last output (runner.log in the run folder):\n${lastLines.join('\n')}`
      : 'It wrote nothing to runner.log in the run folder.';
  // A runner that never spoke was kept from starting: that is the machine's doing.
  const code = started ? 'RUNNER_FAILED' : 'SANDBOX_FAILED';
  return { reason: 'failed', error: { code, message, hint } };
}

/** It was ended, since nothing was heard of it. */
export function silentRunner(): RunEnd {
  const message = `The runner wrote nothing for ${silenceLimitMs / 1000} s and was killed.`;
  const hint = 'It was stopped, or it waited for the kernel; runner.log has its last output.';
  return { reason: 'failed', error: { code: 'TIMED_OUT', message, hint } };
}
