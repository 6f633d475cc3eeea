/**
 * Reads packet captures in the classic pcap format, as tcpdump writes them. By hand: two fixed
 * headers are all that the bench needs of it.
 */
import { LabError } from '../../errors.js';

export interface CapturedPacket {
  /** The capture's clock, which is the wall clock: good for differences only. */
  atNs: number;
  /** The frame from its Ethernet header on, as far as it was kept. */
  frame: Buffer;
}

const fileHeaderBytes = 24;
const packetHeaderBytes = 16;
const magicMicroseconds = 0xa1b2c3d4;
const magicNanoseconds = 0xa1b23c4d;

/**
 * Every whole packet of a capture; one cut off at the end is left out.
 * @throws LabError RECORD_UNREADABLE when it is not a little-endian pcap file.
 */
export function readPcap(file: Buffer): CapturedPacket[] {
  const magic = file.length >= fileHeaderBytes ? file.readUInt32LE(0) : 0;
  if (magic !== magicMicroseconds && magic !== magicNanoseconds) {
    throw new LabError('RECORD_UNREADABLE', 'This is not a packet capture.');
  }
  const fractionNs = magic === magicNanoseconds ? 1 : 1_000;
  // Seconds of the wall clock in nanoseconds do not fit a number exactly; count from the first.
  const firstSecond = file.length >= fileHeaderBytes + 4 ? file.readUInt32LE(fileHeaderBytes) : 0;
  const packets: CapturedPacket[] = [];
  let at = fileHeaderBytes;
  while (at + packetHeaderBytes <= file.length) {
    const seconds = file.readUInt32LE(at) - firstSecond;
    const fraction = file.readUInt32LE(at + 4);
    const kept = file.readUInt32LE(at + 8);
    const start = at + packetHeaderBytes;
    if (start + kept > file.length) break;
    packets.push({
      atNs: seconds * 1e9 + fraction * fractionNs,
      frame: file.subarray(start, start + kept),
    });
    at = start + kept;
  }
  return packets;
}
