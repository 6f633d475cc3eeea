/** The three numbers of a failover, each with its bounds. */
import { worstDirection } from '../../../harness/judge/outage.js';
import type {
  DirectionResult,
  RunResult,
  Summary,
  TcpResult,
  TrialResult,
} from '../../../harness/model/result.js';
import { overTrials } from '../../attempts.js';
import { darkFlowsText } from '../../dark-flows.js';
import { formatCount, formatCounted, formatMs, unknown } from '../../format.js';
import { formatOutage, formatStall, formatTo90, formatTo90Briefly } from '../../headline.js';
import { silenceText } from '../../receiver-silence.js';
import { type Html, html } from '../markup.js';

/** The direction that was dark longest; a censored outage ranks above every number. */
export function worseDirection(
  network: NonNullable<TrialResult['network']>,
): ['forward' | 'reverse', DirectionResult] {
  const worst = worstDirection([network.forward, network.reverse]) ?? network.forward;
  return worst === network.reverse ? ['reverse', worst] : ['forward', worst];
}

/** `median 312 ms` or, where the median trial never recovered, a word for it. */
export function formatMedian(summary: Summary): string {
  if (summary.median !== null) return formatMs(summary.median);
  return summary.censored > 0 ? 'no recovery' : unknown;
}

/** `298 ms – 340 ms`; an end of an interval that lies among censored trials is open. */
export function formatInterval(summary: Summary): string | null {
  if (!summary.ci95) return null;
  const [low, high] = summary.ci95;
  return `${low === null ? 'no recovery' : formatMs(low)} to ${high === null ? 'no recovery' : formatMs(high)}`;
}

interface Card {
  metric: string;
  title: string;
  value: string;
  raw: number | null;
  lines: Array<string | null>;
  /** What all trials say together, where there are several. */
  overAll?: { median: number | null; text: string } | null;
}

function outageCard(trial: TrialResult): Card {
  const base = { metric: 'networkOutageMs', title: 'Network outage' };
  if (!trial.network) return { ...base, value: 'not measured', raw: null, lines: [] };
  const [direction, worst] = worseDirection(trial.network);
  const other = direction === 'forward' ? trial.network.reverse : trial.network.forward;
  const otherName = direction === 'forward' ? 'reverse' : 'forward';
  const value = formatOutage(worst);
  const bounds =
    worst.outageMs === null
      ? worst.outageEnding === 'heal'
        ? 'the network did not recover by itself'
        : 'no recovery before the deadline'
      : worst.outageMs === 0
        ? 'no series of lost packets was long enough to count as an outage'
        : `one probe every ${formatMs(worst.resolutionMs)}`;
  const otherText = formatOutage(other);
  const silence = silenceText(trial);
  return {
    ...base,
    value,
    raw: worst.outageMs,
    lines: [
      bounds,
      `${direction} direction; ${otherName} ${otherText}`,
      darkFlowsText(worst),
      silence && `receiver silent: ${silence}`,
    ],
  };
}

function stallLines(tcp: TcpResult): Array<string | null> {
  const when = formatTo90(tcp);
  const to90 =
    when === null ? formatTo90Briefly(tcp, '90 % of the rate') : `90 % of the rate ${when}`;
  const predicted =
    tcp.predictedStallMs === null
      ? null
      : `TCP's exponential backoff predicts ${formatMs(tcp.predictedStallMs)}`;
  return [to90, predicted];
}

function stallCard(trial: TrialResult): Card {
  const base = { metric: 'tcpStallMs', title: 'TCP stall' };
  const { tcp } = trial;
  if (!tcp) return { ...base, value: 'not measured', raw: null, lines: [] };
  const value = formatStall(tcp);
  return { ...base, value, raw: tcp.stallMs, lines: stallLines(tcp) };
}

function lossCard(trial: TrialResult): Card {
  const base = { metric: 'packetsLost', title: 'Packets lost' };
  if (!trial.network) return { ...base, value: 'not measured', raw: null, lines: [] };
  const { forward, reverse } = trial.network;
  const lost = forward.packetsLost + reverse.packetsLost;
  const sent = forward.packetsSent + reverse.packetsSent;
  const periods = forward.lossPeriods + reverse.lossPeriods;
  return {
    ...base,
    value: formatCount(lost),
    raw: lost,
    lines: [
      `of ${formatCount(sent)} sent, exact count; ${formatCounted(periods, 'loss period')}`,
      `${formatCount(forward.packetsLost)} forward, ${formatCount(reverse.packetsLost)} reverse`,
    ],
  };
}

function card({ metric, title, value, raw, lines, overAll }: Card): Html {
  return html`<div class="number" data-metric="${metric}" data-value="${raw === null ? 'null' : raw}">
    <h3>${title}</h3>
    <p class="big">${value}</p>
    ${lines.map((line) => line !== null && html`<p class="bound">${line}</p>`)}
    ${overAll && html`<p class="over-all" data-median="${overAll.median ?? 'null'}">${overAll.text}</p>`}
  </div>`;
}

function overAll(result: RunResult, metric: string): Card['overAll'] {
  if (result.trials.length < 2) return null;
  const summaries: Record<string, Summary> = result.summary;
  const summary = summaries[metric];
  if (!summary) return null;
  return {
    median: summary.median,
    text: `${overTrials(summary.n, result.trials.length)}: ${summarySentence(summary)}`,
  };
}

/** The numbers of one trial, and beneath each what all trials say together. */
export function trialNumbers(result: RunResult, trial: TrialResult): Html {
  const cards = [outageCard(trial), stallCard(trial), lossCard(trial)];
  return html`<div class="numbers">${cards.map((each) => card({ ...each, overAll: overAll(result, each.metric) }))}</div>`;
}

/** `median 312 ms, 95 % interval 298 ms to 340 ms, range 281 ms to 351 ms`. */
export function summarySentence(summary: Summary): string {
  const interval = formatInterval(summary);
  const { min, max, censored, n } = summary;
  const range =
    min === null
      ? null
      : `range ${formatMs(min)} to ${max === null ? 'no recovery' : formatMs(max)}`;
  const parts = [
    `median ${formatMedian(summary)}`,
    interval === null ? null : `95 % interval ${interval}`,
    range,
    censored > 0 ? `${censored} of ${n} without recovery` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

/** A censored number in a table cell. */
export function outageText(trial: TrialResult): string {
  if (!trial.network) return unknown;
  const [, worst] = worseDirection(trial.network);
  return formatOutage(worst);
}

export function stallText(trial: TrialResult): string {
  if (!trial.tcp) return unknown;
  return formatStall(trial.tcp);
}
