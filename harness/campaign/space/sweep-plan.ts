/** Which cases a sweep consists of: every element once, and pairs of them where asked for. Pure. */
import { LabError } from '../../errors.js';
import { faultOf } from '../../kinds/fault-tables.js';
import { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';
import type {
  Element,
  ElementAside,
  ElementFailure,
  FailureCase,
  HostPair,
  SweepPlan,
} from '../../model/failure-case.js';
import { shortestPath } from '../../model/network/graph.js';
import type { FaultKind } from '../../model/resolved.js';
import { derivedSeed, randomFrom, shuffled } from '../../model/seed.js';
import {
  type FailureSpace,
  isUsed,
  misfitOf,
  needsNothing,
  ownFault,
  pairsCutBy,
} from './elements.js';

export const elementClasses = ['nodes', 'links', 'tunnels', 'controllers'] as const;

export interface SweepRequest {
  /** Classes of elements, or names of single ones; left out: all that there are. */
  elements?: readonly string[];
  /** Kinds of faults; left out: the one by which each element fails by itself. */
  faults?: readonly string[];
  /** Pairs of failures beside the single ones, at the most. Left out: none. */
  pairs?: number;
}

/** As many as a run has at the most. */
const trialsMax = 1000;

/** @throws LabError WRONG_USE for what does not exist, and for traffic that has one path only. */
export function planSweep(
  space: FailureSpace,
  request: SweepRequest,
  rounds: number,
  seed: number,
): Omit<SweepPlan, 'expectationsLeftOut'> {
  const elements = chosenElements(space, request.elements);
  const kinds = request.faults?.map((name) => faultKindOf(name));
  const judged = elements.flatMap((element) => failuresOf(space, element, kinds));
  const failures = judged.flatMap((one) => ('faultKind' in one && !('why' in one) ? [one] : []));
  const aside = judged.flatMap((one) => ('why' in one ? [one] : []));
  if (failures.length === 0) throw nothingToFail(space, aside);
  const pairs = request.pairs ? pairsOf(space, failures, request.pairs, seed) : null;
  const cases = [...failures.map((one) => ({ failures: [one] })), ...(pairs?.chosen ?? [])];
  if (cases.length * rounds > trialsMax) {
    const message = `The sweep has ${cases.length} cases of ${rounds} trials; at most ${trialsMax} trials are run.`;
    throw new LabError('WRONG_USE', message, {
      hint: 'Ask for fewer --elements, --pairs or --trials.',
    });
  }
  const { elements: names, faults, pairs: most } = request;
  return {
    kind: 'sweep',
    asked: {
      ...(names === undefined ? {} : { elements: [...names] }),
      ...(faults === undefined ? {} : { faults: [...faults] }),
      ...(most === undefined ? {} : { pairs: most }),
    },
    cases,
    rounds,
    aside,
    pairs: pairs && { possible: pairs.possible, cut: pairs.cut, chosen: pairs.chosen.length },
  };
}

/** Those of the elements that were asked for. @throws LabError WRONG_USE for an unknown name. */
export function chosenElements(
  { elements }: FailureSpace,
  asked: readonly string[] | undefined,
): Element[] {
  if (asked === undefined) return elements;
  const classes: readonly string[] = elementClasses;
  for (const word of asked) {
    if (classes.includes(word) || elements.some(({ name }) => name === word)) continue;
    const names = elements.map(({ name }) => name).join(', ');
    throw new LabError('WRONG_USE', `--elements has no element ${word}.`, {
      hint: `Allowed: ${classes.join(', ')}; or ${names}.`,
    });
  }
  return elements.filter(({ kind, name }) => asked.includes(`${kind}s`) || asked.includes(name));
}

function faultKindOf(name: string): FaultKind {
  const usable = faultDescriptors.filter(needsNothing).map(({ kind }) => kind);
  const found = usable.find((kind) => kind === name);
  if (found && faultOf(found).hits !== 'nodes') return found;
  const known = faultDescriptors.some(({ kind }) => kind === name);
  const why = known ? 'needs more than a target' : 'is not a kind of fault';
  throw new LabError('WRONG_USE', `--faults: ${name} ${why}.`, {
    hint: `Allowed: ${usable.join(', ')}.`,
  });
}

function failuresOf(
  space: FailureSpace,
  element: Element,
  kinds: readonly FaultKind[] | undefined,
): Array<ElementFailure | ElementAside> {
  if (!isUsed(space, element)) return [{ why: 'unused', element }];
  const candidates = kinds ?? [ownFault(space, element)].filter((kind) => kind !== null);
  const fitting = candidates.filter((kind) => misfitOf(space, element, kind) === null);
  if (fitting.length === 0) {
    const [faultKind = null] = kinds?.filter((kind) => sameClass(element, kind)) ?? [];
    // Who asks for faults of links does not ask why no node has one.
    if (kinds && faultKind === null) return [];
    const message =
      misfitOf(space, element, faultKind ?? 'power-off') ?? 'no kind of fault takes it away';
    return [{ why: 'cannot-fail', element, faultKind, message }];
  }
  return fitting.map((faultKind) => {
    const pairs = pairsCutBy(space, [{ element, faultKind }]);
    return pairs.length > 0 ? { why: 'cut', element, pairs } : { element, faultKind };
  });
}

/** A fault of links for a link, of nodes for a node, of controllers for a controller. */
function sameClass({ kind }: Element, faultKind: FaultKind): boolean {
  const { hits } = faultOf(faultKind);
  if (hits === 'link') return kind === 'link' || kind === 'tunnel';
  return hits === 'controller' ? kind === 'controller' : kind === 'node' && hits !== 'nodes';
}

function pairsOf(space: FailureSpace, failures: ElementFailure[], most: number, seed: number) {
  const all = failures.flatMap((one, place) =>
    failures
      .slice(place + 1)
      .filter((other) => !impliedBy(space, one, other))
      .map((other): FailureCase => ({ failures: [one, other] })),
  );
  const survivable = all.filter((pair) => pairsCutBy(space, pair.failures).length === 0);
  const drawn = shuffled(survivable, randomFrom(derivedSeed(seed, 'pairs'))).slice(0, most);
  // In the order of the elements, whichever were drawn.
  const chosen = survivable.filter((pair) => drawn.includes(pair));
  return { possible: all.length, cut: all.length - survivable.length, chosen };
}

/** Both hit the same element, or a wire of a node that is dead. */
function impliedBy({ graph }: FailureSpace, one: ElementFailure, other: ElementFailure): boolean {
  if (one.element.name === other.element.name) return true;
  const dead = [one, other].flatMap(({ element }) => (element.kind === 'node' ? element.name : []));
  return [one, other].some(({ element }) => {
    const edge = graph.edges.find(({ id }) => element.kind !== 'node' && id === element.name);
    return edge !== undefined && dead.some((node) => node === edge.a || node === edge.b);
  });
}

/** One path only: the cut is the answer, and no trial adds to it. */
function nothingToFail(space: FailureSpace, aside: readonly ElementAside[]): LabError {
  const cuts = aside.filter((one) => one.why === 'cut');
  const names = cuts.map(({ element }) => element.name).join(', ');
  const [pair] = space.pairs;
  const path = pair && shortestPath(space.graph, pair.from, pair.to)?.nodes.join(' > ');
  if (cuts.length > 0) {
    const message = `Every element that can fail is a cut: ${names}. Without any of them there is no path between ${pairWords(cuts.flatMap(({ pairs }) => pairs))}.`;
    const hint = `No network survives that. The only path is ${path}; add a second one, or traffic that has one.`;
    return new LabError('WRONG_USE', message, { hint });
  }
  const reasons = aside.map((one) =>
    one.why === 'cannot-fail'
      ? `${one.element.name}: ${one.message}`
      : `${one.element.name}: no traffic can use it`,
  );
  const message = `No element of ${space.scenario.name} can fail in the requested way.`;
  return new LabError('WRONG_USE', message, {
    hint:
      reasons.slice(0, 5).join('; ') ||
      'The scenario has no node, link or controller between its hosts.',
  });
}

/** `h1 and h2, h1 and h3`, each pair once. */
function pairWords(pairs: readonly HostPair[]): string {
  return [...new Set(pairs.map(({ from, to }) => `${from} and ${to}`))].join(', ');
}
