/** Errors of the instruments against the captures. Pure. */
import { medianOf } from '../../judge/units.js';
import type { Reading } from './reading.js';

/** One direction of one outage, as each instrument read it. */
export interface InstrumentErrors {
  truthMs: number;
  truthUncertaintyMs: number;
  meterMs: number | null;
  /** Reading minus truth; null when the instrument saw no end of the outage. */
  meterErrorMs: number | null;
  pingErrorMs: number;
  iperf3ErrorMs: number;
}

export interface Spread {
  medianAbsoluteMs: number;
  worstAbsoluteMs: number;
}

export interface ErrorSummary {
  lengthMs: number;
  /** Directions read and not flagged. */
  readings: number;
  medianTruthMs: number;
  meter: Spread;
  ping: Spread;
  iperf3: Spread;
  medianPingMs: number;
  medianIperf3Ms: number;
}

/** Off by more than this, a reading must be flagged. */
export const wrongMs = 10;

/** The errors of every direction in which something was dropped. */
export function errorsOf(reading: Reading): InstrumentErrors[] {
  const directions = (['forward', 'reverse'] as const).filter(
    (direction) => reading.truth[direction].dropped > 0,
  );
  return directions.map((direction) => {
    const { outageMs: truthMs, uncertaintyMs } = reading.truth[direction];
    const meterMs = reading.meterMs[direction];
    return {
      truthMs,
      truthUncertaintyMs: uncertaintyMs,
      meterMs,
      meterErrorMs: meterMs === null ? null : meterMs - truthMs,
      pingErrorMs: reading.pingMs - truthMs,
      iperf3ErrorMs: reading.iperf3Ms - truthMs,
    };
  });
}

/** Whether a reading was wrong, in a direction with or without an outage, and not flagged. */
export function isSilentlyWrong(reading: Reading): boolean {
  if (reading.flagged) return false;
  return (['forward', 'reverse'] as const).some((direction) => {
    const meterMs = reading.meterMs[direction];
    return meterMs === null || Math.abs(meterMs - reading.truth[direction].outageMs) > wrongMs;
  });
}

export function summarizeErrors(readings: readonly Reading[]) {
  const lengths = [...new Set(readings.map((reading) => reading.lengthMs))];
  return {
    lengths: lengths.flatMap((lengthMs) => summaryOf(lengthMs, readings) ?? []),
    flagged: readings.filter((reading) => reading.flagged).length,
    silentlyWrong: readings.filter(isSilentlyWrong).length,
    meterCpuPercent: medianOf(readings.map((reading) => reading.meterCpuPercent)) ?? Number.NaN,
  };
}

function summaryOf(lengthMs: number, readings: readonly Reading[]): ErrorSummary | null {
  const trusted = readings.filter((reading) => reading.lengthMs === lengthMs && !reading.flagged);
  const errors = trusted.flatMap(errorsOf);
  if (errors.length === 0) return null;
  return {
    lengthMs,
    readings: errors.length,
    medianTruthMs: middle(errors.map((one) => one.truthMs)),
    // An outage whose end was not seen is infinitely wrong, never left out.
    meter: spreadOf(errors.map((one) => one.meterErrorMs ?? Number.POSITIVE_INFINITY)),
    ping: spreadOf(errors.map((one) => one.pingErrorMs)),
    iperf3: spreadOf(errors.map((one) => one.iperf3ErrorMs)),
    medianPingMs: middle(errors.map((one) => one.truthMs + one.pingErrorMs)),
    medianIperf3Ms: middle(errors.map((one) => one.truthMs + one.iperf3ErrorMs)),
  };
}

function spreadOf(errors: readonly number[]): Spread {
  const absolute = errors.map(Math.abs);
  return { medianAbsoluteMs: middle(absolute), worstAbsoluteMs: Math.max(...absolute) };
}

function middle(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}
