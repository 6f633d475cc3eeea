/** The plan of one trial: what its seed decides, and everything that can be known to be wrong. */

import { nodesWith } from '../../model/node-traits.js';
import { speaksOpenFlow } from '../../model/open-flow.js';
import type { ResolvedController, ResolvedScenario } from '../../model/resolved.js';
import { derivedSeed, randomFrom } from '../../model/seed.js';
import { isPlainLine } from '../../model/units.js';
import type { Problems } from '../problems.js';
import { checkBonds } from '../validate/bonds.js';
import { checkExpectations } from '../validate/expectations.js';
import { checkFaults } from '../validate/faults.js';
import type { Judged } from '../validate/judged.js';
import { checkNetwork } from '../validate/network.js';
import { checkSizes } from '../validate/sizes.js';
import { checkTime } from '../validate/time.js';
import { checkVlans } from '../validate/vlans.js';
import { checkVolume } from '../validate/volume.js';
import type { BoundScenario } from './bind.js';
import { periodOf } from './controller.js';
import { resolveExpectations } from './expectations.js';
import { bindLimits } from './limits.js';
import { phaseOffsets, seedOf, type TrialOfRun } from './phases.js';
import { resolvePrograms } from './programs.js';
import { type PlannedStep, resolveTimeline } from './timeline.js';

/** Undefined when the limits could not be read; `problems` is added to. */
export function planTrial(
  name: string,
  bound: BoundScenario,
  trial: TrialOfRun,
  problems: Problems,
): ResolvedScenario | undefined {
  const { frame, limits, controller, topology, wiring, graph, traffic } = bound;
  const steps = planSteps(bound, trial, problems);
  const hosts = nodesWith(topology.nodes, 'end-point').map(({ name }) => name);
  const expectations = resolveExpectations(frame.expect, {
    traffic,
    steps,
    names: bound.names,
    hosts: new Set(hosts),
    recoveryDeadlineMs: limits?.recoverWithin ?? Number.POSITIVE_INFINITY,
    problems,
  });
  const programs = resolvePrograms(frame.programs, frame.timeline, {
    nodes: topology.nodes,
    names: bound.names,
    problems,
  });
  if (limits === undefined) return undefined;
  checkQuestion(frame.question, problems);
  const resolved: ResolvedScenario = {
    schemaVersion: 1,
    name,
    question: frame.question,
    seed: seedOf(trial),
    topology,
    ...(bound.routing === undefined ? {} : { routing: bound.routing }),
    controller,
    flows: traffic.flows,
    meters: traffic.meters,
    ...(programs.length > 0 ? { programs } : {}),
    timeline: steps.map(({ step }) => step),
    expectations,
    periodMs: periodOf(controller),
    allowOversize: frame.allowOversize,
    ...(frame.allowNoEffect ? { allowNoEffect: true } : {}),
    limits: bindLimits(limits, steps, traffic.flows, controller),
  };
  const places = new Map([...wiring.places, ...traffic.places]);
  const statedDurationMs = limits.duration;
  checkWhole({ resolved, graph, steps, places, statedDurationMs, problems }, bound.incomplete);
  return resolved;
}

function planSteps(bound: BoundScenario, trial: TrialOfRun, problems: Problems): PlannedStep[] {
  const { limits, controller } = bound;
  const periodMs = periodOf(controller);
  return resolveTimeline(bound.frame.timeline, {
    nodes: bound.topology.nodes,
    names: bound.names,
    wiring: bound.wiring,
    graph: bound.graph,
    random: randomFrom(derivedSeed(seedOf(trial), 'targets')),
    problems,
    periodMs,
    phaseOffsetMs: phaseOffsets(trial, periodMs),
    sustainedMs: limits?.sustainedFor ?? 0,
    recoveryDeadlineMs: limits?.recoverWithin ?? 0,
    controllerInstances: instancesOf(controller),
    overridden: bound.overridden,
  });
}

/** What can be said only when everything is bound. A part that is broken hides the whole. */
function checkWhole(judged: Judged, incomplete: boolean): void {
  const broken = (start: string) => judged.problems.list.some(({ path }) => path.startsWith(start));
  checkTime(judged);
  const unread = judged.resolved.topology.nodes.length === 0;
  if (!unread && !broken('traffic') && !broken('timeline')) checkExpectations(judged);
  if (incomplete || broken('topology')) return;
  checkNetwork(judged);
  checkBonds(judged);
  checkVlans(judged);
  checkSizes(judged);
  if (!broken('traffic')) checkVolume(judged);
  if (!broken('timeline') && !broken('traffic')) checkFaults(judged);
}

function checkQuestion(question: string, problems: Problems): void {
  if (question.trim() === '')
    problems.add('question', 'is empty', 'write the question that the scenario answers');
  if (!isPlainLine(question)) {
    problems.add('question', 'must be one line without control characters');
  }
  if (question.length > 200) problems.add('question', 'is longer than 200 characters');
}

function instancesOf(controller: ResolvedController): number {
  if (!speaksOpenFlow(controller)) return 0;
  return 'instances' in controller ? (controller.instances ?? 1) : 1;
}
