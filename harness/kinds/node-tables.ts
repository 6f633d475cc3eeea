/** The tables of kinds of nodes, each derived from the list of descriptors. */
import { LabError } from '../errors.js';
import type { NodeTrait } from '../model/node-facts.js';
import { kindHas, type NodeKind, type ResolvedNode } from '../model/node-traits.js';
import { nodeDescriptors } from './generated/node-descriptors.js';
import type { NodeDescriptor } from './node-kind.js';

const all: readonly NodeDescriptor[] = nodeDescriptors;
const byKind = new Map(all.map((descriptor) => [descriptor.kind, descriptor]));

/** The descriptor of a kind. Throws INTERNAL when there is none, which a test rules out. */
export function nodeKindOf(kind: NodeKind): NodeDescriptor {
  const found = byKind.get(kind);
  if (found) return found;
  throw new LabError('INTERNAL', `No descriptor of the node kind ${kind} was written.`);
}

/** What people call a node of a kind. */
export const nounOf = (kind: NodeKind): string => nodeKindOf(kind).noun[0];

/** The kinds that have a trait, in words: `relay or switch`. */
export function wordsWith(trait: NodeTrait): string {
  const words = all.filter(({ traits }) => traits.includes(trait)).map(({ noun }) => noun[0]);
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');
}

/** What the node of that name is, where it is there and has not the trait that is wanted. */
export function otherThan(
  trait: NodeTrait,
  nodes: readonly ResolvedNode[],
  name: string,
): string | undefined {
  const node = nodes.find((one) => one.name === name);
  return node === undefined || kindHas(node.kind, trait) ? undefined : nounOf(node.kind);
}
