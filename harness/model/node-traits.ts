/** What nodes are and have, asked by trait: nothing outside of the kinds' own files tests a kind. */
import * as z from 'zod';
import { factsOfNodes, resolvedNodes } from './generated/node-facts.js';
import type { NodeTrait } from './node-facts.js';

type Facts = (typeof factsOfNodes)[number];

export type NodeKind = Facts['kind'];

export const resolvedNode = z.discriminatedUnion('kind', resolvedNodes);
export type ResolvedNode = z.infer<typeof resolvedNode>;

type KindIf<Each, Trait> = Each extends { kind: infer Kind; traits: readonly (infer Has)[] }
  ? Trait extends Has
    ? Kind
    : never
  : never;

/** Resolved nodes of all kinds that have the trait, so that their common fields can be read. */
export type NodeWith<Trait extends NodeTrait> = Extract<
  ResolvedNode,
  { kind: KindIf<Facts, Trait> }
>;

const traits: ReadonlyMap<string, ReadonlySet<NodeTrait>> = new Map(
  factsOfNodes.map(({ kind, traits }) => [kind, new Set<NodeTrait>(traits)]),
);

/** Every kind of node. */
export const nodeKinds: readonly NodeKind[] = factsOfNodes.map(({ kind }) => kind);

/** Whether nodes of a kind have a trait; for traits that are not known when this is written. */
export function kindHas(kind: string, trait: NodeTrait): boolean {
  return traits.get(kind)?.has(trait) ?? false;
}

/** Whether a node, resolved or only written, is of a kind that has the trait. */
export function has<Node extends { kind: string }, Trait extends NodeTrait>(
  node: Node,
  trait: Trait,
): node is Node & { kind: KindIf<Facts, Trait> } {
  return kindHas(node.kind, trait);
}

/** Those of the nodes whose kind has the trait, in their order. */
export function nodesWith<Trait extends NodeTrait>(
  nodes: readonly ResolvedNode[],
  trait: Trait,
): Array<NodeWith<Trait>> {
  return nodes.filter((node): node is NodeWith<Trait> => has(node, trait));
}

/** The nodes that are connected to the controller; some switches of Mininet files are not. */
export function controlledNodes(
  nodes: readonly ResolvedNode[],
): Array<NodeWith<'calls-controller'>> {
  return nodesWith(nodes, 'calls-controller').filter(
    (node) => !('withoutController' in node && node.withoutController),
  );
}

/** The node of that name, if it has the trait. */
export function nodeWith<Trait extends NodeTrait>(
  nodes: readonly ResolvedNode[],
  name: string,
  trait: Trait,
): NodeWith<Trait> | undefined {
  return nodesWith(nodes, trait).find((node) => node.name === name);
}
