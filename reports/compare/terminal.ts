/** Strategies side by side: one table, and their throughput on one time axis, fault at zero. */

import type { CompareResult, CompareSide } from '../../harness/judge/compare.js';
import type { Summary } from '../../harness/model/result.js';
import { escapeText, shorten } from '../escape.js';
import {
  formatBriefMs,
  formatCount,
  formatMs,
  formatPercent,
  trimZeros,
  unknown,
} from '../format.js';
import { totalMachineLossText } from '../machine-loss.js';
import { sentencesOf } from '../reasons/index.js';
import { type Layout, layoutOf, type TerminalOptions } from '../terminal/layout.js';
import { section } from '../terminal/section.js';
import { verdictStyle } from '../terminal/style.js';
import { renderTable } from '../terminal/table.js';
import { clip, labelled } from '../terminal/wrap.js';
import { renderOverlay } from './overlay.js';

interface Measure {
  title: string;
  cell: (side: CompareSide) => string;
  /** What the sides are ranked by; the smallest is set off. */
  rank?: (side: CompareSide) => number | null;
}

const titleWidth = 22;
/** Room for the longest number, such as `12.600 s`. */
const cellWidth = 9;
const labelMax = 24;

/** Table, warnings and charts; no line is wider than `columns`, ends with a line break. */
export function renderCompare(compare: CompareResult, options: TerminalOptions): string {
  const layout = layoutOf(options);
  const { styles, columns } = layout;
  const scenarios = [...new Set(compare.sides.map((side) => escapeText(side.scenario)))];
  const lines = [
    styles.bold(clip(`${scenarios.join(', ')} · ${compare.sides.length} strategies`, columns)),
    ...sentencesOf(compare.warnings).flatMap((warning) =>
      labelled('  •', escapeText(warning), { labelWidth: 4, columns, style: styles.yellow }),
    ),
    ...tables(compare, layout),
    ...machineLines(compare, layout),
    ...section(
      'Throughput of each median trial, seconds from the fault',
      renderOverlay(compare, { ...layout, colour: options.colour }),
      layout,
    ),
  ];
  return `${lines.map((line) => clip(line, columns).trimEnd()).join('\n')}\n`;
}

/** Packets that this machine dropped, a line for each side that it disturbed. */
function machineLines({ sides }: CompareResult, { columns, styles }: Layout): string[] {
  const lines = sides.flatMap((side) => {
    const text = totalMachineLossText(side.machine);
    return text === null ? [] : [`${headOf(side)}: ${text}`];
  });
  const shown = lines.flatMap((line) =>
    labelled('  •', line, { labelWidth: 4, columns, style: styles.yellow }),
  );
  return shown.length === 0 ? [] : ['', ...shown];
}

/** As many strategies side by side as the screen has room for, then the next ones below. */
function tables(compare: CompareResult, layout: Layout): string[] {
  const groups: CompareSide[][] = [];
  let room = 0;
  for (const side of compare.sides) {
    const needed = cellWidthOf(side) + 2;
    const last = groups[groups.length - 1];
    if (last !== undefined && needed <= room) last.push(side);
    else {
      groups.push([side]);
      room = layout.columns - titleWidth;
    }
    room -= needed;
  }
  return groups.flatMap((group) => ['', ...table(group, compare.sides, layout)]);
}

function headOf(side: CompareSide): string {
  return shorten(escapeText(side.label), labelMax);
}

function cellWidthOf(side: CompareSide): number {
  return Math.max(cellWidth, headOf(side).length);
}

function table(group: CompareSide[], all: CompareSide[], { columns, styles }: Layout): string[] {
  const head = group.map((side) => ({
    title: headOf(side),
    align: 'right' as const,
  }));
  const rows = measures.map((measure) => {
    const ranks = all.map((side) => measure.rank?.(side) ?? null).filter((rank) => rank !== null);
    const best = Math.min(...ranks);
    const distinct = new Set(ranks).size > 1;
    return [
      measure.title,
      ...group.map((side) => {
        const cell = measure.cell(side);
        return distinct && measure.rank?.(side) === best ? styles.bold(styles.green(cell)) : cell;
      }),
    ];
  });
  const verdicts = [
    'verdict',
    ...group.map((side) => verdictStyle(styles, side.verdict)(side.verdict)),
  ];
  return renderTable([{ title: '', align: 'left', shrinks: true }, ...head], [...rows, verdicts], {
    columns,
    headStyle: styles.bold,
  });
}

const measures: Measure[] = [
  { title: 'valid trials', cell: (side) => `${side.valid} of ${side.trials}` },
  {
    title: 'network outage, median',
    cell: (side) => valueText(side.networkOutageMs, side.networkOutageMs.median),
    rank: (side) => side.networkOutageMs.median,
  },
  { title: '  95 % CI from', cell: (side) => intervalEnd(side.networkOutageMs, 0) },
  { title: '  to', cell: (side) => intervalEnd(side.networkOutageMs, 1) },
  {
    title: '  largest',
    cell: (side) => valueText(side.networkOutageMs, side.networkOutageMs.max),
    rank: (side) => side.networkOutageMs.max,
  },
  {
    title: 'TCP stall, median',
    cell: (side) => valueText(side.tcpStallMs, side.tcpStallMs.median),
    rank: (side) => side.tcpStallMs.median,
  },
  {
    title: 'packets lost',
    cell: (side) => formatCount(side.packetsLost),
    rank: (side) => side.packetsLost,
  },
  {
    title: '  lost on return',
    cell: (side) => formatCount(side.reversionPacketsLost),
    rank: (side) => side.reversionPacketsLost,
  },
  {
    title: 'control messages/s',
    cell: (side) => perSecond(side.steadyState.controlMessagesPerSecond),
    rank: (side) => side.steadyState.controlMessagesPerSecond,
  },
  {
    title: 'probe packets/s',
    cell: (side) => perSecond(side.steadyState.probePacketsPerSecond),
    rank: (side) => side.steadyState.probePacketsPerSecond,
  },
  {
    title: 'controller CPU',
    cell: (side) => formatPercent(side.steadyState.controllerCpuPercent),
    rank: (side) => side.steadyState.controllerCpuPercent,
  },
  {
    title: 'ovs-vswitchd CPU',
    cell: (side) => formatPercent(side.steadyState.vswitchdCpuPercent),
    rank: (side) => side.steadyState.vswitchdCpuPercent,
  },
  {
    title: 'trials (censored)',
    cell: (side) => `${validText(side)} (${side.networkOutageMs.censored})`,
  },
];

/** `10`, or `9 of 10`: every figure is over the valid ones. */
function validText({ valid, trials }: CompareSide): string {
  return valid === trials ? String(valid) : `${valid} of ${trials}`;
}

function valueText(summary: Summary, value: number | null): string {
  if (value !== null) return formatMs(value);
  return summary.censored > 0 ? 'censored' : unknown;
}

function intervalEnd(summary: Summary, end: 0 | 1): string {
  if (summary.ci95 === null) return unknown;
  const value = summary.ci95[end];
  return value === null ? 'censored' : formatBriefMs(value);
}

function perSecond(value: number | null): string {
  return value === null ? unknown : trimZeros(value.toFixed(1));
}
