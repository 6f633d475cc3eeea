/** The per-second rows around an outage, in the form iperf3 prints them. */
import { trialOutageMs } from '../../harness/judge/median-trial.js';
import type { TrialChart, TrialResult } from '../../harness/model/result.js';
import { momentsOf } from '../moments.js';
import type { Layout } from './layout.js';
import { clip } from './wrap.js';

type Row = TrialChart['rows'][number];

const rowsBefore = 2;
const rowsAfter = 2;
const rowsShown = 24;

/** `  0.00`, ` 11.3`, ` 112`: iperf3's own rounding, at most four places; steps of `step`. */
function iperfUnit(value: number, step: number, units: string[]): string {
  let shown = value;
  let unit = 0;
  while (shown >= step && unit < units.length - 1) {
    shown /= step;
    unit += 1;
  }
  const decimals = shown < 9.995 ? 2 : shown < 99.95 ? 1 : 0;
  return `${shown.toFixed(decimals).padStart(4)} ${units[unit]}`;
}

const byteUnits = ['Bytes', 'KBytes', 'MBytes', 'GBytes', 'TBytes'];
const bitUnits = ['bits/sec', 'Kbits/sec', 'Mbits/sec', 'Gbits/sec', 'Tbits/sec'];

/** `[  5]  12.00-13.00  sec  0.00 Bytes  0.00 bits/sec    1` */
export function iperfRow(row: Row): string {
  const interval = `${row.startS.toFixed(2).padStart(6)}-${row.endS.toFixed(2).padEnd(6)}`;
  const line = `[  5] ${interval} sec  ${iperfUnit(row.bytes, 1024, byteUnits)}  ${iperfUnit(row.bps, 1000, bitUnits)}`;
  return row.retransmits === null ? line : `${line}  ${row.retransmits.toString().padStart(3)}`;
}

/** Rows from shortly before the fault to shortly after TCP moves; notes where things happened. */
export function renderRows(trial: TrialResult, chart: TrialChart, layout: Layout): string[] {
  const flow = trial.tcp?.flow ?? chart.rows[0]?.flow;
  const rows = chart.rows.filter((row) => row.flow === flow);
  const stalled = trial.tcp !== null && trial.tcp.stallMs !== 0;
  if (rows.length === 0 || (trial.fault === null && !stalled)) return [];
  const faultS = (trial.fault?.injectedAtMs ?? 0) / 1000;
  const recoveredMs = trial.tcp?.stallMs === 0 ? trialOutageMs(trial) : trial.tcp?.movingAgainMs;
  const backS = faultS + (recoveredMs ?? Infinity) / 1000;
  const first = Math.max(0, rows.findIndex((row) => row.endS > faultS) - rowsBefore);
  const moving = rows.findIndex((row) => row.endS > backS);
  const until = moving < 0 ? rows.length : moving + 1 + rowsAfter;
  const chosen = rows.slice(first, until);
  const withRetransmits = chosen.some((row) => row.retransmits !== null);
  const head = `[ ID] Interval           Transfer     Bitrate${withRetransmits ? '         Retr' : ''}`;
  // iperf3 counts from its own first byte, the moments from traffic start.
  const zeroS = rows[0]?.startS ?? 0;
  return [layout.styles.dim(head), ...elide(chosen, zeroS, trial, layout)].map((line) =>
    clip(line, layout.columns),
  );
}

function elide(rows: Row[], zeroS: number, trial: TrialResult, layout: Layout): string[] {
  const moments = momentsOf(trial);
  const noted = rows.map((row, index) => {
    const final = index === rows.length - 1;
    const here = moments.filter(
      ({ atMs }) =>
        atMs >= row.startS * 1000 &&
        (atMs < row.endS * 1000 || (final && atMs === row.endS * 1000)),
    );
    const note = here.map((moment) => moment.letter).join(' ');
    const text = iperfRow({ ...row, startS: row.startS - zeroS, endS: row.endS - zeroS });
    const shown = row.bytes === 0 ? layout.styles.red(text) : text;
    const padding = ' '.repeat(Math.max(2, 64 - text.length));
    return note === '' ? shown : `${shown}${padding}${layout.styles.bold(`◂ ${note}`)}`;
  });
  if (noted.length <= rowsShown) return noted;
  const head = noted.slice(0, rowsShown - 6);
  const tail = noted.slice(-5);
  const left = noted.length - head.length - tail.length;
  return [...head, `  … ${left} more rows …`, ...tail];
}
