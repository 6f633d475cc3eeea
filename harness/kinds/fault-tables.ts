/** The tables of fault kinds, each derived from the list of descriptors. */

import { LabError } from '../errors.js';
import type { FaultKind, ResolvedFault } from '../model/resolved.js';
import { callOf } from './call.js';
import type { FaultDescriptor, HitLink } from './fault-kind.js';
import type { FaultNeeds, Need, NeedCondition, NeedContext } from './fault-needs.js';
import { faultDescriptors } from './generated/fault-descriptors.js';
import { wordsWith } from './node-tables.js';

const all: readonly FaultDescriptor[] = faultDescriptors;
const byKind = new Map(all.map((descriptor) => [descriptor.kind, descriptor]));

/** The descriptor of a kind. Throws INTERNAL when there is none, which a test rules out. */
export function faultOf(kind: FaultKind): FaultDescriptor {
  const found = byKind.get(kind);
  if (found) return found;
  throw new LabError('INTERNAL', `No descriptor of the fault kind ${kind} was written.`);
}

/** Whether two kinds cannot stand on one target at the same time. */
export function excludedTogether(one: FaultKind, other: FaultKind): boolean {
  return (faultOf(one).excludes ?? one) === (faultOf(other).excludes ?? other);
}

/** What a fault's target has to be, in an error: `a relay`, `a link or tunnel`. */
export function hitWords(hits: FaultDescriptor['hits']): string {
  if (hits === 'link') return 'a link or tunnel';
  if (hits === 'nodes') return 'a list of nodes';
  return hits === 'controller' ? 'a controller' : `a ${wordsWith(hits)}`;
}

/** The kinds for which something holds. A record may name a kind that this version does not have. */
export function faultsWhich(
  holds: (descriptor: FaultDescriptor) => boolean,
): ReadonlySet<string | null> {
  return new Set<string | null>(all.filter(holds).map(({ kind }) => kind));
}

/** What takes a link down, for hints: `linkDown(…) or cableCut(…)`, as far as each fits. */
export function waysDown(link?: HitLink): string {
  const ways = all.filter(
    ({ repeatable, misfit }) => repeatable && (!link || misfit?.(link) === undefined),
  );
  const words = ways.map((way) => `${callOf(way)}(…)`);
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');
}

/** What faults of a kind need of the machine. */
export function needsOfKind(kind: FaultKind): FaultNeeds {
  const { needs = { always: [], sometimes: [] } } = faultOf(kind);
  if (typeof needs !== 'function') return needs;
  return needs(all.filter(({ repeatable }) => repeatable !== undefined));
}

/** What one fault needs in its scenario, each with the condition that makes it so. Pure. */
export function needsOfFault(
  fault: ResolvedFault,
  context: NeedContext,
): Array<{ need: Need; when: NeedCondition | null }> {
  const { always, sometimes } = needsOfKind(fault.kind);
  return [
    ...always.map((need) => ({ need, when: null })),
    ...sometimes
      .filter((conditional) => conditional.holds(fault, context))
      .map(({ need, when }) => ({ need, when })),
  ];
}
