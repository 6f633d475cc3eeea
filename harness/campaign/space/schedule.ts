/** Schedules of failures: what fails when and for how long, as data, and what the graph says of it. Pure. */

import type { FaultDescriptor } from '../../kinds/fault-kind.js';
import { excludedTogether } from '../../kinds/fault-tables.js';
import { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';
import type { Element, ElementFailure } from '../../model/failure-case.js';
import type { FaultKind } from '../../model/resolved.js';
import { type FailureSpace, isUsed, misfitOf, needsNothing, pairsCutBy } from './elements.js';

/** One way in which one element can fail. */
export interface FailureOption extends ElementFailure {
  /** Fields that its kind has beside the target, as they are written. */
  fields: Readonly<Record<string, string>>;
}

/** One failure of a schedule. */
export interface ScheduledFailure extends FailureOption {
  /** After the moment of the scenario's own first fault, milliseconds. */
  startMs: number;
  /** Healed after so long; null: it lasts to the end. */
  lastsMs: number | null;
}

export type Schedule = readonly ScheduledFailure[];

const descriptors: readonly FaultDescriptor[] = faultDescriptors;

/** Every way in which something that the traffic could depend on can fail, the plainest first. */
export function failureOptions(
  space: FailureSpace,
  elements: readonly Element[],
  kinds: readonly string[] | undefined,
): FailureOption[] {
  const usable = [...descriptors]
    .sort((one, other) => one.order - other.order)
    .filter(({ kind, hits }) => hits !== 'nodes' && (!kinds || kinds.includes(kind)));
  return usable.flatMap((descriptor) =>
    elements
      .filter((element) => isUsed(space, element))
      .filter((element) => misfitOf(space, element, descriptor.kind) === null)
      .flatMap((element) =>
        fieldsOf(descriptor).map((fields) => ({ element, faultKind: descriptor.kind, fields })),
      ),
  );
}

/** Each value that a kind lets a search draw; one without fields where its target is enough. */
function fieldsOf(descriptor: FaultDescriptor): Array<Record<string, string>> {
  const { draws } = descriptor;
  if (!draws) return needsNothing(descriptor) ? [{}] : [];
  return Object.entries(draws).reduce<Array<Record<string, string>>>(
    (all, [field, values]) =>
      all.flatMap((one) => values.map((value) => ({ ...one, [field]: value }))),
    [{}],
  );
}

/** What is written for a schedule, in the order of time. @param baseMs After the start of traffic. */
export function timelineOfSchedule(schedule: Schedule, baseMs: number): object[] {
  const steps = schedule.flatMap((failure, place) => {
    const name = `failure-${place + 1}`;
    const inject = { atMs: baseMs + failure.startMs, action: actionOf(failure, name) };
    if (failure.lastsMs === null) return [inject];
    const heal = { kind: 'heal', fault: name };
    return [inject, { atMs: inject.atMs + failure.lastsMs, action: heal }];
  });
  return steps
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, action }) => ({ kind: 'at', time: `${atMs}ms`, action }));
}

function actionOf({ element, faultKind, fields }: FailureOption, name: string): object {
  const aim =
    element.kind === 'controller' ? { instance: element.instance ?? 0 } : { target: element.name };
  return { kind: faultKind, as: name, ...aim, ...fields };
}

/**
 * Why the graph excludes a schedule: at some moment no path is left between hosts with traffic, or
 * two failures of one element exclude each other. Null: a network could survive it.
 */
export function excludedBy(
  space: FailureSpace,
  schedule: Schedule,
): 'cut' | 'contradiction' | null {
  const endOf = ({ startMs, lastsMs }: ScheduledFailure) =>
    lastsMs === null ? Number.POSITIVE_INFINITY : startMs + lastsMs;
  for (const { startMs } of schedule) {
    const standing = schedule.filter((one) => one.startMs <= startMs && endOf(one) > startMs);
    if (pairsCutBy(space, standing).length > 0) return 'cut';
    const contradicts = standing.some((one, place) =>
      standing
        .slice(place + 1)
        .some(
          (other) =>
            one.element.name === other.element.name &&
            excludedTogether(one.faultKind as FaultKind, other.faultKind as FaultKind),
        ),
    );
    if (contradicts) return 'contradiction';
  }
  return null;
}

/** The same schedule has the same key. */
export function keyOfSchedule(schedule: Schedule): string {
  return JSON.stringify(
    schedule.map(({ element, faultKind, fields, startMs, lastsMs }) => [
      ...[element.name, faultKind, fields, startMs, lastsMs],
    ]),
  );
}
