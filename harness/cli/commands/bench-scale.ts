/** `failover-lab bench scale`: how long networks of many nodes take to be built and ended. */
import { renderTable } from '../../../reports/terminal/table.js';
import {
  type BenchScaleResult,
  benchScale,
  growthOf,
  type ScaleKind,
  type ScaleReading,
  type ScaleWay,
  scaleKinds,
  scaleWays,
} from '../../bench/scale.js';
import { LabError } from '../../errors.js';
import type { CommandContext } from '../context.js';
import { listenForInterruption } from '../signals.js';

export interface BenchScaleFlags {
  of: ScaleKind[];
  sizes: number[];
  /** Without plain Mininet and the floor. */
  alone?: boolean;
  json?: boolean;
}

/** Build and end every network, and print a line for each. */
export async function runScale(flags: BenchScaleFlags, context: CommandContext): Promise<void> {
  const { screen } = context;
  const interruption = listenForInterruption(screen.err);
  try {
    const result = await benchScale({
      kinds: flags.of,
      sizes: flags.sizes,
      ways: flags.alone ? ['failover-lab'] : scaleWays,
      onProgress: ({ kind, size, way, build }) =>
        screen.err(`${way}: ${size} ${kind} in ${seconds(build.seconds)}\n`),
      signal: interruption.interrupted,
    });
    if (flags.json) screen.out(`${JSON.stringify(result, null, 2)}\n`);
    else screen.out(`${tableOf(result, screen.columns).join('\n')}\n`);
  } finally {
    interruption.release();
  }
}

const heads = [
  ...['kind', 'nodes', 'built by', 'build', 'processor', 'a port', 'end', 'mn -c'],
  ...['MiB'],
];

function tableOf(result: BenchScaleResult, columns: number): string[] {
  const head = heads.map((title, at) => ({
    title,
    align: at === 0 || at === 2 ? ('left' as const) : ('right' as const),
  }));
  const body = result.readings.map(
    ({ kind, size, way, build, change, end, mnClean, memoryMiB }) => [
      ...[kind, String(size), way, seconds(build.seconds), seconds(build.processorSeconds)],
      ...[seconds(change.seconds), seconds(end.seconds), seconds(mnClean.seconds)],
      String(Math.round(memoryMiB)),
    ],
  );
  return [
    ...renderTable(head, body, { columns }),
    ...growthLines(result.readings),
    '',
    ...barLines(result.readings),
    '',
    `${result.cores} cores, load before the bench ${result.loadBefore.toFixed(1)}. "processor": seconds of all`,
    'processes while building. "a port": one setting of one port. Memory: of processes.',
  ];
}

function growthLines(readings: readonly ScaleReading[]): string[] {
  const pairOf = (kind: ScaleKind, way: ScaleWay): string[] => {
    const sizes = readings.filter((one) => one.kind === kind && one.way === way);
    const [small, large] = [sizes[0]?.size ?? 0, sizes.at(-1)?.size ?? 0];
    const growth = growthOf(readings, kind, way, [small, large]);
    if (growth === null || small === large) return [];
    const { seconds, processorSeconds } = growth;
    return [
      `${way}, ${kind}: from ${small} to ${large} nodes the time for each grows × ${seconds.toFixed(2)},`,
      `  of processors × ${processorSeconds.toFixed(2)}.`,
    ];
  };
  return scaleKinds.flatMap((kind) => scaleWays.flatMap((way) => pairOf(kind, way)));
}

const barLength = 40;

/** A bar for every build, as long as it took. */
function barLines(readings: readonly ScaleReading[]): string[] {
  const longest = Math.max(...readings.map(({ build }) => build.seconds));
  return readings.map(({ kind, size, way, build }) => {
    const bar = '#'.repeat(Math.round((build.seconds / longest) * barLength));
    const name = `${String(size).padStart(4)} ${kind.padEnd(8)} ${way.padEnd(12)}`;
    return `${name} |${bar} ${seconds(build.seconds)}`;
  });
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** `20,50,100` as numbers in rising order. Throws WRONG_USE naming the word that is no size. */
export function readSizes(text: string): number[] {
  const sizes = text.split(',').map((word) => {
    const size = Number(word);
    if (/^\d{1,4}$/.test(word) && size >= 3 && size <= 1000) return size;
    throw new LabError(
      'WRONG_USE',
      `--sizes has '${word}', which is not a whole number from 3 to 1000.`,
      {
        hint: 'Write sizes separated by commas, such as 20,50,100.',
      },
    );
  });
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/** `switches,relays` as kinds. Throws WRONG_USE naming the word that is no kind. */
export function readKinds(text: string): ScaleKind[] {
  return text.split(',').map((word) => {
    const kind = scaleKinds.find((one) => one === word);
    if (kind) return kind;
    throw new LabError(
      'WRONG_USE',
      `--of has '${word}', which is not one of ${scaleKinds.join(', ')}.`,
      {
        hint: `Write ${scaleKinds.join(',')}.`,
      },
    );
  });
}
