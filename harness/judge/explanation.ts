/** Where the time of a recovery went: the phase that cost most, or why there is none to name. */
import type {
  DetectedBy,
  Explanation,
  Noticed,
  Relapse,
  ReturnLoss,
  Segment,
} from '../model/explanation.js';
import type { Direction, HistoryEvent } from '../model/history/events.js';
import type { Phases } from '../model/result.js';
import type { Change } from './changes.js';
import type { Ending } from './ending.js';
import { eventsOf } from './trial-record.js';
import { NS_PER_MS } from './units.js';

interface Stretch {
  fromMs: number;
  toMs: number;
  segment: Segment;
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
  censoredDirections: Direction[];
  /** The window without outage began only here, since traffic failed again; null = at once. */
  failedAgainUntilMs: number | null;
  resolutionMs: number;
  /** Of both directions together. */
  packetsLost: number;
  /** Share of packets lost outside outages, worse direction. */
  lossPercent: number;
  /** Of a heal: when its packets were lost; null = none were. */
  returnLoss: ReturnLoss | null;
  /** Between which moments after its injection the fault was healed; null = it was not. */
  healed: { fromMs: number; toMs: number } | null;
  events: readonly HistoryEvent[];
  /** In the kernels of routers that the change did not hit. */
  routeChanges: number;
  trafficStartNs: number;
}

/** Names the phase that cost most. */
export function explain(input: ExplanationInput): Explanation {
  const { outageMs, returnLoss: loss } = input;
  if (outageMs === 0) {
    if (loss !== null) return { found: 'return-loss', outageMs: null, loss };
    const { packetsLost: packets, lossPercent } = input;
    if (packets > 0) return { found: 'loss-only', packets, lossPercent };
    const until = input.change.lastsToEnd ? 'end' : input.healed ? 'heal' : 'next-step';
    const { routeChanges } = input;
    const firstMs = input.phases.firstFlowChangeMs;
    if (routeChanges === 0 || firstMs === null) return { found: 'no-outage', until };
    return { found: 'no-outage', until, moved: { routeChanges, firstMs } };
  }
  if (outageMs === null) return censored(input);
  if (loss !== null) return { found: 'return-loss', outageMs, loss };
  const { resolutionMs } = input;
  if (outageMs <= 2 * resolutionMs) return { found: 'too-short', outageMs, resolutionMs };
  return costliestPhase(input, outageMs);
}

function censored(input: ExplanationInput): Explanation {
  const { outageAtLeastMs: atLeastMs, longerEndedMs, censoredDirections } = input;
  const noticed = noticedBy(input);
  if (input.ending === 'heal') {
    const backAfterHealMs =
      input.backAfterHealMs === null ? null : Math.max(0, input.backAfterHealMs);
    return { found: 'until-heal', atLeastMs, backAfterHealMs, noticed, longerEndedMs };
  }
  const direction = censoredDirections.length === 1 ? (censoredDirections[0] ?? null) : null;
  return { found: 'never-back', atLeastMs, direction, noticed, longerEndedMs };
}

function noticedBy({ detectedBy, phases }: ExplanationInput): Noticed {
  if (phases.detectedMs === null) return null;
  const flowsChanged = phases.firstFlowChangeMs !== null;
  return { by: detectedBy, afterMs: phases.detectedMs, flowsChanged };
}

function relapseOf({ failedAgainUntilMs: untilMs, phases }: ExplanationInput): Relapse {
  return untilMs === null ? null : { untilMs, before: firstPacketsMs(phases) >= untilMs };
}

/** When packets arrived again both ways, after the fault. */
function firstPacketsMs({ firstPacketForwardMs, firstPacketReverseMs }: Phases): number {
  return Math.max(firstPacketForwardMs ?? 0, firstPacketReverseMs ?? 0);
}

function costliestPhase(input: ExplanationInput, outageMs: number): Explanation {
  const { phases, healed, detectedBy } = input;
  const endMs = firstPacketsMs(phases);
  const relapse = relapseOf(input);
  if (healed !== null && healed.fromMs <= endMs) {
    const afterHealMs = endMs <= healed.toMs ? null : endMs - (healed.fromMs + healed.toMs) / 2;
    return { found: 'back-with-heal', afterHealMs, endMs, noticed: noticedBy(input), relapse };
  }
  const longest = stretchesOf(phases, endMs).reduce<Stretch | null>(
    (best, one) => (best === null || one.toMs - one.fromMs > best.toMs - best.fromMs ? one : best),
    null,
  );
  const seen = phases.detectedMs ?? phases.controllerToldMs ?? phases.firstFlowChangeMs;
  if (!longest || seen === null) return { found: 'no-phase', outageMs, relapse };
  const { segment } = longest;
  const costMs = longest.toMs - longest.fromMs;
  const nextDecisionS = decisionThatEnded(longest, input);
  const routed = eventsOf(input.events, 'observe.route').length > 0;
  const bonded = !routed && eventsOf(input.events, 'observe.bond').length > 0;
  return {
    ...{ found: 'costliest', segment, costMs, endMs, detectedBy, nextDecisionS, relapse },
    ...(routed ? { routed: true as const } : {}),
    ...(bonded ? { bonded: true as const } : {}),
  };
}

/** The spans between the phases that were seen, up to the first packet. */
function stretchesOf(phases: Phases, endMs: number): Stretch[] {
  const last: Segment =
    phases.lastFlowChangeMs !== null
      ? 'flows-changed'
      : phases.detectedMs !== null
        ? 'switches-alone'
        : 'not-observed';
  const before: Segment =
    phases.controllerToldMs !== null
      ? 'no-flow-changed'
      : phases.detectedMs !== null
        ? 'not-yet-changed'
        : 'unseen';
  const stops: Array<[number | null, Segment, boolean]> = [
    [phases.detectedMs, 'detection', false],
    [phases.controllerToldMs, 'not-told', false],
    [phases.firstFlowChangeMs, before, true],
    [phases.lastFlowChangeMs, 'flows-changing', true],
    [endMs, last, false],
  ];
  const stretches: Stretch[] = [];
  let fromMs = 0;
  for (const [toMs, segment, endsInFlowChange] of stops) {
    if (toMs === null || toMs < fromMs) continue;
    stretches.push({ fromMs, toMs, segment, endsInFlowChange });
    fromMs = toMs;
  }
  return stretches.filter(({ fromMs: from, toMs }) => toMs > from);
}

/** A decision that changed something, this close to the end of a wait, is what ended it. */
const DECISION_WITHIN_MS = 500;

/** When the controller decided what ended a wait, on the traffic's clock, where it logs its decisions. */
function decisionThatEnded(
  { segment, toMs, endsInFlowChange }: Stretch,
  input: ExplanationInput,
): number | null {
  const endNs = input.change.atNs + toMs * NS_PER_MS;
  const { detectedBy } = input;
  const byItself = detectedBy === 'bfd' || detectedBy === 'link-state';
  if (segment === 'detection' ? byItself : !endsInFlowChange) return null;
  const decision = eventsOf(input.events, 'controller.log').find(
    (event) =>
      event.event === 'decision' &&
      Boolean(event.fields.changed) &&
      Math.abs(event.atNs - endNs) <= DECISION_WITHIN_MS * NS_PER_MS,
  );
  return decision ? (Math.min(decision.atNs, endNs) - input.trafficStartNs) / 1e9 : null;
}
