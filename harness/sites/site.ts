/**
 * What a site is: where one lab lives, with its runner. A folder a site, with `site-kind.ts` as its
 * entry; nothing outside of that folder asks which site it is.
 */
import type { Check, Finding } from '../doctor/finding.js';
import type { Machine } from '../doctor/machine.js';
import type { ErrorCode } from '../errors.js';
import type { Capabilities } from '../model/capabilities.js';
import type { Environment } from '../model/history/events.js';
import type { RunnerMessage } from '../model/plan.js';
import type { ResolvedScenario } from '../model/resolved.js';

/** A site as the command line and records call it. Small: every start loads it. */
export interface SiteKind {
  /** Word for `--sandbox` and for the record's environment. */
  name: string;
  /** Place in lists, and the order in which `auto` tries: the lowest first. */
  order: number;
  /** What `--sandbox <name>` means, for `--help`; null: it cannot be asked for, only `auto` takes it. */
  option: string | null;
  /** For whom `auto` may choose it; null: it has to be asked for. */
  auto: 'root' | 'user' | null;
  /** What `--datapath auto` is there. */
  datapath: 'kernel' | 'user';
  load(): Promise<SiteProgram>;
}

/** What a site can do, loaded when one is chosen. */
export interface SiteProgram {
  /** The site as it would be on this machine, or why this user cannot have it at all. */
  on(machine: Machine, wishes?: SiteWishes): Promise<Site | SiteRefusal>;
  /** Further checks for the doctor. */
  checks?: readonly Check[];
}

/** What a lab asks of its site beyond its kind; a site without it refuses. */
export interface SiteWishes {
  /** Name of the image that the guest's root is made of. */
  image?: string;
}

/** This user, on this machine, cannot have such a site. */
export interface SiteRefusal {
  refused: string;
  hint: string;
}

/** Where labs live. Whoever has one need not know which, nor whether it shares a clock, /proc or files. */
export interface Site {
  readonly name: string;
  readonly clock: SiteClock;
  /** The first thing that a lab would lack here; undefined: nothing. */
  trouble(datapath: 'kernel' | 'user'): Promise<Finding | undefined>;
  /** What scenarios may use here. */
  capabilities(): Promise<Capabilities>;
  /** Facts for the record that are not as on the supervisor's machine. */
  environment(): Promise<Partial<Environment>>;
  /** The scenario as it has to be here, and what of it cannot be. */
  adapt(scenario: ResolvedScenario): { scenario: ResolvedScenario; problems: SiteProblem[] };
  /**
   * Take what the machine has only once, until this process ends. Throws WRONG_USE for what such a
   * site never does, MACHINE_LACKS with what is in the way.
   */
  claim(wanted: { scenario: ResolvedScenario; parallel: number }): Promise<void>;
  /** Start a runner. Throws SANDBOX_FAILED. */
  open(opening: LabOpening): LabChannel;
  /** Remove what a runner that is gone left on the machine; returns its names. */
  clear(): string[];
  /** Begin to watch for what a run leaves: what is there already is another's. */
  watch(runId: string): RunTraces;
}

/** One thing in a scenario that a site cannot have. */
export interface SiteProblem {
  /** Where in the scenario, such as `topology`. */
  path: string;
  message: string;
  hint: string;
}

/** The clock by which everything in a site is stamped, in nanoseconds. */
export interface SiteClock {
  /** `real`: CLOCK_MONOTONIC of this machine. `virtual`: moves only when nothing is to be done. */
  kind: 'real' | 'virtual';
  /** A second there is a second here, so that a runner that is silent for long is stuck. */
  keepsPace: boolean;
  /**
   * Now, for what the supervisor records itself.
   * @param lastNs The latest stamp that came from there; 0 before the first.
   */
  nowNs(lastNs: number): number;
}

export interface LabOpening {
  /** Marks every process of the run, see mark.ts. */
  runId: string;
  /** The run's folder, to which the runner's logs go. */
  folder: string;
  /** Further folders that the runner must be able to read, wherever they are. */
  keepFolders: string[];
  /** A line of the event stream. */
  onEventLine(line: string): void;
  /** What the runner and its children print for people; goes to the run's log. */
  onText(text: string): void;
}

/** How the supervisor communicates with a runner. */
export interface LabChannel {
  send(message: RunnerMessage): void;
  /** End everything inside at once. */
  kill(): void;
  /** Resolves when nothing of the lab is left running. Rejects with SANDBOX_FAILED. */
  ended: Promise<RunnerExit>;
  /** Resolves some seconds after a `kill` that did not end it. */
  abandoned: Promise<RunnerExit>;
}

export interface RunnerExit {
  exitCode: number | null;
  signal: string | null;
  /** Why the site itself ended it; left out: it did not. */
  cause?: { code: ErrorCode; message: string; hint: string };
}

/** What is to be seen of a run on this machine, by looking. */
export interface RunTraces {
  /** Processes that belong to the run: empty when it is over. */
  processes(): string[];
  /** Everything of the run that still exists, by name; empty = nothing. */
  leftovers(): string[];
}
