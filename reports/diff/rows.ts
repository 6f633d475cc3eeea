/** The rows of a difference in words, the same for the terminal, Markdown and HTML. */
import type { DiffNumber, DiffUnit, DiffValue, RunDiff } from '../../harness/judge/diff.js';
import { formatCount, formatMs, formatPercent, trimZeros, unknown } from '../format.js';
import { phaseLabel } from '../vocabulary.js';

export type Row = [what: string, a: string, b: string, change: string];

const titles: Record<DiffNumber['key'], string> = {
  networkOutageMs: 'network outage',
  tcpStallMs: 'TCP stall',
  packetsLost: 'packets lost',
  reversionPacketsLost: 'packets lost on return',
  controlMessagesPerSecond: 'control messages/s',
  probePacketsPerSecond: 'probe packets/s',
  controllerCpuPercent: 'controller CPU',
  vswitchdCpuPercent: 'ovs-vswitchd CPU',
};

/** In place of a median that is of trials without a recovery: never a number. */
const notRecovered = 'not recovered';

/** Longer values are a part of a topology that one side does not have. */
const valueMax = 60;

/** Numbers that at least one side has. */
export function numberRows({ numbers }: RunDiff): Row[] {
  return numbers
    .filter(({ a, b, censored }) => a !== null || b !== null || censored.some((n) => n > 0))
    .map(({ key, unit, a, b, censored }) => [
      titles[key],
      a === null && censored[0] > 0 ? notRecovered : quantity(a, unit),
      b === null && censored[1] > 0 ? notRecovered : quantity(b, unit),
      change(a, b, unit),
    ]);
}

export function phaseRows({ phases }: RunDiff): Row[] {
  return phases
    .filter(({ aMs, bMs }) => aMs !== null || bMs !== null)
    .map(({ phase, aMs, bMs }) => [
      phaseLabel(phase, null),
      quantity(aMs, 'ms'),
      quantity(bMs, 'ms'),
      change(aMs, bMs, 'ms'),
    ]);
}

/** `verdict`, seed and trials, then what is different in a list of values. */
export function headRows({ sides: [a, b] }: RunDiff): Row[] {
  return [
    ['scenario', a.scenario, b.scenario, ''],
    ['controller', a.controller, b.controller, ''],
    ['verdict', a.verdict, b.verdict, ''],
    ['valid trials', `${a.valid} of ${a.trials}`, `${b.valid} of ${b.trials}`, ''],
    ['seed', String(a.seed), String(b.seed), ''],
    ['began', a.wallTime, b.wallTime, ''],
  ];
}

export function valueRows(values: readonly DiffValue[]): Row[] {
  return values.map(({ path, a, b }) => [path, valueText(a), valueText(b), '']);
}

/** What the figures are, and what they do not show. */
export function noteOf({ sides: [a, b] }: RunDiff): string {
  const one = a.valid === 1 && b.valid === 1;
  const what = one ? 'One valid trial each.' : 'Medians over valid trials.';
  return `${what} Phases and throughput are of each median trial. Whether a change is more than chance is what failover-lab gate decides.`;
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return unknown;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= valueMax ? text : `${text.slice(0, valueMax - 1)}…`;
}

function quantity(value: number | null, unit: DiffUnit): string {
  if (value === null) return unknown;
  if (unit === 'ms') return formatMs(value);
  if (unit === 'count') return formatCount(value);
  return unit === '%' ? formatPercent(value) : trimZeros(value.toFixed(1));
}

/** `+12 ms (+5 %)`; empty where a side has no value or nothing changed. */
function change(a: number | null, b: number | null, unit: DiffUnit): string {
  // What is the same as it is printed has not changed.
  if (a === null || b === null || quantity(a, unit) === quantity(b, unit)) return '';
  const sign = b > a ? '+' : '−';
  const share = a === 0 ? '' : ` (${sign}${Math.round(Math.abs((b - a) / a) * 100)} %)`;
  return `${sign}${quantity(Math.abs(b - a), unit)}${share}`;
}
