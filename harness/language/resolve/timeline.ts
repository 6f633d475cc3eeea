/** Steps bound to faults, moments and events. */
import { faultOf } from '../../kinds/fault-tables.js';
import { uniqueName } from '../../model/network/names.js';
import type { ResolvedFault, ResolvedStep } from '../../model/resolved.js';
import { quoted, shown } from '../../model/units.js';
import { didYouMean, joinPath } from '../problems.js';
import { read } from '../schema/fields.js';
import { startsProgram } from '../schema/program.js';
import { type ReadFault, type ReadStep, stepSchema } from '../schema/timeline.js';
import { bindFault, type FaultContext } from './faults.js';

/** A step, where it was written, and the earliest it can happen. */
export interface PlannedStep {
  step: ResolvedStep;
  path: string;
  /** After traffic start, when nothing takes any time. */
  earliestMs: number;
  /** After traffic start, when everything it waits for takes as long as it may. */
  latestMs: number;
}

/** When a step happens, as far as it can be known. */
type Moment = Pick<PlannedStep, 'earliestMs' | 'latestMs'> & Pick<ResolvedStep, 'when' | 'phase'>;

export interface TimelineContext extends FaultContext {
  /** The controller's period, null when it does not decide periodically. */
  periodMs: number | null;
  /** Offset in the period for the n-th seeded step of the trial. */
  phaseOffsetMs: (n: number) => number;
  sustainedMs: number;
  recoveryDeadlineMs: number;
  /** Another controller than the one written was asked for: its phases need not fit. */
  overridden: boolean;
}

/** One in ten seconds of a trial of an hour and more. */
const stepsMax = 500;

/** Binds the timeline. */
export function resolveTimeline(written: unknown, context: TimelineContext): PlannedStep[] {
  const { problems } = context;
  if (!Array.isArray(written)) {
    const wrong = written === undefined ? 'is missing' : `must be a list, got ${shown(written)}`;
    problems.add('timeline', wrong, "write timeline: [at('5s', powerOff('r1'))]");
    return [];
  }
  if (written.length > stepsMax) {
    problems.add('timeline', `has ${written.length} steps; a trial takes at most ${stepsMax}`);
    return [];
  }
  const timeline = new Timeline(context);
  for (const [index, item] of written.entries()) {
    // See programs.ts.
    if (startsProgram(item)) continue;
    const path = joinPath('timeline', [index]);
    const step = read(stepSchema, item, path, problems);
    if (step === undefined) timeline.noteBroken(item);
    else timeline.add(step, path);
  }
  return timeline.steps;
}

type Action = Extract<ReadStep, { kind: 'at' }>['action'];
type When = ResolvedStep['when'];

/** A fault as written: one on each member, with the first of its steps. */
interface WrittenFault {
  inject: PlannedStep;
  heal?: PlannedStep;
  members: string[];
}

class Timeline {
  readonly steps: PlannedStep[] = [];
  readonly #faults = new Map<string, WrittenFault>();
  readonly #broken = new Set<string>();
  #seeded = 0;
  #someBroken = false;

  readonly #context: TimelineContext;

  constructor(context: TimelineContext) {
    this.#context = context;
  }

  /** A step that could not be read: do not complain about references to its fault. */
  noteBroken(item: unknown): void {
    this.#someBroken = true;
    const action = typeof item === 'object' && item !== null && 'action' in item && item.action;
    if (typeof action !== 'object' || action === null || !('as' in action)) return;
    if (typeof action.as === 'string') this.#broken.add(action.as);
  }

  add(step: ReadStep, path: string): void {
    if (step.kind === 'every') {
      this.#addRepeated(step, path);
      return;
    }
    const start = this.#bindWhen(step, path);
    if (start === undefined) {
      this.noteBroken(step);
      return;
    }
    const phase = this.#bindPhase(step, path);
    const latestMs = start.latestMs + (phase?.periodMs ?? 0);
    this.#act(step.action, { ...start, phase, latestMs }, path);
  }

  #act(action: Action, moment: Moment, path: string): void {
    const at = joinPath(path, ['action']);
    if (action.kind === 'heal') {
      this.#heal(action.fault, moment, path);
      return;
    }
    const fault = bindFault(action, this.#claimId(action, at), at, this.#context);
    if (fault === undefined) {
      this.noteBroken({ action });
      return;
    }
    const members = membersOf(fault);
    const planned = members.map((member) =>
      plan(member.id, { kind: 'inject', fault: member }, moment, path),
    );
    const [inject] = planned;
    if (inject === undefined) return;
    this.#faults.set(fault.id, { inject, members: members.map(({ id }) => id) });
    this.steps.push(...planned);
  }

  #heal(name: string | undefined, moment: Moment, path: string): void {
    const found = this.#findFault(name, joinPath(path, ['action']), 'heal');
    if (found === undefined) return;
    const [faultId, fault] = found;
    if (fault.heal !== undefined) {
      const message = `'${faultId}' is already healed by ${fault.heal.path}`;
      this.#context.problems.add(joinPath(path, ['action']), message);
      return;
    }
    if (moment.latestMs < fault.inject.earliestMs) {
      const message = `heals '${faultId}' before it is injected (${fault.inject.path})`;
      this.#context.problems.add(path, message);
    }
    const planned = fault.members.map((member) =>
      plan(`heal-${member}`, { kind: 'heal', faultId: member }, moment, path),
    );
    const [heal] = planned;
    if (heal !== undefined) this.#faults.set(faultId, { ...fault, heal });
    this.steps.push(...planned);
  }

  /** The fault of that name, or the last; complains when there is none. */
  #findFault(name: string | undefined, path: string, verb: 'heal' | 'after') {
    const known = [...this.#faults.entries()];
    const found = name === undefined ? known.at(-1) : known.find(([id]) => id === name);
    if (found !== undefined) return found;
    if (name === undefined ? this.#someBroken : this.#broken.has(name)) return undefined;
    const names = known.map(([id]) => id);
    const earlier = names.length === 0 ? 'none' : names.join(', ');
    const message =
      name === undefined
        ? verb === 'heal'
          ? 'heals, but no step before it injects a fault'
          : 'waits for a fault, but no step before it injects one'
        : `there is no fault ${quoted(name)} before this step` +
          `${didYouMean(name, names)} (faults before it: ${earlier})`;
    const hint = name === undefined ? undefined : "name a fault with { as: 'name' }";
    this.#context.problems.add(path, message, hint);
    return undefined;
  }

  #bindWhen(step: Exclude<ReadStep, { kind: 'every' }>, path: string) {
    if (step.kind === 'at') {
      const when: When = { kind: 'at', ms: step.time };
      return { when, earliestMs: step.time, latestMs: step.time };
    }
    const found = this.#findFault(step.fault, path, 'after');
    if (found === undefined) return undefined;
    const [faultId, { inject, heal }] = found;
    const ofHeal = step.event === 'healed' || step.event === 'reverted';
    if (ofHeal && heal === undefined) {
      const message = `waits until '${faultId}' is ${step.event}, but no step before it heals it`;
      this.#context.problems.add(path, message, 'add after(recovered, …, heal()) before it');
      return undefined;
    }
    const base = ofHeal && heal ? heal : inject;
    const settles = step.event === 'recovered' || step.event === 'reverted';
    const { sustainedMs, recoveryDeadlineMs } = this.#context;
    const settlingMs = settles ? sustainedMs : 0;
    const slowlyMs = settles ? sustainedMs + recoveryDeadlineMs : 0;
    const when: When = {
      kind: 'after',
      event: step.event,
      step: base.step.id,
      delayMs: step.delay,
    };
    return {
      when,
      earliestMs: base.earliestMs + settlingMs + step.delay,
      latestMs: base.latestMs + slowlyMs + step.delay,
    };
  }

  #bindPhase(step: Exclude<ReadStep, { kind: 'every' }>, path: string): ResolvedStep['phase'] {
    const { periodMs, problems, phaseOffsetMs, overridden } = this.#context;
    const stated = step.phase;
    const byDefault = step.kind === 'at' && step.action.kind !== 'heal' ? 'seeded' : 'any';
    const phase = stated ?? byDefault;
    if (phase === 'any') return null;
    if (periodMs === null) {
      if (stated !== undefined && !overridden) {
        const message = 'a phase needs a controller that decides periodically';
        problems.add(joinPath(path, ['phase']), message, 'such as floyd() without a reaction');
      }
      return null;
    }
    if (phase !== 'seeded') {
      if (phase < periodMs || overridden) return { periodMs, offsetMs: phase % periodMs };
      const message = `must be below the controller's period of ${periodMs} ms`;
      problems.add(joinPath(path, ['phase']), message);
      return null;
    }
    const offsetMs = phaseOffsetMs(this.#seeded);
    this.#seeded += 1;
    return { periodMs, offsetMs };
  }

  #addRepeated(step: Extract<ReadStep, { kind: 'every' }>, path: string): void {
    const healAfter = step.healAfter ?? step.interval / 2;
    if (healAfter >= step.interval) {
      const at = joinPath(path, ['healAfter']);
      this.#context.problems.add(at, 'must be shorter than the interval between two faults');
    }
    const from = step.from ?? step.interval;
    for (let n = 0; n < step.times; n += 1) {
      const ms = from + n * step.interval;
      const before = this.steps.length;
      this.#act(step.action, momentAt(ms), path);
      if (this.steps.length === before) return;
      this.#heal(undefined, momentAt(ms + Math.min(healAfter, step.interval - 1)), path);
    }
  }

  #claimId(fault: ReadFault, path: string): string {
    const { problems } = this.#context;
    const taken = { has: (id: string) => this.#faults.has(id) || this.#broken.has(id) };
    if (fault.as === undefined) return uniqueName(fault.kind, taken);
    const at = joinPath(path, ['as']);
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(fault.as)) {
      const wanted = "a lowercase letter, then lowercase letters, digits and '-'";
      problems.add(at, `${quoted(fault.as)} is not a name: ${wanted}`);
    }
    // Repeats of one `every` step share a name.
    const first = this.#faults.get(fault.as)?.inject.path;
    if (first === undefined) return fault.as;
    if (!path.startsWith(`${first}.`)) {
      problems.add(at, `the fault name '${fault.as}' is taken by ${first}`);
    }
    return uniqueName(fault.as, taken);
  }
}

/** A fault on several nodes is one on each, at the same moment; one that hits sets of nodes is one. */
function membersOf(fault: ResolvedFault): ResolvedFault[] {
  const { target, kind, id } = fault;
  if (target.kind !== 'nodes' || faultOf(kind).hits === 'nodes') return [fault];
  return target.nodes.map((node, index) => ({
    ...fault,
    id: index === 0 ? id : `${id}-${node}`,
    target: { kind: 'node', node },
  }));
}

function plan(
  id: string,
  action: ResolvedStep['action'],
  { when, phase, earliestMs, latestMs }: Moment,
  path: string,
): PlannedStep {
  return { step: { id, when, phase, action }, path, earliestMs, latestMs };
}

function momentAt(ms: number): Moment {
  return { when: { kind: 'at', ms }, phase: null, earliestMs: ms, latestMs: ms };
}
