/** The faults of a live lab: injected and healed, each read back and recorded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { LabError, messageOf } from '../../errors.js';
import type { TracedPath } from '../../model/network/traced-path.js';
import type { ResolvedFault } from '../../model/resolved.js';
import type { Change, Transition } from '../faults/fault.js';
import { faultDefinitions } from '../faults/kinds.js';
import { bindTarget } from '../faults/target.js';
import type { Lab } from '../lab.js';
import { type Confirmed, confirmTarget, type Prepared, watchMs } from './confirm-target.js';
import { StandingFaults } from './standing-faults.js';

/** Counters are watched for at least so long, though a fault be late by it. */
const shortestWatchMs = 30;

export interface Standing {
  stepId: string;
  fault: ResolvedFault;
  targets: string[];
}

export class AppliedFaults {
  readonly #lab: Lab;
  readonly #signal: AbortSignal;
  readonly #standing = new StandingFaults<Standing>();
  #latest: { stepId: string; change: Change } | undefined;
  #whole = true;

  constructor(lab: Lab, signal: AbortSignal) {
    this.#lab = lab;
    this.#signal = signal;
  }

  /** The newest change, injected or healed; undefined = nothing was changed yet. */
  get latest(): { stepId: string; change: Change } | undefined {
    return this.#latest;
  }

  /** False while a fault stands, or once one could not be healed at first. */
  get whole(): boolean {
    return this.#whole && this.#standing.size === 0;
  }

  /** The step that injected a fault; undefined = it does not stand. */
  stepOf(faultId: string): string | undefined {
    return this.#standing.labelOf(faultId)?.stepId;
  }

  /** Whether a fault stands and its heal was not begun. */
  untouched(faultId: string): boolean {
    return this.#standing.untouched(faultId);
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
        const data = { fault: fault.kind, targets, message: messageOf(thrown) };
        this.#lab.journal.warn({ code: 'heal-failed', data });
      }
    }
  }

  /** Bind a fault's target to names, by the paths as they are now. */
  async prepare(fault: ResolvedFault): Promise<Prepared> {
    let path: TracedPath | null = null;
    const target = await bindTarget(this.#lab.topology, fault.target, async (from, to) => {
      path = await this.#lab.path(from, to, 'before');
      return path;
    });
    return { target, path };
  }

  /** Faults that stand, newest first; all of them, or the one of that id. Throws WRONG_USE. */
  standing(faultId: string | null): Standing[] {
    const all = this.#standing.labels;
    if (faultId === null) return all;
    const found = all.filter(({ fault }) => fault.id === faultId);
    if (found.length > 0) return found;
    throw new LabError('WRONG_USE', `No fault ${faultId} is active.`, {
      hint: `Active faults: ${all.map(({ fault }) => fault.id).join(', ') || 'none'}.`,
    });
  }

  /** Inject one fault, read back. Throws FAULT_NOT_APPLIED when it was not seen. */
  async inject(
    fault: ResolvedFault,
    stepId: string,
    bound?: Prepared,
    dueNs?: number,
  ): Promise<{ change: Change; targets: string[] }> {
    const prepared = bound ?? (await this.prepare(fault));
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
    if (!standing) throw new LabError('INTERNAL', `Fault ${faultId} is not active.`);
    this.#lab.counters(`before heal of ${faultId}`);
    const healed = await this.#standing.heal(faultId).catch((thrown) => {
      this.#whole = false;
      throw thrown;
    });
    if (healed === null) throw new LabError('INTERNAL', `Fault ${faultId} is not active.`);
    if (!healed.verified) this.#whole = false;
    this.#latest = { stepId, change: healed };
    this.#lab.healedNs = healed.afterNs;
    this.#record('fault.healed', stepId, standing.fault, standing.targets, healed);
    return healed;
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
      if (dueNs !== undefined) await sleepUntil(dueNs, this.#signal);
      this.#lab.counters(`before ${fault.id}`);
      return { target };
    }
    const firstNs = nowNs();
    const first = this.#lab.readCounters();
    const untilNs = dueNs ?? firstNs + watchMs * 1e6;
    await sleepUntil(Math.max(untilNs, firstNs + shortestWatchMs * 1e6), this.#signal);
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
      `${fault.kind} on ${targets.join(', ')} was requested, but not observed.`,
      { details: { readBack: evidence } },
    );
  }
}

/** Sleep until a moment (CLOCK_MONOTONIC). Rejects with the reason of `signal`. */
export async function sleepUntil(dueNs: number, signal: AbortSignal): Promise<void> {
  const waitMs = (dueNs - nowNs()) / 1e6;
  if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  signal.throwIfAborted();
}
