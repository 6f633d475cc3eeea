/** Walks a scenario's timeline on a live lab: injects, waits for the recovery, heals. */
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import type { Awaited } from '../../model/history/events.js';
import type { ResolvedStep } from '../../model/resolved.js';
import type { Change } from '../faults/fault.js';
import type { Lab } from '../lab.js';
import type { Traffic } from '../planned-traffic.js';
import type { RateWatch } from '../readiness/rate.js';
import { AppliedFaults, sleepUntil } from './applied-faults.js';
import { watchMs } from './confirm-target.js';
import { nextInPhase, type Ticks } from './controller-period.js';
import { awaitRouted, awaitSustained, settleMs } from './recovery.js';
import { StepEvents } from './step-events.js';

/** Room for asking every switch before the clean window begins. */
const askingMs = 500;

export class Timeline {
  readonly faults: AppliedFaults;
  readonly #lab: Lab;
  readonly #traffic: Traffic;
  readonly #rates: RateWatch;
  readonly #ticks: Ticks;
  readonly #signal: AbortSignal;
  readonly #stepEvents = new StepEvents();

  constructor(lab: Lab, traffic: Traffic, rates: RateWatch, ticks: Ticks, signal: AbortSignal) {
    this.faults = new AppliedFaults(lab, signal);
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

  async #take(step: ResolvedStep, startNs: number): Promise<void> {
    const dueNs = await this.#dueOf(step, startNs);
    await sleepUntil(dueNs - this.#quietNs(), this.#signal);
    if (step.action.kind === 'inject') {
      const { fault } = step.action;
      const prepared = await this.faults.prepare(fault);
      await sleepUntil(dueNs - watchMs * 1e6, this.#signal);
      const { change } = await this.faults.inject(fault, step.id, prepared, dueNs);
      this.#stepEvents.reach(step.id, 'injected');
      await this.#awaitRecovery(step.id, step.action.fault.id, change);
    } else {
      const { faultId } = step.action;
      const injectStep = this.faults.stepOf(faultId) ?? step.id;
      await sleepUntil(dueNs, this.#signal);
      const change = await this.faults.heal(faultId, step.id);
      this.#stepEvents.reach(step.id, 'healed');
      this.#stepEvents.reach(injectStep, 'healed');
      await this.#awaitReversion(step.id, change);
      this.#stepEvents.reach(injectStep, 'reverted');
    }
  }

  /** When a step is due, once what it waits for has happened. */
  async #dueOf(step: ResolvedStep, startNs: number): Promise<number> {
    let dueNs = startNs;
    if (step.when.kind === 'at') dueNs += step.when.ms * 1e6;
    else {
      const { step: other, event } = step.when;
      await this.#stepEvents.reached(other, event, this.#signal);
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

  /**
   * Wait for the recovery from the newest change, injected or healed. `askedNs` is the moment at
   * which it was seen, or at which the wait was over.
   */
  async awaitRecoveryFromLatest(
    timeoutMs: number | null,
  ): Promise<{ stepId: string; recovered: boolean; askedNs: number }> {
    const { latest } = this.faults;
    if (!latest)
      throw new LabError('WRONG_USE', 'No fault was injected yet: use kill or inject first.');
    const { limits } = this.#lab.plan.scenario;
    const waitMs = timeoutMs ?? limits.recoveryDeadlineMs + limits.sustainedMs;
    const recovered = await this.#sustained(latest.change, 0, waitMs, () => false);
    const askedNs = nowNs();
    this.#tellSeen(latest.stepId, recovered);
    await this.#recordState(`after ${latest.stepId}`);
    return { stepId: latest.stepId, recovered, askedNs };
  }

  async #awaitRecovery(stepId: string, faultId: string, change: Change): Promise<void> {
    const { limits } = this.#lab.plan.scenario;
    // A heal on the timeline ends the wait: there is nothing left to recover from.
    const healed = () => !this.faults.untouched(faultId);
    const waitMs = limits.recoveryDeadlineMs + limits.sustainedMs;
    this.#tellSeen(stepId, await this.#sustained(change, 0, waitMs, healed));
    await this.#recordState(`after ${faultId}`);
    this.#stepEvents.reach(stepId, 'recovered');
  }

  async #awaitReversion(stepId: string, change: Change): Promise<void> {
    const { scenario } = this.#lab.plan;
    const { sustainedMs, recoveryDeadlineMs } = scenario.limits;
    const deadlineNs = change.afterNs + recoveryDeadlineMs * 1e6;
    // While another fault stands, some sessions may not come up.
    if (this.faults.whole) await awaitRouted(this.#lab, deadlineNs, this.#signal);
    const routedMs = (nowNs() - change.afterNs) / 1e6;
    const atLeastMs = Math.max(settleMs(scenario), routedMs) + sustainedMs;
    const waitMs = Math.max(atLeastMs, recoveryDeadlineMs + sustainedMs);
    this.#tellSeen(stepId, await this.#sustained(change, atLeastMs, waitMs, () => false));
    await this.#recordState(`after ${stepId}`);
    this.#stepEvents.reach(stepId, 'reverted');
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
