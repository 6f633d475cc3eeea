/** The phases of a recovery on one time axis: a line a phase, with its share of the whole. */

import { trialOutageMs } from '../../harness/judge/median-trial.js';
import { worstDirection } from '../../harness/judge/outage.js';
import type { DirectionResult, TrialResult } from '../../harness/model/result.js';
import { escapeText } from '../escape.js';
import { seenText } from '../evidence.js';
import { formatMs, formatMsAt, formatReading, formatShare } from '../format.js';
import { formatOutage, headlineEpisode } from '../headline.js';
import { endpointsOf, type PhaseStretch, phaseLabel, phaseStretches } from '../vocabulary.js';
import { axisLabels, axisRule, columnOf, type TimeSpan, timeTicks } from './axis.js';
import type { Layout } from './layout.js';
import { indentWidth } from './section.js';
import { clip, padEnd, padStart, wrapText } from './wrap.js';

const numberWidth = 9;
const shareWidth = 6;

/** Lines of the waterfall; a single sentence when no phase at all was seen. */
export function renderWaterfall(trial: TrialResult, layout: Layout): string[] {
  if (trial.phases === null) return [];
  const stretches = phaseStretches(trial.phases);
  const stampedMs = Math.max(0, ...stretches.map((stretch) => stretch.endMs ?? 0));
  if (stampedMs === 0) return noPhase(trial);
  // An outage without an end lasted at least as long as anybody looked.
  const totalMs = Math.max(stampedMs, censoredAtLeastMs(trial) ?? 0);
  const ends = endpointsOf(trial);
  const evidence = headlineEpisode(trial)?.phaseEvidence;
  const labels = stretches.map(({ phase }) => escapeText(phaseLabel(phase, ends, evidence)));
  const labelWidth = Math.min(26, Math.max(...labels.map((label) => label.length)));
  const numbersWidth = 2 * numberWidth + shareWidth + 1;
  const barWidth = Math.max(8, layout.columns - indentWidth - labelWidth - 1 - numbersWidth);
  const span = { startMs: 0, endMs: totalMs };
  const { styles } = layout;
  const indent = ' '.repeat(indentWidth);
  const head = `${indent}${' '.repeat(labelWidth + 1 + barWidth)}${padStart('took', numberWidth + 1)}${padStart('share', shareWidth)}${padStart('at', numberWidth)}`;
  const ticks = timeTicks(span, barWidth, 9);
  const margin = indent + ' '.repeat(labelWidth + 1);
  return [
    styles.dim(head),
    ...stretches.map((stretch, index) => {
      const label = padEnd(clip(labels[index] ?? '', labelWidth), labelWidth);
      const unseen = unseenWords(stretch, trial);
      const resolutionMs = resolutionOf(stretch, trial, stampedMs);
      return `${indent}${label} ${phaseLine(stretch, span, { barWidth, resolutionMs, unseen }, layout)}`;
    }),
    margin + styles.dim(axisRule(span, barWidth, ticks)),
    margin + axisLabels(span, barWidth, ticks),
    ...checksum(trial, stretches, layout),
  ];
}

function noPhase(trial: TrialResult): string[] {
  const after = Object.values(headlineEpisode(trial)?.phaseEvidence ?? {}).find(
    ({ by }) => by === 'heal',
  );
  return [
    `  no phase of a recovery was observed${after ? `; packets came ${seenText(after)}` : ''}`,
  ];
}

/** How long a direction that never came back was out at the least; null when all came back. */
function censoredAtLeastMs(trial: TrialResult): number | null {
  if (trial.network === null) return null;
  const open = [trial.network.forward, trial.network.reverse].filter(
    (each) => each.outageMs === null,
  );
  return open.length === 0 ? null : Math.max(...open.map((each) => each.outageAtLeastMs));
}

interface LineOptions {
  barWidth: number;
  resolutionMs: number;
  /** What stands in place of a bar. */
  unseen: string;
}

/** Why a phase has no stamp: nothing was interrupted, it never ended, or it was not observed. */
function unseenWords({ phase }: PhaseStretch, trial: TrialResult): string {
  const { network, tcp } = trial;
  const evidence = headlineEpisode(trial)?.phaseEvidence[phase];
  if (evidence?.by === 'heal') return seenText(evidence);
  const missed = {
    firstPacketForwardMs: network?.forward.outageMs,
    firstPacketReverseMs: network?.reverse.outageMs,
    tcpMovingMs: tcp?.stallMs,
    tcp90Ms: tcp?.recoveredTo90Ms === 0 ? tcp.stallMs : undefined,
  }[phase as string];
  if (missed === 0) return 'was not interrupted';
  if (missed === null) return 'did not come back in time';
  // Whatever happened to it later was not a part of the recovery.
  const recoveredFirst = evidence?.by === 'nothing' && evidence.recoveredFirst;
  return recoveredFirst ? 'not before traffic was back' : 'not observed';
}

/** TCP's phases are as coarse as iperf3's intervals; the others come with finer stamps. */
function resolutionOf(stretch: PhaseStretch, trial: TrialResult, totalMs: number): number {
  const byTcp = stretch.phase === 'tcpMovingMs' || stretch.phase === 'tcp90Ms';
  if (byTcp) return trial.tcp?.resolutionMs ?? 1;
  return totalMs < 1000 ? 0.1 : 1;
}

function phaseLine(
  stretch: PhaseStretch,
  span: TimeSpan,
  { barWidth: width, resolutionMs, unseen }: LineOptions,
  { styles }: Layout,
): string {
  if (stretch.endMs === null) {
    const text = padEnd(clip(unseen, width), width);
    return `${styles.dim(text)}${padStart('?', numberWidth + 1)}${padStart('?', shareWidth)}${padStart('?', numberWidth)}`;
  }
  const tookMs = stretch.endMs - stretch.startMs;
  const share = tookMs / span.endMs;
  const paint = share >= 0.5 ? styles.red : share >= 0.1 ? styles.yellow : styles.cyan;
  const bar = barCells(stretch.startMs, stretch.endMs, span, width);
  return [
    ' '.repeat(bar.from),
    paint(bar.cells),
    ' '.repeat(width - bar.from - bar.cells.length),
    padStart(formatMsAt(tookMs, resolutionMs), numberWidth + 1),
    padStart(formatShare(share), shareWidth),
    padStart(formatMsAt(stretch.endMs, resolutionMs), numberWidth),
  ].join('');
}

/** Whole cells for what fills them, a thin line for what is shorter than one. */
function barCells(
  startMs: number,
  endMs: number,
  span: TimeSpan,
  width: number,
): { from: number; cells: string } {
  const from = columnOf(startMs, span, width);
  const cells = Math.round(((endMs - startMs) / span.endMs) * width);
  if (cells === 0) return { from: columnOf(endMs, span, width), cells: '▏' };
  return { from: Math.min(from, width - cells), cells: '█'.repeat(cells) };
}

/**
 * The phases up to the first packets beside the outage that the meter read: they must agree, as far
 * as the fault's stamps and the probes tell. An outage that began later adds that to its length.
 */
function checksum(trial: TrialResult, stretches: PhaseStretch[], layout: Layout): string[] {
  const { network, fault } = trial;
  const outageMs = trialOutageMs(trial);
  if (network === null || fault === null || outageMs === null || outageMs === 0) return [];
  const ends = stretches
    .filter(({ phase }) => phase === 'firstPacketForwardMs' || phase === 'firstPacketReverseMs')
    .map(({ endMs }) => endMs)
    .filter((endMs) => endMs !== null);
  const interrupted = [network.forward, network.reverse].filter(({ outageMs: ms }) => ms !== 0);
  if (ends.length < interrupted.length) return [];
  const worst = worstDirection(interrupted);
  if (worst === null) return [];
  const resolutionMs = Math.max(...interrupted.map((direction) => direction.resolutionMs));
  const beganMs = Math.min(...interrupted.map(beganAtMs));
  const late = beganMs > fault.uncertaintyMs + 2 * resolutionMs;
  // The first packets are stamped as they arrive, the outage is read as they were sent.
  const transitMs = Math.max(0, ...interrupted.map((direction) => direction.delayBeforeMs ?? 0));
  const uncertaintyMs = fault.uncertaintyMs + resolutionMs + transitMs;
  const text =
    `phases to the first packets ${formatReading(Math.max(...ends), uncertaintyMs)}, ` +
    `network outage ${formatOutage(worst)}` +
    (late ? `, which began ${formatMs(beganMs)} after the fault` : '');
  const indent = ' '.repeat(indentWidth);
  return wrapText(text, layout.columns - indentWidth).map((line) => indent + line);
}

/** When the longest outage of a direction began, after the fault. */
function beganAtMs({ outageMs, longestPeriods }: DirectionResult): number {
  return longestPeriods.find(({ lengthMs }) => lengthMs === outageMs)?.startMs ?? 0;
}
