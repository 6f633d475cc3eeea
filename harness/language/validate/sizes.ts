/** Do segments, datagrams and probes fit through everything that may carry them? */
import { mayCarryEdge } from '../../model/network/carriers.js';
import type { Graph } from '../../model/network/graph.js';
import { largestDatagramBytes, largestMssBytes, mtuSum } from '../../model/network/mtu.js';
import type { ResolvedFlow, ResolvedMeter, ResolvedTopology } from '../../model/resolved.js';
import { joinPath } from '../problems.js';
import type { Judged } from './judged.js';

/** The narrowest piece between two hosts. */
interface Narrowest {
  mtuBytes: number;
  /** The piece and its arithmetic, for people. */
  sum: string;
}

/** Notes everything that does not fit, with the sum and the largest size that does. */
export function checkSizes(judged: Judged): void {
  const { resolved } = judged;
  for (const meter of resolved.meters) checkMeter(meter, judged);
  if (resolved.allowOversize) return;
  for (const flow of resolved.flows) {
    if (flow.protocol === 'tcp') checkSegments(flow, judged);
    else checkDatagrams(flow, judged);
  }
}

function checkSegments(flow: ResolvedFlow, judged: Judged): void {
  const narrowest = narrowestBetween(judged, flow);
  if (narrowest === undefined) return;
  const { topology } = judged.resolved;
  const hostMtu = Math.min(mtuOfHost(topology, flow.from), mtuOfHost(topology, flow.to));
  const sent = Math.min(flow.mssBytes ?? Number.POSITIVE_INFINITY, largestMssBytes(hostMtu));
  const fits = largestMssBytes(narrowest.mtuBytes);
  if (sent <= fits) return;
  const path = joinPath(judged.places.get(flow.id) ?? 'traffic', ['mss']);
  const what =
    flow.mssBytes === null
      ? `not set, so TCP sends segments of up to ${sent} bytes (host MTU ${hostMtu} - 40); they`
      : `segments of ${sent} bytes`;
  judged.problems.add(
    path,
    `${what} do not fit: ${narrowest.sum}; - 40 (IPv4 and TCP) = ${fits}`,
    `write mss: '${Math.min(fits, 1400)}B' (at most '${fits}B'), or allowOversize: true to reproduce the stall`,
  );
}

function checkDatagrams(flow: ResolvedFlow, judged: Judged): void {
  const narrowest = narrowestBetween(judged, flow);
  if (narrowest === undefined || flow.lengthBytes === null) return;
  const fits = largestDatagramBytes(narrowest.mtuBytes);
  if (flow.lengthBytes <= fits) return;
  judged.problems.add(
    joinPath(judged.places.get(flow.id) ?? 'traffic', ['length']),
    `datagrams of ${flow.lengthBytes} bytes do not fit: ${narrowest.sum}; - 28 (IPv4 and UDP) = ${fits}`,
    `write length: '${fits}B' or less`,
  );
}

function checkMeter(meter: ResolvedMeter, judged: Judged): void {
  const narrowest = narrowestBetween(judged, meter);
  if (narrowest === undefined) return;
  const fits = largestDatagramBytes(narrowest.mtuBytes);
  if (meter.payloadBytes <= fits) return;
  judged.problems.add(
    joinPath(judged.places.get(meter.id) ?? 'traffic', ['payload']),
    `probes of ${meter.payloadBytes} bytes do not fit: ${narrowest.sum}; - 28 (IPv4 and UDP) = ${fits}`,
    `write payload: '${fits}B' or less`,
  );
}

function narrowestBetween(
  { resolved, graph }: Judged,
  { from, to }: { from: string; to: string },
): Narrowest | undefined {
  const pieces = piecesOf(resolved.topology, graph, from, to);
  return pieces.sort((a, b) => a.mtuBytes - b.mtuBytes)[0];
}

function piecesOf(topology: ResolvedTopology, graph: Graph, from: string, to: string): Narrowest[] {
  const carries = ({ id }: { id: string }) => mayCarryEdge(graph, id, from, to);
  const links = topology.links.filter(carries).map(({ id, mtuBytes }) => ({
    mtuBytes,
    sum: `the MTU of link ${id} is ${mtuBytes}`,
  }));
  const tunnels = topology.tunnels.filter(carries).map((tunnel) => {
    const sum = mtuSum(tunnel.kind, tunnel.key !== null, underlayMtuBytes(topology, tunnel));
    return {
      mtuBytes: tunnel.innerMtuBytes,
      sum: `the MTU inside tunnel ${tunnel.id} is ${sum}`,
    };
  });
  return [...tunnels, ...links];
}

function underlayMtuBytes(topology: ResolvedTopology, { underlay }: { underlay: string | null }) {
  const cable = topology.links.find(({ id }) => id === underlay);
  return cable?.mtuBytes ?? topology.fabric?.mtuBytes ?? 1500;
}

function mtuOfHost({ links }: ResolvedTopology, host: string): number {
  const first = links.find(({ a, b }) => a.node === host || b.node === host);
  return first?.mtuBytes ?? 1500;
}
