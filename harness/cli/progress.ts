/** Tells on standard error how a run goes: a live line at a terminal, plain lines elsewhere. */
import { createLogUpdate } from 'log-update';
import {
  initialProgress,
  judgedLine,
  noteTrial,
  type ProgressState,
  plainLine,
  progressLine,
  reduceProgress,
} from '../../reports/terminal/progress.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
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
  const states = new TrialStates();
  return {
    see(event) {
      const line = plainLine(states.see(event), event);
      if (line !== null) screen.err(`${prefix}${line}\n`);
    },
    judged(trial) {
      const state = states.judged(trial);
      if (state.trials > 1) screen.err(`${prefix}${judgedLine(state, trial)}\n`);
    },
    end: () => {},
  };
}

function liveProgress(prefix = ''): Progress {
  const states = new TrialStates();
  const update = createLogUpdate(process.stderr);
  const draw = () => {
    const columns = (process.stderr.columns ?? 80) - prefix.length - 1;
    update(
      states
        .all()
        .map((state) => `${prefix}${progressLine(state, columns)}`)
        .join('\n'),
    );
  };
  const timer = setInterval(draw, redrawEveryMs);
  return {
    see: (event) => void states.see(event),
    judged: (trial) => void states.judged(trial),
    end() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

/** Trials that run side by side are each in a state of their own; what was judged is common. */
class TrialStates {
  #common: ProgressState = initialProgress;
  readonly #running = new Map<string, ProgressState>();
  /** A lab that is kept tells of its last trial until the next one begins. */
  readonly #over = new Set<string>();

  /** The state of the event's trial, after the event. */
  see(event: HistoryEvent): ProgressState {
    if (event.kind === 'run.header') {
      this.#common = reduceProgress(this.#common, event);
      return this.#common;
    }
    const place = `${event.trial}/${event.attempt ?? 0}`;
    const before = this.#running.get(place) ?? { ...this.#common, trial: event.trial };
    const state = reduceProgress(before, event);
    if (event.kind === 'trial.end' || event.kind === 'run.end') this.#over.add(place);
    if (this.#over.has(place)) this.#running.delete(place);
    else this.#running.set(place, state);
    return state;
  }

  judged(trial: TrialResult): ProgressState {
    this.#common = noteTrial(this.#common, trial);
    return this.#common;
  }

  /** What is going on: one state a running trial, and the common one between trials. */
  all(): ProgressState[] {
    const { verdicts, outagesMs } = this.#common;
    const running = [...this.#running.values()];
    if (running.length === 0) return [this.#common];
    return running.map((state) => ({ ...state, verdicts, outagesMs }));
  }
}
