/** Options that several commands share, read and checked in one place. */

import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FarmRequest, RunRequest } from '../api/options.js';
import { defaultOut } from '../api/places.js';
import { LabError } from '../errors.js';
import { controllerLabels } from '../language/controller-label.js';
import { routingNames } from '../model/routing-names.js';
import { guestSite, kernelVariable } from '../sites/guest.js';
import { type SiteOption, siteHelp, siteOptions } from '../sites/names.js';

/** Where labs live. */
export interface PlaceFlags {
  sandbox: SiteOption;
  clock?: 'real' | 'virtual';
  kernel?: string;
  datapath: 'auto' | 'kernel' | 'user';
}

export interface CommonOptions extends PlaceFlags {
  seed?: number;
  trials: number;
  parallel?: number;
  reuse?: boolean;
  replace?: number;
  controller?: string;
  routing?: string;
  out?: string;
  image?: string;
  on?: string;
  sshConfig?: string;
  queue?: string;
  json?: boolean;
}

/** What `--controller` takes, for the help of every command that has it. */
export const controllerHelp =
  `another controller: ${controllerLabels.join(', ')}; options follow a colon ` +
  "(fast-failover:bfd=10ms*3), and so does a command line ('command:./controller --listen {port}')";

/** What `--routing` takes. */
export const routingHelp = `other routing than that of the scenario's routers: ${routingNames.join(', ')}`;

/** Add the options of every command that runs trials. `trialsDefault`: where it is not 1, in words. */
export function commonOptions(command: Command, trialsDefault?: string): Command {
  const trials = new Option('--trials <n>', 'number of trials')
    .argParser(wholeNumber(1, 1000))
    .default(1, trialsDefault);
  return labOptions(command.addOption(trials)).option(
    '--json',
    'print only result.json on standard output',
  );
}

/** The most labs side by side; on most machines the fidelity check fails far earlier. */
const parallelMax = 64;

/** Add `--parallel`, for commands whose trials may overlap. */
export function parallelOption(command: Command): Command {
  return command.option(
    '--parallel <k>',
    'run up to k trials concurrently; if too many interfere, the run is inconclusive (default: 1; with --clock virtual, where they cannot: the number of processors)',
    wholeNumber(1, parallelMax),
  );
}

/** Add `--on` and `--queue`, for commands whose trials other machines may execute. */
export function farmOptions(command: Command): Command {
  return command
    .option(
      '--on <machines>',
      'execute the trials on these machines by ssh (root@lab1,2/root@lab2,localhost); --parallel then applies to each of them',
    )
    .option('--ssh-config <file>', "configuration file for ssh instead of the user's")
    .option(
      '--queue <url>',
      'have the trials executed by the workers of a queue (redis://host:port); see worker --help',
    );
}

/** Add `--replace`, for commands whose trials can be run again. */
export function replaceOption(command: Command): Command {
  return command.option(
    '--replace <n>',
    'replace up to n trials that this machine made invalid (default: half of the trials, at least 2; 0: none)',
    wholeNumber(0, 1000),
  );
}

/** Add `--reuse`, for commands whose trials may share a lab. */
export function reuseOption(command: Command): Command {
  return command.option(
    '--reuse',
    'keep one lab for all trials and heal it between them, instead of a fresh lab for each',
  );
}

export interface CiFlags {
  junit?: string;
  markdown?: string;
}

/** Add the options of every command whose results a CI system reads. */
export function ciOptions(command: Command): Command {
  return command
    .option('--junit <file>', 'write JUnit XML to the file')
    .option('--markdown <file>', 'write Markdown to the file, for a job summary or a comment');
}

/** Add the options of every command that builds a lab. */
export function labOptions(command: Command): Command {
  const named = command
    .option(
      '--seed <n>',
      'seed of all random choices (default: random, and printed)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--controller <name>', controllerHelp)
    .option('--routing <name>', routingHelp)
    .option('--out <dir>', 'folder for runs (default: runs)')
    .option(
      '--image <name>',
      "the guest's programs, made by `image build` (default: this machine's)",
    );
  return placeOptions(named);
}

/** Add the options that state where labs live. */
export function placeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--sandbox <kind>', `kind of sandbox (${siteHelp})`)
        .choices(siteOptions)
        .default('auto'),
    )
    .addOption(
      new Option(
        '--clock <kind>',
        'virtual: the lab runs in a guest whose clock a busy machine cannot disturb; the same seed gives the same record',
      ).choices(['real', 'virtual']),
    )
    .option('--kernel <file>', "the guest's kernel (default: the one that `kernel build` made)")
    .addOption(
      new Option('--datapath <kind>', "Open vSwitch's datapath")
        .choices(['auto', 'kernel', 'user'])
        .default('auto'),
    );
}

/** What the options of every command come to. */
export type CommonRequest = RunRequest & Required<Pick<RunRequest, 'seed' | 'trials' | 'out'>>;

/** Throws WRONG_USE for options that exclude each other. */
export function readCommonOptions(flags: CommonOptions): CommonRequest {
  const sandbox = sandboxOf(flags);
  if (flags.reuse && (flags.parallel ?? 1) > 1) {
    const message = '--reuse keeps one lab for all trials; --parallel builds several.';
    throw new LabError('WRONG_USE', message, { hint: 'Omit one of them.' });
  }
  const seed = flags.seed ?? randomInt(2 ** 31);
  const words = ['failover-lab', ...process.argv.slice(2)];
  return {
    seed,
    trials: flags.trials,
    ...(flags.parallel === undefined ? {} : { parallel: flags.parallel }),
    ...farmOf(flags),
    reuse: flags.reuse ?? false,
    ...(flags.replace === undefined ? {} : { replace: flags.replace }),
    ...(flags.controller === undefined ? {} : { controller: flags.controller }),
    ...(flags.routing === undefined ? {} : { routing: flags.routing }),
    out: flags.out ?? defaultOut(),
    sandbox,
    ...(flags.image === undefined ? {} : { image: flags.image }),
    datapath: flags.datapath,
    // As it would have to be typed to get the same plan again.
    command: flags.seed === undefined ? [...words, '--seed', `${seed}`] : words,
  };
}

/** Throws WRONG_USE for options of machines that nothing names. */
function farmOf({ on, queue, sshConfig, reuse }: CommonOptions): FarmRequest {
  const named = on !== undefined ? '--on' : queue !== undefined ? '--queue' : null;
  const problem =
    on !== undefined && queue !== undefined
      ? '--on and --queue both name machines.'
      : sshConfig !== undefined && on === undefined
        ? '--ssh-config is for --on, which is not given.'
        : reuse && named
          ? `--reuse keeps a lab; with ${named} each trial gets a fresh lab on another machine.`
          : null;
  if (problem !== null) throw new LabError('WRONG_USE', problem, { hint: 'Omit one of them.' });
  return {
    ...(on === undefined ? {} : { on }),
    ...(queue === undefined ? {} : { queue }),
    ...(sshConfig === undefined ? {} : { sshConfig: resolve(sshConfig) }),
  };
}

/** The sandbox that the clock asks for. Throws WRONG_USE. */
export function sandboxOf({
  sandbox,
  clock,
  kernel,
  image,
  reuse,
}: PlaceFlags & { image?: string; reuse?: boolean }): SiteOption {
  const wanted = clock === 'virtual' && sandbox === 'auto' ? guestSite : sandbox;
  const inGuest = wanted === guestSite;
  const problem =
    clock === 'virtual' && !inGuest
      ? `--clock virtual needs a guest, and --sandbox ${sandbox} is on this machine's own clock.`
      : clock === 'real' && inGuest
        ? `--sandbox ${sandbox} has a virtual clock, and --clock real asks for this machine's.`
        : kernel !== undefined && !inGuest
          ? '--kernel names the kernel of a guest, and this lab does not run in a guest.'
          : image !== undefined && !inGuest
            ? '--image names the root of a guest, and this lab does not run in a guest.'
            : reuse && inGuest
              ? '--reuse keeps a lab; in virtual time each trial gets a fresh guest, since the trials before are an input of a lab.'
              : null;
  if (problem !== null) throw new LabError('WRONG_USE', problem, { hint: 'Omit one of them.' });
  if (kernel !== undefined) process.env[kernelVariable] = resolve(kernel);
  return wanted;
}

/** Throws WRONG_USE for a command whose lab waits for its user, while virtual time would run away. */
export function refuseVirtualClock(command: string, sandbox: string | undefined): void {
  if (sandbox !== guestSite) return;
  const message = `${command} waits for commands, and virtual time does not wait: hours would pass in the lab.`;
  throw new LabError('WRONG_USE', message, { hint: 'Omit --clock virtual and --sandbox vm.' });
}

/** A parser for whole numbers within bounds. */
export function wholeNumber(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`Give a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}
