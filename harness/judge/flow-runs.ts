/** Loss periods of each flow of a meter that has several: probe n is of flow n modulo their number. */
import {
  type ArrivalRange,
  type LossInput,
  type LossRun,
  lossRuns,
  type SendPoint,
  sendStamp,
} from './loss-periods.js';

/**
 * A loss period of one flow. `firstSequence` is that of the meter; `packets` are of the flow alone.
 */
export interface FlowRun extends LossRun {
  flow: number;
}

/** The loss periods of all flows, by the moment of their first loss. */
export function flowRuns(input: LossInput, flows: number): FlowRun[] {
  const runs = Array.from({ length: flows }, (_, flow) =>
    lossRuns({
      ...input,
      arrivals: input.arrivals.flatMap((range) => rangeOfFlow(range, flow, flows)),
      sendPoints: pointsOfFlow(input.sendPoints, flow, flows),
    }).map((run) => ({ ...run, flow, firstSequence: run.firstSequence * flows + flow })),
  );
  return runs.flat().sort((a, b) => a.firstLostNs - b.firstLostNs || a.flow - b.flow);
}

/** What of a range of numbers is of one flow, in that flow's own numbers. */
function rangeOfFlow(range: ArrivalRange, flow: number, flows: number): ArrivalRange[] {
  const [first, count, firstTxNs, lastTxNs] = range;
  const skipped = (((flow - first) % flows) + flows) % flows;
  if (skipped >= count) return [];
  const own = Math.floor((count - 1 - skipped) / flows) + 1;
  const stepNs = count > 1 ? (lastTxNs - firstTxNs) / (count - 1) : 0;
  const startNs = firstTxNs + skipped * stepNs;
  const number = (first + skipped - flow) / flows;
  return [[number, own, startNs, startNs + (own - 1) * flows * stepNs]];
}

/** The stamps of a flow's own probes beside every known stamp of the meter. */
function pointsOfFlow(points: readonly SendPoint[], flow: number, flows: number): SendPoint[] {
  const beside = points.flatMap(([sequence]) => {
    const number = (sequence - flow) / flows;
    return [Math.floor(number), Math.ceil(number)];
  });
  return [...new Set(beside)].flatMap((number): SendPoint[] => {
    const txNs = sendStamp(points, number * flows + flow);
    return txNs === null ? [] : [[number, txNs]];
  });
}
