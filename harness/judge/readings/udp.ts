/** What iperf3's rows show of a UDP flow. */
import { detail } from '../../model/reading-detail.js';
import type { ResolvedExpectation } from '../../model/resolved.js';
import type { UdpResult } from '../../model/result.js';
import { largestOf } from '../units.js';
import { outageOf, readInterruption } from './interruption.js';
import { lowestOf, noSample, type Reading, sample } from './reading.js';

/** What a UDP flow's rows show; validation refuses the metrics that they do not. */
export function readUdp(
  metric: ResolvedExpectation['metric'],
  udps: readonly UdpResult[],
  healCounts: boolean,
): Reading {
  const widest = largestOf(udps.map((udp) => udp.resolutionMs));
  switch (metric) {
    case 'networkOutageMs':
    case 'reversionOutageMs':
      return readInterruption(udps.map(outageOf), healCounts, {
        of: 'datagrams',
        resolutionMs: widest,
      });
    case 'packetsLost':
    case 'reversionPacketsLost':
      return worstUdp(udps, (udp) => udp.packetsLost, 'packets');
    case 'lossPercent':
      return worstUdp(udps, (udp) => udp.lossPercent, '%');
    case 'baselineBps':
      return lowestOf(udps.map((udp) => udp.baselineBps));
    case 'rateDuringFaultBps':
      return lowestOf(udps.map((udp) => udp.rateDuringFaultBps));
    default:
      return noSample('', detail('metric-unmeasured', { metric, udp: true }));
  }
}

function worstUdp(
  udps: readonly UdpResult[],
  value: (udp: UdpResult) => number | null,
  unit: string,
): Reading {
  const values = udps.map(value).filter((each) => each !== null);
  if (values.length < udps.length) return noSample(unit, detail('rows-without-loss', {}));
  return sample(largestOf(values), unit, detail('by-datagrams', {}));
}
