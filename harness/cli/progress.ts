/** Tells on standard error how a run goes: a live line at a terminal, plain lines elsewhere. */
import { createLogUpdate } from 'log-update';
import {
  farProgressLine,
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
  /** What another machine is doing; `over`: nothing any more. Null: it is gone. */
  doing(machine: string, what: string | null, over?: boolean): void;
  /** Print a line that stays. */
  note(line: string): void;
  end(): void;
}

const redrawEveryMs = 200;

/** `prefix` tells runs apart that take turns; `quiet` shows nothing. */
export function showProgress(
  screen: Screen,
  options: { quiet: boolean; prefix?: string },
): Progress {
  const note = (line: string) => screen.err(`${line}\n`);
  if (options.quiet) {
    return { see: () => {}, judged: () => {}, doing: () => {}, note, end: () => {} };
  }
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
    doing: (machine, what) => {
      if (what !== null) screen.err(`${prefix}${machine}  ${what}\n`);
    },
    note: (line) => screen.err(`${line}\n`),
    end: () => {},
  };
}

function liveProgress(prefix = ''): Progress {
  const states = new TrialStates();
  const machines = new Map<string, string>();
  const update = createLogUpdate(process.stderr);
  const draw = () => {
    const columns = (process.stderr.columns ?? 80) - prefix.length - 1;
    const [common, ...others] = states.all();
    const lines =
      machines.size > 0 && common
        ? [farProgressLine(common, columns), ...farLines(machines)]
        : [common, ...others].flatMap((state) => (state ? [progressLine(state, columns)] : []));
    update(lines.map((line) => `${prefix}${line}`).join('\n'));
  };
  const timer = setInterval(draw, redrawEveryMs);
  return {
    see: (event) => void states.see(event),
    judged: (trial) => void states.judged(trial),
    doing(machine, what, over = false) {
      if (what === null || over) machines.delete(machine);
      else machines.set(machine, what);
    },
    note(line) {
      update.clear();
      process.stderr.write(`${line}\n`);
      draw();
    },
    end() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

function farLines(machines: ReadonlyMap<string, string>): string[] {
  return [...machines]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, what]) => `  ${name}  ${what}`);
}

/** Trials that run side by side are each in a state of their own; what was judged is common. */
class TrialStates {
  #common: ProgressState = initialProgress;
  readonly #running = new Map<string, ProgressState>();
  /** A lab that is kept still reports its last trial until the next one begins. */
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
