/**
 * What a kind of node is: one object a kind, from which every table of node kinds is derived. It
 * says what can be written and how it is resolved. Its traits and the shape of a resolved one are in
 * `harness/model/nodes/`; how it is built is the file of the same name in
 * `harness/lab/mininet/bridge/nodes/`, how it is asked is that in `harness/lab/nodes/`.
 */
import * as z from 'zod';
import type { Problems } from '../language/problems.js';
import type { Placed } from '../language/resolve/placed.js';
import { strict, text } from '../language/schema/fields.js';
import type { FromMininet } from '../language/schema/from-mininet.js';
import type { Capabilities } from '../model/capabilities.js';
import type { MininetNotes } from '../model/mininet-description.js';
import type { Cidr } from '../model/network/addresses.js';
import type { NodeTrait } from '../model/node-facts.js';
import type { NodeKind, ResolvedNode } from '../model/node-traits.js';

/** What resolving a node may look at. */
export interface NodeContext {
  problems: Problems;
  /** What a Mininet file states and the lab does otherwise. */
  notes: MininetNotes;
  /** No controller is connected while the network runs. */
  alone: boolean;
  /** The protection from loops that the scenario's controller asks of every switch. */
  protection: 'none' | 'stp' | 'rstp' | undefined;
  /** Datapath ids by part, of every node that has Open vSwitch, in the order they were written. */
  datapathIds: ReadonlyMap<unknown, string>;
  fabric: FabricContext;
}

/** The network under the tunnels. */
export interface FabricContext {
  /** Undefined where no node has an interface in it, or where it cannot be read. */
  cidr: Cidr | undefined;
  /** Place in the scenario of its subnet. */
  path: string;
  /** Some tunnel runs over a cable of its own. */
  hasCables: boolean;
}

/** How a node is drawn in the HTML report, in units of the drawing. */
export type NodePicture =
  | { shape: 'rectangle'; width: number; height: number; corner: number }
  | { shape: 'circle'; radius: number };

/** A program, by the places of which one must have it. */
export interface NodeProgram {
  name: string;
  paths: string[];
  package: string;
}

interface NodeManners {
  /** Place in every list of kinds, the smallest number first. */
  order: number;
  /** What people call it, one and several: `['host', 'hosts']`. */
  noun: readonly [string, string];
  /** What it needs of the machine; left out: nothing. */
  needs?: ReadonlyArray<Extract<keyof Capabilities, 'ovsVersion'>>;
  /** Programs that it runs, with the Debian package of each; left out: none beside the lab's own. */
  programs?(node: ResolvedNode): NodeProgram[];
  /**
   * On a loop it would pass broadcasts on for ever. `learnsAll`: the scenario's controller makes
   * every switch learn. Left out: it cannot be on a loop, or never passes on what came around.
   */
  circles?(node: ResolvedNode, learnsAll: boolean): boolean;
  /** What to write so that it does not. */
  circlesRemedy?: string;
  /** Why faults that hit machines cannot hit it, and what to do instead. */
  insteadOfFaults?: string;
  picture: NodePicture;
  /** Its row in the table of nodes. */
  documented: { example: string; is: string };
}

/** A kind of node, with the types of its written form left out. */
export interface NodeDescriptor extends NodeManners {
  kind: NodeKind;
  traits: readonly NodeTrait[];
  /** What a scenario calls. */
  write: (...given: never[]) => { kind: NodeKind; name: string };
  /** Shape of what `write` returns, by which it is checked. */
  schema: z.ZodType;
  /** Binds all nodes of the kind, in the order they were written: one for each. */
  resolve(batch: ReadonlyArray<Placed<never>>, context: NodeContext): ResolvedNode[];
}

type NodeSchema<Kind extends string, Fields extends z.core.$ZodLooseShape> = z.ZodObject<
  { kind: z.ZodLiteral<Kind>; name: typeof text } & Fields,
  z.core.$strict
>;

export interface DescribedNode<Kind extends string, Fields extends z.core.$ZodLooseShape, Write>
  extends NodeManners {
  kind: Kind;
  traits: readonly NodeTrait[];
  write: Write;
  schema: NodeSchema<Kind, Fields>;
  resolve: NodeDescriptor['resolve'];
}

/** A node as it was read: what a scenario file writes, and what Mininet decided of its own. */
export type ReadNode<Kind extends string, Fields extends z.core.$ZodLooseShape> = z.output<
  NodeSchema<Kind, Fields>
> &
  FromMininet;

/**
 * Describes a kind of node; it is the default export of `harness/kinds/nodes/<kind>.ts`. Everything
 * else that such a file exports is part of the door for scenario files.
 */
export function nodeKind<
  const Kind extends NodeKind,
  Fields extends z.core.$ZodLooseShape,
  Write extends (...given: never[]) => { kind: Kind; name: string },
>(
  described: Omit<NodeManners, 'circles' | 'programs'> & {
    /** Its facts, from the file of the same name in `harness/model/nodes/`. */
    facts: { kind: Kind; traits: readonly NodeTrait[] };
    write: Write;
    /** What can be written of it beside its name. */
    fields: Fields;
    resolve(
      batch: ReadonlyArray<Placed<ReadNode<Kind, Fields>>>,
      context: NodeContext,
    ): Array<Extract<ResolvedNode, { kind: Kind }>>;
    /** See NodeManners. */
    programs?(node: Extract<ResolvedNode, { kind: Kind }>): NodeProgram[];
    /** See NodeManners. */
    circles?(node: Extract<ResolvedNode, { kind: Kind }>, learnsAll: boolean): boolean;
  },
): DescribedNode<Kind, Fields, Write> {
  const { facts, fields, noun, resolve, circles, programs, ...manners } = described;
  const { kind, traits } = facts;
  const schema = strict(`a ${noun[0]}`, { kind: z.literal(kind), name: text, ...fields });
  return {
    ...manners,
    ...(programs ? { programs: programs as unknown as NonNullable<NodeManners['programs']> } : {}),
    ...(circles ? { circles: circles as unknown as NonNullable<NodeManners['circles']> } : {}),
    noun,
    kind,
    traits,
    schema: schema as unknown as NodeSchema<Kind, Fields>,
    resolve: resolve as unknown as NodeDescriptor['resolve'],
  };
}
