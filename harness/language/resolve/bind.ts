/**
 * The part of a scenario that is the same for all trials of a run: what was written is read, nodes,
 * wires and traffic are bound.
 */

import * as z from 'zod';
import { type Graph, graphOf } from '../../model/network/graph.js';
import { has } from '../../model/node-traits.js';
import type { ResolvedController, ResolvedNode, ResolvedTopology } from '../../model/resolved.js';
import { parseController } from '../controller-label.js';
import type { Problems } from '../problems.js';
import { controllerSchema, type ReadController } from '../schema/controller.js';
import { limitsSchema, type ReadLimits } from '../schema/expectation.js';
import { read, strict, text, yesOrNo } from '../schema/fields.js';
import { withArpTargets } from './bonds.js';
import { resolveBfd, resolveController } from './controller.js';
import { fabricMtuBytes, resolveWiring } from './links.js';
import { withMeterAddresses } from './meter-addresses.js';
import { fabricOf, resolveNodes } from './nodes.js';
import { partsOf, type ReadTopology, readParts } from './parts.js';
import { withRouting } from './routing.js';
import { withRoutingOf } from './routing-override.js';
import { resolveTraffic } from './traffic.js';
import type { Wiring } from './wiring.js';

const top = z.unknown().optional();
const scenarioSchema = strict('a scenario', {
  question: text,
  topology: top,
  controller: top,
  traffic: top,
  programs: top,
  timeline: top,
  expect: top,
  limits: top,
  allowOversize: yesOrNo.default(false),
  allowNoEffect: yesOrNo.default(false),
});

/** What all trials share. */
export interface BoundScenario {
  frame: z.infer<typeof scenarioSchema>;
  /** Undefined when the limits have a problem: then there is no plan. */
  limits: ReadLimits | undefined;
  controller: ResolvedController;
  /** Other routing than what is written was asked for. */
  routing: string | undefined;
  /** Another controller than the one written was asked for. */
  overridden: boolean;
  topology: ResolvedTopology;
  wiring: Wiring;
  graph: Graph;
  /** Names of nodes, including those whose part has a problem of its own. */
  names: ReadonlySet<string>;
  traffic: ReturnType<typeof resolveTraffic>;
  /** Some part could not be read: the network as a whole is not judged. */
  incomplete: boolean;
}

/** Binds what does not depend on the seed; undefined when there is nothing to bind. */
export function bindScenario(
  written: unknown,
  { controller: chosenController, routing }: { controller?: string; routing?: string },
  problems: Problems,
): BoundScenario | undefined {
  const frame = readFrame(written, problems);
  if (frame === undefined) return undefined;
  const limits = read(limitsSchema, frame.limits ?? {}, 'limits', problems);
  const override =
    chosenController === undefined
      ? undefined
      : withProtectionOf(frame.controller, parseController(chosenController));
  const controllerRead = readController(override ?? frame.controller, problems);
  const routed =
    routing === undefined ? frame.topology : withRoutingOf(frame.topology, routing, problems);
  const parts = readParts(routed, problems);
  // Of a Mininet file the part itself says nothing: it may describe an empty network.
  if (parts.names.size === 0 && !parts.incomplete) {
    const hint = "write topology: [host('h1', { on: 's1' }), ovsSwitch('s1'), …]";
    problems.add('topology', 'is empty: there is no node', hint);
    return undefined;
  }
  const overridden = override !== undefined;
  const { topology, wiring } = bindTopology(parts, controllerRead, overridden, problems);
  const { nodes } = topology;
  const innerMtuBytes = Math.min(
    ...topology.tunnels.map((tunnel) => tunnel.innerMtuBytes),
    ...topology.links.map((link) => link.mtuBytes),
  );
  const { names } = parts;
  const traffic = resolveTraffic(frame.traffic, { nodes, names, innerMtuBytes, problems });
  topology.nodes = withMeterAddresses(nodes, traffic.meters, traffic.places, problems);
  const unknownController = controllerRead === undefined && frame.controller !== undefined;
  return {
    frame,
    limits,
    controller: resolveController(controllerRead),
    routing,
    overridden,
    topology,
    wiring,
    graph: graphOf(topology),
    names,
    traffic,
    incomplete: parts.incomplete || unknownController,
  };
}

function readFrame(written: unknown, problems: Problems) {
  const frame = read(scenarioSchema, written, '', problems);
  if (frame !== undefined || typeof written !== 'object' || written === null) return frame;
  // A wrong key at the top must not hide what is wrong below it.
  const known = Object.entries(written).filter(([key]) => key in scenarioSchema.shape);
  const rest = {
    ...Object.fromEntries(known),
    question: '?',
    allowOversize: false,
    allowNoEffect: false,
  };
  const second = scenarioSchema.safeParse(rest);
  return second.success ? second.data : undefined;
}

/**
 * The spanning tree that a scenario asks for stays when another controller is put in: without it
 * a loop would be open. The bundled application needs none.
 */
function withProtectionOf(
  written: unknown,
  override: Record<string, unknown>,
): Record<string, unknown> {
  if (override.kind === 'floyd' || 'spanningTree' in override) return override;
  const protects = typeof written === 'object' && written !== null && 'spanningTree' in written;
  return protects ? { ...override, spanningTree: written.spanningTree } : override;
}

function readController(written: unknown, problems: Problems): ReadController | undefined {
  if (written === undefined) return undefined;
  return read(controllerSchema, written, 'controller', problems);
}

function bindTopology(
  parts: ReadTopology,
  controller: ReadController | undefined,
  overridden: boolean,
  problems: Problems,
): { topology: ResolvedTopology; wiring: Wiring } {
  const unwired: ResolvedNode[] = resolveNodes(parts, controller, problems);
  const wiring = resolveWiring(parts, unwired, problems);
  const nodes = withRouting(parts, unwired, wiring, problems);
  const fabric = fabricOf(parts, problems);
  const inFabric = nodes.some((node) => has(node, 'fabric-address'));
  const subnet = partsOf(parts, 'fabric')[0]?.part.subnet ?? '172.31.0.0/16';
  const bonds = withArpTargets(wiring.bonds, nodes, wiring.places, problems);
  const topology: ResolvedTopology = {
    nodes,
    links: wiring.links,
    ...(bonds.length > 0 ? { bonds } : {}),
    tunnels: wiring.tunnels,
    fabric: inFabric && fabric ? { subnet, mtuBytes: fabricMtuBytes(parts) } : null,
    mininetFile: mininetFileOf(parts),
    bfd: resolveBfd(parts, controller, overridden, problems),
  };
  return { topology, wiring };
}

function mininetFileOf(parts: ReadTopology): ResolvedTopology['mininetFile'] {
  const part = partsOf(parts, 'mininet')[0]?.part;
  if (!part) return null;
  const { file, topology, arguments: list } = part;
  const notes = parts.notes.list;
  return { path: file, topology, arguments: list, ...(notes.length > 0 ? { notes } : {}) };
}
