/** Sentences on where the time of a recovery went. Pure. */
import { thresholds } from '../harness/judge/thresholds.js';
import { secondsText } from '../harness/judge/units.js';
import type {
  DetectedBy,
  Explanation,
  LossOccasion,
  Noticed,
  Relapse,
  ReturnLoss,
  ReturnLossPart,
  Segment,
} from '../harness/model/explanation.js';
import { formatCounted } from './format.js';

/**
 * Such as "9.1 s of 9.4 s: no failure detection; the controller's next periodic decision was at
 * 31.2 s." or "Detection by BFD took 0.29 s of 0.3 s." Empty where there is nothing to explain.
 */
export function explanationText(explanation: Explanation | null): string {
  if (explanation === null) return '';
  switch (explanation.found) {
    case 'as-written':
      return explanation.text;
    case 'no-meter':
      return 'No meter ran, so it is unknown where the time went.';
    case 'no-outage': {
      const until = { end: '', heal: ', up to the heal', 'next-step': ', up to the next step' };
      const { moved } = explanation;
      const routes = moved
        ? ` Routes of other routers changed all the same: ${formatCounted(moved.routeChanges, 'change')}, the first after ${secondsText(moved.firstMs)}.`
        : '';
      return `No outage: every packet of the meter arrived${until[explanation.until]}.${routes}`;
    }
    case 'loss-only':
      return lossOnly(explanation);
    case 'return-loss': {
      const { outageMs, loss } = explanation;
      const what = outageMs === null ? 'No outage' : `Dark for ${secondsText(outageMs)} at most`;
      return `${what}; ${returnLossText(loss)}`;
    }
    case 'until-heal':
    case 'never-back':
      return censored(explanation);
    case 'too-short':
      return (
        `Dark for at most ${secondsText(explanation.outageMs)}, no more than two probe intervals: ` +
        `at the meter's resolution of ${explanation.resolutionMs} ms the phases cannot be separated.`
      );
    case 'back-with-heal': {
      const { afterHealMs, endMs, noticed, relapse } = explanation;
      const when =
        afterHealMs === null
          ? 'as the fault was healed'
          : `${secondsText(afterHealMs)} after the fault was healed`;
      const back = `Traffic came back ${when}, ${secondsText(endMs)} after it began`;
      return `${back}; ${noticedText(noticed)}.${relapseText(relapse)}`;
    }
    case 'no-phase':
      return `Dark for ${secondsText(explanation.outageMs)}; no phase of the recovery was observed.${relapseText(explanation.relapse)}`;
    case 'costliest':
      return costliest(explanation) + relapseText(explanation.relapse);
  }
}

type Found<F extends Explanation['found']> = Extract<Explanation, { found: F }>;

function lossOnly({ packets, lossPercent }: Found<'loss-only'>): string {
  const share = lossPercent > 0 ? ` (${lossPercent} %)` : '';
  return packets === 1
    ? `No outage, though 1 packet${share} was lost.`
    : `No outage, though ${packets} packets${share} were lost, scattered over time.`;
}

function censored(explanation: Found<'until-heal' | 'never-back'>): string {
  const { longerEndedMs } = explanation;
  const other =
    longerEndedMs === null
      ? ''
      : ` Another outage lasted ${secondsText(longerEndedMs)} and ended by itself.`;
  const atLeast = secondsText(explanation.atLeastMs);
  const noticed = noticedText(explanation.noticed);
  if (explanation.found === 'never-back') {
    const which = explanation.direction ?? 'traffic';
    return `Dark for more than ${atLeast}: ${which} did not come back in time; ${noticed}.${other}`;
  }
  const { backAfterHealMs } = explanation;
  const back =
    backAfterHealMs === null
      ? ''
      : `; traffic came back ${secondsText(backAfterHealMs)} after the heal`;
  return `Dark for ${atLeast}, until the heal: the network did not recover by itself${back}; ${noticed}.${other}`;
}

const detectors: Record<DetectedBy, string> = {
  bfd: 'BFD',
  'link-state': 'link state',
  probes: "the controller's probes",
  'lost-control-connection': 'the lost control connection',
  controller: 'the controller',
  adjacency: "the routing protocol's own timers",
};

function detectorText(by: DetectedBy | null): string {
  return by === null ? 'the network' : detectors[by];
}

function noticedText(noticed: Noticed): string {
  if (noticed === null) return 'no failure detection was observed';
  const who = `${detectorText(noticed.by)} detected the failure after ${secondsText(noticed.afterMs)}`;
  return noticed.flowsChanged ? who : `${who}, and no flow was changed`;
}

function relapseText(relapse: Relapse): string {
  if (relapse === null) return '';
  if (relapse.before) return ' It had recovered before that, and failed again.';
  return ` It failed again soon after, and stayed up only from ${secondsText(relapse.untilMs)} after the fault.`;
}

const segments: Record<Exclude<Segment, 'detection'>, string> = {
  'not-told': 'the controller had not been notified',
  'no-flow-changed': 'the controller had been notified and had not yet changed a flow',
  'not-yet-changed': 'the failure was detected and no flow had been changed yet',
  unseen: 'no failure detection was observed before the first flow change',
  'flows-changing': 'the flows were being changed, switch by switch',
  'flows-changed': 'the flows were changed and packets were not yet getting through',
  'switches-alone': 'the switches rerouted traffic by themselves',
  'not-observed': 'what brought the traffic back was not observed',
};

const routedSegments: typeof segments = {
  'not-told': 'the failure was detected and no other router had been told',
  'no-flow-changed': 'routers had been told and had not yet changed a route',
  'not-yet-changed': 'the failure was detected and no route had been changed yet',
  unseen: 'no failure detection was observed before the first route change',
  'flows-changing': 'the routes were being changed, router by router',
  'flows-changed': 'the routes were changed and packets were not yet getting through',
  'switches-alone': 'the failure was detected and no change of a route was observed',
  'not-observed': 'what brought the traffic back was not observed',
};

/** A bond acts by itself: there is nobody to be told. */
const bondedSegments: typeof segments = {
  ...segments,
  'no-flow-changed': 'the failure was detected and the bond had not yet changed its active member',
  'not-yet-changed': 'the failure was detected and the bond had not yet changed its active member',
  unseen: 'no failure detection was observed before the bond changed its active member',
  'flows-changing': 'the active members of the bonds were being changed',
  'flows-changed': 'the active member was changed and packets were not yet getting through',
  'switches-alone': 'the failure was detected and no change of an active member was observed',
};

function costliest({
  segment,
  nextDecisionS,
  detectedBy,
  routed,
  bonded,
  ...times
}: Found<'costliest'>): string {
  const cost = `${secondsText(times.costMs)} of ${secondsText(times.endMs)}`;
  const at = nextDecisionS === null ? null : `was at ${nextDecisionS.toFixed(1)} s`;
  // A controller that looks only when it decides anyway has detected nothing until then.
  const undetected = segment === 'detection' || segment === 'unseen';
  if (undetected && at !== null) {
    return `${cost}: no failure detection; the controller's next periodic decision ${at}.`;
  }
  const decision = at === null ? '' : `; the controller's next decision ${at}`;
  const words = routed ? routedSegments : bonded ? bondedSegments : segments;
  if (segment !== 'detection') return `${cost}: ${words[segment]}${decision}.`;
  return `Detection by ${detectorText(detectedBy)} took ${cost}.`;
}

const occasions: Record<LossOccasion, string> = {
  'flow-change': 'when flows were changed',
  'link-change': 'when a link changed state',
  heal: `within ${thresholds.afterHealMs / 1000} s of the heal`,
  drops: 'when this machine dropped packets',
  machine: 'when the machine was stalled',
  nothing: 'while nothing in the network changed',
};

/**
 * Such as "3 packets were lost 1.5 s after the heal, as flows were changed; other loss, not counted:
 * 1 packet 3.08 s after the heal, while nothing in the network changed."
 */
function returnLossText({ own, other }: ReturnLoss): string {
  const parts: string[] = [];
  if (own !== null) {
    const were = own.packets === 1 ? '1 packet was' : `${own.packets} packets were`;
    parts.push(`${were} lost ${whenText(own)}`);
  }
  if (other !== null) {
    const packets = other.packets === 1 ? '1 packet' : `${other.packets} packets`;
    parts.push(`other loss, not counted: ${packets} ${whenText(other)}`);
  }
  return `${parts.join('; ')}.`;
}

function whenText({ packets: lost, momentsMs, moreMoments, ...part }: ReturnLossPart): string {
  const named = momentsMs.map((afterMs) =>
    afterMs < 0
      ? `${secondsText(-afterMs)} before the heal was complete`
      : `${secondsText(afterMs)} after the heal`,
  );
  const more = moreMoments > 0 ? ` and at ${moreMoments} further moments` : '';
  // `as flows were changed`, or `3 as flows were changed, 1 when a link changed state`.
  const why = part.occasions.map(({ occasion, packets }) =>
    packets === lost ? occasions[occasion] : `${packets} ${occasions[occasion]}`,
  );
  return `${named.join(', ')}${more}, ${why.join(', ')}`;
}
