/** Tells on standard error how a run goes: a live line at a terminal, plain lines elsewhere. */
import { createLogUpdate } from 'log-update';
import {
  initialProgress,
  noteTrial,
  type ProgressState,
  plainLine,
  progressLine,
  reduceProgress,
} from '../../reports/terminal/progress.js';
import type { TrialResult } from '../analysis/result.js';
import type { HistoryEvent } from '../history/events.js';
import type { Screen } from './screen.js';

export interface Progress {
  see(event: HistoryEvent): void;
  /** A trial was judged: its verdict and the running median are shown from now on. */
  judged(trial: TrialResult): void;
  end(): void;
}

const redrawEveryMs = 200;

/** `prefix` tells runs apart that take turns; `quiet` shows nothing. */
export function showProgress(
  screen: Screen,
  options: { quiet: boolean; prefix?: string },
): Progress {
  if (options.quiet) return { see: () => {}, judged: () => {}, end: () => {} };
  return screen.live ? liveProgress(options.prefix) : plainProgress(screen, options.prefix);
}

function plainProgress(screen: Screen, prefix = ''): Progress {
  let state: ProgressState = initialProgress;
  return {
    see(event) {
      state = reduceProgress(state, event);
      const line = plainLine(state, event);
      if (line !== null) screen.err(`${prefix}${line}\n`);
    },
    judged(trial) {
      state = noteTrial(state, trial);
    },
    end: () => {},
  };
}

function liveProgress(prefix = ''): Progress {
  let state: ProgressState = initialProgress;
  const update = createLogUpdate(process.stderr);
  const draw = () => {
    const columns = (process.stderr.columns ?? 80) - prefix.length - 1;
    update(`${prefix}${progressLine(state, columns)}`);
  };
  const timer = setInterval(draw, redrawEveryMs);
  return {
    see(event) {
      state = reduceProgress(state, event);
    },
    judged(trial) {
      state = noteTrial(state, trial);
    },
    end() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}
