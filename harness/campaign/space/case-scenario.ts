/** What is written for one case: its timeline, and the expectations that it is held to. Pure. */
import type { FailureCase } from '../../model/failure-case.js';
import type { ResolvedScenario } from '../../model/resolved.js';

/** Fields of a written scenario that a case has of its own. */
export interface CaseFields {
  timeline: object[];
  expect: object[];
  allowNoEffect: true;
}

/** An expectation, as far as a case has to read it. */
interface Written {
  metric?: unknown;
  atMost?: unknown;
  atLeast?: unknown;
  after?: unknown;
  everySingleFailure?: unknown;
}

/** What a failure must not exceed, whatever fails. */
const harms = new Set([
  'networkOutageMs',
  'receiverSilenceMs',
  'tcpStallMs',
  'recoveredTo90Ms',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'keepsContact',
]);
/** Of those, what a heal may end. */
const healable = new Set(['networkOutageMs', 'tcpStallMs', 'recoveredTo90Ms']);
/** What must stay high, whatever fails. */
const virtues = new Set(['baselineBps', 'rateDuringFaultBps']);

/** When faults are injected: at the moment of the scenario's own first one. Milliseconds. */
export function faultMomentMs({ timeline, limits }: ResolvedScenario): number {
  const moments = timeline.flatMap(({ when, action }) =>
    when.kind === 'at' && action.kind === 'inject' ? [when.ms] : [],
  );
  return moments.length > 0 ? Math.min(...moments) : limits.cleanMs + 1000;
}

/** Faults of a case at one moment, named so that expectations can be bound to each. */
export function timelineOf({ failures }: FailureCase, atMs: number): object[] {
  return failures.map(({ element, faultKind }, place) => ({
    kind: 'at',
    time: `${atMs}ms`,
    action: {
      kind: faultKind,
      as: `failure-${place + 1}`,
      ...(element.kind === 'controller'
        ? { instance: element.instance ?? 0 }
        : { target: element.name }),
    },
  }));
}

/**
 * The scenario's expectations as a case is held to them: only what no failure may exceed. What
 * demands harm of one certain fault (`losesContact`, lower bounds) is left out.
 */
export function expectationsOf(written: unknown, failures: number): object[] {
  return listOf(written).flatMap((one) => heldTo(one, failures));
}

/**
 * The same for failures that are healed while they last: what a heal ended before the network could
 * has lasted as long as it did.
 */
export function expectationsOfSchedule(written: unknown, failures: number): object[] {
  return expectationsOf(written, failures).map((one) =>
    healable.has(String((one as Written).metric)) ? { ...one, healCounts: true } : one,
  );
}

/** Places of the expectations of which nothing is left in any case. */
export function leftOut(written: unknown): number[] {
  return listOf(written).flatMap((one, place) => (heldTo(one, 1).length === 0 ? [place] : []));
}

function listOf(written: unknown): Written[] {
  return Array.isArray(written) ? (written as Written[]) : [];
}

function heldTo(one: Written, failures: number): object[] {
  const { after, atLeast, atMost, ...rest } = one;
  const metric = String(one.metric);
  // What refers to a fault by its name applies to that fault alone.
  if (after !== undefined) return [];
  if (one.everySingleFailure === true && failures > 1) return [];
  const kept = virtues.has(metric) ? { atLeast } : { atMost };
  if (!harms.has(metric) && !virtues.has(metric)) return [];
  const bound = virtues.has(metric) ? atLeast : atMost;
  if (bound === undefined && metric !== 'keepsContact') return [];
  const each = bound === undefined ? rest : { ...rest, ...kept };
  if (failures === 1 || metric === 'baselineBps') return [each];
  return Array.from({ length: failures }, (_, place) => ({
    ...each,
    after: `failure-${place + 1}`,
  }));
}
