/** What iperf3's rows of a flow can show, and how long it is looked at. Pure. */
import type { ResolvedFlow } from './resolved.js';

/** So many datagrams in a row must be missing before rows without any are a hole. */
const datagramsOfAHole = 3;

/**
 * The shortest hole that rows of a UDP flow can show, in milliseconds: one interval, or a few
 * datagrams where these come seldom. Its datagrams are spread evenly over the streams.
 */
export function finestHoleMs(
  flow: Pick<ResolvedFlow, 'intervalMs' | 'bitrateBps' | 'lengthBytes'>,
): number {
  const { intervalMs, bitrateBps, lengthBytes } = flow;
  if (bitrateBps === null || lengthBytes === null) return intervalMs;
  return Math.max(intervalMs, (datagramsOfAHole * lengthBytes * 8000) / bitrateBps);
}

/** From a flow's start on until its rate says something: TCP's slow start. */
export const slowStartMs = 1000;

/**
 * Until when the run must last for a flow, after traffic start: to its stop, or, where it starts
 * late and has none, for the sustained window.
 */
export function seenUntilMs(
  { startMs, stopMs }: Pick<ResolvedFlow, 'startMs' | 'stopMs'>,
  sustainedMs: number,
): number {
  return stopMs ?? (startMs > 0 ? startMs + sustainedMs : 0);
}
