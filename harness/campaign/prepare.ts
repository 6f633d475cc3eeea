/** From a scenario's name to everything a session needs: the plan of each trial, and the machine. */
import { dirname } from 'node:path';
import { probeCapabilities } from '../doctor/doctor.js';
import { beginEnvironment, collectEnvironment } from '../doctor/environment.js';
import { hostMachine } from '../doctor/host-machine.js';
import { LabError } from '../errors.js';
import { type LoadedScenario, loadScenario } from '../language/load.js';
import { invalidScenario } from '../language/problems.js';
import { phaseOfTrial } from '../language/resolve/phases.js';
import { resolveTrials } from '../language/resolve.js';
import type { Capabilities } from '../model/capabilities.js';
import type { CampaignPlan } from '../model/failure-case.js';
import type { Environment } from '../model/history/events.js';
import { taggedLinkOf } from '../model/network/host-port.js';
import { has } from '../model/node-traits.js';

import type { Substitution } from '../model/recorded/substitution.js';
import type { ResolvedScenario } from '../model/resolved.js';
import { trialSeed } from '../model/seed.js';
import { chooseSite, ownDatapath } from '../sites/choose.js';
import type { SiteOption } from '../sites/names.js';
import type { Site, SiteWishes } from '../sites/site.js';
import type { Farm } from './farm/farm.js';
import { refuseForeignCode } from './farm/foreign-code.js';
import type { TrialPlan } from './trial-plan.js';

export interface RunOptions {
  /** Name in scenarios/, or a file. */
  scenario: string;
  seed: number;
  trials: number;
  /** Which of the trials to run; left out: all. */
  indexes?: number[];
  /** End early when the median is known so well, as `--until-precise` says it. */
  untilPrecise?: string;
  /** Trials that run at the same time; left out: one after the other. */
  parallel?: number;
  /** Trials that may be run again because the machine disturbed them; left out: half, at least 2. */
  replace?: number;
  /** Keep a lab for the next trial; left out: a fresh one for each. */
  reuse?: boolean;
  controller?: string;
  /** Other routing than that of the scenario's routers, by its name. */
  routing?: string;
  /** Folder for runs. */
  out: string;
  sandbox: SiteOption;
  /** What the guest's root is made of; left out: of the host's files. */
  image?: string;
  datapath: 'auto' | 'kernel' | 'user';
  command: string[];
  /** Other machines that execute the trials; left out: this one. */
  farm?: Farm;
}

export interface PreparedRun {
  name: string;
  /** Absolute path of the scenario's file. */
  file: string;
  trials: TrialPlan[];
  environment: Environment;
  /** Who executes the trials: labs at a site here, or other machines. */
  by: { site: Site } | { farm: Farm };
  /** What sweep or search the trials belong to; left out: they are trials of one scenario. */
  campaign?: CampaignPlan;
}

/** A busy machine must not be taken for one that lacks what it was slow to show. */
const patienceMs = 15_000;

/** What is known before any trial is planned. */
export interface Groundwork {
  loaded: LoadedScenario;
  capabilities: Capabilities;
  by: { site: Site | { thrown: unknown }; datapath: 'kernel' | 'user' } | { farm: Farm };
}

/** Load and resolve a scenario for all its trials. Throws before anything was started. */
export async function prepareRun(root: string, options: RunOptions): Promise<PreparedRun> {
  const ground = await groundwork(root, options);
  const { loaded, capabilities } = ground;
  const indexes = options.indexes ?? Array.from({ length: options.trials }, (_, index) => index);
  const resolving = { ...resolvingOf(loaded.name, options), capabilities };
  const scenarios = resolveTrials(loaded.written, resolving, indexes);
  const plans = scenarios.map((scenario, place) =>
    trialPlanOf(scenario, indexes[place] ?? 0, options),
  );
  return prepared(ground, options, plans);
}

/** What a scenario is resolved with, but for what the machine can do. */
export function resolvingOf(name: string, { seed, trials, controller, routing }: RunOptions) {
  return {
    ...{ name, seed, trials },
    ...(controller === undefined ? {} : { controller }),
    ...(routing === undefined ? {} : { routing }),
  };
}

/** A trial of a scenario that was resolved for it. @param trial Decides its seed; left out: its place. */
export function trialPlanOf(
  scenario: ResolvedScenario,
  index: number,
  { seed, trials }: Pick<RunOptions, 'seed' | 'trials'>,
  trial = index,
): TrialPlan {
  const phase = phaseOfTrial({ seed, trial, trials }, scenario.periodMs);
  return {
    scenario,
    index,
    seed: trialSeed(seed, trial),
    stratum: phase?.stratum ?? null,
    phaseOffsetMs: phase?.offsetMs ?? null,
  };
}

/** The scenario as it is written, the site, and what scenarios may use there. */
export async function groundwork(root: string, options: RunOptions): Promise<Groundwork> {
  const { farm } = options;
  if (farm) {
    refuseImage(options);
    const [loaded] = await Promise.all([loadScenario(options.scenario, root), beginEnvironment()]);
    return { loaded, capabilities: farm.capabilities, by: { farm } };
  }
  const machine = hostMachine(patienceMs);
  const datapath = options.datapath === 'auto' ? ownDatapath(options.sandbox) : options.datapath;
  const [loaded, site, ofThisUser] = await Promise.all([
    loadScenario(options.scenario, root),
    // What is wrong with the scenario comes before what the machine lacks.
    chooseSite(options.sandbox, datapath, machine, wishesOf(options)).catch((thrown: unknown) => ({
      thrown,
    })),
    probeCapabilities(machine),
    beginEnvironment(),
  ]);
  const capabilities = 'thrown' in site ? ofThisUser : await site.capabilities();
  return { loaded, capabilities, by: { site, datapath } };
}

/** The trials where they are to be executed, with everything that a session needs. */
export async function prepared(
  ground: Groundwork,
  options: RunOptions,
  plans: readonly TrialPlan[],
): Promise<PreparedRun> {
  const { loaded, capabilities, by } = ground;
  const { name, file } = loaded;
  if ('farm' in by) return preparedFar(ground, by.farm, plans);
  const { site, datapath } = by;
  const [first] = plans;
  if (options.reuse && first) refuseOneWay(first.scenario);
  if ('thrown' in site) throw site.thrown;
  const trials = await plansAt(site, plans, options);
  const measured = await collectEnvironment({
    datapath,
    sandbox: site.name,
    ...(site.clock.kind === 'real' ? {} : { clock: site.clock.kind }),
    ...(options.reuse ? { labs: 'reused' as const } : {}),
    substitutions: [
      ...(datapath === 'user'
        ? substitutions(capabilities.ovsKernelDatapath, options.datapath)
        : []),
      ...(first ? hostSubstitutions(first.scenario, capabilities) : []),
    ],
  });
  const environment = { ...measured, ...(await site.environment()) };
  return { name, file, trials, environment, by: { site } };
}

function refuseImage({ image }: RunOptions): void {
  if (image === undefined) return;
  const message = `The image ${image} is on this machine, and other machines execute the trials.`;
  throw new LabError('WRONG_USE', message, {
    hint: 'Omit --image and --images, or --on and --queue.',
  });
}

/** Nothing of this machine matters but the scenario's file and the commit it is of. */
async function preparedFar(
  { loaded: { name, file } }: Groundwork,
  farm: Farm,
  plans: readonly TrialPlan[],
): Promise<PreparedRun> {
  for (const { scenario } of plans) refuseForeignCode(scenario);
  const { commit } = await beginEnvironment();
  const environment = { ...farm.environment, commit };
  return { name, file, trials: [...plans], environment, by: { farm } };
}

function wishesOf({ image }: RunOptions): SiteWishes {
  return image === undefined ? {} : { image };
}

/**
 * The plans with the scenario as it has to be at `site`, which is claimed for them. Throws
 * SCENARIO_INVALID for what cannot be there.
 */
async function plansAt(
  site: Site,
  plans: readonly TrialPlan[],
  { parallel = 1 }: RunOptions,
): Promise<TrialPlan[]> {
  const adapted = plans.map((plan) => {
    const { scenario, problems } = site.adapt(plan.scenario);
    if (problems.length > 0) throw invalidScenario(scenario.name, problems);
    return { ...plan, scenario };
  });
  const [first] = adapted;
  if (first) await site.claim({ scenario: first.scenario, parallel });
  return adapted;
}

/**
 * Another controller stays master when the dead one is back, so the next trial would hit one that
 * only stands by. Throws WRONG_USE.
 */
function refuseOneWay({ name, controller, timeline }: ResolvedScenario): void {
  const several = 'instances' in controller && (controller.instances ?? 1) > 1;
  const hit = timeline.some(
    ({ action }) => action.kind === 'inject' && action.fault.target.kind === 'controller',
  );
  if (!several || !hit) return;
  const message = `--reuse cannot be used with ${name}: a trial changes which controller is the master permanently.`;
  throw new LabError('WRONG_USE', message, { hint: 'Omit it; then each trial gets a fresh lab.' });
}

/** Folders that the sandbox must be able to see, wherever they lie. */
export function foldersOf(prepared: PreparedRun): string[] {
  const controller = prepared.trials[0]?.scenario.controller.kind;
  // A program is often named by a path from here; what lies in /tmp itself stays hidden.
  const named = ['command', 'osken', 'static-flows'].includes(controller ?? '');
  const here = named ? [process.cwd()] : [];
  const shared = ['/', '/run', '/tmp'];
  return [dirname(prepared.file), ...here.filter((folder) => !shared.includes(folder))];
}

function substitutions(kernelHasIt: boolean, asked: RunOptions['datapath']): Substitution[] {
  return asked === 'auto' ? [{ code: 'userspace-datapath', data: { kernelHasIt } }] : [];
}

/** What Open vSwitch does at hosts whose kernel cannot. */
function hostSubstitutions(
  { topology }: ResolvedScenario,
  { bonding, vlans }: Capabilities,
): Substitution[] {
  const bonded = bonding ? [] : (topology.bonds ?? []).map(({ node }) => node);
  const tagging = vlans ? [] : topology.nodes.filter(({ name }) => taggedLinkOf(topology, name));
  const hosts = tagging.filter((node) => has(node, 'end-point')).map(({ name }) => name);
  return [
    ...(bonded.length > 0 ? [{ code: 'open-vswitch-bond' as const, data: { hosts: bonded } }] : []),
    ...(hosts.length > 0 ? [{ code: 'open-vswitch-vlan' as const, data: { hosts } }] : []),
  ];
}
