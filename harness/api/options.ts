/** What every call that builds labs takes. */
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Interruption } from '../campaign/interruption.js';
import type { RunOptions } from '../campaign/prepare.js';
import type { OnProgress } from '../campaign/progress.js';
import { guestSite } from '../sites/guest.js';
import type { SiteOption } from '../sites/names.js';
import { checkRequest } from './check-request.js';
import { defaultOut, scenarioRoot } from './places.js';

export interface LabRequest {
  /**
   * Folder whose `scenarios/` is searched by name. Left out: the working folder when it has
   * scenarios, else the package's own.
   */
  root?: string;
  /** Fixes what chance decides: 0 to 4294967295. Left out: drawn; the result has it. */
  seed?: number;
  /** Another controller than the scenario's, as `--controller` takes it: `'floyd:reaction=none'`. */
  controller?: string;
  /** Other routing than that of the scenario's routers, as `--routing` takes it: `'ospf-bfd'`. */
  routing?: string;
  /** Folder for records. Left out: `runs` in the working folder. */
  out?: string;
  /** Where the lab lives. Left out: `auto`. */
  sandbox?: SiteOption;
  /** With the sandbox `vm`: what the guest's root is made of. Left out: of this machine's files. */
  image?: string;
  /** Open vSwitch's datapath. Left out: `auto`. */
  datapath?: 'auto' | 'kernel' | 'user';
  /** Trials that may be run again because this machine disturbed them. Left out: half, at least 2. */
  replace?: number;
  /** Called with everything that happens, as it happens. It must not throw. */
  onProgress?: OnProgress;
  /** When aborted: faults are healed, the lab is taken down, and what was recorded is kept. */
  signal?: AbortSignal;
  /** When aborted: the lab is ended at once. */
  killSignal?: AbortSignal;
  /** Words for the record: what makes such a run again. Left out: of the command line. */
  command?: string[];
}

/** Where the trials are executed; left out: on this machine. */
export interface FarmRequest {
  /** Machines that are reached by ssh: `'root@lab1,2/root@lab2,localhost'`. */
  on?: string;
  /** Configuration file for ssh. Left out: the user's. */
  sshConfig?: string;
  /** A queue that workers take trials from: `'redis://farm'`. */
  queue?: string;
}

export interface RunRequest extends LabRequest, FarmRequest {
  /** Trials of the plan, 1 to 1000. Left out: 1. */
  trials?: number;
  /** Which of the plan's trials to run, from 0. Left out: all. */
  indexes?: number[];
  /** End early when the median outage is known so well: `'10%'` or `'20ms'`. */
  untilPrecise?: string;
  /**
   * Trials at the same time, each in a lab of its own; with `on`, on each machine. Left out: 1; in
   * virtual time, where a crowded machine changes nothing, one a processor.
   */
  parallel?: number;
  /** Keep one lab for all trials and heal it in between. Left out: a fresh lab for each. */
  reuse?: boolean;
}

/** Trials that `untilPrecise` may add at the most, unless `trials` is more. */
const mostTrials = 60;

/** The request with everything that was left out. Throws WRONG_USE. */
export function runOptionsOf(scenario: string, request: RunRequest): RunOptions {
  checkRequest(request);
  const {
    trials = 1,
    untilPrecise,
    indexes,
    replace,
    controller,
    routing,
    sandbox = 'auto',
  } = request;
  const options = {
    scenario,
    seed: request.seed ?? randomInt(2 ** 31),
    trials: untilPrecise === undefined ? trials : Math.max(trials, mostTrials),
    parallel: request.parallel ?? ownParallel(sandbox, indexes?.length ?? trials),
    reuse: request.reuse ?? false,
    out: request.out ?? defaultOut(),
    sandbox,
    datapath: request.datapath ?? 'auto',
    ...(indexes === undefined ? {} : { indexes }),
    ...(untilPrecise === undefined ? {} : { untilPrecise }),
    ...(replace === undefined ? {} : { replace }),
    ...(request.image === undefined ? {} : { image: request.image }),
    ...(controller === undefined ? {} : { controller }),
    ...(routing === undefined ? {} : { routing }),
  };
  return { ...options, command: request.command ?? commandOf(options) };
}

function ownParallel(sandbox: SiteOption, trials: number): number {
  return sandbox === guestSite ? Math.max(1, Math.min(trials, availableParallelism())) : 1;
}

/** The command that makes such a run, for its record and its reports. Pure. */
export function commandOf(options: Omit<RunOptions, 'command'>): string[] {
  const { controller, untilPrecise, replace, parallel = 1, sandbox, datapath } = options;
  const valued: [string, string | number | undefined][] = [
    ['--trials', options.trials],
    ['--seed', options.seed],
    ['--controller', controller],
    ['--routing', options.routing],
    ['--until-precise', untilPrecise],
    ['--replace', replace],
    ['--parallel', parallel === 1 ? undefined : parallel],
    ['--sandbox', sandbox === 'auto' ? undefined : sandbox],
    ['--image', options.image],
    ['--datapath', datapath === 'auto' ? undefined : datapath],
  ];
  return [
    ...['failover-lab', 'run', options.scenario],
    ...valued.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)])),
    ...(options.reuse ? ['--reuse'] : []),
  ];
}

export function rootOf({ root }: LabRequest): string {
  return root ?? scenarioRoot();
}

/** Progress and interruption of a request; signals that were left out are never aborted. */
export function listenersOf({
  onProgress = () => {},
  signal,
  killSignal,
}: LabRequest): Interruption & { onProgress: OnProgress } {
  const never = new AbortController().signal;
  return { onProgress, interrupted: signal ?? never, killed: killSignal ?? never };
}
