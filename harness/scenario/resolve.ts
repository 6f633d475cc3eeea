/**
 * From the written form to the resolved one: names bound, units turned into numbers, defaults
 * filled in, and everything that can be known to be wrong said before anything starts.
 */

import { z } from 'zod';
import { graphOf } from '../topology/graph.js';
import type { Capabilities } from './capabilities.js';
import { parseController } from './controller-label.js';
import { invalidScenario, type Problem, Problems } from './problems.js';
import { periodOf, resolveBfd, resolveController } from './resolve/controller.js';
import { resolveExpectations } from './resolve/expectations.js';
import { fabricMtuBytes, resolveWiring, type Wiring } from './resolve/links.js';
import { fabricOf, resolveNodes } from './resolve/nodes.js';
import { partsOf, type ReadTopology, readParts } from './resolve/parts.js';
import { type PlannedStep, resolveTimeline } from './resolve/timeline.js';
import { resolveTraffic, seenUntilMs } from './resolve/traffic.js';
import type {
  ResolvedController,
  ResolvedFlow,
  ResolvedNode,
  ResolvedScenario,
  ResolvedTopology,
} from './resolved.js';
import { controllerSchema, type ReadController } from './schema/controller.js';
import { limitsSchema, type ReadLimits } from './schema/expectation.js';
import { read, strict, text, yesOrNo } from './schema/fields.js';
import { derivedSeed, type PhaseOfTrial, randomFrom, stratifiedPhases, trialSeed } from './seed.js';
import { isPlainLine } from './units.js';
import { checkCapabilities } from './validate/capabilities.js';
import { checkExpectations } from './validate/expectations.js';
import { checkFaults } from './validate/faults.js';
import type { Judged } from './validate/judged.js';
import { checkNetwork } from './validate/network.js';
import { checkSizes } from './validate/sizes.js';
import { checkTime } from './validate/time.js';

export interface ResolveOptions {
  /** Name of the scenario in reports and in `runs/`. */
  name: string;
  /** What chance decides: moments within the controller's period, and relays picked by the seed. */
  seed: number;
  /** Which of how many trials, 0-based. Left out: the only one. */
  trial?: number;
  trials?: number;
  /** Another controller than the one written; see {@link parseController}. */
  controller?: string;
  /** What the machine can do; left out: not judged. */
  capabilities?: Capabilities;
}

const top = z.unknown().optional();
const scenarioSchema = strict('a scenario', {
  question: text,
  topology: top,
  controller: top,
  traffic: top,
  timeline: top,
  expect: top,
  limits: top,
  allowOversize: yesOrNo.default(false),
});

/**
 * The plan of one trial. Same scenario, same options: the same plan.
 *
 * @throws LabError SCENARIO_INVALID with `details.problems`, each `{ path, message, hint? }`.
 */
export function resolveScenario(written: unknown, options: ResolveOptions): ResolvedScenario {
  const { resolved, problems } = examineScenario(written, options);
  if (resolved === undefined || problems.length > 0) throw invalidScenario(options.name, problems);
  return resolved;
}

/** What {@link resolveScenario} does, with the problems as a value. */
export function examineScenario(
  written: unknown,
  options: ResolveOptions,
): { resolved: ResolvedScenario | undefined; problems: Problem[] } {
  const problems = new Problems();
  const frame = readFrame(written, problems);
  if (frame === undefined) return { resolved: undefined, problems: problems.list };
  const limits = read(limitsSchema, frame.limits ?? {}, 'limits', problems);
  const override =
    options.controller === undefined
      ? undefined
      : withProtectionOf(frame.controller, parseController(options.controller));
  const controllerRead = readController(override ?? frame.controller, problems);
  const controller = resolveController(controllerRead);
  const parts = readParts(frame.topology, problems);
  if (parts.parts.length === 0 && !parts.incomplete) {
    const hint = "write topology: [host('h1', { on: 's1' }), ovsSwitch('s1'), …]";
    problems.add('topology', 'is empty: there is no node', hint);
    return { resolved: undefined, problems: problems.list };
  }
  const { topology, wiring } = bindTopology(
    parts,
    controllerRead,
    override !== undefined,
    problems,
  );
  const names = parts.names;
  const innerMtuBytes = Math.min(
    ...topology.tunnels.map((tunnel) => tunnel.innerMtuBytes),
    ...topology.links.map((link) => link.mtuBytes),
  );
  const { nodes } = topology;
  const traffic = resolveTraffic(frame.traffic, { nodes, names, innerMtuBytes, problems });
  const periodMs = periodOf(controller);
  const steps = resolveTimeline(frame.timeline, {
    nodes,
    names,
    wiring,
    graph: graphOf(topology),
    random: randomFrom(derivedSeed(seedOf(options), 'targets')),
    problems,
    periodMs,
    phaseOffsetMs: phaseOffsets(options, periodMs),
    sustainedMs: limits?.sustainedFor ?? 0,
    recoveryDeadlineMs: limits?.recoverWithin ?? 0,
    controllerInstances: instancesOf(controller),
    overridden: override !== undefined,
  });
  const expectations = resolveExpectations(frame.expect, {
    traffic,
    steps,
    names,
    hosts: new Set(nodes.flatMap((node) => (node.kind === 'host' ? [node.name] : []))),
    recoveryDeadlineMs: limits?.recoverWithin ?? Number.POSITIVE_INFINITY,
    problems,
  });
  if (limits === undefined) return { resolved: undefined, problems: problems.list };
  checkQuestion(frame.question, problems);
  const resolved: ResolvedScenario = {
    schemaVersion: 1,
    name: options.name,
    question: frame.question,
    seed: seedOf(options),
    topology,
    controller,
    flows: traffic.flows,
    meters: traffic.meters,
    timeline: steps.map(({ step }) => step),
    expectations,
    periodMs,
    allowOversize: frame.allowOversize,
    limits: bindLimits(limits, steps, traffic.flows, controller),
  };
  const judged = {
    resolved,
    graph: graphOf(topology),
    steps,
    places: new Map([...wiring.places, ...traffic.places]),
    statedDurationMs: limits.duration,
    problems,
  };
  const unknownController = controllerRead === undefined && frame.controller !== undefined;
  checkWhole(judged, parts.incomplete || unknownController);
  if (options.capabilities !== undefined && problems.list.length === 0) {
    problems.list.push(...checkCapabilities(resolved, options.capabilities));
  }
  return { resolved, problems: problems.list };
}

/** What can be said only when everything is bound. A part that is broken hides the whole. */
function checkWhole(judged: Judged, incomplete: boolean): void {
  const broken = (start: string) => judged.problems.list.some(({ path }) => path.startsWith(start));
  checkTime(judged);
  if (!broken('traffic') && !broken('timeline')) checkExpectations(judged);
  if (incomplete || broken('topology')) return;
  checkNetwork(judged);
  checkSizes(judged);
  if (!broken('timeline') && !broken('traffic')) checkFaults(judged);
}

function checkQuestion(question: string, problems: Problems): void {
  if (question.trim() === '') problems.add('question', 'is empty', 'write the question it answers');
  if (!isPlainLine(question)) {
    problems.add('question', 'must be one line without control characters');
  }
  if (question.length > 200) problems.add('question', 'is longer than 200 characters');
}

function readFrame(written: unknown, problems: Problems) {
  const frame = read(scenarioSchema, written, '', problems);
  if (frame !== undefined || typeof written !== 'object' || written === null) return frame;
  // A wrong key at the top must not hide what is wrong below it.
  const known = Object.entries(written).filter(([key]) => key in scenarioSchema.shape);
  const rest = { ...Object.fromEntries(known), question: '?', allowOversize: false };
  const second = scenarioSchema.safeParse(rest);
  return second.success ? second.data : undefined;
}

/**
 * The spanning tree that a scenario asks for stays when another controller is put in: without it
 * a loop would be open. The bundled application needs none.
 */
function withProtectionOf(
  written: unknown,
  override: Record<string, unknown>,
): Record<string, unknown> {
  if (override.kind === 'floyd' || 'spanningTree' in override) return override;
  const protects = typeof written === 'object' && written !== null && 'spanningTree' in written;
  return protects ? { ...override, spanningTree: written.spanningTree } : override;
}

function readController(written: unknown, problems: Problems): ReadController | undefined {
  if (written === undefined) return undefined;
  return read(controllerSchema, written, 'controller', problems);
}

function bindTopology(
  parts: ReadTopology,
  controller: ReadController | undefined,
  overridden: boolean,
  problems: Problems,
): { topology: ResolvedTopology; wiring: Wiring } {
  const nodes: ResolvedNode[] = resolveNodes(parts, controller, problems);
  const wiring = resolveWiring(parts, nodes, problems);
  const fabric = fabricOf(parts, problems);
  const hasRelays = nodes.some((node) => node.kind === 'relay');
  const subnet = partsOf(parts, 'fabric')[0]?.part.subnet ?? '172.31.0.0/16';
  const topology: ResolvedTopology = {
    nodes,
    links: wiring.links,
    tunnels: wiring.tunnels,
    fabric: hasRelays && fabric ? { subnet, mtuBytes: fabricMtuBytes(parts) } : null,
    mininetFile: mininetFileOf(parts),
    bfd: resolveBfd(parts, controller, overridden, problems),
  };
  return { topology, wiring };
}

function mininetFileOf(parts: ReadTopology): ResolvedTopology['mininetFile'] {
  const part = partsOf(parts, 'mininet')[0]?.part;
  return part ? { path: part.file, topology: part.topology, arguments: part.arguments } : null;
}

function seedOf({ seed, trial = 0 }: ResolveOptions): number {
  return trialSeed(seed, trial);
}

/** Where the trial's fault falls in the period, and its stratum; null without a period. */
export function phaseOfTrial(
  options: Pick<ResolveOptions, 'seed' | 'trial' | 'trials'>,
  periodMs: number | null,
): PhaseOfTrial | null {
  if (periodMs === null) return null;
  const trial = options.trial ?? 0;
  const trials = Math.max(options.trials ?? 1, trial + 1);
  return stratifiedPhases(options.seed, trials, periodMs)[trial] ?? null;
}

/** The first seeded step of a trial is stratified over the trials; later ones are drawn. */
function phaseOffsets(options: ResolveOptions, periodMs: number | null): (n: number) => number {
  const first = phaseOfTrial(options, periodMs);
  const random = randomFrom(derivedSeed(seedOf(options), 'later phases'));
  return (n) => {
    if (first === null || periodMs === null) return 0;
    return n === 0 ? first.offsetMs : Math.floor(random() * periodMs);
  };
}

function instancesOf(controller: ResolvedController): number {
  if (controller.kind === 'none') return 0;
  return 'instances' in controller ? (controller.instances ?? 1) : 1;
}

/** What a run does beside waiting: faults and their proof, asking every switch for paths. */
const workMs = 5_000;
const workOfStepMs = 2_000;

/**
 * Room for every step, its wait for a phase, its recovery and the sustained window, and for every
 * flow. A derived duration cuts nothing off that goes as planned.
 */
function bindLimits(
  limits: ReadLimits,
  steps: readonly PlannedStep[],
  flows: readonly ResolvedFlow[],
  controller: ResolvedController,
): ResolvedScenario['limits'] {
  const holdMs = controller.kind === 'floyd' ? controller.holdMs : 0;
  const returnsMs = Math.max(periodOf(controller) ?? 0, holdMs);
  const settlingMs = limits.recoverWithin + limits.sustainedFor + returnsMs;
  const room = workMs + workOfStepMs * steps.length;
  const ends = [
    ...steps.map(({ latestMs }) => latestMs + settlingMs + room),
    ...flows.map((flow) => seenUntilMs(flow, limits.sustainedFor) + workMs),
  ];
  return {
    readyTimeoutMs: limits.readyWithin,
    cleanMs: limits.cleanFor,
    recoveryDeadlineMs: limits.recoverWithin,
    sustainedMs: limits.sustainedFor,
    durationMs: limits.duration ?? Math.max(10_000, ...ends),
  };
}
