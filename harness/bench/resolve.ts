/** How long large scenarios take to be checked and planned, before anything is built. */
import { performance } from 'node:perf_hooks';
import * as door from '../index.js';
import { resolveTrials } from '../language/resolve.js';
import type { TopologyPart } from '../language/topology/parts.js';
import type { Scenario } from '../language/written/scenario.js';

export interface ResolveReading {
  topology: string;
  nodes: number;
  joins: number;
  /** Milliseconds of every repetition: one plan, and plans for ten trials. */
  oneTrialMs: number[];
  tenTrialsMs: number[];
}

const trials = 10;
/** A topology, and the two hosts between which traffic runs. */
const topologies: Array<[name: string, parts: TopologyPart[], from: string, to: string]> = [
  ['torus(10, 10)', door.torus(10, 10), 'h1', 'h55'],
  ['torus(15, 20)', door.torus(15, 20), 'h1', 'h155'],
  ["torus(15, 20, { of: 'relays' })", door.torus(15, 20, { of: 'relays' }), 'h1', 'h155'],
  ['fullMesh(70)', door.fullMesh(70), 'h1', 'h30'],
  ['line(300)', door.line(300), 'h1', 'h300'],
  ['line(1000)', door.line(1000), 'h1', 'h1000'],
];

/** Checks and plans each topology `repetitions` times. Throws SCENARIO_INVALID for none of them. */
export function benchResolve(repetitions: number): ResolveReading[] {
  return topologies.map(([topology, parts, from, to]) => {
    const written = scenarioOver(parts, from, to);
    const [plan] = resolveTrials(written, { name: 'bench', seed: 1 }, [0]);
    const { nodes = [], links = [], tunnels = [] } = plan?.topology ?? {};
    const times = (count: number) =>
      Array.from({ length: repetitions }, () => timeOf(written, count));
    return {
      topology,
      nodes: nodes.length,
      joins: links.length + tunnels.length,
      oneTrialMs: times(1),
      tenTrialsMs: times(trials),
    };
  });
}

function scenarioOver(parts: TopologyPart[], from: string, to: string): Scenario {
  return door.scenario({
    question: 'How long does it take to plan this?',
    topology: parts,
    controller: door.floyd(),
    traffic: [door.iperf3(from, to, { mss: '1400B', bitrate: '5Mbit/s' })],
    timeline: [door.at('3s', door.cableCut(door.linkOnPath(from, to)))],
    expect: [door.networkOutage.atMost('10s')],
  });
}

function timeOf(written: Scenario, count: number): number {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const startMs = performance.now();
  resolveTrials(written, { name: 'bench', seed: 1, trials: count }, indexes);
  return performance.now() - startMs;
}
