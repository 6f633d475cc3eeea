/** Plain Linux bridges: the kernel forwards, and its spanning tree breaks loops. */
import { joinPath } from '../../language/problems.js';
import { duration, whole, yesOrNo } from '../../language/schema/fields.js';
import facts from '../../model/nodes/linux-bridge.js';
import type { Duration } from '../../model/units.js';
import { nodeKind } from '../node-kind.js';

export interface LinuxBridgeOptions {
  /** The kernel's spanning tree (STP, IEEE 802.1D). Left out: off. */
  stp?: boolean;
  /** The bridge with the smallest becomes the root of the tree, 0 to 65535. Left out: 32768. */
  priority?: number;
  /**
   * How long a port listens, and then as long again how long it learns, before it forwards: `'2s'`
   * to `'30s'`. Left out: `'15s'`.
   */
  forwardDelay?: Duration;
  /**
   * How long a bridge believes what a silent neighbour announced last: `'6s'` to `'40s'`. Left out:
   * `'20s'`.
   */
  maxAge?: Duration;
  /**
   * How long the bridge keeps an address of which it sees no packet: `'1s'` to `'1000s'`. Until
   * then it sends to the port where it learned it. Left out: `'300s'`.
   */
  ageing?: Duration;
}

export interface LinuxBridgePart extends LinuxBridgeOptions {
  kind: 'linux-bridge';
  name: string;
}

/**
 * A plain Linux bridge on a machine of its own. It calls no controller, and can lose its power.
 *
 * @example
 * linuxBridge('b1', { stp: true, forwardDelay: '2s' })
 */
export const linuxBridge = (name: string, options: LinuxBridgeOptions = {}): LinuxBridgePart => ({
  ...options,
  kind: 'linux-bridge',
  name,
});

export default nodeKind({
  facts,
  order: 40,
  noun: ['Linux bridge', 'Linux bridges'],
  write: linuxBridge,
  fields: {
    stp: yesOrNo.optional(),
    priority: whole('priority', 0, 65_535).optional(),
    forwardDelay: duration({ min: 2000, max: 30_000 }).optional(),
    maxAge: duration({ min: 6000, max: 40_000 }).optional(),
    ageing: duration({ min: 1000, max: 1_000_000 }).optional(),
  },
  resolve(batch, { problems, protection }) {
    return batch.map(({ part, path }) => {
      const stp = part.stp ?? protection === 'stp';
      for (const key of ['priority', 'forwardDelay', 'maxAge'] as const) {
        if (stp || part[key] === undefined) continue;
        problems.add(joinPath(path, [key]), `${key} has no effect without stp`, 'add stp: true');
      }
      return {
        kind: 'linux-bridge',
        name: part.name,
        stp,
        priority: part.priority ?? 32_768,
        forwardDelayMs: stp ? (part.forwardDelay ?? 15_000) : 0,
        maxAgeMs: part.maxAge ?? 20_000,
        ageingMs: part.ageing ?? 300_000,
      };
    });
  },
  circles: ({ stp }) => !stp,
  circlesRemedy: 'stp: true',
  insteadOfFaults:
    'a Linux bridge runs no Open vSwitch and calls no controller: use powerOff(…), or hit its links',
  picture: { shape: 'rectangle', width: 34, height: 28, corner: 3 },
  documented: {
    example: "linuxBridge('b1', { stp: true })",
    is: 'a plain Linux bridge, on a machine of its own that can lose its power; with the spanning tree of the kernel or without',
  },
});
