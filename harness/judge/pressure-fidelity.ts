/** Whether the machine had processors enough, for one lab and for several side by side. */
import type { EventOf } from '../model/history/events.js';
import { invalidBy, type Reason } from '../model/reason.js';
import { thresholds } from './thresholds.js';
import { eventsOf, type TrialRecord } from './trial-record.js';
import { medianOf, NS_PER_MS, roundMs, spanMs } from './units.js';

/** The samples of a trial's traffic. */
export function pressureIn(
  trial: Pick<TrialRecord, 'events' | 'trafficStartNs' | 'trafficEndNs'>,
): EventOf<'pressure'>[] {
  return eventsOf(trial.events, 'pressure').filter(
    (event) => event.atNs >= trial.trafficStartNs && event.atNs <= trial.trafficEndNs,
  );
}

/** Processes waited for a processor almost all the time, and the meter was late as well. */
export function pressureReasons(pressures: readonly number[], latenessNs: number): Reason[] {
  const median = medianOf(pressures);
  if (median === null || median <= thresholds.cpuSomePercent) return [];
  if (latenessNs <= thresholds.lateWindowMs * NS_PER_MS) return [];
  return [
    invalidBy('machine', 'processor-pressure', {
      percent: roundMs(median),
      limitPercent: thresholds.cpuSomePercent,
      lateMs: spanMs(latenessNs),
    }),
  ];
}

/** More labs side by side than the machine has processors for slow each other's recovery down. */
export function parallelReasons({ parallel, ...trial }: TrialRecord): Reason[] {
  if (parallel < 2) return [];
  const pressures = pressureIn(trial);
  const share = waitShare(pressures);
  if (share !== null && share > thresholds.parallelWaitShare) {
    const data = { labs: parallel, waited: roundMs(share), limit: thresholds.parallelWaitShare };
    return [invalidBy('machine', 'too-many-labs', data)];
  }
  const median = medianOf(pressures.map((event) => event.cpuSomePercent));
  if (share !== null || median === null || median <= thresholds.parallelCpuSomePercent) return [];
  return [
    invalidBy('machine', 'too-many-labs', {
      labs: parallel,
      percent: roundMs(median),
      limitPercent: thresholds.parallelCpuSomePercent,
    }),
  ];
}

/** Waiting over running of what makes a network recover; null where it was not counted. */
function waitShare(pressures: readonly EventOf<'pressure'>[]): number | null {
  let waited = 0;
  let ran = 0;
  for (const { waitPercent, cpuPercent } of pressures) {
    for (const group of ['vswitchd', 'controller'] as const) {
      waited += waitPercent?.[group] ?? 0;
      ran += cpuPercent[group] ?? 0;
    }
  }
  return ran > 0 && pressures.some((event) => event.waitPercent) ? waited / ran : null;
}
