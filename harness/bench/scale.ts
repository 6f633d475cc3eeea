/**
 * How long networks of many nodes take to be built and ended, beside plain Mininet's own build of
 * the same network and beside the least that the kernel and Open vSwitch need. Each is built in a
 * sandbox of its own, one after the other, so that the machine's drift hits all alike.
 */
import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { LabError } from '../errors.js';
import * as door from '../index.js';
import { resolveTrials } from '../language/resolve.js';
import type { TopologyPart } from '../language/topology/parts.js';
import type { ResolvedTopology } from '../model/resolved.js';
import { packageRoot } from '../package-root.js';
import { namespaceCommand } from '../sites/namespaces/command.js';

/** Routers need FRR on the machine, so they are measured when they are asked for. */
export const scaleKinds = ['switches', 'relays', 'routers'] as const;
export type ScaleKind = (typeof scaleKinds)[number];

/** Who builds. Plain Mininet and the floor know no relays. */
export const scaleWays = ['failover-lab', 'mininet', 'floor'] as const;
export type ScaleWay = (typeof scaleWays)[number];

/** Seconds on the clock, and of processors without the kernel's own threads. */
const timed = z.object({ seconds: z.number(), processorSeconds: z.number() });
const measured = z.object({
  build: timed,
  /** Of all processes, without what the kernel keeps of namespaces and links. */
  memoryMiB: z.number(),
  /** One setting of one port. */
  change: timed,
  end: timed,
  /** `mn -c` afterwards. */
  mnClean: timed,
  /** In the lab's root namespace, after all of it. */
  interfacesLeft: z.number(),
});

export type ScaleReading = z.infer<typeof measured> & {
  kind: ScaleKind;
  size: number;
  way: ScaleWay;
};

export interface BenchScaleResult {
  cores: number;
  /** Load of the last minute before the bench. */
  loadBefore: number;
  readings: ScaleReading[];
}

export interface BenchScaleOptions {
  kinds: readonly ScaleKind[];
  /** Numbers of switches or relays, each with a host. */
  sizes: readonly number[];
  ways: readonly ScaleWay[];
  onProgress: (reading: ScaleReading) => void;
  signal: AbortSignal;
}

/** Build and end every network once. Throws BUILD_FAILED with what the one that failed printed. */
export async function benchScale(options: BenchScaleOptions): Promise<BenchScaleResult> {
  const [loadBefore = 0] = loadavg();
  const readings: ScaleReading[] = [];
  for (const kind of options.kinds) {
    for (const size of options.sizes) {
      const topology = topologyOf(kind, size);
      const ways = options.ways.filter((way) => kind === 'switches' || way === 'failover-lab');
      for (const way of ways) {
        if (options.signal.aborted) break;
        const reading = { kind, size, way, ...(await measure(way, topology, options.signal)) };
        readings.push(reading);
        options.onProgress(reading);
      }
    }
  }
  return { cores: availableParallelism(), loadBefore, readings };
}

/**
 * Time for a node more, of the large network to that of the small one, on the clock and of
 * processors, which other work on the machine hardly changes; 1 = it grows with the number of nodes.
 * Null without both readings.
 */
export function growthOf(
  readings: readonly ScaleReading[],
  kind: ScaleKind,
  way: ScaleWay,
  [small, large]: readonly [number, number],
): Record<keyof ScaleReading['build'], number> | null {
  const of = (size: number) =>
    readings.find((one) => one.kind === kind && one.way === way && one.size === size);
  const [few, many] = [of(small), of(large)];
  if (!few || !many) return null;
  const growth = (measure: keyof ScaleReading['build']) =>
    many.build[measure] / large / (few.build[measure] / small);
  return { seconds: growth('seconds'), processorSeconds: growth('processorSeconds') };
}

/** Switches in a row, as Mininet's own benches have them; relays and routers in a ring. */
function topologyOf(kind: ScaleKind, size: number): ResolvedTopology {
  const written = door.scenario({
    question: 'How long does it take to build this?',
    topology: partsOf[kind](size),
    controller: kind === 'relays' ? door.floyd() : door.noController(),
    traffic: [door.iperf3('h1', 'h2', { mss: '1400B', bitrate: '5Mbit/s' })],
    timeline: [],
    limits: { duration: '5s' },
    expect: [door.networkOutage.atMost('1s')],
  });
  const [plan] = resolveTrials(written, { name: 'scale', seed: 1 }, [0]);
  if (!plan) throw new LabError('INTERNAL', `A network of ${size} ${kind} could not be resolved.`);
  return plan.topology;
}

const partsOf: Record<ScaleKind, (size: number) => TopologyPart[]> = {
  switches: (size) => door.line(size),
  relays: (size) => door.ring(size, { of: 'relays' }),
  routers: (size) => {
    const names = Array.from({ length: size }, (_, index) => `r${index + 1}`);
    return [
      ...door.routers(door.frr({ ospf: {} }), ...names),
      ...names.map((on, index) => door.host(`h${index + 1}`, { on })),
      ...names.map((name, index) => door.link(name, names[(index + 1) % size] ?? '')),
    ];
  },
};

async function measure(way: ScaleWay, topology: ResolvedTopology, signal: AbortSignal) {
  const bridge = join(packageRoot(), 'harness/lab/mininet/bridge');
  const { argv, environment } = namespaceCommand({
    namespaces: { asUser: process.getuid?.() !== 0 },
    mark: `bench-scale-${process.pid}`,
    owner: '0',
    keepFolders: [packageRoot()],
    insideScript: join(packageRoot(), 'harness/sites/namespaces/inside.sh'),
    runner: [
      ...['/usr/bin/python3', '-B', join(packageRoot(), 'harness/bench/scale/measure.py')],
      ...[way, bridge],
    ],
  });
  const [program = '', ...words] = argv;
  const child = spawn(program, words, { env: environment, signal, stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr = `${stderr}${text}`.slice(-2000);
  });
  child.stdin.on('error', () => {
    // Its end is reported below.
  });
  child.stdin.end(JSON.stringify(topology));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status === 0) return measured.parse(JSON.parse(stdout));
  const message = `A network of ${topology.nodes.length} nodes could not be built (${way}).`;
  throw new LabError('BUILD_FAILED', message, { hint: stderr.trim() });
}
