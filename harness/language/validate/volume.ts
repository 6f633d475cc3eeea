/** Can the network carry what the flows are to send? A bottleneck would lose packets by itself. */
import { type Graph, reachable } from '../../model/network/graph.js';
import { widestWay } from '../../model/network/widest-way.js';
import type { ResolvedFlow, ResolvedLink, ResolvedTopology } from '../../model/resolved.js';
import { formatBitrate } from '../../model/units.js';
import { joinPath } from '../problems.js';
import type { Judged } from './judged.js';

/** What a flow sends in one direction. */
interface Load {
  flow: ResolvedFlow;
  from: string;
  to: string;
  bitrateBps: number;
}

/** A link or tunnel that carries no more than so much. */
interface Limited extends Pick<ResolvedLink, 'id' | 'a' | 'b'> {
  bandwidthBps: number;
}

/** Notes flows that no way is wide enough for, and links that flows share and cannot fit through. */
export function checkVolume(judged: Judged): void {
  const { topology, flows } = judged.resolved;
  const limited = limitedIn(topology);
  if (limited.length === 0) return;
  const loads = flows.flatMap(loadsOf);
  const tooWide = loads.filter((load) => !fitsAlone(load, limited, judged));
  if (tooWide.length > 0) return;
  for (const link of limited) checkShared(link, loads, judged);
}

/** A tunnel is as narrow as the cable below it. */
function limitedIn({ links, tunnels }: ResolvedTopology): Limited[] {
  const widths = new Map(links.map(({ id, bandwidthBps }) => [id, bandwidthBps]));
  const under = new Set(tunnels.map(({ underlay }) => underlay));
  const wires = links
    .filter(({ id }) => !under.has(id))
    .map((link) => ({ ...link, underlay: null }));
  return [...wires, ...tunnels].flatMap(({ id, a, b, bandwidthBps, underlay }) => {
    const below = underlay === null ? null : (widths.get(underlay) ?? null);
    const known = [bandwidthBps, below].filter((width) => width !== null);
    return known.length === 0 ? [] : [{ id, a, b, bandwidthBps: Math.min(...known) }];
  });
}

/** A flow without a bitrate takes what there is; nothing can be too narrow for it. */
function loadsOf(flow: ResolvedFlow): Load[] {
  const { from, to, bitrateBps } = flow;
  if (bitrateBps === null) return [];
  const there = { flow, from, to, bitrateBps };
  const back = { flow, from: to, to: from, bitrateBps };
  if (flow.bidirectional) return [there, back];
  return [flow.reverse ? back : there];
}

function fitsAlone(load: Load, limited: readonly Limited[], judged: Judged): boolean {
  const widths = new Map(limited.map(({ id, bandwidthBps }) => [id, bandwidthBps]));
  const widthOf = (edge: string) => widths.get(edge) ?? Number.POSITIVE_INFINITY;
  const widest = widestWay(judged.graph, load.from, load.to, widthOf);
  // Without any way there is another problem, which is reported as such.
  if (widest === 0 || widest >= load.bitrateBps) return true;
  const message =
    `flow '${load.flow.id}' sends ${formatBitrate(load.bitrateBps)}, but no path from ` +
    `'${load.from}' to '${load.to}' carries more than ${formatBitrate(widest)}`;
  note(load.flow, message, widest, judged);
  return false;
}

/** All flows that have no way around the link go through it together. */
function checkShared(link: Limited, loads: readonly Load[], judged: Judged): void {
  for (const [tail, head] of [
    [link.a.node, link.b.node],
    [link.b.node, link.a.node],
  ] as const) {
    const through = loads.filter((load) => mustCross(judged.graph, link.id, tail, head, load));
    const sumBps = through.reduce((sum, { bitrateBps }) => sum + bitrateBps, 0);
    const last = through.at(-1);
    if (last === undefined || sumBps <= link.bandwidthBps) continue;
    const names = through.map(({ flow }) => `'${flow.id}'`).join(' and ');
    const message =
      `flows ${names} send ${formatBitrate(sumBps)} from '${tail}' to '${head}' together, and ` +
      `'${link.id}' is their only path and carries ${formatBitrate(link.bandwidthBps)}`;
    note(last.flow, message, link.bandwidthBps / through.length, judged);
    return;
  }
}

function mustCross(graph: Graph, edge: string, tail: string, head: string, load: Load): boolean {
  const before = reachable(graph, load.from, { edges: new Set([edge]) });
  return !before.has(load.to) && before.has(tail) && !before.has(head);
}

function note(flow: ResolvedFlow, message: string, fits: number, judged: Judged): void {
  const path = joinPath(judged.places.get(flow.id) ?? 'traffic', ['bitrate']);
  const most =
    fits >= 1e6 ? `'${Math.floor(fits / 1e4) / 100}Mbit/s'` : `'${Math.floor(fits / 1000)}kbit/s'`;
  const orAll =
    flow.protocol === 'tcp' ? ", or bitrate: 'unlimited' to use all available bandwidth" : '';
  judged.problems.add(path, message, `write a bitrate of ${most} or less${orAll}`);
}
