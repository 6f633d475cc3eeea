/** What a reader wants to know first, as plain facts and sentences; every report starts with it. */

import { medianTrial } from '../harness/judge/median-trial.js';
import type {
  DirectionResult,
  Episode,
  ExpectationResult,
  JudgedRun,
  Summary,
  TcpResult,
  TrialResult,
  UdpResult,
} from '../harness/model/result.js';
import { overTrials } from './attempts.js';
import {
  formatAtLeastMs,
  formatCounted,
  formatInterruption,
  formatMs,
  formatMsAt,
  formatQuantity,
  formatUntilHealMs,
  unknown,
} from './format.js';

/** A missing median is a censored one, as long as anything was measured. */
export function medianText(summary: Summary): string {
  if (summary.median !== null) return formatMs(summary.median);
  return summary.censored > 0 ? 'censored: no recovery by itself' : unknown;
}

/**
 * `1.810–1.812 s`, `none`, `> 20 s`, `> 6.0 s, until the heal`, or `8.010 s, then > 1.0 s, until the
 * heal` where a longer outage ended by itself before the one that did not.
 */
export function formatOutage(direction: DirectionResult): string {
  const { outageMs, outageAtLeastMs, outageRangeMs, outageEnding, resolutionMs } = direction;
  const readMs = outageMs ?? outageAtLeastMs;
  const longerMs = direction.longerEndedOutageMs ?? null;
  const before = longerMs === null ? '' : `${formatMs(longerMs)}, then `;
  const worst = formatInterruption({
    ms: outageMs,
    atLeastMs: outageAtLeastMs,
    // Results of older versions hold no range: two probe intervals, as RFC 6413 §6 has it.
    rangeMs: outageRangeMs ?? [Math.max(0, readMs - 2 * resolutionMs), readMs],
    ending: outageEnding ?? null,
  });
  return before + worst;
}

/** The same of a stall: bytes moved again up to one interval later than the rows read. */
export function formatStall(tcp: TcpResult): string {
  const readMs = tcp.stallMs ?? tcp.stallAtLeastMs;
  return formatInterruption({
    ms: tcp.stallMs,
    atLeastMs: tcp.stallAtLeastMs,
    rangeMs: tcp.stallRangeMs ?? [readMs, readMs + tcp.resolutionMs],
    ending: tcp.stallEnding ?? null,
  });
}

/** The same of a UDP flow's outage, by iperf3's rows. */
export function formatUdpOutage(udp: UdpResult): string {
  const readMs = udp.outageMs ?? udp.outageAtLeastMs;
  return formatInterruption({
    ms: udp.outageMs,
    atLeastMs: udp.outageAtLeastMs,
    rangeMs: [readMs, readMs + udp.resolutionMs],
    ending: udp.outageEnding ?? null,
  });
}

/** When 90 % of the rate was held again, in words that fit behind `90 % of 50 Mbit/s`. */
export function formatTo90(tcp: TcpResult): string | null {
  if (tcp.recoveredTo90Ms !== null) {
    return `after ${formatMsAt(tcp.recoveredTo90Ms, tcp.resolutionMs)}`;
  }
  const afterHealMs = tcp.recoveredTo90AfterHealMs ?? null;
  if (afterHealMs === null) return null;
  return `only after the heal, ${formatMsAt(afterHealMs, tcp.resolutionMs)} after the fault`;
}

/** The same in a few words, and why there is no such moment. */
export function formatTo90Briefly(tcp: TcpResult, goal: string): string {
  const when = formatTo90(tcp);
  if (tcp.recoveredTo90Ms === 0 && tcp.stallMs === 0) return `${goal} held throughout`;
  if (tcp.recoveredTo90Ms !== null && when !== null) return `${goal} ${when}`;
  if (when !== null) return '90 % only after the heal';
  // Bytes moved again, and the traffic ended before the rate had been held long enough.
  const moved = (tcp.stallEnding ?? null) !== null && tcp.stallEnding !== 'open';
  return moved ? '90 % not held for 5 s by the end' : `${goal} not reached again`;
}

/** The measured value of an expectation, or the bound of a censored one. */
export function formatMeasured({ measured, atLeast, untilHeal, unit }: ExpectationResult): string {
  if (measured !== null || (atLeast ?? null) === null || unit !== 'ms') {
    return formatQuantity(measured, unit);
  }
  return untilHeal ? formatUntilHealMs(atLeast ?? 0) : formatAtLeastMs(atLeast ?? 0);
}

/** The episode that the headline numbers of a trial are taken from. */
export function headlineEpisode({ fault, episodes }: TrialResult): Episode | undefined {
  const named = episodes.find(
    ({ stepId, change }) => stepId === fault?.stepId && change === fault.change,
  );
  return named ?? episodes.find(({ change }) => change === 'injected');
}

/** `power-off of r2 (fault 2 of 2, the worst)`: the fault that the headline is about; null without one. */
export function faultName({ fault }: TrialResult): string | null {
  if (fault === null) return null;
  const what = `${fault.kind}${fault.targets.length > 0 ? ` of ${fault.targets.join(', ')}` : ''}`;
  const which = fault.of > 1 ? ` (fault ${fault.number} of ${fault.of}, the worst)` : '';
  return `${fault.change === 'healed' ? `heal of ${what}` : what}${which}`;
}

/** `carried 121,004 packets before` for a node; null when it was not counted. */
export function carried(trial: TrialResult, node: string, when: 'before' | 'after'): string | null {
  const counts = when === 'before' ? trial.relays.packetsBefore : trial.relays.packetsAfter;
  const packets = Object.hasOwn(counts, node) ? counts[node] : undefined;
  return packets === undefined ? null : formatCounted(packets, 'packet');
}

/** One line that sums a run up, for progress, JUnit and Markdown. */
export function headlineSentence(run: JudgedRun): string {
  const { summary, trials } = run.result;
  const chosen = medianTrial(run)?.trial;
  if (chosen === undefined || chosen.network === null) return 'nothing was measured';
  if (trials.length === 1) {
    const { forward, reverse } = chosen.network;
    const stall = chosen.tcp === null ? '' : `, TCP stall ${formatStall(chosen.tcp)}`;
    const which = chosen.fault !== null && chosen.fault.of > 1 ? `, for ${faultName(chosen)}` : '';
    const dark = (chosen.darkAtEnd ?? []).length > 0 ? ', still dark at the end' : '';
    return `network outage ${formatOutage(forward)} forward, ${formatOutage(reverse)} reverse${stall}${dark}${which}`;
  }
  const outage = summary.networkOutageMs;
  const stall = summary.tcpStallMs;
  return `median network outage ${medianText(outage)}, median TCP stall ${medianText(stall)} over ${overTrials(outage.n, trials.length)}`;
}
