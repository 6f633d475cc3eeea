/** When a flow starts and stops beside the timeline, on the timeline's clock. Pure. */

import { seenUntilMs } from '../model/flow-resolution.js';
import type { ResolvedFlow, ResolvedScenario } from '../model/resolved.js';

/** A server needs a moment until it listens; a client that is due must not wait for it. */
const serverLeadMs = 1_000;

/** The moments of one flow, milliseconds after traffic start. */
export interface FlowMoments {
  /** The server is started, so that it listens when the client comes. */
  serverMs: number;
  clientMs: number;
  /** Null = when the run stops traffic. */
  stopMs: number | null;
  /** The run does not end before this: a flow that was asked for is seen. */
  seenMs: number;
}

/** Plans one flow. A flow that starts late is watched for the sustained window at least. */
export function momentsOfFlow(
  { startMs, stopMs }: Pick<ResolvedFlow, 'startMs' | 'stopMs'>,
  { sustainedMs }: Pick<ResolvedScenario['limits'], 'sustainedMs'>,
): FlowMoments {
  return {
    serverMs: Math.max(0, startMs - serverLeadMs),
    clientMs: startMs,
    stopMs,
    seenMs: seenUntilMs({ startMs, stopMs }, sustainedMs),
  };
}
