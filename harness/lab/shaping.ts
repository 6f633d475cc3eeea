/**
 * The lasting properties of links: bandwidth by tbf, delay and jitter by netem, a queue alone by
 * pfifo, loss by nftables.
 * Mininet's own link class fails silently for several of them, so each is set here and read back.
 */
import { LabError } from '../errors.js';
import type { ResolvedLink, ResolvedTunnel } from '../model/resolved.js';
import { dropPoints, packetFilter } from './faults/packet-filter.js';
import { lossStatement, policeStatement } from './faults/statements.js';
import type { Lab } from './lab.js';

/** Apply what every link asks for, at both of its ends. */
export async function applyShaping(lab: Lab): Promise<void> {
  await shapeEnds(lab);
  for (const link of lab.topology.links) {
    // netem brings its own loss; everywhere else nftables draws it.
    if (link.lossPercent > 0 && !isDelayed(link)) await filter(lab, link, [lossOf(link)]);
  }
  for (const tunnel of lab.topology.tunnels) await shapeTunnel(lab, tunnel);
}

/** A tunnel across the fabric has no queue of its own: its loss and rate are filters on its way. */
async function shapeTunnel(lab: Lab, tunnel: ResolvedTunnel): Promise<void> {
  if (isDelayed(tunnel)) {
    throw new LabError(
      'BUILD_FAILED',
      `${tunnel.id}: a tunnel across the fabric cannot be delayed.`,
      {
        hint: 'Run the tunnel over a cable and set the delay on the cable.',
      },
    );
  }
  const statements = [
    ...(tunnel.lossPercent > 0 ? [lossOf(tunnel)] : []),
    ...(tunnel.bandwidthBps ? [policeStatement(tunnel.bandwidthBps)] : []),
  ];
  if (statements.length > 0) await filter(lab, tunnel, statements);
}

function isDelayed(link: { delayMs: number; jitterMs: number }): boolean {
  return link.delayMs > 0 || link.jitterMs > 0;
}

function lossOf({ lossPercent }: { lossPercent: number }): string {
  return lossStatement(lossPercent);
}

/** The same filters that faults use, but lasting: nothing heals them. */
async function filter(
  lab: Lab,
  link: ResolvedLink | ResolvedTunnel,
  statements: string[],
): Promise<void> {
  const points = dropPoints(lab.topology, link, 'both');
  for (const [place, statement] of statements.entries()) {
    const id = `lasting_${link.id}_${place}`;
    const injected = await packetFilter(lab.bridge, id, points, statement).inject();
    if (!injected.verified) {
      const text = `${link.id} does not have the filter ${statement} after it was set.`;
      throw new LabError('BUILD_FAILED', text, { details: { readBack: injected.evidence } });
    }
  }
}

/** An interface and the queueing discipline that it is to have. */
interface ShapedEnd {
  node: string;
  port: string;
  words: string[];
}

/** Shape all ends in a namespace by one call, and read all back by another. */
async function shapeEnds(lab: Lab): Promise<void> {
  const ends = lab.topology.links.flatMap((link): ShapedEnd[] => {
    const words = qdiscWords(link);
    return words.length === 0 ? [] : [link.a, link.b].map((end) => ({ ...end, words }));
  });
  const places = new Map<number | null, ShapedEnd[]>();
  for (const end of ends) {
    const { pid } = lab.bridge.node(end.node);
    places.set(pid, [...(places.get(pid) ?? []), end]);
  }
  await Promise.all([...places.values()].map((together) => shapeTogether(lab, together)));
}

async function shapeTogether(lab: Lab, ends: readonly ShapedEnd[]): Promise<void> {
  const [{ node = '' } = {}] = ends;
  const lines = ends.map(
    ({ port, words }) => `qdisc replace dev ${port} root ${words.join(' ')}\n`,
  );
  const timeoutMs = 5000 + 20 * ends.length;
  await lab.bridge.check(node, ['tc', '-batch', '-'], timeoutMs, lines.join(''));
  const shown = await lab.bridge.check(node, ['tc', 'qdisc', 'show'], timeoutMs);
  const seen = rootQdiscs(shown);
  for (const { port, words } of ends) {
    if (seen.get(port) === words[0]) continue;
    const instead = seen.get(port) ?? 'no queueing discipline';
    throw new LabError('BUILD_FAILED', `${port} has ${instead} after ${words[0]} was set.`);
  }
}

/** The kind of the queueing discipline at the root of each interface, as `tc qdisc show` lists it. Pure. */
export function rootQdiscs(shown: string): Map<string, string> {
  const rows = shown.matchAll(/^qdisc (\S+) \S+ dev (\S+) root\b/gm);
  return new Map([...rows].map(([, kind = '', dev = '']) => [dev, kind]));
}

/** The queueing discipline of one link end, as words of tc; empty = the kernel's default. Pure. */
export function qdiscWords(link: {
  bandwidthBps: number | null;
  delayMs: number;
  jitterMs: number;
  lossPercent: number;
  queuePackets: number | null;
}): string[] {
  if (isDelayed(link)) {
    const rate = link.bandwidthBps ? ['rate', `${link.bandwidthBps}bit`] : [];
    const limit = ['limit', String(link.queuePackets ?? 1000)];
    const loss = link.lossPercent > 0 ? ['loss', `${link.lossPercent}%`] : [];
    return [
      'netem',
      ...limit,
      'delay',
      `${link.delayMs}ms`,
      `${link.jitterMs}ms`,
      ...loss,
      ...rate,
    ];
  }
  if (link.bandwidthBps) {
    // Burst: 10 ms at full rate, at least ten full frames; the queue holds what was asked for.
    const burst = Math.max(15_140, Math.round(link.bandwidthBps / 8 / 100));
    const limit = (link.queuePackets ?? 100) * 1514;
    return [
      'tbf',
      'rate',
      `${link.bandwidthBps}bit`,
      'burst',
      String(burst),
      'limit',
      String(limit),
    ];
  }
  if (link.queuePackets !== null) return ['pfifo', 'limit', String(link.queuePackets)];
  return [];
}
