/**
 * What a fault kind is: one object a kind, from which every table of fault kinds is derived. It says
 * what can be written, what it may hit and what it means to validation, judgement and reports. How
 * the fault is done on a network is the file of the same name in `harness/lab/faults/`.
 */

import * as z from 'zod';
import { strict } from '../language/schema/fields.js';
import type { NodeTrait } from '../model/node-facts.js';
import type {
  FaultKind,
  ResolvedFault,
  ResolvedLink,
  ResolvedTopology,
  ResolvedTunnel,
} from '../model/resolved.js';
import type { FaultNeeds } from './fault-needs.js';

/** A link as a fault meets it, before the run. */
export interface HitLink {
  id: string;
  /** Null = a plain link. */
  tunnel: Pick<ResolvedTunnel, 'id' | 'underlay'> | null;
  /** The link itself, or the cable below the tunnel; null = the tunnel crosses the fabric. */
  wire: ResolvedLink | null;
}

/** Why a fault cannot be, in a sentence, and what to write instead. */
export interface Misfit {
  message: string;
  hint?: string;
}

/** Whether a fault hits single nodes, and which. */
export function isNodeTrait(hits: FaultDescriptor['hits']): hits is NodeTrait {
  return hits !== 'link' && hits !== 'nodes' && hits !== 'controller';
}

interface FaultFacts {
  /** Place in every list of kinds, the smallest number first. */
  order: number;
  /** What its target may be: a node that has a trait, or something else than one node. */
  hits: NodeTrait | 'link' | 'nodes' | 'controller';
  /** Aimed at a link, it is meant to take the link down: a hint names the kinds that do. */
  meantForLinks?: boolean;
  /** Why it cannot hit this link; undefined = it can. */
  misfit?(link: HitLink): Misfit | undefined;
  /** The written field whose value makes the fault do nothing on this network, and why. */
  idle?(
    fault: ResolvedFault,
    topology: ResolvedTopology,
  ): { field: string; message: string } | undefined;
  /** What it needs of the machine's kernel; left out: nothing. */
  needs?: FaultNeeds | ((repeatable: readonly FaultDescriptor[]) => FaultNeeds);
  /** Kinds of the same word exclude each other on one target; left out: only itself. */
  excludes?: 'dead' | 'cut' | 'controller';
  /** Whether data traffic is expected to feel it, or only BFD sessions, or only OpenFlow. */
  touches: 'data' | 'bfd' | 'openflow';
  /** The node that it hits forwards nothing any more. */
  kills?: boolean;
  /** What it hits does nothing any more, and is drawn crossed out. */
  stops?: boolean;
  /** What it hits passes nothing at times, again and again. */
  comesAndGoes?: boolean;
  /** It stops ovs-vswitchd alone: the kernel's datapath forwards what it knew. */
  kernelForwards?: boolean;
  /** BFD and a controller's probes see it within what their timers promise. */
  seenInTime?: boolean;
  /** It takes a link down, so a flap can repeat it; one kind is the flap's default. */
  repeatable?: 'if asked for' | 'by default';
  /** Values of its fields that a search draws from, the mildest first; left out: its target alone. */
  draws?: Readonly<Record<string, readonly string[]>>;
  /** Its row in the table of faults. */
  documented: { example: string; does: string; hits?: string };
}

/** A fault kind, with the types of its written form left out. */
export interface FaultDescriptor extends FaultFacts {
  kind: FaultKind;
  /** What a scenario calls. */
  write: (...given: never[]) => { kind: FaultKind };
  /** Shape of what `write` returns, by which it is checked and its quantities are read. */
  schema: z.ZodType;
  /** Kind-specific numbers of the resolved fault, by names that end with their unit. */
  parameters(read: object): ResolvedFault['parameters'];
}

type FaultSchema<Kind extends FaultKind, Fields extends z.core.$ZodLooseShape> = z.ZodObject<
  { kind: z.ZodLiteral<Kind> } & Fields,
  z.core.$strict
>;

export interface Described<Kind extends FaultKind, Fields extends z.core.$ZodLooseShape, Write>
  extends FaultFacts {
  kind: Kind;
  write: Write;
  schema: FaultSchema<Kind, Fields>;
  parameters(read: object): ResolvedFault['parameters'];
}

/**
 * Describes a fault kind; it is the default export of `harness/kinds/faults/<kind>.ts`. Everything
 * else that such a file exports is part of the door for scenario files.
 */
export function faultKind<
  const Kind extends FaultKind,
  Fields extends z.core.$ZodLooseShape,
  Write extends (...given: never[]) => { kind: Kind },
>(
  described: FaultFacts & {
    kind: Kind;
    write: Write;
    fields: Fields;
    parameters?(read: z.output<FaultSchema<Kind, Fields>>): ResolvedFault['parameters'];
  },
): Described<Kind, Fields, Write> {
  const { kind, fields, parameters = () => ({}) } = described;
  const schema = strict(kind, { kind: z.literal(kind), ...fields });
  return { ...described, schema, parameters: parameters as FaultDescriptor['parameters'] };
}
