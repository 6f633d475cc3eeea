/** Walks a scenario's timeline on a live lab: injects, waits, heals; heals everything at the end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { LabError, messageOf } from '../../errors.js';
import type { Awaited } from '../../model/history/events.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import type { ResolvedFault, ResolvedStep } from '../../model/resolved.js';
import type { Change, Transition } from '../faults/fault.js';
import { faultDefinitions } from '../faults/kinds.js';
import { bindTarget } from '../faults/target.js';
import type { Lab } from '../lab.js';
import type { Traffic } from '../planned-traffic.js';
import type { RateWatch } from '../readiness/rate.js';
import { type Confirmed, confirmTarget, type Prepared, watchMs } from './confirm-target.js';
import { nextInPhase, type Ticks } from './controller-period.js';
import { awaitSustained, settleMs } from './recovery.js';
import { StandingFaults } from './standing-faults.js';
import { Signposts } from './step-events.js';

/** Room for asking every switch before the clean window begins. */
const askingMs = 500;
/** Counters are watched for at least so long, though a fault be late by it. */
const shortestWatchMs = 30;

interface Standing {
  stepId: string;
  fault: ResolvedFault;
  targets: string[];
}

export class Timeline {
  readonly #lab: Lab;
  readonly #traffic: Traffic;
  readonly #rates: RateWatch;
  readonly #ticks: Ticks;
  readonly #signal: AbortSignal;
  readonly #standing = new StandingFaults<Standing>();
  readonly #signposts = new Signposts();
  #latest: { stepId: string; change: Change } | undefined;
  #whole = true;

  constructor(lab: Lab, traffic: Traffic, rates: RateWatch, ticks: Ticks, signal: AbortSignal) {
    this.#lab = lab;
    this.#traffic = traffic;
    this.#rates = rates;
    this.#ticks = ticks;
    this.#signal = signal;
  }

  /** Walk all steps; resolves when each has been done and waited for. */
  async walk(startNs: number): Promise<void> {
    const { timeline } = this.#lab.plan.scenario;
    await Promise.all(timeline.map((step) => this.#take(step, startNs)));
  }

  /** False while a fault stands, or once one could not be healed at first. */
  get whole(): boolean {
    return this.#whole && this.#standing.size === 0;
  }

  /**
   * Heal whatever still stands, newest first; what fails stays standing and is tried again by the
   * next call. Never throws: the run is ending.
   */
  async healAll(): Promise<void> {
    for (const { fault, stepId, targets } of this.#standing.labels) {
      try {
        await this.heal(fault.id, stepId);
      } catch (thrown) {
        this.#whole = false;
        const text = `${fault.kind} on ${targets.join(', ')} could not be healed: ${messageOf(thrown)}`;
        this.#lab.journal.emit({ kind: 'warning', atNs: nowNs(), text });
      }
    }
  }

  async #take(step: ResolvedStep, startNs: number): Promise<void> {
    const dueNs = await this.#dueOf(step, startNs);
    await this.#sleepUntil(dueNs - this.#quietNs());
    if (step.action.kind === 'inject') {
      const { fault } = step.action;
      const prepared = await this.#prepare(fault);
      await this.#sleepUntil(dueNs - watchMs * 1e6);
      const { change } = await this.inject(fault, step.id, prepared, dueNs);
      this.#signposts.reach(step.id, 'injected');
      await this.#awaitRecovery(step.id, step.action.fault.id, change);
    } else {
      const { faultId } = step.action;
      const injectStep = this.#standing.labelOf(faultId)?.stepId ?? step.id;
      await this.#sleepUntil(dueNs);
      const change = await this.heal(faultId, step.id);
      this.#signposts.reach(step.id, 'healed');
      this.#signposts.reach(injectStep, 'healed');
      await this.#awaitReversion(step.id, change);
      this.#signposts.reach(injectStep, 'reverted');
    }
  }

  /** When a step is due, once what it waits for has happened. */
  async #dueOf(step: ResolvedStep, startNs: number): Promise<number> {
    let dueNs = startNs;
    if (step.when.kind === 'at') dueNs += step.when.ms * 1e6;
    else {
      const { step: other, event } = step.when;
      await this.#signposts.reached(other, event, this.#signal);
      dueNs = nowNs() + step.when.delayMs * 1e6;
    }
    const tickNs = this.#ticks.lastNs();
    if (step.phase && tickNs !== null) {
      dueNs = nextInPhase(dueNs, tickNs, step.phase.periodMs, step.phase.offsetMs);
    } else if (step.phase) dueNs += step.phase.offsetMs * 1e6;
    const awaited: Awaited =
      step.action.kind === 'inject'
        ? { kind: 'fault', faultKind: step.action.fault.kind }
        : { kind: 'heal' };
    this.#lab.journal.emit({ kind: 'waiting', atNs: nowNs(), awaited, untilNs: dueNs });
    return dueNs;
  }

  /**
   * Asking switches for paths may cost them packets, so it is done before the window in which
   * traffic must be clean, not in it.
   */
  #quietNs(): number {
    return (this.#lab.plan.scenario.limits.cleanMs + askingMs) * 1e6;
  }

  async #sleepUntil(dueNs: number): Promise<void> {
    const waitMs = (dueNs - nowNs()) / 1e6;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#signal });
    this.#signal.throwIfAborted();
  }

  /** Bind a fault's target to names, by the paths as they are now. */
  async #prepare(fault: ResolvedFault): Promise<Prepared> {
    let path: TracedPath | null = null;
    const target = await bindTarget(this.#lab.topology, fault.target, async (from, to) => {
      path = await this.#lab.path(from, to, 'before');
      return path;
    });
    return { target, path };
  }

  /**
   * Bind a role anew by the counters of the moment, which are watched until the fault is due.
   * Other targets stay as they are.
   */
  async #confirm(
    fault: ResolvedFault,
    { target, path }: Prepared,
    dueNs: number | undefined,
  ): Promise<Pick<Confirmed, 'target'> & Partial<Confirmed>> {
    const role = fault.target;
    if (path === null || (role.kind !== 'relayOnPath' && role.kind !== 'linkOnPath')) {
      if (dueNs !== undefined) await this.#sleepUntil(dueNs);
      this.#lab.counters(`before ${fault.id}`);
      return { target };
    }
    const firstNs = nowNs();
    const first = this.#lab.readCounters();
    const untilNs = dueNs ?? firstNs + watchMs * 1e6;
    await this.#sleepUntil(Math.max(untilNs, firstNs + shortestWatchMs * 1e6));
    const overMs = (nowNs() - firstNs) / 1e6;
    const second = this.#lab.counters(`before ${fault.id}`);
    const confirmed = await confirmTarget(
      this.#lab.plan.scenario,
      role,
      { target, path },
      {
        first,
        second,
        overMs,
      },
    );
    if (confirmed.movedTo) {
      const { from, to } = role;
      const label = 'at the fault, by counters';
      this.#lab.journal.emit({
        kind: 'path',
        atNs: nowNs(),
        label,
        from,
        to,
        ...confirmed.movedTo,
      });
    }
    return confirmed;
  }

  /** Faults that stand, newest first; all of them, or the one of that id. Throws WRONG_USE. */
  standing(faultId: string | null): Standing[] {
    const all = this.#standing.labels;
    if (faultId === null) return all;
    const found = all.filter(({ fault }) => fault.id === faultId);
    if (found.length > 0) return found;
    throw new LabError('WRONG_USE', `No fault ${faultId} stands.`, {
      hint: `Standing now: ${all.map(({ fault }) => fault.id).join(', ') || 'none'}.`,
    });
  }

  /**
   * Wait for the recovery from the newest change, injected or healed. `askedNs` is the moment at
   * which it was seen, or at which the wait was over.
   */
  async awaitRecoveryFromLatest(
    timeoutMs: number | null,
  ): Promise<{ stepId: string; recovered: boolean; askedNs: number }> {
    const latest = this.#latest;
    if (!latest) throw new LabError('WRONG_USE', 'Nothing was changed yet: kill or inject first.');
    const { limits } = this.#lab.plan.scenario;
    const waitMs = timeoutMs ?? limits.recoveryDeadlineMs + limits.sustainedMs;
    const recovered = await this.#sustained(latest.change, 0, waitMs, () => false);
    const askedNs = nowNs();
    this.#tellSeen(latest.stepId, recovered);
    await this.#recordState(`after ${latest.stepId}`);
    return { stepId: latest.stepId, recovered, askedNs };
  }

  /** Inject one fault, read back. Throws FAULT_NOT_APPLIED when it was not seen. */
  async inject(
    fault: ResolvedFault,
    stepId: string,
    bound?: Prepared,
    dueNs?: number,
  ): Promise<{ change: Change; targets: string[] }> {
    const prepared = bound ?? (await this.#prepare(fault));
    const { target, carried } = await this.#confirm(fault, prepared, dueNs);
    const standing = { stepId, fault, targets: target.names };
    const ready = await faultDefinitions[fault.kind].prepare(
      {
        bridge: this.#lab.bridge,
        topology: this.#lab.topology,
        controller: this.#lab.controller,
        controllerPorts: this.#lab.controller.ports,
        definitionOf: (kind) => faultDefinitions[kind],
        transition: (transition) => this.#recordTransition(standing, transition),
      },
      fault,
      target,
    );
    const change = await this.#standing.inject(fault.id, standing, ready);
    this.#latest = { stepId, change };
    this.#record('fault.injected', stepId, fault, target.names, change, carried);
    return { change, targets: target.names };
  }

  /** Heal one fault by its id, read back. */
  async heal(faultId: string, stepId: string): Promise<Change> {
    const standing = this.#standing.labelOf(faultId);
    if (!standing) throw new LabError('INTERNAL', `Fault ${faultId} does not stand.`);
    this.#lab.counters(`before heal of ${faultId}`);
    const healed = await this.#standing.heal(faultId).catch((thrown) => {
      this.#whole = false;
      throw thrown;
    });
    if (healed === null) throw new LabError('INTERNAL', `Fault ${faultId} does not stand.`);
    if (!healed.verified) this.#whole = false;
    this.#latest = { stepId, change: healed };
    this.#lab.healedNs = healed.afterNs;
    this.#record('fault.healed', stepId, standing.fault, standing.targets, healed);
    return healed;
  }

  #recordTransition({ stepId, fault, targets }: Standing, transition: Transition): void {
    const { state, beforeNs, afterNs, verified, evidence } = transition;
    this.#lab.journal.emit({
      ...{ kind: 'fault.transition', atNs: afterNs, stepId, faultId: fault.id, state },
      ...{ faultKind: fault.kind, targets, beforeNs, afterNs, verified, evidence },
    });
  }

  #record(
    kind: 'fault.injected' | 'fault.healed',
    stepId: string,
    fault: ResolvedFault,
    targets: string[],
    change: Change,
    carried?: Confirmed['carried'],
  ): void {
    const { beforeNs, afterNs, verified, evidence } = change;
    this.#lab.journal.emit({
      kind,
      atNs: afterNs,
      stepId,
      faultId: fault.id,
      faultKind: fault.kind,
      target: fault.target,
      targets,
      beforeNs,
      afterNs,
      verified,
      evidence,
      ...(carried ? { carried } : {}),
    });
    if (verified) return;
    throw new LabError(
      'FAULT_NOT_APPLIED',
      `${fault.kind} on ${targets.join(', ')} was asked for and not seen: ${evidence}.`,
    );
  }

  async #awaitRecovery(stepId: string, faultId: string, change: Change): Promise<void> {
    const { limits } = this.#lab.plan.scenario;
    // A heal on the timeline ends the wait: there is nothing left to recover from.
    const healed = () => !this.#standing.untouched(faultId);
    const waitMs = limits.recoveryDeadlineMs + limits.sustainedMs;
    this.#tellSeen(stepId, await this.#sustained(change, 0, waitMs, healed));
    await this.#recordState(`after ${faultId}`);
    this.#signposts.reach(stepId, 'recovered');
  }

  async #awaitReversion(stepId: string, change: Change): Promise<void> {
    const { scenario } = this.#lab.plan;
    const { sustainedMs, recoveryDeadlineMs } = scenario.limits;
    const atLeastMs = settleMs(scenario) + sustainedMs;
    const waitMs = Math.max(atLeastMs, recoveryDeadlineMs + sustainedMs);
    this.#tellSeen(stepId, await this.#sustained(change, atLeastMs, waitMs, () => false));
    await this.#recordState(`after ${stepId}`);
    this.#signposts.reach(stepId, 'reverted');
  }

  #sustained(
    change: Change,
    atLeastMs: number,
    waitMs: number,
    stop: () => boolean,
  ): Promise<boolean> {
    const fromNs = change.afterNs;
    const window = {
      fromNs,
      earliestNs: fromNs + atLeastMs * 1e6,
      deadlineNs: fromNs + waitMs * 1e6,
      sustainedMs: this.#lab.plan.scenario.limits.sustainedMs,
    };
    return awaitSustained(this.#traffic, this.#rates, window, stop, this.#signal);
  }

  #tellSeen(stepId: string, recovered: boolean): void {
    this.#lab.journal.emit({ kind: 'recovery.seen', atNs: nowNs(), stepId, recovered });
  }

  async #recordState(label: string): Promise<void> {
    this.#lab.counters(label);
    for (const { from, to } of this.#lab.plan.scenario.meters) {
      await this.#lab.path(from, to, label);
      await this.#lab.path(to, from, label);
    }
  }
}
