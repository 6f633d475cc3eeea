/**
 * What really happened at the dropping point: captures of both its sides, compared packet by
 * packet. It reads all traffic alike, independent of the meter.
 */
import type { CapturedPacket } from './pcap.js';

/** One direction's silence at the dropping point. */
export interface Truth {
  /** Middle of the possible lengths; 0 when nothing was dropped. */
  outageMs: number;
  /** The true length lies within this of `outageMs`. */
  uncertaintyMs: number;
  dropped: number;
  /** Dropped packets with others passing in between: more than one outage, or mere loss. */
  passedBetween: number;
}

const ethernetHeaderBytes = 14;
const ipv4 = 0x0800;
const NS_PER_MS = 1e6;

/** Packets of `network` (first three bytes of the source) that came in and went out, or did not. */
export function dropTruth(
  before: readonly CapturedPacket[],
  after: readonly CapturedPacket[],
  network: readonly [number, number, number],
): Truth {
  const left = new Map<string, number>();
  for (const { frame } of after) {
    const key = identityOf(frame, network);
    if (key !== null) left.set(key, (left.get(key) ?? 0) + 1);
  }
  const fates: { atNs: number; passed: boolean }[] = [];
  for (const { atNs, frame } of before) {
    const key = identityOf(frame, network);
    if (key === null) continue;
    const copies = left.get(key) ?? 0;
    if (copies > 0) left.set(key, copies - 1);
    fates.push({ atNs, passed: copies > 0 });
  }
  return truthOf(fates);
}

function truthOf(all: readonly { atNs: number; passed: boolean }[]): Truth {
  // One side is captured before the other and longer: there, packets lack their second half.
  const fates = all.slice(
    all.findIndex((fate) => fate.passed),
    all.findLastIndex((fate) => fate.passed) + 1,
  );
  const first = fates.findIndex((fate) => !fate.passed);
  const last = fates.findLastIndex((fate) => !fate.passed);
  if (first < 0) return { outageMs: 0, uncertaintyMs: 0, dropped: 0, passedBetween: 0 };
  const at = (index: number) => fates[index]?.atNs ?? Number.NaN;
  const shortestNs = at(last) - at(first);
  const longestNs = at(last + 1) - at(first - 1);
  const within = fates.slice(first, last + 1);
  const dropped = within.filter((fate) => !fate.passed).length;
  return {
    outageMs: (shortestNs + longestNs) / 2 / NS_PER_MS,
    uncertaintyMs: (longestNs - shortestNs) / 2 / NS_PER_MS,
    dropped,
    passedBetween: within.length - dropped,
  };
}

/**
 * What stays the same when a router passes a packet on: everything but the Ethernet header, the
 * time to live and the header checksum. Null for other packets than this network's IPv4.
 */
function identityOf(frame: Buffer, network: readonly number[]): string | null {
  const ip = ethernetHeaderBytes;
  if (frame.length < ip + 20 || frame.readUInt16BE(12) !== ipv4) return null;
  if (network.some((byte, at) => frame[ip + 12 + at] !== byte)) return null;
  const head = frame.toString('latin1', ip, ip + 8);
  const rest = frame.toString('latin1', ip + 12);
  return head + frame[ip + 9] + rest;
}
