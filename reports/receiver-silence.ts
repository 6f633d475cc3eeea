/** The longest silence at the receivers, and why it is another number than the network outage. */
import type { DirectionResult, TrialResult } from '../harness/model/result.js';
import { shorten } from './escape.js';
import { formatAtLeastMs, formatMs } from './format.js';
import { type Endpoints, endpointsOf } from './vocabulary.js';

/** A difference of less than this, or of this share of the outage, needs no explanation. */
const worthSayingMs = 20;
const worthSayingShare = 0.05;

const nameMax = 24;

/** `none`, `494 ms`, `> 6 s`; null where the record has no receive stamps. */
export function formatSilence(direction: DirectionResult): string | null {
  const { receiverSilenceMs, receiverSilenceAtLeastMs } = direction;
  if (receiverSilenceAtLeastMs === null) return null;
  if (receiverSilenceMs === null) return formatAtLeastMs(receiverSilenceAtLeastMs);
  return receiverSilenceMs === 0 ? 'none' : formatMs(receiverSilenceMs);
}

/** `494 ms at h4, none at h3: …` with why it is not the outage; null where it was not recorded. */
export function silenceText(trial: TrialResult): string | null {
  if (trial.network === null) return null;
  const { forward, reverse } = trial.network;
  const ends = endpointsOf(trial);
  const there = formatSilence(forward);
  const back = formatSilence(reverse);
  if (there === null || back === null) return null;
  const why = whySilenceDiffers(trial);
  const numbers = `${there} ${receiver('forward', ends)}, ${back} ${receiver('reverse', ends)}`;
  return why === null ? numbers : `${numbers}: ${why}`;
}

/** Where silence and outage disagree, what the record shows of the cause; null where they agree. */
export function whySilenceDiffers({ network }: TrialResult): string | null {
  const whys = [network?.forward, network?.reverse]
    .filter((direction) => direction !== undefined)
    .filter(({ receiverSilenceMs, outageMs }) => receiverSilenceMs !== null && outageMs !== null)
    .sort((a, b) => excessMs(b) - excessMs(a))
    .map(disagreement);
  return whys.find((text) => text !== null) ?? null;
}

function receiver(direction: 'forward' | 'reverse', ends: Endpoints | null): string {
  if (ends === null) return direction;
  return `at ${shorten(direction === 'forward' ? ends.to : ends.from, nameMax)}`;
}

/** By how much the receiver was silent for longer than packets were lost. */
function excessMs({ receiverSilenceMs, outageMs }: DirectionResult): number {
  return (receiverSilenceMs ?? 0) - (outageMs ?? 0);
}

/** Why silence and outage differ, by how long the packet that ended the silence was on its way. */
function disagreement(direction: DirectionResult): string | null {
  const { receiverSilenceWaitMs, delayBeforeMs } = direction;
  const outageMs = direction.outageMs ?? 0;
  const excess = excessMs(direction);
  if (Math.abs(excess) <= Math.max(worthSayingMs, worthSayingShare * outageMs)) return null;
  if (excess < 0) {
    return 'shorter than the outage because packets sent before it had a longer delay than packets sent after it';
  }
  const lost =
    outageMs === 0 ? 'no outage by send stamps' : `${formatMs(outageMs)} of packets were lost`;
  const waitedMs = (receiverSilenceWaitMs ?? 0) - (delayBeforeMs ?? 0);
  const others = outageMs === 0 ? 'packets' : 'the others';
  return waitedMs >= excess / 2
    ? `${lost}; ${others} waited up to ${formatMs(receiverSilenceWaitMs)} in a queue`
    : `${lost}; what delayed ${others} was not observed`;
}
