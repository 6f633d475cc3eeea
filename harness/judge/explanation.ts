/** One sentence on where the time of a recovery went. */

import type { HistoryEvent } from '../model/history/events.js';
import type { Phases } from '../model/result.js';
import type { Change } from './changes.js';
import type { Ending } from './ending.js';
import type { DetectedBy } from './sightings.js';
import { eventsOf } from './trial-record.js';
import { NS_PER_MS, secondsText } from './units.js';

interface Segment {
  fromMs: number;
  toMs: number;
  /** Null for the time up to the detection, which has a sentence of its own. */
  words: string | null;
  /** It ends where flows changed: the controller's decision belongs to it. */
  endsInFlowChange: boolean;
}

export interface ExplanationInput {
  phases: Phases;
  /** Null = nothing was seen to detect it. */
  detectedBy: DetectedBy | null;
  change: Change;
  /** Worst outage of both directions; null = censored. */
  outageMs: number | null;
  outageAtLeastMs: number;
  /** Where that is censored: a longer outage, which ended by itself; null = there was none. */
  longerEndedMs: number | null;
  /** How the longest outage ended. */
  ending: Ending | null;
  /** The heal that ended the outage → the first good packet; null = no heal did. */
  backAfterHealMs: number | null;
  /** Directions that never came back. */
  censoredDirections: string[];
  /** The window without outage began only here, since traffic failed again; null = at once. */
  failedAgainUntilMs: number | null;
  resolutionMs: number;
  /** Of both directions together. */
  packetsLost: number;
  /** Share of packets lost outside outages, worse direction. */
  lossPercent: number;
  /** Of a heal: when its packets were lost, as a sentence; empty when there is nothing to say. */
  returnLoss: string;
  /** Between which moments after its injection the fault was healed; null = it was not. */
  healed: { fromMs: number; toMs: number } | null;
  events: readonly HistoryEvent[];
  trafficStartNs: number;
}

/**
 * Names the phase that cost most, such as "9.1 s of 9.4 s: nobody noticed; the next decision came
 * at 31.2 s." or "Detection by BFD took 0.29 s of 0.3 s."
 */
export function explain(input: ExplanationInput): string {
  const { outageMs, returnLoss } = input;
  if (outageMs === 0) {
    if (returnLoss !== '') return `No outage; ${returnLoss}`;
    if (input.packetsLost > 0) {
      const share = input.lossPercent > 0 ? ` (${input.lossPercent} %)` : '';
      return input.packetsLost === 1
        ? `No outage, though 1 packet${share} was lost.`
        : `No outage, though ${input.packetsLost} packets${share} were lost, scattered over time.`;
    }
    const until = input.change.lastsToEnd
      ? ''
      : `, up to ${input.healed ? 'the heal' : 'the next step'}`;
    return `No outage: every packet of the meter arrived${until}.`;
  }
  const noticed = noticedWords(input);
  if (outageMs === null) {
    const { longerEndedMs } = input;
    const other =
      longerEndedMs === null
        ? ''
        : ` Another outage lasted ${secondsText(longerEndedMs)} and ended by itself.`;
    const atLeast = secondsText(input.outageAtLeastMs);
    if (input.ending === 'heal') {
      const back =
        input.backAfterHealMs === null
          ? ''
          : `; traffic came back ${secondsText(Math.max(0, input.backAfterHealMs))} after the heal`;
      return `Dark for ${atLeast}, until the heal: the network did not recover by itself${back}; ${noticed}.${other}`;
    }
    const which = input.censoredDirections.length === 1 ? input.censoredDirections[0] : 'traffic';
    return `Dark for more than ${atLeast}: ${which} did not come back in time; ${noticed}.${other}`;
  }
  if (returnLoss !== '') return `Dark for ${secondsText(outageMs)} at the longest; ${returnLoss}`;
  if (outageMs <= 2 * input.resolutionMs) {
    return (
      `Dark for at most ${secondsText(outageMs)}, no more than two probe intervals: ` +
      `at the meter's resolution of ${input.resolutionMs} ms, where time went cannot be told.`
    );
  }
  return costliestPhase(input, outageMs, noticed) + relapseWords(input);
}

function noticedWords({ detectedBy, phases }: ExplanationInput): string {
  if (phases.detectedMs === null) return 'nobody was seen to notice';
  const who = `${detectedBy ?? 'the network'} noticed after ${secondsText(phases.detectedMs)}`;
  return phases.firstFlowChangeMs === null ? `${who}, and no flow was changed` : who;
}

function relapseWords({ failedAgainUntilMs, phases }: ExplanationInput): string {
  if (failedAgainUntilMs === null) return '';
  const endMs = Math.max(phases.firstPacketForwardMs ?? 0, phases.firstPacketReverseMs ?? 0);
  if (endMs >= failedAgainUntilMs) return ' It had come back before that, and failed again.';
  return ` It failed again soon after; it stayed up only from ${secondsText(failedAgainUntilMs)} on.`;
}

function costliestPhase(input: ExplanationInput, outageMs: number, noticed: string): string {
  const { phases } = input;
  const endMs = Math.max(phases.firstPacketForwardMs ?? 0, phases.firstPacketReverseMs ?? 0);
  const { healed } = input;
  if (healed !== null && healed.fromMs <= endMs) {
    const lateMs = endMs - (healed.fromMs + healed.toMs) / 2;
    const when =
      endMs <= healed.toMs
        ? 'as the fault was healed'
        : `${secondsText(lateMs)} after the fault was healed`;
    return `Traffic came back ${when}, ${secondsText(endMs)} after it began; ${noticed}.`;
  }
  const longest = segmentsOf(phases, endMs).reduce<Segment | null>(
    (best, segment) =>
      best === null || segment.toMs - segment.fromMs > best.toMs - best.fromMs ? segment : best,
    null,
  );
  const seen = phases.detectedMs ?? phases.controllerToldMs ?? phases.firstFlowChangeMs;
  if (!longest || seen === null)
    return `Dark for ${secondsText(outageMs)}; no phase of the recovery was observed.`;
  const cost = `${secondsText(longest.toMs - longest.fromMs)} of ${secondsText(endMs)}`;
  const decision = decisionWords(longest, input);
  // A controller that looks only when it decides anyway has detected nothing until then.
  const nobody = longest.words === null || longest.words === unseenWords;
  if (nobody && decision !== '') return `${cost}: nobody noticed${decision}.`;
  if (longest.words !== null) return `${cost}: ${longest.words}${decision}.`;
  return `Detection by ${input.detectedBy ?? 'the network'} took ${cost}.`;
}

const unseenWords = 'nobody was seen to notice before the first flow changed';

/** The spans between the phases that were seen, up to the first packet. */
function segmentsOf(phases: Phases, endMs: number): Segment[] {
  const knewOf = phases.detectedMs !== null || phases.controllerToldMs !== null;
  const stops: Array<[number | null, string | null, boolean]> = [
    [phases.detectedMs, null, false],
    [phases.controllerToldMs, 'the controller had not been told', false],
    [
      phases.firstFlowChangeMs,
      knewOf ? 'the controller knew and had not yet changed a flow' : unseenWords,
      true,
    ],
    [phases.lastFlowChangeMs, 'the flows were being changed, switch by switch', true],
    [
      endMs,
      phases.lastFlowChangeMs !== null
        ? 'the flows were changed and packets were not yet getting through'
        : phases.detectedMs !== null
          ? 'the switches moved traffic by themselves'
          : 'what brought the traffic back was not observed',
      false,
    ],
  ];
  const segments: Segment[] = [];
  let fromMs = 0;
  for (const [toMs, words, endsInFlowChange] of stops) {
    if (toMs === null || toMs < fromMs) continue;
    segments.push({ fromMs, toMs, words, endsInFlowChange });
    fromMs = toMs;
  }
  return segments.filter((segment) => segment.toMs > segment.fromMs);
}

/** A decision that changed something, this close to the end of a wait, is what ended it. */
const DECISION_WITHIN_MS = 500;

/** The controller's decision that ended a wait, where it logs its decisions. */
function decisionWords(segment: Segment, input: ExplanationInput): string {
  const endNs = input.change.atNs + segment.toMs * NS_PER_MS;
  const { detectedBy } = input;
  const byItself = detectedBy === 'BFD' || detectedBy === 'link state';
  if (segment.words === null ? byItself : !segment.endsInFlowChange) return '';
  const decision = eventsOf(input.events, 'controller.log').find(
    (event) =>
      event.event === 'decision' &&
      Boolean(event.fields.changed) &&
      Math.abs(event.atNs - endNs) <= DECISION_WITHIN_MS * NS_PER_MS,
  );
  if (!decision) return '';
  const clockS = (Math.min(decision.atNs, endNs) - input.trafficStartNs) / 1e9;
  return `; the next decision came at ${clockS.toFixed(1)} s`;
}
